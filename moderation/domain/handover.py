"""Handing a shift over: who leaves says that the journal is written, and who comes next confirms having read it.

A shift that ended without a word can be confirmed all the same: what the site found is there to read. Nobody waits for
anybody: a hand-over that is not confirmed keeps nobody from anything. It stands on the roster, and the admins of the
jam are told of it once, when who comes next has been on duty for a while, or nobody came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext

from jam.domain.errors import Conflict, NotAllowed
from jam.domain.phases import ClockTimestamp, database_now
from jam.models import Jam, Member
from moderation.domain.events import shift_changed
from moderation.domain.journal import check_staff, hold
from moderation.domain.record import record
from moderation.domain.roster import PLANNERS, facts_of
from moderation.models import Journal, RosterKind, Shift

PATIENCE = timedelta(minutes=15)
EARLIEST = timedelta(minutes=30)
"""How long before its end a shift can be handed over."""
LOOKED_BACK = timedelta(days=3)


@dataclass(frozen=True)
class Next:
    """Who comes next: the shift, and whether it begins only some time after the other has ended."""

    shift: Shift
    is_after_gap: bool


def hand_over(*, member: Member, shift: Shift) -> Journal:
    """Says that the shift's journal is written and the next may take over. Twice is once.

    By who is on duty, or an admin of the jam for them; from half an hour before the end on. Raises NotAllowed and
    Conflict. Locks the shift's row, and at the end the jam's event counter. Recorded.
    """
    check_staff(member, shift)
    with transaction.atomic():
        journal = hold(shift)
        held = journal.shift
        if held.member_id != member.pk and member.role not in PLANNERS:
            raise NotAllowed(gettext("Only who is on duty, or an admin, hands this shift over."), code="not_yours")
        if journal.handed_at is not None:
            return journal
        now = database_now()
        if now < held.ends_at - EARLIEST:
            raise Conflict(gettext("A shift is handed over in its last half hour."), code="early")
        journal.handed_by, journal.handed_at = member, now
        journal.save(update_fields=["handed_by", "handed_at"])
        record(jam=member.jam, by=member, kind=RosterKind.HAND_OVER, subject=held.member, after=facts_of(held))
        shift_changed(held, "handed")
    return journal


def confirm(*, member: Member, shift: Shift) -> Journal:
    """Says that `member` has read the journal of somebody else's shift and takes over. Twice is once.

    By anybody who runs the jam but who had the shift or handed it over: if who comes next does not come, another does.
    Raises NotAllowed, and Conflict while the shift is neither handed over nor at its end, or if somebody else was
    quicker. Locks as `hand_over`. Recorded.
    """
    check_staff(member, shift)
    with transaction.atomic():
        journal = hold(shift)
        held = journal.shift
        if journal.confirmed_at is not None:
            if journal.confirmed_by_id == member.pk:
                return journal
            raise Conflict(gettext("Somebody else confirmed that already."), code="already")
        if member.pk in (held.member_id, journal.handed_by_id):
            raise NotAllowed(gettext("Somebody else confirms having read this."), code="yours")
        now = database_now()
        if journal.handed_at is None and now < held.ends_at:
            raise Conflict(gettext("This shift has not been handed over yet."), code="early")
        journal.confirmed_by, journal.confirmed_at = member, now
        journal.save(update_fields=["confirmed_by", "confirmed_at"])
        record(jam=member.jam, by=member, kind=RosterKind.TAKE_OVER, subject=held.member, after=facts_of(held))
        shift_changed(held, "confirmed")
    return journal


def next_of(shift: Shift) -> Next | None:
    """Who takes over: the first shift of somebody else that goes on after this one, in one of its forums. Two queries.

    Of several that begin at once it is the one that was planned first.
    """
    later = Shift.objects.filter(jam=shift.jam_id, ends_at__gt=shift.ends_at).exclude(member=shift.member_id)
    later = later.filter(starts_at__gt=shift.starts_at)
    mine = {forum.pk for forum in shift.forums.all()}
    for one in later.select_related("member").prefetch_related("forums").order_by("starts_at", "pk")[:20]:
        theirs = {forum.pk for forum in one.forums.all()}
        if not mine or not theirs or mine & theirs:
            return Next(one, one.starts_at > shift.ends_at)
    return None


def unconfirmed(jam: Jam, now: datetime) -> list[Shift]:
    """The shifts that are over, or were handed over, and that nobody has confirmed, the oldest first. Two queries.

    One that ends with the jam, after which nobody comes, has nobody to take it over and is let be.
    """
    over = Shift.objects.filter(jam=jam, starts_at__lte=now, ends_at__gt=now - LOOKED_BACK, journal__confirmed_at=None)
    over = over.filter(Q(ends_at__lte=now) | Q(journal__handed_at__isnull=False))
    last = Shift.objects.filter(jam=jam).aggregate(at=Max("ends_at"))["at"]
    rows = over.select_related("member", "journal").order_by("ends_at", "pk")
    return [shift for shift in rows if shift.ends_at < last or _goes_on(jam, shift.ends_at)]


def find_late() -> list[Shift]:
    """Marks, each once, the hand-overs that nobody confirmed for `PATIENCE` after the next should have begun, or after
    the end where nobody comes next within that time; and returns them, with their jams. Three queries for each."""
    now = database_now()
    waiting = Shift.objects.filter(
        ends_at__lt=now - PATIENCE,
        ends_at__gt=now - LOOKED_BACK,
        journal__confirmed_at=None,
        journal__late_told_at=None,
        closed_at__isnull=False,
    )
    late = []
    for shift in waiting.select_related("jam", "member", "journal").order_by("ends_at", "pk")[:50]:
        follows = next_of(shift)
        if follows is None and not _goes_on(shift.jam, shift.ends_at):
            continue
        if follows is not None and not follows.is_after_gap and now < follows.shift.starts_at + PATIENCE:
            continue
        marked = Journal.objects.filter(pk=shift.pk, confirmed_at=None, late_told_at=None)
        if marked.update(late_told_at=ClockTimestamp()):
            late.append(shift)
    return late


def _goes_on(jam: Jam, at: datetime) -> bool:
    """Whether the jam is open after `at`: else there is nothing to take over."""
    return jam.closes_at is not None and jam.closes_at > at + PATIENCE
