"""Polls: one question with choices, charted while it runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext, ngettext

from jam.access import WRITING_ROLES, is_suspended, require_runs
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.events import poll_changed, poll_counted, poll_removed
from jam.domain.phases import database_now, require_open
from jam.domain.text import clean_line, is_blank
from jam.models import CHOICE_MAX, POLL_QUESTION_MAX, Forum, Jam, Member, Poll, PollChoice, PollVote

CHOICES_MIN = 2
CHOICES_MAX = 10
OPEN_MAX = 5
STAYS = timedelta(days=1)
SHOWN_MAX = 2 * OPEN_MAX
A_PAGE = 20


@dataclass(frozen=True)
class PollPlan:
    """A poll as it is meant to be. `closes_at` carries a zone; None: it ends with the jam."""

    question: str
    choices: Sequence[str]
    multiple: bool = False
    results: str = Poll.Results.ALWAYS
    forum: Forum | None = None
    closes_at: datetime | None = None


def make(*, member: Member, plan: PollPlan) -> Poll:
    """Makes a poll, on the jam's home or in a forum, and shows it in every open tab there.

    It may be made before the jam opens; it takes votes while the jam is open. Raises NotAllowed unless `member` runs
    its place, Invalid, naming the field, and Conflict where `OPEN_MAX` run already or the jam is over. Locks the
    member's row, so that a form that was sent twice is found out, and at the end the jam's event counter.
    """
    require_runs(member, plan.forum.pk if plan.forum else None)
    question, choices = cleaned(member, plan)
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        now = database_now()
        _check_time(member.jam, plan, now)
        running = list(open_polls(member.jam, now, forum=plan.forum)[:OPEN_MAX])
        if any(poll.question == question for poll in running):
            raise Conflict(gettext("There is a poll with this question already."), code="repeated", field="question")
        if len(running) >= OPEN_MAX:
            raise Conflict(gettext("Five polls run there already. Close one first."), code="too_many")
        poll = Poll.objects.create(
            jam_id=member.jam_id,
            forum=plan.forum,
            by=member,
            question=question,
            multiple=plan.multiple,
            results=plan.results,
            created_at=now,
            closes_at=plan.closes_at,
        )
        PollChoice.objects.bulk_create(
            PollChoice(poll=poll, words=words, position=number) for number, words in enumerate(choices, start=1)
        )
        poll_changed(poll)
    return poll


def vote(*, member: Member, poll: Poll, choices: Collection[int]) -> Poll:
    """Makes `choices`, by their numbers, the member's votes in `poll`; none takes their vote back. Twice is once.

    Returns the poll as it is then. The clock decides: raises OutsideWindow, and Conflict when the poll has ended;
    NotAllowed for who only reads, Invalid for what is no choice of it or more than one may choose. Locks the poll's row
    until the commit. Tabs are told of the new counts by `tell_counts`.
    """
    if poll.jam_id != member.jam_id:
        raise Invalid(gettext("That poll is not part of this jam."), code="poll")
    if member.role not in WRITING_ROLES:
        raise NotAllowed(gettext("Observers read along; they do not vote."), code="role")
    with transaction.atomic():
        window = require_open(member.jam_id, member_id=member.pk)
        if is_suspended(member, window.now):
            raise NotAllowed(gettext("You are suspended from this jam."), code="suspended")
        held = _hold(poll)
        if held.closes_at is not None and held.closes_at <= window.now:
            raise Conflict(gettext("This poll has ended. Your vote was not counted."), code="poll_ended")
        wanted = _wanted(held, choices)
        before = set(PollVote.objects.filter(choice__poll=held, member=member).values_list("choice", flat=True))
        if wanted != before:
            _change_votes(held, member, before=before, wanted=wanted, at=window.now)
    return held


def close(*, member: Member, poll: Poll) -> Poll:
    """Ends a poll now, whatever the jam's window says. Twice is once. Raises NotAllowed and Invalid. Locks its row."""
    _check_mine(member, poll)
    with transaction.atomic():
        held = _hold(poll)
        now = database_now()
        if held.closes_at is None or held.closes_at > now:
            held.closes_at = now
            held.save(update_fields=["closes_at"])
            poll_changed(held)
    return held


def remove(*, member: Member, poll: Poll) -> None:
    """Takes a poll away that nobody has voted in. Raises NotAllowed, Invalid, and Conflict if somebody has."""
    _check_mine(member, poll)
    with transaction.atomic():
        held = Poll.objects.select_for_update().filter(pk=poll.pk).first()
        if held is None:
            return
        if held.voter_count:
            raise Conflict(gettext("People have voted in it: close it instead."), code="voted")
        held.delete()
        poll_removed(jam_id=poll.jam_id, poll_id=poll.pk)


def tell_counts() -> None:
    """Tells the open tabs of every poll that was voted in since they were last told. May run anywhere, and twice.

    Called every two seconds, which is what bounds how often a poll is told of; as the mark that there is something to
    tell stays until it was told, the last counts always are. One query when there is nothing.
    """
    for poll_id in Poll.objects.filter(is_untold=True).values_list("pk", flat=True):
        with transaction.atomic():
            poll = Poll.objects.select_for_update(no_key=True).filter(pk=poll_id, is_untold=True).first()
            if poll is not None:
                Poll.objects.filter(pk=poll_id).update(is_untold=False)
                poll_counted(poll)


# --- reads ------------------------------------------------------------------------------------------------


def open_polls(jam: Jam, now: datetime, *, forum: Forum | None) -> QuerySet[Poll]:
    """The polls of a forum, or of the jam's home, that have not ended by their own time."""
    return Poll.objects.filter(jam=jam, forum=forum).exclude(closes_at__lte=now)


def current_polls(jam: Jam, now: datetime, *, forum: Forum | None) -> QuerySet[Poll]:
    """What a forum, or the jam's home, shows: the polls that run there or ended within a day, the newest first, with
    their choices; a few at most. Two queries, one if there are none.
    """
    polls = open_polls(jam, now - STAYS, forum=forum)
    return polls.prefetch_related("choices").order_by("-pk")[:SHOWN_MAX]


def polls_of(jam: Jam, *, before: int | None = None) -> tuple[list[Poll], int | None]:
    """A page of a jam's polls with their choices, the newest first, and the cursor of the next page. Two queries."""
    polls = Poll.objects.filter(jam=jam).select_related("forum", "by").prefetch_related("choices").order_by("-pk")
    if before is not None:
        polls = polls.filter(pk__lt=before)
    found = list(polls[: A_PAGE + 1])
    return found[:A_PAGE], found[A_PAGE - 1].pk if len(found) > A_PAGE else None


def chosen_by(member: Member | None, polls: Iterable[Poll]) -> set[int]:
    """The numbers of the choices in these polls that `member` voted for. One query, none without a member or a poll."""
    ids = [poll.pk for poll in polls]
    if member is None or not ids:
        return set()
    return set(PollVote.objects.filter(member=member, choice__poll__in=ids).values_list("choice", flat=True))


# --- checks -----------------------------------------------------------------------------------------------


def _check_mine(member: Member, poll: Poll) -> None:
    require_runs(member, poll.forum_id)
    if poll.jam_id != member.jam_id:
        raise Invalid(gettext("That poll is not part of this jam."), code="poll")


def cleaned(member: Member, plan: PollPlan) -> tuple[str, list[str]]:
    """The question and the choices as they are kept. Raises Invalid, naming the field."""
    if plan.forum is not None and plan.forum.jam_id != member.jam_id:
        raise Invalid(gettext("That forum is not part of this jam."), code="forum", field="forum")
    if plan.results not in Poll.Results.values:
        raise Invalid(gettext("Choose who is shown how it stands."), code="results", field="results")
    question = clean_line(plan.question, field="question", name=gettext("The question"), limit=POLL_QUESTION_MAX)
    if is_blank(question):
        raise Invalid(gettext("Write the question."), code="required", field="question")
    lines = [clean_line(one, field="choices", name=gettext("A choice"), limit=CHOICE_MAX) for one in plan.choices]
    choices = [line for line in lines if not is_blank(line)]
    if len(choices) < CHOICES_MIN:
        raise Invalid(gettext("A poll needs two choices, each on a line of its own."), code="few", field="choices")
    if len(choices) > CHOICES_MAX:
        message = ngettext("A poll can have %(count)s choice.", "A poll can have %(count)s choices.", CHOICES_MAX) % {
            "count": CHOICES_MAX
        }
        raise Invalid(message, code="many", field="choices")
    if len({choice.casefold() for choice in choices}) < len(choices):
        raise Invalid(gettext("Two choices say the same."), code="repeated", field="choices")
    return question, choices


def _check_time(jam: Jam, plan: PollPlan, now: datetime) -> None:
    if jam.closes_at is not None and jam.closes_at <= now:
        raise Conflict(gettext("The jam has closed: nobody could vote."), code="closed")
    if plan.closes_at is None:
        return
    if plan.closes_at <= now:
        raise Invalid(gettext("The poll would end before it begins."), code="past", field="closes_at")
    if jam.opens_at is not None and plan.closes_at <= jam.opens_at:
        raise Invalid(gettext("The poll would end before the jam opens."), code="past", field="closes_at")


def _wanted(poll: Poll, choices: Collection[int]) -> set[int]:
    wanted = set(choices)
    if not wanted <= set(PollChoice.objects.filter(poll=poll).values_list("pk", flat=True)):
        raise Invalid(gettext("That is not a choice of this poll."), code="choice", field="choice")
    if len(wanted) > 1 and not poll.multiple:
        raise Invalid(gettext("Choose one."), code="one", field="choice")
    return wanted


def _hold(poll: Poll) -> Poll:
    held = Poll.objects.select_for_update(no_key=True).filter(pk=poll.pk).first()
    if held is None:
        raise Conflict(gettext("This poll was taken away."), code="gone")
    return held


def _change_votes(poll: Poll, member: Member, *, before: set[int], wanted: set[int], at: datetime) -> None:
    PollVote.objects.filter(choice__in=before - wanted, member=member).delete()
    PollVote.objects.bulk_create(
        PollVote(choice_id=choice, member=member, cast_at=at) for choice in sorted(wanted - before)
    )
    # Whoever votes holds the poll's row, so these are written by one at a time.
    PollChoice.objects.filter(pk__in=before - wanted).update(count=F("count") - 1)
    PollChoice.objects.filter(pk__in=wanted - before).update(count=F("count") + 1)
    poll.voter_count += bool(wanted) - bool(before)
    poll.is_untold = True
    poll.save(update_fields=["voter_count", "is_untold"])
