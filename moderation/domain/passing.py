"""Passing a shift on: offering it, taking over one that was offered, and changing one for another.

Nobody gets a shift that they did not ask for or agree to, but by an admin of the jam, who plans them (`roster.put`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from jam.access import STAFF_ROLES
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.phases import database_now
from jam.models import Member
from moderation.domain.events import shift_changed
from moderation.domain.record import record
from moderation.domain.roster import check_free, facts_of, hold, lock_members, set_reminder
from moderation.models import RosterKind, Shift


def offer(*, member: Member, shift: Shift, swap_for: Shift | None = None) -> Shift:
    """Offers a shift of `member` to whoever takes it over; with `swap_for`, another's, in exchange for that one alone.

    Offered again, it is offered as said last. Raises NotAllowed for another's shift, Conflict for one that is over or
    was taken away, Invalid for what cannot be swapped. Locks the shift's row, and at the end the jam's event counter.
    """
    with transaction.atomic():
        held = hold(member, shift)
        now = database_now()
        _check_mine(member, held, now)
        if swap_for is not None:
            _check_other(member, swap_for, now)
        held.offered_at, held.swap_for = now, swap_for
        held.save(update_fields=["offered_at", "swap_for"])
        shift_changed(held, "offered")
    return held


def keep(*, member: Member, shift: Shift) -> Shift:
    """Offers it no longer. Twice is once. Raises as `offer`."""
    with transaction.atomic():
        held = hold(member, shift)
        _check_mine(member, held, database_now())
        if held.offered_at is not None:
            _settle(held, database_now())
    return held


def take(*, member: Member, shift: Shift) -> Shift:
    """Takes over an offered shift; where a swap was offered, its holder gets the one that `member` has for it.

    Raises Conflict if it is not offered (any more), if the swap is with somebody else, or if either would then be on
    duty twice at once; NotAllowed for who does not run the jam. Locks the shifts' rows, then the members', each in
    their order, and at the end the jam's event counter. Recorded.
    """
    if member.role not in STAFF_ROLES:
        raise NotAllowed(gettext("Only who runs this jam can do that."), code="role")
    with transaction.atomic():
        numbers = sorted(filter(None, [shift.pk, shift.swap_for_id]))
        list(Shift.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk", flat=True))
        held = hold(member, shift)
        now = database_now()
        if held.member_id == member.pk:
            raise Conflict(gettext("This shift is yours."), code="yours")
        if held.offered_at is None or held.ends_at <= now or held.swap_for_id != shift.swap_for_id:
            raise Conflict(gettext("This shift is not offered any more."), code="not_offered")
        given = None if held.swap_for_id is None else hold(member, Shift(pk=held.swap_for_id))
        if given is not None and (given.member_id != member.pk or given.ends_at <= now):
            raise Conflict(gettext("This shift was offered in exchange for another one."), code="swap")
        lock_members([member.pk, held.member_id])
        but = [held.pk, *([given.pk] if given else [])]
        giver = held.member
        check_free(member, held.starts_at, held.ends_at, but=but)
        if given is not None:
            check_free(giver, given.starts_at, given.ends_at, but=but)
            _pass_to(given, giver, by=member, now=now)
        _pass_to(held, member, by=member, now=now)
    return held


def asked_of(member: Member, now: datetime) -> QuerySet[Shift]:
    """The shifts that are offered to `member`: to anybody, or for one of theirs. One query."""
    offered = Shift.objects.filter(jam=member.jam_id, offered_at__isnull=False, ends_at__gt=now).exclude(member=member)
    open_to_all, for_mine = offered.filter(swap_for=None), offered.filter(swap_for__member=member)
    return (open_to_all | for_mine).select_related("member", "swap_for").order_by("starts_at", "pk")


def swappable(member: Member, shift: Shift, now: datetime) -> Sequence[Shift]:
    """The shifts of others to come that `shift` could be changed for. One query."""
    coming = Shift.objects.filter(jam=member.jam_id, starts_at__gt=now).exclude(member=member)
    return list(coming.exclude(pk=shift.pk).select_related("member").order_by("starts_at", "pk"))


def _pass_to(shift: Shift, holder: Member, *, by: Member, now: datetime) -> None:
    before = facts_of(shift)
    shift.member = holder
    kind, after = RosterKind.PASS, facts_of(shift)
    record(jam=by.jam, by=by, kind=kind, subject=holder, before=before, after=after)
    _settle(shift, now)


def _settle(shift: Shift, now: datetime) -> None:
    """Offers it no longer, and reminds of it whose it is."""
    shift.offered_at = shift.swap_for = None
    set_reminder(shift, now)
    shift.save(update_fields=["member", "offered_at", "swap_for", "remind_at"])
    shift_changed(shift, "passed_on")


def _check_mine(member: Member, shift: Shift, now: datetime) -> None:
    if shift.member_id != member.pk or member.role not in STAFF_ROLES:
        raise NotAllowed(gettext("This shift is not yours."), code="not_yours")
    if shift.ends_at <= now:
        raise Conflict(gettext("This shift is over."), code="over")


def _check_other(member: Member, other: Shift, now: datetime) -> None:
    if other.jam_id != member.jam_id or other.member_id == member.pk or other.starts_at <= now:
        raise Invalid(gettext("Choose a shift of somebody else that has not begun."), code="swap", field="swap_for")
