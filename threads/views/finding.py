"""Ways to the ideas of a whole jam: a list with orders and filters, the cloud of tags, and what the orders mean."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jam.access import Entry
from jam.models import Forum
from jam.views.frame import jam_frame
from threads.access import enter_to_read, forum_of
from threads.domain import follows, heat, places, tags
from threads.domain.follows import Thing
from threads.views.frame import answers_refusals
from threads.views.lists import idea_list

TAGS_LISTED = 300
TAGS_BESIDE = 30
SECONDS_AN_HOUR = 3_600


@require_safe
@login_required
@answers_refusals
def ideas(request: HttpRequest, slug: str) -> HttpResponse:
    """The ideas of all forums, or those with `?tag=`. Those of one forum (`?forum=`) have a page of their own."""
    entry = enter_to_read(request.user, slug)
    forum = _asked_forum(request, entry)
    if forum is not None:
        asked = request.GET.copy()
        del asked["forum"]
        return redirect(reverse("threads:forum", args=[slug, forum.pk]) + "?" + asked.urlencode())
    frame = jam_frame(entry)
    beside = {
        "tags": tags.cloud(jam=entry.jam, limit=TAGS_BESIDE),
        "themes": list(entry.jam.themes.all()),
        "forums": list(entry.jam.forums.all()),
    }
    listed = idea_list(request, entry)
    if listed["tag"]:
        beside["following"] = follows.follows_one(entry.member, Thing(tag=listed["tag"]))
    return render(request, "threads/ideas.html", {**frame, **listed, **beside})


@require_safe
@login_required
def tag_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The tags that most ideas have, in the jam or, with `?forum=NUMBER`, in one forum."""
    entry = enter_to_read(request.user, slug)
    forum = _asked_forum(request, entry)
    context = {
        **jam_frame(entry),
        "forum": forum,
        "forums": list(entry.jam.forums.all()),
        "tags": tags.cloud(jam=entry.jam, forum=forum, limit=TAGS_LISTED),
        "at_most": TAGS_LISTED,
    }
    return render(request, "threads/tags.html", context)


@require_safe
@login_required
def orders(request: HttpRequest, slug: str) -> HttpResponse:
    """What the orders of a list are, in plain words and as formulas."""
    entry = enter_to_read(request.user, slug)
    numbers = {
        "hours": heat.SECONDS_A_TENFOLD / SECONDS_AN_HOUR,
        "enough": places.ENOUGH,
        "every": places.EVERY,
    }
    return render(request, "threads/orders.html", {**jam_frame(entry), **numbers})


def _asked_forum(request: HttpRequest, entry: Entry) -> Forum | None:
    number = request.GET.get("forum", "")
    return forum_of(entry, int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else None
