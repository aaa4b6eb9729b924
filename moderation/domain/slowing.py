"""Slow mode: so many minutes between two posts of one member, of a person, in a thread or in a forum."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from jam.access import STAFF_ROLES
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.models import Forum, Member
from moderation.domain import cases, telling
from moderation.domain.record import record
from moderation.models import PACE_MAX, Action, ActionKind, Slowdown
from threads.models import Thread

Thing = Member | Thread | Forum


def slow(*, by: Member, thing: Thing, minutes: int, reason: str = "") -> Action:
    """Lets each member post once in so many minutes there; a person everywhere in the jam. 0 ends it.

    Who runs the jam is never slowed down. A person is told, with the reason, which is asked for then. Raises
    NotAllowed, Invalid, and Conflict where there is nothing to end.
    """
    if not isinstance(minutes, int) or not 0 <= minutes <= PACE_MAX:
        message = gettext("Write a number of minutes from 0 to %(most)s.")
        raise Invalid(message % {"most": PACE_MAX}, code="number", field="minutes")
    reason = cases.check_reason(reason, required=isinstance(thing, Member) and minutes > 0)
    _check(by, thing)
    with transaction.atomic():
        before = Slowdown.objects.select_for_update().filter(**_column(thing)).first()
        if not minutes:
            if before is None:
                raise Conflict(gettext("It is not slowed down."), code="already")
            before.delete()
        else:
            values = {"minutes": minutes, "by": by, "jam_id": by.jam_id}
            Slowdown.objects.update_or_create(**_column(thing), defaults=values)
        action = record(
            jam=by.jam,
            by=by,
            kind=ActionKind.SLOW if minutes else ActionKind.UNSLOW,
            reason=reason,
            thread=thing if isinstance(thing, Thread) else None,
            forum=thing if isinstance(thing, Forum) else None,
            subject=thing if isinstance(thing, Member) else None,
            before={"minutes": before.minutes if before else 0},
            after={"minutes": minutes},
        )
        telling.tell_author(action)
    return action


def _column(thing: Thing) -> dict[str, Any]:
    return {"thread" if isinstance(thing, Thread) else "forum" if isinstance(thing, Forum) else "member": thing}


def _check(by: Member, thing: Thing) -> None:
    if isinstance(thing, Thread):
        cases.check_runs(by, thing.jam_id, thing.forum_id)
    elif isinstance(thing, Forum):
        cases.check_runs(by, thing.jam_id, thing.pk)
    elif by.jam_id != thing.jam_id:
        raise Invalid(gettext("That is nobody of this jam."), code="jam")
    elif by.role not in STAFF_ROLES:
        raise NotAllowed(gettext("Only who runs this jam can do that."), code="role")
    elif thing.role in STAFF_ROLES:
        raise NotAllowed(gettext("Who runs the jam is not slowed down."), code="rank")
