"""Locking and pinning a thread: a press each, from the thread's own page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jam.access import enter_to_run
from threads.access import thread_of
from threads.domain import locking, pinning
from threads.views.frame import answers_refusals, back_or, thread_url


@require_POST
@login_required
@answers_refusals
def thread_lock(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    """Locks the thread with lock=1, unlocks it with anything else."""
    entry, member = enter_to_run(request.user, slug)
    thread = thread_of(entry, thread_id)
    if request.POST.get("lock") == "1":
        locking.lock(member=member, thread=thread)
        messages.success(request, gettext("The thread is locked: it takes no new posts. Votes go on."))
    else:
        locking.unlock(member=member, thread=thread)
        messages.success(request, gettext("The thread takes posts again."))
    return redirect(back_or(request, thread_url(entry, thread.pk)))


@require_POST
@login_required
@answers_refusals
def thread_pin(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    """Pins the thread with pin=1, unpins it with anything else."""
    entry, member = enter_to_run(request.user, slug)
    thread = thread_of(entry, thread_id)
    if request.POST.get("pin") == "1":
        pinning.pin(member=member, thread=thread)
        messages.success(request, gettext("The thread is pinned: it stands first in its forum."))
    else:
        pinning.unpin(member=member, thread=thread)
        messages.success(request, gettext("The thread is not pinned any more."))
    return redirect(back_or(request, thread_url(entry, thread.pk)))
