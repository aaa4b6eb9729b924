"""Catching up: what a member missed, in the time they have, and calling all of it seen."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jam.access import Entry
from jam.domain.errors import Invalid
from threads.access import enter_to_read
from threads.domain import missed, reading, visits
from threads.domain.catch_up import CatchUp, Item, Material, Section, choose
from threads.domain.missed import Place
from threads.domain.reading import Unread
from threads.views.frame import answers_refusals, reader_frame, require_member
from threads.views.seen import numbers
from threads.views.writing import signed_in

SIZES: dict[str, int | None] = {"3": 3, "10": 10, "all": None}
SIZE_NAMES = {"3": _("3 minutes"), "10": _("10 minutes"), "all": _("Everything")}
USUAL = "3"
FRONT_MAX = 100

TITLES = {
    Section.TO_YOU: _("To you"),
    Section.FOLLOWED: _("Threads you follow"),
    Section.ANNOUNCED: _("Announced"),
    Section.HIGHLIGHTED: _("Highlighted"),
    Section.HOT: _("What became hot"),
    Section.THEMES: _("New themes"),
    Section.UNANSWERED: _("Ideas nobody has answered yet"),
    Section.OTHER: _("Also new"),
}
CLASSES = {
    Section.TO_YOU: "large",
    Section.FOLLOWED: "middle",
    Section.ANNOUNCED: "middle",
    Section.HIGHLIGHTED: "middle",
    Section.HOT: "middle",
    Section.THEMES: "small",
    Section.UNANSWERED: "small",
    Section.OTHER: "small",
}

HOME_MINUTES = 1
HOME_THREADS = 3
"""Of each section, that a jam's home looks at."""


@require_safe
@login_required
@never_cache
@answers_refusals
def catch_up(request: HttpRequest, slug: str) -> HttpResponse:
    """What the reader missed, in `size`: 3 or 10 minutes, or all of it, page by page."""
    entry = enter_to_read(request.user, slug)
    require_member(entry)
    size = request.GET.get("size", USUAL)
    size = size if size in SIZES else USUAL
    context = reader_frame(entry)
    if size == "all" and "at" in request.GET:
        page = _further(entry, request.GET)
    else:
        page = _front_page(entry, size, context["unread"])
    sizes = [{"key": key, "name": name} for key, name in SIZE_NAMES.items()]
    return render(request, "threads/catch_up.html", {**context, **page, "size": size, "sizes": sizes})


def _front_page(entry: Entry, size: str, unread: Unread) -> dict[str, Any]:
    assert entry.member is not None
    known = visits.known_posts(entry.member)
    found = missed.front(entry.jam, entry.member, unread)
    others = missed.rest(entry.member, without=_threads(found.items))
    # Counted last: what came meanwhile is among what is left out.
    new = reading.unread(entry.member, most=missed.COUNTED_MAX)
    material = Material([*found.items, *others.items], new.total, sum(new.threads.values()), new.is_bounded)
    chosen = choose(material, SIZES[size])
    return {
        "new": new,
        "known": known,
        "chosen": chosen,
        "parts": _parts(entry, chosen.items),
        "next": _next(others.next, _threads(found.items)) if size == "all" else "",
        "is_front": True,
    }


def _further(entry: Entry, asked: QueryDict) -> dict[str, Any]:
    """A further page of everything, without what stood on its front page."""
    assert entry.member is not None
    after, without = _place(asked), numbers(asked.get("without", "").split(","))[:FRONT_MAX]
    others = missed.rest(entry.member, without=without, after=after)
    chosen = choose(Material(others.items), None)
    parts = _parts(entry, chosen.items)
    return {"chosen": chosen, "parts": parts, "next": _next(others.next, without), "is_front": False}


def _place(asked: QueryDict) -> Place:
    try:
        at = parse_datetime(asked.get("at", ""))
        thread = int(asked.get("thread", ""))
    except ValueError:
        at, thread = None, 0
    if at is None or at.tzinfo is None or not 0 < thread < 2**63:
        raise Invalid(gettext("That is not a place in this list."), code="cursor", field="at")
    return Place(at, thread)


def _next(place: Place | None, without: list[int]) -> str:
    if place is None:
        return ""
    query = QueryDict(mutable=True)
    query["size"] = "all"
    query["at"] = place.at.isoformat()
    query["thread"] = str(place.thread)
    if without:
        query["without"] = ",".join(map(str, without))
    return f"?{query.urlencode()}"


def _threads(items: Any) -> list[int]:
    return list(dict.fromkeys(item.thread for item in items if item.thread is not None))


def _parts(entry: Entry, items: tuple[Item, ...]) -> list[dict[str, Any]]:
    """The sections of the page that have something, each with its items and the names of their forums."""
    forums = {forum.pk: forum.title for forum in entry.jam.forums.all()}
    parts: list[dict[str, Any]] = []
    for item in items:
        if not parts or parts[-1]["section"] is not item.section:
            size = CLASSES[item.section]
            parts.append({"section": item.section, "title": TITLES[item.section], "size": size, "items": []})
        forum = forums.get(item.content.forum, "") if item.thread is not None else ""
        parts[-1]["items"].append({"item": item, "forum": forum})
    return parts


def since_you_left(entry: Entry, unread: Unread) -> dict[str, Any]:
    """For a jam's home: a few of the first things, and how much is new. Five statements, none if nothing is."""
    if entry.member is None or not unread.total:
        return {"chosen": CatchUp(), "is_back": unread.left_at is not None}
    found = missed.front(entry.jam, entry.member, unread, a_section=HOME_THREADS, a_story=1, announced=False)
    return {"chosen": choose(found, HOME_MINUTES), "is_back": unread.left_at is not None}


@require_POST
@signed_in
@answers_refusals
def mark_all_seen(request: HttpRequest, slug: str) -> HttpResponse:
    """Calls seen what the page knew of: every post up to the number `upto`, and those in `also`."""
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    upto = numbers([request.POST.get("upto", "")])
    if not upto:
        raise Invalid(gettext("That page is out of date. Load it again."), code="upto", field="upto")
    visits.arrive(member, now=entry.now)
    visits.mark_all(member, visits.Known(upto[0], tuple(numbers(request.POST.get("also", "").split(",")))))
    return redirect(_address(entry))


@require_POST
@signed_in
@answers_refusals
def undo_all_seen(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    visits.undo_mark_all(require_member(entry))
    return redirect(_address(entry))


def _address(entry: Entry) -> str:
    return reverse("threads:catch_up", args=[entry.jam.slug])
