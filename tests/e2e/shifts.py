"""A roster with something of everything, for pages that are looked at."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from moderation.domain import handover, journal, passing, roster
from moderation.domain.roster import ShiftPlan
from moderation.models import Shift
from tests.cast import Cast
from tests.e2e.occasions import LONG


def furnish_shifts(cast: Cast) -> Shift:
    """Fay is on duty after Ada, who handed over, and offers a shift to come for one of Ada's. Returns Fay's."""
    now = timezone.now()

    def shift(member: object, start: float, end: float) -> Shift:
        hours = {"starts_at": now + timedelta(hours=start), "ends_at": now + timedelta(hours=end)}
        return Shift.objects.create(jam=cast.jam, member=member, **hours)

    before, mine = shift(cast.ada, -4, -0.5), shift(cast.fay, -0.5, 0.4)
    journal.close_ended()
    journal.write(member=cast.ada, shift=before, words="Keep an eye on the pier.", version=0)
    handover.hand_over(member=cast.ada, shift=before)
    journal.write(member=cast.fay, shift=mine, words=f"# {LONG}\n\nمصباح على الرصيف\n\n- one\n- two", version=0)
    starts_at = now + timedelta(hours=1)
    coming = ShiftPlan(cast.fay, starts_at, starts_at + timedelta(hours=1), forums=[cast.harbour, cast.streets])
    theirs = ShiftPlan(cast.ada, starts_at + timedelta(hours=5), starts_at + timedelta(hours=6))
    offered = roster.put(member=cast.fay, plan=coming)
    passing.offer(member=cast.fay, shift=offered, swap_for=roster.put(member=cast.ada, plan=theirs))
    return mine
