"""The line: a jam's window as a shape, from opening to close. Pure; `queries.activity_columns` reads what it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

COLUMNS_MAX = 96
BUCKET = timedelta(minutes=10)
LABELS_MAX = 9
HOUR_STEPS = (1, 2, 3, 6, 12)


@dataclass(frozen=True)
class Tick:
    """A day's beginning, or an hour, of the reader's. `place` is where on the line, from 0 to 1."""

    at: datetime
    place: float
    is_day: bool
    has_label: bool


@dataclass(frozen=True)
class Line:
    opens_at: datetime
    closes_at: datetime
    now: datetime
    columns: tuple[int, ...]
    ticks: tuple[Tick, ...]
    left_at: datetime | None = None
    """When the reader was here last, before this visit."""

    @property
    def left(self) -> float | None:
        """Where they left, from 0 to 1; None if that was not in the window."""
        if self.left_at is None or not self.opens_at <= self.left_at < self.closes_at:
            return None
        return place_of(self.left_at, self.opens_at, self.closes_at)

    @property
    def done(self) -> float:
        """How much of the window has passed, from 0 to 1."""
        return place_of(self.now, self.opens_at, self.closes_at)

    @property
    def is_coming(self) -> bool:
        return self.now < self.opens_at

    @property
    def is_past(self) -> bool:
        return self.now >= self.closes_at

    @property
    def heights(self) -> tuple[float, ...]:
        """The columns against the highest, from 0 to 1. By the square root, so that a quiet hour still shows."""
        highest = max(self.columns, default=0)
        return tuple((count / highest) ** 0.5 if highest else 0.0 for count in self.columns)


def line_of(*, opens_at: datetime, closes_at: datetime, now: datetime, columns: Sequence[int], zone: tzinfo) -> Line:
    """The line of a window at `now`, with ticks at the days (in a short window the hours) of `zone`."""
    return Line(
        opens_at=opens_at,
        closes_at=closes_at,
        now=now,
        columns=tuple(columns) or (0,) * columns_in(opens_at, closes_at),
        ticks=tuple(_ticks(opens_at, closes_at, zone)),
    )


def columns_in(opens_at: datetime, closes_at: datetime) -> int:
    """Into how many columns a window is parted: none narrower than a bucket of `jam.models.Activity`."""
    return min(COLUMNS_MAX, max(1, -(-(closes_at - opens_at) // BUCKET)))


def place_of(at: datetime, opens_at: datetime, closes_at: datetime) -> float:
    """Where `at` stands on the line, from 0 (the opening or before) to 1 (the close or after)."""
    whole = (closes_at - opens_at).total_seconds()
    if whole <= 0:
        return 1.0
    return min(1.0, max(0.0, (at - opens_at).total_seconds() / whole))


def _ticks(opens_at: datetime, closes_at: datetime, zone: tzinfo) -> list[Tick]:
    length = closes_at - opens_at
    if length <= timedelta(hours=48):
        hours = length / timedelta(hours=1)
        step = next((step for step in HOUR_STEPS if hours / step <= LABELS_MAX), HOUR_STEPS[-1])
        times = _hours(opens_at, closes_at, zone, step)
        label_every = 1
    else:
        days = length.days + 1
        # Past a few months single days would be a grey smear.
        step = 1 if days <= 62 else 7 if days <= 370 else 30
        times = _days(opens_at, closes_at, zone, step)
        label_every = -(-len(times) // LABELS_MAX) or 1
    return [
        Tick(
            at=at,
            place=place_of(at, opens_at, closes_at),
            is_day=at.hour == 0 and at.minute == 0,
            has_label=index % label_every == 0,
        )
        for index, at in enumerate(times)
    ]


def _hours(opens_at: datetime, closes_at: datetime, zone: tzinfo, step: int) -> list[datetime]:
    """Full hours between the two that `step` divides, by the clock of `zone`, also on a day when it changes."""
    found = []
    at = opens_at.replace(minute=0, second=0, microsecond=0)
    while at < closes_at:
        local = at.astimezone(zone)
        local_start = local - timedelta(minutes=local.minute)
        if opens_at < local_start < closes_at and local_start.hour % step == 0:
            found.append(local_start)
        at += timedelta(hours=1)
    return found


def _days(opens_at: datetime, closes_at: datetime, zone: tzinfo, step: int) -> list[datetime]:
    """The midnights of `zone` between the two, each `step` days. By the wall's clock: a day of 23 hours is a day."""
    found: list[datetime] = []
    at = opens_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        at += timedelta(days=step)
        if at >= closes_at:
            return found
        found.append(at)
