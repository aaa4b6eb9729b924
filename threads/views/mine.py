"""My jam: what a member has in a jam, in one place, and the votes they cast."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jam.access import enter
from jam.models import Voting
from threads import taking_home
from threads.access import can_see_body, enter_to_read
from threads.collected import show
from threads.domain import mine, outcomes
from threads.views.frame import answers_refusals, reader_frame, require_member
from threads.views.outcomes import outcome_row
from threads.views.own import before_of

VOTES_A_PAGE = 50
SHOWN_ON_TOP = 5


@require_safe
@login_required
@answers_refusals
def my_jam(request: HttpRequest, slug: str) -> HttpResponse:
    """Stays open to a member after reading ended: what they wrote is theirs, and so is what became of it."""
    entry = enter(request.user, slug)
    member = require_member(entry)
    frame = reader_frame(entry)
    newest = list(mine.written_by(member)[:SHOWN_ON_TOP])
    context = {
        "tab": "me",
        "numbers": mine.numbers_of(member),
        "outcomes": [outcome_row(idea) for idea in outcomes.outcomes_of(member)],
        "rows": show(((post, "") for post in newest), writer=member, with_ideas=entry.can_read),
        "answers": mine.replies_to(newest),
        "formats": taking_home.FORMATS,
        "upvote": entry.jam.voting == Voting.UPVOTE,
    }
    return render(request, "threads/me.html", frame | context)


@require_safe
@login_required
@never_cache
@answers_refusals
def own_votes(request: HttpRequest, slug: str) -> HttpResponse:
    """What a member voted, the latest first, to look through and to change; with ?format=csv, as a table."""
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    if "format" in request.GET:
        return taking_home.download_votes(entry.jam, mine.votes_of(member), request.GET["format"])
    frame = reader_frame(entry)
    before = before_of(request)
    found = list(mine.votes_of(member, before=before)[: VOTES_A_PAGE + 1])
    page = found[:VOTES_A_PAGE]
    shown = show((vote.post, "") for vote in page)
    context = {
        "tab": "votes",
        "rows": [
            {"vote": vote, "shown": row, "reads": can_see_body(entry, vote.post)}
            for vote, row in zip(page, shown, strict=True)
        ],
        "more": page[-1].pk if len(found) > len(page) else None,
        "base": frame["frame"].home,
        "upvote": entry.jam.voting == Voting.UPVOTE,
        "offer": {"vote": entry.can_post},
    }
    return render(request, "threads/own_votes.html", frame | context)
