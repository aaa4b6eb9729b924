"""Guest hours: the times at which a guest takes part, and the alert when one begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain.errors import Conflict, Invalid
from jam.domain.events import guest_hours_changed, guest_on
from jam.domain.phases import ClockTimestamp, database_now
from jam.domain.text import clean_line
from jam.models import WORDS_MAX, Forum, GuestHour, Jam, Member

LONGEST = timedelta(hours=24)
SHOWN_MAX = 5
A_JAM_MAX = 200


@dataclass(frozen=True)
class HourPlan:
    """A guest hour as it is meant to be. Times carry a zone."""

    guest: Member
    starts_at: datetime
    ends_at: datetime
    words: str = ""
    forum: Forum | None = None


def put(*, member: Member, plan: HourPlan, hour: GuestHour | None = None) -> GuestHour:
    """Sets a guest hour, or makes `hour` as `plan` says; open tabs then show it.

    One that is moved to begin later is alerted again when it does. Raises NotAllowed unless `member` runs its place,
    Invalid, naming the field, and Conflict for an hour that was taken away meanwhile. Locks the member's row, so that a
    form sent twice is one hour, and at the end the jam's event counter.
    """
    require_runs(member, plan.forum.pk if plan.forum else None)
    words = clean_line(plan.words, field="words", name=gettext("What it is about"), limit=WORDS_MAX)
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        now = database_now()
        if hour is None:
            _check_new(member.jam, plan, now)
            held = GuestHour(jam_id=member.jam_id)
        else:
            held = _hold(member, hour)
            require_runs(member, held.forum_id)
        _check(member, plan)
        if plan.starts_at > now:
            held.alerted_at = held.notified_at = None
        held.guest, held.forum, held.words = plan.guest, plan.forum, words
        held.starts_at, held.ends_at = plan.starts_at, plan.ends_at
        held.save()
        guest_hours_changed(member.jam_id, coming(member.jam, now))
    return held


def remove(*, member: Member, hour: GuestHour) -> None:
    """Takes a guest hour away. Twice is once. Raises NotAllowed and Invalid."""
    require_runs(member, hour.forum_id)
    if hour.jam_id != member.jam_id:
        raise Invalid(gettext("That guest hour is not part of this jam."), code="hour")
    with transaction.atomic():
        deleted, _ = GuestHour.objects.filter(pk=hour.pk).delete()
        if deleted:
            guest_hours_changed(member.jam_id, coming(member.jam, database_now()))


def alert_begun() -> None:
    """Tells open tabs of the guest hours that began, each once. May run anywhere, late, and twice.

    One that nobody told of while it was on is marked as told. One query when there is nothing.
    """
    begun = GuestHour.objects.filter(alerted_at=None, starts_at__lte=ClockTimestamp(), jam__published_at__isnull=False)
    for hour in begun.select_related("guest"):
        with transaction.atomic():
            claimed = GuestHour.objects.filter(pk=hour.pk, alerted_at=None).update(alerted_at=ClockTimestamp())
            if claimed and hour.ends_at > database_now():
                guest_on(hour)


def all_of(jam: Jam) -> QuerySet[GuestHour]:
    """Every guest hour of a jam in order of time, with guest and forum. One query."""
    return GuestHour.objects.filter(jam=jam).select_related("guest", "forum").order_by("starts_at", "pk")


def coming(jam: Jam, now: datetime) -> list[GuestHour]:
    """The guest hours that are on at `now` or come next, a few at most. One query."""
    return list(all_of(jam).filter(ends_at__gt=now)[:SHOWN_MAX])


def coming_of(guest: Member, now: datetime) -> list[GuestHour]:
    """Those of one guest. One query."""
    return list(all_of(guest.jam).filter(guest=guest, ends_at__gt=now)[:SHOWN_MAX])


def _check_new(jam: Jam, plan: HourPlan, now: datetime) -> None:
    if plan.ends_at <= now:
        raise Invalid(gettext("That time has passed."), code="past", field="ends_at")
    hours = GuestHour.objects.filter(jam=jam)
    if hours.filter(guest=plan.guest, starts_at=plan.starts_at, ends_at=plan.ends_at).exists():
        raise Conflict(gettext("This guest has that hour already."), code="repeated", field="starts_at")
    if hours.count() >= A_JAM_MAX:
        raise Conflict(gettext("This jam has as many guest hours as it can have."), code="too_many")


def _check(member: Member, plan: HourPlan) -> None:
    if plan.guest.jam_id != member.jam_id:
        raise Invalid(gettext("Choose somebody who is in this jam."), code="guest", field="guest")
    if plan.forum is not None and plan.forum.jam_id != member.jam_id:
        raise Invalid(gettext("That forum is not part of this jam."), code="forum", field="forum")
    if plan.ends_at <= plan.starts_at:
        raise Invalid(gettext("It would end before it begins."), code="order", field="ends_at")
    if plan.ends_at - plan.starts_at > LONGEST:
        raise Invalid(gettext("A guest hour can last a day at most."), code="long", field="ends_at")


def _hold(member: Member, hour: GuestHour) -> GuestHour:
    held = GuestHour.objects.select_for_update().filter(pk=hour.pk, jam_id=member.jam_id).first()
    if held is None:
        raise Conflict(gettext("That guest hour was taken away."), code="gone")
    return held
