"""Beginning and ending to look at a jam as a participant does. See `jam.middleware`."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jam.access import enter
from jam.middleware import KEY
from jam.views.frame import home_of


@login_required
@require_POST
def preview_begin(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter(request.user, slug)
    if not entry.can_facilitate:
        raise Http404(gettext("There is no such page."))
    request.session[KEY] = entry.jam.pk
    return redirect(home_of(entry.jam))


@login_required
@require_POST
def preview_end(request: HttpRequest, slug: str) -> HttpResponse:
    """Twice is once."""
    entry = enter(request.user, slug)
    if request.session.pop(KEY, None) is not None:
        messages.success(request, gettext("You see the jam as who runs it again."))
    return redirect(home_of(entry.jam))
