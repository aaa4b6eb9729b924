"""The line: a window, its days in the reader's zone, and the hills of what was posted."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jam.domain.line import Line, columns_in, line_of
from jam.domain.queries import activity_columns
from jam.models import Activity, Jam
from jam.templatetags.ui import hills_path
from tests.cast import make_jam

BERLIN = ZoneInfo("Europe/Berlin")
OPENS = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)


def line(closes_at: datetime, now: datetime, *, opens_at: datetime = OPENS, columns: tuple[int, ...] = ()) -> Line:
    return line_of(opens_at=opens_at, closes_at=closes_at, now=now, columns=columns, zone=BERLIN)


@pytest.mark.parametrize(
    ("after", "done", "is_coming", "is_past"),
    [
        (-1, 0.0, True, False),
        (0, 0.0, False, False),
        (24, 0.25, False, False),
        (96, 1.0, False, True),
        (97, 1.0, False, True),
    ],
)
def test_how_much_has_passed(after: int, done: float, is_coming: bool, is_past: bool) -> None:
    found = line(OPENS + timedelta(hours=96), OPENS + timedelta(hours=after))
    assert (found.done, found.is_coming, found.is_past) == (done, is_coming, is_past)


def test_days_begin_at_the_readers_midnight_also_when_clocks_go_back() -> None:
    found = line(OPENS + timedelta(days=4), OPENS)
    assert [tick.at.isoformat() for tick in found.ticks] == [
        "2026-10-24T00:00:00+02:00",
        "2026-10-25T00:00:00+02:00",
        "2026-10-26T00:00:00+01:00",
        "2026-10-27T00:00:00+01:00",
    ]
    places = [tick.place * 96 for tick in found.ticks]
    assert [round(later - earlier) for earlier, later in itertools.pairwise(places)] == [24, 25, 24]


def test_a_short_window_is_parted_into_hours() -> None:
    opens_at = datetime(2026, 9, 1, 12, 30, tzinfo=UTC)
    found = line(opens_at + timedelta(hours=4), opens_at, opens_at=opens_at)
    assert [f"{tick.at:%H:%M}" for tick in found.ticks] == ["15:00", "16:00", "17:00", "18:00"]


@pytest.mark.parametrize("days", [2, 9, 40, 400, 4000])
def test_there_are_never_more_labels_than_fit(days: int) -> None:
    found = line(OPENS + timedelta(days=days), OPENS)
    assert 1 <= sum(tick.has_label for tick in found.ticks) <= 10
    assert len(found.ticks) <= 140


@pytest.mark.parametrize(
    ("minutes", "columns"), [(1, 1), (10, 1), (11, 2), (120, 12), (960, 96), (961, 96), (1_000_000, 96)]
)
def test_no_column_is_narrower_than_a_bucket(minutes: int, columns: int) -> None:
    assert columns_in(OPENS, OPENS + timedelta(minutes=minutes)) == columns


def test_the_hills_end_at_the_hand() -> None:
    assert hills_path((0.0, 0.0), 1.0) == ""
    assert hills_path((), 0.0) == ""
    assert hills_path((1.0, 0.5), 0.0) == ""
    assert hills_path((1.0, 0.5), 0.5) == "M0 100L0 4Q0.5 4 0.75 4L1 4L1 100Z"


def fill(jam: Jam, *counts: tuple[int, int]) -> None:
    for minutes, posts in counts:
        Activity.objects.create(jam=jam, at=OPENS + timedelta(minutes=minutes), posts=posts)


@pytest.mark.django_db
def test_columns_are_read_for_many_jams_in_one_query() -> None:
    short, long, quiet = make_jam("short"), make_jam("long"), make_jam("quiet")
    for jam, hours in ((short, 2), (long, 32), (quiet, 2)):
        jam.opens_at, jam.closes_at = OPENS + timedelta(minutes=5), OPENS + timedelta(minutes=5, hours=hours)
        jam.save()
    fill(short, (-10, 9), (0, 1), (10, 2), (120, 4), (130, 9))
    fill(long, (10, 1), (20, 2), (30, 4))
    with CaptureQueriesContext(connection) as queries:
        found = activity_columns([short.pk, long.pk, quiet.pk])
    assert len(queries) == 1
    assert found == {
        short.pk: (3, *[0] * 10, 4),
        long.pk: (3, 4, *[0] * 94),
    }
