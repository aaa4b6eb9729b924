"""What a clock on a wall means, also in the hours that come twice or not at all."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from jam.domain.zones import offset_words, readings


@pytest.mark.parametrize(
    ("zone", "wall", "found"),
    [
        ("Europe/Berlin", "2026-06-01T02:30", ["2026-06-01T02:30:00+02:00"]),
        ("Europe/Berlin", "2026-10-25T02:30", ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]),
        ("Europe/Berlin", "2026-10-25T03:00", ["2026-10-25T03:00:00+01:00"]),
        ("Europe/Berlin", "2026-03-29T02:30", []),
        ("Europe/Berlin", "2026-03-29T03:00", ["2026-03-29T03:00:00+02:00"]),
        ("Australia/Lord_Howe", "2026-04-05T01:45", ["2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30"]),
        ("Pacific/Apia", "2011-12-30T12:00", []),
        ("UTC", "2026-10-25T02:30", ["2026-10-25T02:30:00+00:00"]),
    ],
)
def test_readings(zone: str, wall: str, found: list[str]) -> None:
    assert [at.isoformat() for at in readings(datetime.fromisoformat(wall), ZoneInfo(zone))] == found


def test_offsets_are_said() -> None:
    at = datetime(2026, 7, 1, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert offset_words(at) == "UTC+05:30"
