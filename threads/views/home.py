"""A jam's home."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jam.access import Entry, enter
from jam.domain import look
from jam.domain.rendering import excerpt
from jam.shown_occasions import guests_here, polls_here
from jam.views.door import door_here
from jam.views.frame import jam_frame
from threads.domain import highlights, queries, reading, tags
from threads.models import Highlight
from threads.views.catching_up import since_you_left
from threads.views.frame import reader_frame
from threads.views.ideas import idea_rows, offers_places
from threads.views.lists import with_few_seen

SHORT_QUESTION = 160
IDEAS_ON_HOME = 5
PULSE_LENGTH = 12
TAGS_ON_HOME = 20
HIGHLIGHTS_ON_HOME = 3


@require_safe
def jam_home(request: HttpRequest, slug: str) -> HttpResponse:
    """What the jam asks and, for who may read it, what is said in it."""
    entry = enter(request.user, slug)
    question = entry.jam.question
    context = {
        **(reader_frame if entry.can_read else jam_frame)(entry),
        **door_here(request, entry),
        "pictures": look.pictures_of(entry.jam),
        "short_question": 0 < len(question) <= SHORT_QUESTION and "\n" not in question,
    }
    if entry.can_hear:
        context |= guests_here(entry)
    if entry.can_read:
        context |= _what_is_said(entry)
    if "unread" in context:
        context["since"] = since_you_left(entry, context["unread"])
    return render(request, "threads/home.html", context)


def _what_is_said(entry: Entry) -> dict[str, Any]:
    return {
        **_ideas(entry),
        **polls_here(entry),
        "tags": tags.cloud(jam=entry.jam, limit=TAGS_ON_HOME),
        "highlighted": [
            {"post": post, "line": post.subject or excerpt(post.html), "mark": Highlight.Kind(post.highlight.kind)}
            for post in highlights.listed(entry.jam)[:HIGHLIGHTS_ON_HOME]
        ],
        "forums": list(entry.jam.forums.all()),
        "pulse": [
            {"post": post, "line": post.subject or excerpt(post.html)}
            for post in queries.newest_posts(entry.jam, PULSE_LENGTH)
        ],
    }


def _ideas(entry: Entry) -> dict[str, Any]:
    """What is hot and what waits, side by side."""
    ideas = queries.ideas(jam=entry.jam)
    ranked = list(queries.in_order(ideas, "hot")[:IDEAS_ON_HOME])
    is_fair = offers_places(entry)
    rows = with_few_seen(entry, ideas, ranked) if is_fair else [(idea, False) for idea in ranked]
    hot = [idea for idea, _few in rows[:IDEAS_ON_HOME]]
    few = {idea.thread_id for idea, is_few in rows if is_few}
    waiting = list(queries.in_order(ideas, "needs_reply")[:IDEAS_ON_HOME])
    shown = {idea.thread_id for idea in (*hot, *waiting)}
    new = reading.unread_in_threads(entry.member, shown) if entry.member else None
    return {
        "hot": idea_rows(entry, hot, size="line", few=few, new=new),
        "waiting": idea_rows(entry, waiting, size="line", waits=True, new=new),
        "is_fair": is_fair,
    }
