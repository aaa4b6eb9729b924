"""The roster: who of those who run a jam is on duty when, and where nobody is.

An admin of the jam plans anybody's shifts, a facilitator their own. Two people may be on duty at once, one person not
twice. Times are moments; the forms read them off the clocks of whoever plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from jam.access import STAFF_ROLES, is_suspended
from jam.domain import checklist, time_words
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.lasting import lasting
from jam.domain.phases import database_now
from jam.models import Duty, Forum, Jam, Member, Role
from jam.roles import Right, roles_with
from moderation.domain.cover import Cover, Gap, gaps_between
from moderation.domain.events import shift_changed
from moderation.domain.record import record
from moderation.models import REMIND_DEFAULT, RosterKind, Shift

LONGEST = timedelta(hours=24)
A_JAM_MAX = 500
REMIND_CHOICES = (0, 15, 60, 180, 24 * 60)
PLANNERS = roles_with(Right.ADMINISTER)


@dataclass(frozen=True)
class ShiftPlan:
    """A shift as it is meant to be. Times carry a zone; no forums are all that the member runs."""

    member: Member
    starts_at: datetime
    ends_at: datetime
    forums: Sequence[Forum] = ()
    remind_before: int = REMIND_DEFAULT


def put(*, member: Member, plan: ShiftPlan, shift: Shift | None = None) -> Shift:
    """Plans a shift, or makes `shift` as `plan` says. One that is moved is reminded of anew, and offered no more.

    Raises NotAllowed unless `member` may plan for whose shift it is, Invalid, naming the field, and Conflict where it
    lies over another of theirs, or over itself sent twice, and for one that was taken away meanwhile. Locks the rows of
    the members concerned, in their order, and at the end the jam's event counter. Recorded.
    """
    with transaction.atomic():
        held = None if shift is None else hold(member, shift)
        _check_may_plan(member, plan.member, held)
        lock_members([plan.member.pk, *([held.member_id] if held else [])])
        now = database_now()
        _check(member.jam, plan, held, now)
        check_free(plan.member, plan.starts_at, plan.ends_at, but=[held.pk] if held else [])
        before = None if held is None else facts_of(held)
        if held is None:
            held = Shift(jam_id=member.jam_id)
        moved = (held.member_id, held.starts_at, held.ends_at) != (plan.member.pk, plan.starts_at, plan.ends_at)
        held.member, held.starts_at, held.ends_at = plan.member, plan.starts_at, plan.ends_at
        held.remind_before = plan.remind_before
        if moved:
            held.offered_at = held.swap_for = None
        set_reminder(held, now)
        held.save()
        held.forums.set(plan.forums)
        if before != (after := facts_of(held)):
            kind = RosterKind.PLAN if before is None else RosterKind.CHANGE
            record(jam=member.jam, by=member, kind=kind, subject=held.member, before=before, after=after)
        shift_changed(held, "planned")
    return held


def remove(*, member: Member, shift: Shift) -> None:
    """Takes away a shift that has not begun. Twice is once. Raises NotAllowed, and Conflict for one that has begun: its
    journal stays. Recorded."""
    with transaction.atomic():
        held = Shift.objects.select_for_update().filter(pk=shift.pk, jam_id=member.jam_id).first()
        if held is None:
            return
        _check_may_plan(member, held.member, held)
        if held.starts_at <= database_now():
            raise Conflict(gettext("This shift has begun. It can be shortened, and its journal stays."), code="begun")
        kind, before = RosterKind.REMOVE, facts_of(held)
        record(jam=member.jam, by=member, kind=kind, subject=held.member, before=before)
        number = held.pk
        held.delete()
        held.pk = number
        shift_changed(held, "removed")


def facts_of(shift: Shift) -> dict[str, Any]:
    """What the log says of a shift: whose it is, by their number, when in UTC, and the numbers of its forums. One
    query."""
    return {
        "member": shift.member_id,
        "starts_at": shift.starts_at.astimezone(UTC).isoformat(),
        "ends_at": shift.ends_at.astimezone(UTC).isoformat(),
        "forums": sorted(shift.forums.values_list("pk", flat=True)),
    }


def hold(member: Member, shift: Shift) -> Shift:
    """`shift` as it is now, its row locked till the commit. Raises Conflict if it is gone, or another jam's."""
    held = Shift.objects.select_for_update(of=("self",)).select_related("member").filter(pk=shift.pk).first()
    if held is None or held.jam_id != member.jam_id:
        raise Conflict(gettext("That shift was taken away."), code="gone")
    return held


def lock_members(numbers: Iterable[int]) -> None:
    """So that two who plan for the same people wait for each other: overlaps are looked for under these locks."""
    rows = Member.objects.filter(pk__in=set(numbers)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def check_free(holder: Member, starts_at: datetime, ends_at: datetime, *, but: Sequence[int]) -> None:
    """Raises Conflict if `holder` is on duty at some time in between, leaving the shifts `but` aside."""
    over = Shift.objects.filter(member=holder, starts_at__lt=ends_at, ends_at__gt=starts_at).exclude(pk__in=but).first()
    if over is None:
        return
    message = gettext("%(name)s is on duty from %(start)s to %(end)s already.")
    raise Conflict(
        message % {"name": holder.name, "start": _here(over.starts_at), "end": _here(over.ends_at)},
        code="overlap",
        field="starts_at",
    )


def set_reminder(shift: Shift, now: datetime) -> None:
    """Says when it is to be reminded of; not at all once that time is over."""
    at = shift.starts_at - timedelta(minutes=shift.remind_before)
    shift.remind_at = at if shift.remind_before and at > now else None


# --- reading ----------------------------------------------------------------------------------------------------


def all_of(jam: Jam) -> QuerySet[Shift]:
    """Every shift of a jam in order of time, with whose it is, its forums and its journal. Two queries."""
    shifts = Shift.objects.filter(jam=jam).select_related("member", "journal", "swap_for__member")
    return shifts.prefetch_related("forums").order_by("starts_at", "pk")


def gaps(jam: Jam) -> list[Gap]:
    """When, over the window of a jam, nobody is on duty, and in which forums: all of it, what is over too.

    Only who runs the jam now counts, and in the forums that they run. Four queries; none without a window.
    """
    if jam.opens_at is None or jam.closes_at is None:
        return []
    forums = Forum.objects.filter(jam=jam).values_list("pk", flat=True)
    return gaps_between(jam.opens_at, jam.closes_at, forums=list(forums), covers=covers_of(jam, list(all_of(jam))))


def covers_of(jam: Jam, shifts: Iterable[Shift]) -> list[Cover]:
    """What these shifts cover. One query."""
    duties: dict[int, set[int]] = {}
    for member, forum in Duty.objects.filter(member__jam=jam, member__role=Role.FACILITATOR).values_list(
        "member", "forum"
    ):
        duties.setdefault(member, set()).add(forum)
    return [
        Cover(shift.starts_at, shift.ends_at, scope_of(shift, duties))
        for shift in shifts
        if shift.member.role in STAFF_ROLES and not is_suspended(shift.member, shift.starts_at)
    ]


def scope_of(shift: Shift, duties: Mapping[int, set[int]]) -> frozenset[int] | None:
    """The forums that a shift is in, of those that its member runs (`duties` by member; who has none runs all)."""
    named = {forum.pk for forum in shift.forums.all()}
    run = duties.get(shift.member_id)
    if run is None:
        return frozenset(named) or None
    return frozenset(named & run) if named else frozenset(run)


def staff_of(jam: Jam) -> QuerySet[Member]:
    """Who can be on duty, by name."""
    return Member.objects.filter(jam=jam, role__in=STAFF_ROLES).order_by("name", "pk")


def on_duty(jam: Jam, now: datetime) -> list[Shift]:
    """Who is on duty at `now`. Two queries."""
    return list(all_of(jam).filter(starts_at__lte=now, ends_at__gt=now))


def check(jam: Jam, facts: checklist.Facts) -> Iterator[checklist.Line]:
    """The lines of the jam's checklist on its roster. Four queries; one where no shift is planned."""
    if not Shift.objects.filter(jam=jam).exists():
        yield checklist.Line(
            "roster", gettext("No shifts are planned: nobody is said to be on duty."), "moderation:roster"
        )
        return
    ahead = [gap for gap in gaps(jam) if gap.ends > facts.now]
    if ahead:
        length = sum((gap.ends - max(gap.starts, facts.now) for gap in ahead), timedelta())
        words = gettext("For %(length)s in all, nobody is on duty in some forum.") % {"length": lasting(length)}
        yield checklist.Line("gaps", words, "moderation:roster")


# --- checks -----------------------------------------------------------------------------------------------------


def _check_may_plan(by: Member, holder: Member, held: Shift | None) -> None:
    if by.role not in STAFF_ROLES:
        raise NotAllowed(gettext("Only who runs this jam can do that."), code="role")
    if by.role not in PLANNERS and (holder.pk != by.pk or (held is not None and held.member_id != by.pk)):
        raise NotAllowed(gettext("You plan your own shifts; an admin of the jam plans those of others."), code="role")


def _check(jam: Jam, plan: ShiftPlan, held: Shift | None, now: datetime) -> None:
    if plan.member.jam_id != jam.pk or plan.member.role not in STAFF_ROLES:
        raise Invalid(gettext("Choose somebody who runs this jam."), code="member", field="member")
    if plan.ends_at <= plan.starts_at:
        raise Invalid(gettext("It would end before it begins."), code="order", field="ends_at")
    if plan.ends_at - plan.starts_at > LONGEST:
        raise Invalid(
            gettext("A shift can last a day at most: plan a shift for each day."), code="long", field="ends_at"
        )
    if plan.ends_at <= now and (held is None or held.ends_at > now):
        raise Invalid(gettext("That time has passed."), code="past", field="ends_at")
    if held is not None and held.ends_at <= now:
        raise Conflict(gettext("This shift is over."), code="over")
    if plan.remind_before not in REMIND_CHOICES:
        raise Invalid(gettext("Choose when to be reminded."), code="remind", field="remind_before")
    _check_forums(jam, plan)
    if held is None and Shift.objects.filter(jam=jam).count() >= A_JAM_MAX:
        raise Conflict(gettext("This jam has as many shifts as it can have."), code="too_many")


def _check_forums(jam: Jam, plan: ShiftPlan) -> None:
    if any(forum.jam_id != jam.pk for forum in plan.forums):
        raise Invalid(gettext("That forum is not part of this jam."), code="forum", field="forums")
    run = set()
    if plan.member.role == Role.FACILITATOR:
        run = set(Duty.objects.filter(member=plan.member).values_list("forum", flat=True))
    others = [forum.title for forum in plan.forums if run and forum.pk not in run]
    if others:
        message = gettext("%(name)s does not run %(forums)s.")
        names = {"name": plan.member.name, "forums": ", ".join(others)}
        raise Invalid(message % names, code="not_their_forum", field="forums")


def _here(at: datetime) -> str:
    return time_words.full(timezone.localtime(at))
