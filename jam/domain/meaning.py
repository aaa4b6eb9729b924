"""What a change does to the people of a jam, in words, said before it is made. Pure: it asks nothing.

A draft is seen by nobody, so nothing in it has to be said. A change that only shows, such as another question, has no
words either: they are for what somebody could do and then cannot, or the other way round, and for what is gone.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext, ngettext

from jam.domain.lasting import lasting
from jam.domain.numbers import number
from jam.domain.phases import Phase
from jam.domain.plans import EDIT_MINUTES, Forums, People, Plan, Schedule, TakingPart, Words
from jam.models import Door, Voting


@dataclass(frozen=True)
class Around:
    """What a change is made in: the jam's phase, the clock, and how many members it has."""

    phase: Phase
    now: datetime
    members: int


def of_change(before: Plan, after: Plan, around: Around) -> list[str]:
    """What making `after` of `before`, plans of one step, means to people; a sentence each."""
    if around.phase is Phase.DRAFT or before == after:
        return []
    return list(_said(after, before, around))


@functools.singledispatch
def _said(after: Plan, before: Plan, around: Around) -> Iterable[str]:
    return ()


@_said.register
def _(after: Words, before: Words, around: Around) -> Iterable[str]:
    if after.title != before.title:
        yield gettext("Everybody sees the new title. Mails that were sent have the old one.")
    if after.language != before.language:
        yield gettext("Search takes the words of new posts for words of the new language; posts that are there stay.")


@_said.register
def _(after: Forums, before: Forums, around: Around) -> Iterable[str]:
    kept = {forum.id for forum in after.forums}
    for forum in before.forums:
        if forum.id not in kept:
            yield gettext(
                "“%(title)s” is taken away, with its announcements, guest hours and polls and the votes in them."
            ) % {"title": forum.title}
    if around.phase is Phase.OPEN:
        had = {forum.id for forum in before.forums if forum.prompt}
        new = [forum for forum in after.forums if forum.prompt and forum.id not in had]
        if new:
            message = ngettext(
                "The jam is open: %(count)s opening prompt is posted at once.",
                "The jam is open: %(count)s opening prompts are posted at once.",
                len(new),
            )
            yield message % {"count": len(new)}


@_said.register
def _(after: Schedule, before: Schedule, around: Around) -> Iterable[str]:
    yield from _of_the_opening(after, before, around)
    yield from _of_the_close(after, before, around)
    yield from _of_reading(after, before, around)
    if after.time_zone != before.time_zone:
        yield gettext("The window is said in another zone. Everybody goes on seeing it in their own.")


def _of_the_opening(after: Schedule, before: Schedule, around: Around) -> Iterable[str]:
    if after.opens_at == before.opens_at or after.opens_at is None or before.opens_at is None:
        return
    if before.opens_at > around.now >= after.opens_at:
        yield gettext("The jam opens at once: people can post as soon as this is saved.")
    elif before.opens_at <= around.now < after.opens_at:
        yield gettext("The jam is not open any more: nobody can post until the new opening.")
    elif after.opens_at > around.now:
        by = after.opens_at - before.opens_at
        said = (
            gettext("The jam opens %(how_long)s earlier.")
            if by < timedelta()
            else gettext("The jam opens %(how_long)s later.")
        )
        yield said % {"how_long": lasting(by)}
        yield from _reminded(around)


def _of_the_close(after: Schedule, before: Schedule, around: Around) -> Iterable[str]:
    if after.closes_at == before.closes_at or after.closes_at is None or before.closes_at is None:
        return
    if before.closes_at <= around.now:
        yield gettext(
            "The jam opens again: people can post, vote and change their posts until the new close. At that close the "
            "counts become final anew, and everybody gets a second digest."
        )
        return
    by = after.closes_at - before.closes_at
    said = (
        gettext("The jam closes %(how_long)s earlier.")
        if by < timedelta()
        else gettext("The jam closes %(how_long)s later.")
    )
    yield said % {"how_long": lasting(by)}
    yield from _reminded(around)
    if by < timedelta() and around.phase is Phase.OPEN:
        yield gettext("Who counted on the old close has less time. Say so in an announcement.")


def _reminded(around: Around) -> Iterable[str]:
    if around.members:
        message = ngettext(
            "%(count)s member sees it at once where the jam is on their screen, and is reminded anew.",
            "%(count)s members see it at once where the jam is on their screens, and are reminded anew.",
            around.members,
        )
        yield message % {"count": number(around.members)}


def _of_reading(after: Schedule, before: Schedule, around: Around) -> Iterable[str]:
    if _end(after.reading_until) == _end(before.reading_until):
        return
    if _end(after.reading_until) <= around.now:
        yield gettext("Nobody but observers and who runs the jam can read it any more, from now on.")
    elif _end(before.reading_until) <= around.now:
        yield gettext("Whom the door lets in can read the jam again.")
    elif after.reading_until is None:
        yield gettext("The jam can be read for good after its close.")
    else:
        yield gettext("After the new end of reading nobody but observers and who runs the jam can read it.")


def _end(at: datetime | None) -> datetime:
    return at or datetime.max.replace(tzinfo=UTC)


@_said.register
def _(after: TakingPart, before: TakingPart, around: Around) -> Iterable[str]:
    if after.voting == Voting.UPVOTE and before.voting != Voting.UPVOTE:
        yield gettext("Nobody can disagree or pass any more: there are only upvotes.")
    elif after.voting != before.voting:
        yield gettext("People can agree, pass or disagree, and not only vote for.")
    minutes, had = (EDIT_MINUTES if plan.edit_minutes is None else plan.edit_minutes for plan in (after, before))
    if minutes < had:
        if minutes:
            yield gettext("Posts can be changed for %(how_long)s only, also those that were written before.") % {
                "how_long": lasting(timedelta(minutes=minutes))
            }
        else:
            yield gettext("Nobody can change what they posted any more.")
    elif minutes > had:
        yield gettext("Posts can be changed for %(how_long)s, also those that were written before.") % {
            "how_long": lasting(timedelta(minutes=minutes))
        }


@_said.register
def _(after: People, before: People, around: Around) -> Iterable[str]:
    if after.door != before.door:
        if before.door == Door.ACCOUNT:
            yield gettext(
                "Who has an account here and is no member cannot read the jam any more, and shared collections need "
                "an account. Open tabs of theirs close at once."
            )
        elif after.door == Door.ACCOUNT:
            yield gettext(
                "Anyone with an account here can read what was written so far, and join. Say so to who wrote it."
            )
        else:
            yield gettext("Others can come in than before. Who is a member stays one.")
    if tuple(after.home_domains) != tuple(before.home_domains):
        yield gettext("Who joins from now on is told apart by the new domains. Who was told apart already stays so.")
