"""A jam's window while it runs, and its publishing: each a press, each one verb."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from jam.access import Entry, enter
from jam.domain import setup
from jam.domain.errors import Conflict, NotAllowed, Refused
from jam.views.frame import home_of, jam_frame
from jam.views.refusals import refused_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jam_window(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks whether to close now; POST moves the close: action=hour or now."""
    entry = enter(request.user, slug)
    if not entry.can_set_up:
        return refused_page(request, NotAllowed(gettext("Only its facilitators move the close of a jam.")))
    if request.method != "POST":
        return render(request, "jam/window.html", jam_frame(entry))
    try:
        _move(request, entry)
    except Refused as error:
        messages.error(request, error.message)
    return redirect(home_of(entry.jam))


def _move(request: HttpRequest, entry: Entry) -> None:
    seen = _moment(request.POST.get("closes_at", ""))
    if seen is None:
        raise Conflict(gettext("The close was moved meanwhile. Look at the time it has now."), code="stale")
    if request.POST.get("action") == "hour":
        setup.extend(jam=entry.jam, expected_close=seen, member=entry.member)
        messages.success(request, gettext("The jam runs an hour longer. Every open tab has been told."))
    elif request.POST.get("action") == "now":
        setup.close_now(jam=entry.jam, expected_close=seen, member=entry.member)
        messages.success(request, gettext("The jam is closed."))
    else:
        raise Conflict(gettext("Choose an hour more, or closing now."), code="action")


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


@login_required
@require_POST
def jam_publish(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter(request.user, slug)
    if not entry.can_set_up:
        return refused_page(request, NotAllowed(gettext("Only its facilitators publish a jam.")))
    try:
        setup.publish(jam=entry.jam, by=entry.member)
    except Refused as error:
        messages.error(request, error.message)
        return redirect("jam:setup", slug)
    messages.success(request, gettext("The jam is published. Whom the door lets in can see it now."))
    return redirect(home_of(entry.jam))
