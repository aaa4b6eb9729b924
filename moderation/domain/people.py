"""What is done to people: suspending them from the jam or the site, and letting them in again.

A suspension ends by the clock (`Member.suspended_until`, `Person.suspended_until`) and needs nobody for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Person
from jam.access import STAFF_ROLES, is_suspended
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.phases import database_now, hold_window
from jam.models import Jam, Member, Role
from live.bus import publish_review
from moderation.domain import cases, telling
from moderation.domain.record import record
from moderation.models import Action, ActionKind

LONGEST = timedelta(days=366)


def suspend(*, by: Member, member: Member, reason: str, length: timedelta | None) -> Action:
    """Suspends `member` from the jam for so long (None: for good), in place of a suspension that they have.

    When it is committed, nothing of theirs that was under way can still come: those who write are waited for. Their
    tabs are closed then, and nothing lets them in: no page but one, no token, no feed, no invitation.

    Raises Invalid (no reason, a length that is none) and NotAllowed: oneself, who runs the jam unless by its admin, an
    admin of the site, or its last admin. Holds the jam's window until the commit.
    """
    reason = _check(by, member, reason, length)
    with transaction.atomic():
        jam, held, now = _hold(by, member)
        _refuse_for_rank(by, held)
        before = _described(held.suspended_at, held.suspended_until) if is_suspended(held, now) else {}
        held.suspended_at, held.suspended_until = now, now + length if length else None
        held.save(update_fields=["suspended_at", "suspended_until"])
        after = _described(held.suspended_at, held.suspended_until)
        action = record(
            jam=jam, by=by, kind=ActionKind.SUSPEND, reason=reason, subject=held, before=before, after=after
        )
        publish_review(person=held.person_id, jam_key=jam.pk)
        telling.tell_suspended(action)
    return action


def lift(*, by: Member, member: Member, reason: str = "") -> Action:
    """Lets `member` into the jam again before their suspension is over. Raises as `suspend`, and Conflict if it is."""
    reason = cases.check_reason(reason, required=False)
    if by.jam_id != member.jam_id or by.role not in STAFF_ROLES:
        raise NotAllowed(gettext("Only who runs this jam can do that."), code="role")
    with transaction.atomic():
        jam, held, now = _hold(by, member)
        if not is_suspended(held, now):
            raise cases.done_already(
                cases.last_action(subject=held, kind=ActionKind.LIFT), gettext("They are not suspended.")
            )
        _refuse_for_rank(by, held)
        before = _described(held.suspended_at, held.suspended_until)
        held.suspended_at = held.suspended_until = None
        held.save(update_fields=["suspended_at", "suspended_until"])
        action = record(jam=jam, by=by, kind=ActionKind.LIFT, reason=reason, subject=held, before=before)
        telling.tell_suspended(action)
    return action


def suspend_from_site(*, by: Member, member: Member, reason: str, length: timedelta | None) -> Action:
    """Suspends the person behind `member` from the site, signed out everywhere at once; for admins of the site.

    Raises as `suspend`. It is written in the log of the jam that it was done from.
    """
    reason = _check(by, member, reason, length)
    if not by.person.is_staff:
        raise NotAllowed(gettext("Only an admin of the site can do that."), code="role")
    with transaction.atomic():
        jam, held, now = _hold(by, member)
        person = Person.objects.select_for_update(no_key=True).get(pk=held.person_id)
        if person.is_staff:
            raise NotAllowed(gettext("An admin of the site cannot be suspended."), code="rank")
        person.is_active, person.suspended_until = False, now + length if length else None
        person.save(update_fields=["is_active", "suspended_until"])
        action = record(
            jam=jam, by=by, kind=ActionKind.SUSPEND_SITE, reason=reason, subject=held,
            after=_described(now, person.suspended_until),
        )  # fmt: skip
        publish_review(person=person.pk)
        telling.mail_suspended_from_site(person, action)
    return action


def lift_from_site(*, by: Member, member: Member, reason: str = "") -> Action:
    """Lets the person behind `member` into the site again; for admins of the site. Raises as `lift`."""
    reason = cases.check_reason(reason, required=False)
    if by.jam_id != member.jam_id or not by.person.is_staff:
        raise NotAllowed(gettext("Only an admin of the site can do that."), code="role")
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=member.person_id)
        if person.is_active:
            raise Conflict(gettext("They are not suspended."), code="already")
        person.is_active, person.suspended_until = True, None
        person.save(update_fields=["is_active", "suspended_until"])
        return record(jam=by.jam, by=by, kind=ActionKind.LIFT, reason=reason, subject=member)


def _check(by: Member, member: Member, reason: str, length: timedelta | None) -> str:
    if by.jam_id != member.jam_id:
        raise Invalid(gettext("That is nobody of this jam."), code="jam")
    if by.role not in STAFF_ROLES:
        raise NotAllowed(gettext("Only who runs this jam can do that."), code="role")
    if by.pk == member.pk:
        raise NotAllowed(gettext("You cannot suspend yourself."), code="yourself")
    if length is not None and not timedelta(0) < length <= LONGEST:
        raise Invalid(gettext("Say for how long: up to a year, or for good."), code="length", field="length")
    return cases.check_reason(reason)


def _hold(by: Member, member: Member) -> tuple[Jam, Member, datetime]:
    """The jam, with its window held, and the member's row; and the database's time, once both are."""
    jam = hold_window(member.jam_id)
    held = Member.objects.select_related("person").select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    held.jam = jam
    return jam, held, database_now()


def _refuse_for_rank(by: Member, member: Member) -> None:
    if member.person.is_staff:
        raise NotAllowed(gettext("An admin of the site cannot be suspended."), code="rank")
    if member.role not in STAFF_ROLES:
        return
    if by.role != Role.ADMIN:
        raise NotAllowed(gettext("Only an admin of the jam suspends somebody who runs it."), code="rank")
    if member.role == Role.ADMIN:
        others = Member.objects.filter(jam=member.jam_id, role=Role.ADMIN, suspended_at=None, person__is_active=True)
        if not others.exclude(pk=member.pk).exists():
            raise NotAllowed(gettext("This is the jam’s last admin."), code="last_admin")


def _described(since: datetime | None, until: datetime | None) -> dict[str, str | None]:
    return {"since": since.isoformat() if since else None, "until": until.isoformat() if until else None}
