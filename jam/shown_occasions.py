"""Polls and guest hours as a page shows them to one reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jam.access import Entry
from jam.domain.guest_hours import coming
from jam.domain.phases import Phase
from jam.domain.polls import chosen_by, current_polls
from jam.models import Forum, GuestHour, Member, Poll, PollChoice

SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ShownChoice:
    choice: PollChoice
    share: int  # of those who voted, in per cent
    mine: bool


@dataclass(frozen=True)
class ShownPoll:
    """`takes_votes` says that it is open to this reader, `is_over` that it is open to nobody any more."""

    poll: Poll
    choices: Sequence[ShownChoice]
    takes_votes: bool
    is_over: bool
    has_voted: bool
    shows_results: bool


def shown_polls(entry: Entry, polls: Sequence[Poll]) -> list[ShownPoll]:
    """One query for the reader's own votes, and one for the choices unless they are there."""
    mine = chosen_by(entry.member, polls)
    return [_shown(entry, poll, mine) for poll in polls]


def _shown(entry: Entry, poll: Poll, mine: set[int]) -> ShownPoll:
    choices = [
        ShownChoice(choice, share=share(choice.count, poll.voter_count), mine=choice.pk in mine)
        for choice in poll.choices.all()
    ]
    has_voted = any(choice.mine for choice in choices)
    ended = poll.closes_at is not None and poll.closes_at <= entry.now
    is_over = ended or entry.phase not in (Phase.DRAFT, Phase.SCHEDULED, Phase.OPEN)
    return ShownPoll(
        poll=poll,
        choices=choices,
        takes_votes=entry.can_post and not ended,
        is_over=is_over,
        has_voted=has_voted,
        shows_results=is_over or has_voted or poll.results == Poll.Results.ALWAYS,
    )


def share(count: int, voters: int) -> int:
    """Which part of those who voted chose it, in per cent, a half rounded up. As in static/js/polls.js."""
    return (200 * count + voters) // (2 * voters) if voters else 0


def polls_here(entry: Entry, forum: Forum | None = None) -> dict[str, Any]:
    """The context of templates/jam/polls_here.html on the jam's home, or in a forum. At most three queries."""
    polls = list(current_polls(entry.jam, entry.now, forum=forum))
    return {"polls": shown_polls(entry, polls), "poll_prototype": _poll_prototype(entry)}


def guests_here(entry: Entry) -> dict[str, Any]:
    """The context of templates/jam/guest_hours_here.html. One query."""
    return {"hours": coming(entry.jam, entry.now), "hour_prototype": _hour_prototype()}


# What a script makes new ones of: with every part, and nobody's.


def _poll_prototype(entry: Entry) -> ShownPoll:
    return ShownPoll(
        poll=Poll(pk=0, multiple=True, closes_at=SOME_TIME),
        choices=[ShownChoice(PollChoice(pk=0), share=0, mine=False)],
        takes_votes=entry.can_post,
        is_over=False,
        has_voted=False,
        shows_results=False,
    )


def _hour_prototype() -> GuestHour:
    return GuestHour(pk=0, guest=Member(pk=0), forum=Forum(pk=0), starts_at=SOME_TIME, ends_at=SOME_TIME)
