"""A jam's home."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jam.access import Entry, enter
from jam.domain.rendering import excerpt
from jam.views.frame import jam_frame
from threads.domain import queries
from threads.views.ideas import idea_rows

SHORT_QUESTION = 160
IDEAS_ON_HOME = 5
PULSE_LENGTH = 12


@require_safe
def jam_home(request: HttpRequest, slug: str) -> HttpResponse:
    """What the jam asks and, for who may read it, what is said in it."""
    entry = enter(request.user, slug)
    question = entry.jam.question
    context = {
        **jam_frame(entry),
        "short_question": 0 < len(question) <= SHORT_QUESTION and "\n" not in question,
    }
    if entry.can_read:
        context |= _what_is_said(entry)
    return render(request, "threads/home.html", context)


def _what_is_said(entry: Entry) -> dict[str, Any]:
    ideas = queries.ideas(jam=entry.jam)
    return {
        "forums": list(entry.jam.forums.all()),
        "hot": idea_rows(entry, queries.in_order(ideas, "hot")[:IDEAS_ON_HOME], size="line"),
        "waiting": idea_rows(entry, queries.in_order(ideas, "needs_reply")[:IDEAS_ON_HOME], size="line", waits=True),
        "pulse": [
            {"post": post, "line": post.subject or excerpt(post.html)}
            for post in queries.newest_posts(entry.jam, PULSE_LENGTH)
        ],
    }
