"""Reminding the members of a jam before it opens and before it closes.

None of it opens or closes anything: the clock does. It may run late, twice or on two machines at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from jam.domain.phases import database_now
from jam.domain.plans import REMINDER_MINUTES_MAX, reminder_times
from jam.models import Jam, Member
from notifications.domain.notices import CLOSING, OPENING
from notifications.domain.sending import AT_ONCE, notify
from notifications.models import Reminder

LEASE = timedelta(minutes=5)
"""A reminder that was begun and not finished for this long was dropped by a worker that died; another takes it up."""


LATE = timedelta(hours=6)
"""Later than this, and than half of the time before, a reminder is not begun any more."""


@dataclass(frozen=True)
class Moment:
    """A reminder `before` the time in a jam's `field`."""

    kind: str
    field: str
    before: timedelta

    @property
    def which(self) -> str:
        return f"{self.kind}:{self.before // timedelta(minutes=1)}"

    def at(self, jam: Jam) -> datetime | None:
        at: datetime | None = getattr(jam, self.field)
        return at

    def is_due(self, jam: Jam, now: datetime) -> bool:
        """A jam as short as the reminder is long is not reminded of its close: it has only just opened."""
        at = self.at(jam)
        if at is None or not timedelta() <= now - (at - self.before) < min(self.before / 2, LATE):
            return False
        return self.kind == OPENING or (jam.opens_at is not None and at - jam.opens_at > 2 * self.before)


def moments_of(jam: Jam) -> list[Moment]:
    """When its members are reminded, as who runs it chose. A jam fetched with `reminder_times` costs no query."""
    before_opening, before_close = reminder_times(jam)
    return [
        *(Moment(OPENING, "opens_at", timedelta(minutes=one)) for one in before_opening),
        *(Moment(CLOSING, "closes_at", timedelta(minutes=one)) for one in before_close),
    ]


FARTHEST = timedelta(minutes=REMINDER_MINUTES_MAX)


def remind_all() -> int:
    """Tells the members of every jam whose time has come, and says how many were told. Once a jam and moment, and a
    member only once of it even if a worker died half way. Two queries when nothing is due."""
    now = database_now()
    near = Q(opens_at__gt=now, opens_at__lte=now + FARTHEST) | Q(closes_at__gt=now, closes_at__lte=now + FARTHEST)
    told = 0
    for jam in Jam.objects.select_related("reminder_times").filter(near, published_at__lte=now):
        for moment in moments_of(jam):
            if moment.is_due(jam, now) and (reminder := claim(jam, moment, now)):
                told += _remind(jam, moment, reminder)
    return told


def claim(jam: Jam, moment: Moment, now: datetime) -> Reminder | None:
    """Takes the reminder on, unless it is done or another worker is at it."""
    reminder, is_new = Reminder.objects.get_or_create(
        jam=jam, which=moment.which, at=getattr(jam, moment.field), defaults={"claimed_at": now}
    )
    if is_new:
        return reminder
    dropped = Reminder.objects.filter(
        pk=reminder.pk, finished_at=None, claimed_at=reminder.claimed_at, claimed_at__lt=now - LEASE
    )
    return reminder if dropped.update(claimed_at=now) == 1 else None


def _remind(jam: Jam, moment: Moment, reminder: Reminder) -> int:
    told = notify(
        kind=moment.kind,
        jam_id=jam.pk,
        to=_members(jam, reminder),
        about=f"{moment.which}:{reminder.at:%Y%m%dT%H%M%S%f}",
        path=reverse("threads:home", args=[jam.slug]),
        data={"at": reminder.at.isoformat()},
    )
    Reminder.objects.filter(pk=reminder.pk).update(finished_at=database_now())
    return told


def _members(jam: Jam, reminder: Reminder) -> Iterator[int]:
    """All of them, a batch a query, saying before each that somebody is at it still."""
    after = 0
    while batch := list(
        Member.objects.filter(jam=jam, pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        Reminder.objects.filter(pk=reminder.pk).update(claimed_at=database_now())
        yield from batch
        after = batch[-1]
