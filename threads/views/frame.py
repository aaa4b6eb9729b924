"""What every page of threads shares: its frame, and how a refusal is told."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.redirects import inside
from jam.access import Entry
from jam.domain import time_words
from jam.domain.errors import NotAllowed, OutsideWindow, Refused
from jam.domain.phases import Phase
from jam.models import Member
from jam.views.frame import jam_frame
from threads.domain import visits

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def reader_frame(entry: Entry, *, rooms: Iterable[str] = ()) -> dict[str, Any]:
    """The context of a page that is read: `jam_frame`, what is `unread`, and on the line when the member was last here.

    Notes that they are here. Three queries, and one more when it is noted; two without a member.
    """
    frame = jam_frame(entry, rooms=rooms)
    if entry.member is None:
        return frame
    unread = visits.arrive(entry.member, now=entry.now, note=not entry.is_preview)
    around = frame["frame"]
    if around.line is not None:
        around = replace(around, line=replace(around.line, left_at=unread.left_at))
    return {**frame, "frame": around, "unread": unread}


def asks_json(request: HttpRequest) -> bool:
    """Whether one of our modules asks, and not a browser going to a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def require_member(entry: Entry) -> Member:
    if entry.member is None:
        raise NotAllowed(gettext("Join this jam to take part in it."), code="not_member")
    return entry.member


def answers_refusals(view: View[P]) -> View[P]:
    """Turns a refusal that no form of the view can show into a page, or an answer for a module."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            if asks_json(request):
                return refusal_json(refused)
            context = {"message": refusal_text(refused), "code": refused.code, "slug": kwargs.get("slug")}
            return render(request, "threads/refused.html", context, status=refused.status)

    return wrapper


def refusal_json(refused: Refused, **more: Any) -> JsonResponse:
    answer = {"message": refusal_text(refused), "field": refused.field, "code": refused.code, **more}
    if isinstance(refused, OutsideWindow):
        answer["phase"] = refused.phase
    return JsonResponse(answer, status=refused.status)


def refusal_text(refused: Refused) -> str:
    if not isinstance(refused, OutsideWindow):
        return refused.message
    if refused.phase == Phase.SCHEDULED and refused.opens_at is not None:
        return _at(
            refused.opens_at,
            refused.now,
            today=gettext("The jam opens at %(time)s."),
            another_day=gettext("The jam opens on %(date)s at %(time)s."),
        )
    if refused.closes_at is not None and refused.closes_at <= refused.now:
        return _at(
            refused.closes_at,
            refused.now,
            today=gettext("The jam closed at %(time)s."),
            another_day=gettext("The jam closed on %(date)s at %(time)s."),
        )
    return refused.message


def _at(at: datetime, now: datetime, *, today: str, another_day: str) -> str:
    """Says a time in the reader's zone; with its day, unless that is today."""
    local = timezone.localtime(at)
    words = today if local.date() == timezone.localtime(now).date() else another_day
    return words % {"date": time_words.long_date(local), "time": time_words.clock(local)}


def back_or(request: HttpRequest, fallback: str, *, anchor: str = "") -> str:
    """The page that a form without JavaScript was on, if it is one of ours."""
    back = inside(request, request.POST.get("back", ""), otherwise=fallback)
    return back.split("#")[0] + (f"#{anchor}" if anchor else "")


def thread_url(entry: Entry, thread_id: int, *, page: int = 1, post_id: int | None = None) -> str:
    url = reverse("threads:detail", args=[entry.jam.slug, thread_id])
    return url + (f"?page={page}" if page > 1 else "") + (f"#post-{post_id}" if post_id else "")
