"""Polls that are written beforehand and begin by themselves at a time that was set."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from jam.access import STAFF_ROLES, require_runs
from jam.domain import doings, polls
from jam.domain.errors import Conflict, Invalid, Refused
from jam.domain.phases import ClockTimestamp, database_now
from jam.domain.polls import PollPlan
from jam.models import Jam, Member, PlannedPoll, Role

A_JAM_MAX = 50

log = logging.getLogger(__name__)


def plan(*, member: Member, plan: PollPlan, starts_at: datetime) -> PlannedPoll:
    """Writes a poll down that begins at `starts_at`, which carries a zone; `plan.closes_at` is when it ends.

    Raises NotAllowed unless `member` runs its place, Invalid, naming the field, and Conflict where it is there already
    or as many are planned as can be. Locks the member's row.
    """
    require_runs(member, plan.forum.pk if plan.forum else None)
    question, choices = polls.cleaned(member, plan)
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        _check_times(member.jam, plan, starts_at)
        planned = PlannedPoll.objects.filter(jam=member.jam_id, begun_at=None)
        if planned.filter(question=question, starts_at=starts_at).exists():
            raise Conflict(gettext("This poll is planned already."), code="repeated", field="question")
        if planned.count() >= A_JAM_MAX:
            raise Conflict(gettext("This jam has as many planned polls as it can have."), code="too_many")
        made = PlannedPoll.objects.create(
            jam_id=member.jam_id,
            forum=plan.forum,
            by=member,
            question=question,
            choices=choices,
            multiple=plan.multiple,
            results=plan.results,
            starts_at=starts_at,
            ends_at=plan.closes_at,
        )
        after = {"question": question, "starts_at": starts_at.isoformat()}
        doings.did(jam=member.jam, by=member, kind="jam", forum=plan.forum, after=after)
    return made


def remove(*, member: Member, planned: PlannedPoll) -> None:
    """Takes a planned poll away. Twice is once. Raises NotAllowed, Invalid, and Conflict if it has begun."""
    if planned.jam_id != member.jam_id:
        raise Invalid(gettext("That poll is not part of this jam."), code="poll")
    require_runs(member, planned.forum_id)
    with transaction.atomic():
        held = PlannedPoll.objects.select_for_update().filter(pk=planned.pk).first()
        if held is None:
            return
        if held.begun_at is not None:
            raise Conflict(gettext("This poll has begun."), code="begun")
        held.delete()
        before = {"question": held.question, "starts_at": held.starts_at.isoformat()}
        doings.did(jam=member.jam, by=member, kind="jam", forum=held.forum, before=before)


def of(jam: Jam) -> list[PlannedPoll]:
    """Those that have not begun, the first first. One query."""
    planned = PlannedPoll.objects.filter(jam=jam, begun_at=None).select_related("forum", "by")
    return list(planned.order_by("starts_at", "pk")[:A_JAM_MAX])


def begin_due() -> int:
    """Begins those whose time has come, and says how many. May run anywhere, late, and twice; one query when nothing is
    due. One that cannot begin any more is given up; one that waits for another to end is tried again."""
    due = PlannedPoll.objects.filter(
        begun_at=None, starts_at__lte=ClockTimestamp(), jam__published_at__isnull=False
    ).select_related("jam", "forum", "by")
    return sum(_begin(planned) for planned in due)


def _begin(planned: PlannedPoll) -> bool:
    member = _whose(planned)
    if member is None:
        return False
    member.jam = planned.jam
    try:
        with transaction.atomic():
            if not PlannedPoll.objects.filter(pk=planned.pk, begun_at=None).update(begun_at=database_now()):
                return False
            polls.make(member=member, plan=_poll_plan(planned))
    except Refused as refused:
        if refused.code != "too_many":
            log.warning("Planned poll %s was given up: %s", planned.pk, refused.message)
            PlannedPoll.objects.filter(pk=planned.pk, begun_at=None).update(begun_at=database_now())
        return False
    return True


def _whose(planned: PlannedPoll) -> Member | None:
    """Who planned it, if they run the jam still; else an admin of it. One query at most."""
    if planned.by is not None and planned.by.role in STAFF_ROLES:
        return planned.by
    return Member.objects.filter(jam=planned.jam, role=Role.ADMIN).order_by("pk").first()


def _poll_plan(planned: PlannedPoll) -> PollPlan:
    return PollPlan(
        question=planned.question,
        choices=planned.choices,
        multiple=planned.multiple,
        results=planned.results,
        forum=planned.forum,
        closes_at=planned.ends_at,
    )


def _check_times(jam: Jam, plan: PollPlan, starts_at: datetime) -> None:
    if starts_at <= database_now():
        raise Invalid(gettext("That time has passed."), code="past", field="starts_at")
    if jam.closes_at is not None and starts_at >= jam.closes_at - timedelta(minutes=1):
        raise Invalid(gettext("The jam would be closed by then."), code="late", field="starts_at")
    if plan.closes_at is not None and plan.closes_at <= starts_at:
        raise Invalid(gettext("The poll would end before it begins."), code="order", field="closes_at")
