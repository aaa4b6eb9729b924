"""From what a clock on a wall says to a moment, in a zone whose clocks change. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments at which clocks in `zone` show `wall` (which has no zone), the earlier first, in that zone.

    One as a rule; two for an hour that comes twice, when clocks go back; none for one that is left out when they go
    forward.
    """
    earlier, later = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if earlier.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        return ()
    if earlier.utcoffset() == later.utcoffset():
        return (earlier,)
    return earlier, later


def offset_words(at: datetime) -> str:
    """How far `at` is from UTC: "UTC+02:00"."""
    text = at.strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"
