"""The rules of moderation of a jam, and slow mode in a thread or a forum."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jam.access import require_runs
from jam.domain.errors import Refused
from jam.models import Forum
from jam.views.frame import jam_frame
from moderation.domain import policy, slowing
from moderation.forms import PolicyForm, SlowForm
from moderation.models import Slowdown
from moderation.views.doors import enter_to_moderate
from threads.access import forum_of, thread_of
from threads.models import Thread
from threads.views.frame import answers_refusals


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def policy_page(request: HttpRequest, slug: str) -> HttpResponse:
    """For who runs all of the jam."""
    entry, member = enter_to_moderate(request.user, slug)
    require_runs(member, None)
    form = PolicyForm(request.POST or None, instance=policy.of(entry.jam))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                policy.change(member=member, jam=entry.jam, plan=form.plan())
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
                status = refused.status
            else:
                messages.success(request, gettext("Saved. It holds from now on."))
                return redirect("moderation:policy", slug)
    return render(request, "moderation/policy.html", jam_frame(entry) | {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def slow_thread(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    entry, _ = enter_to_moderate(request.user, slug)
    thread = thread_of(entry, thread_id)
    return _slow(request, slug, thread, back=reverse("threads:detail", args=[slug, thread.pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def slow_forum(request: HttpRequest, slug: str, forum_id: int) -> HttpResponse:
    entry, _ = enter_to_moderate(request.user, slug)
    forum = forum_of(entry, forum_id)
    return _slow(request, slug, forum, back=reverse("threads:forum", args=[slug, forum.pk]))


def _slow(request: HttpRequest, slug: str, thing: Thread | Forum, *, back: str) -> HttpResponse:
    entry, member = enter_to_moderate(request.user, slug)
    forum = thing if isinstance(thing, Forum) else thing.forum
    require_runs(member, forum.pk)
    about = {"forum": thing} if isinstance(thing, Forum) else {"thread": thing}
    now = Slowdown.objects.filter(**about).first()
    form = SlowForm(request.POST or None, initial={"minutes": now.minutes if now else 5})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                slowing.slow(by=member, thing=thing, **form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
                status = refused.status
            else:
                messages.success(request, gettext("Saved. It holds from now on."))
                return redirect(back)
    context = jam_frame(entry) | {"form": form, "forum": forum, "now": now, "back": back, **about}
    return render(request, "moderation/slow.html", context, status=status)
