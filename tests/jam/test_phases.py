"""The clock decides: what phase a jam is in, and that the database's clock is the one that counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from jam.domain.errors import OutsideWindow
from jam.domain.phases import Phase, closed_jams, hold_window, phase_of, require_open
from jam.models import Jam
from tests.cast import Cast, close_by_clock, set_window
from tests.e2e.stack import eventually

OPENS = datetime(2026, 3, 28, 12, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=72)
READING = CLOSES + timedelta(days=14)
REVIEW = READING + timedelta(days=7)
SECOND = timedelta(seconds=1)


def jam(**changes: object) -> Jam:
    times = {"opens_at": OPENS, "closes_at": CLOSES, "reading_until": READING, "review_until": REVIEW}
    return Jam(published_at=OPENS - timedelta(days=1), **(times | changes))


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (OPENS - SECOND, Phase.SCHEDULED),
        (OPENS, Phase.OPEN),
        (CLOSES - SECOND, Phase.OPEN),
        (CLOSES, Phase.READING),
        (READING - SECOND, Phase.READING),
        (READING, Phase.REVIEW),
        (REVIEW, Phase.ARCHIVED),
    ],
)
def test_a_phase_begins_with_its_first_moment(now: datetime, phase: Phase) -> None:
    assert phase_of(jam(), now) == phase


def test_a_jam_that_is_not_published_is_a_draft_whatever_the_clock_says() -> None:
    draft = jam()
    draft.published_at = None
    assert phase_of(draft, OPENS) is Phase.DRAFT


def test_without_an_end_of_reading_it_does_not_end() -> None:
    assert phase_of(jam(reading_until=None, review_until=None), REVIEW + timedelta(days=999)) is Phase.READING


def test_without_a_review_reading_is_followed_by_the_archive() -> None:
    assert phase_of(jam(review_until=None), READING) is Phase.ARCHIVED


def test_only_the_clock_of_the_database_counts(cast: Cast) -> None:
    with time_machine.travel(datetime(1999, 1, 1, tzinfo=UTC)), transaction.atomic():
        assert require_open(cast.jam.pk).jam == cast.jam
    close_by_clock(cast.jam)
    with (
        time_machine.travel(cast.jam.opens_at + timedelta(minutes=1)),  # type: ignore[operator]
        transaction.atomic(),
        pytest.raises(OutsideWindow),
    ):
        require_open(cast.jam.pk)


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_a_close_finds_the_jam_closed(cast: Cast) -> None:
    def write() -> Phase:
        try:
            with transaction.atomic(), pytest.raises(OutsideWindow) as refused:
                require_open(cast.jam.pk)
            return refused.value.phase
        finally:
            connection.close()

    def somebody_waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
            (waits,) = cursor.fetchone()
        return bool(waits)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            held = hold_window(cast.jam.pk)
            writer = pool.submit(write)
            eventually(somebody_waits, what="the writer waits for the window")
            close_by_clock(held)
        assert writer.result() is Phase.READING


def test_closed_jams_are_those_that_were_published_and_whose_window_ended(cast: Cast) -> None:
    assert list(closed_jams()) == []
    close_by_clock(cast.jam)
    assert list(closed_jams()) == [cast.jam]
    set_window(cast.other, opens_in=-timedelta(hours=9), closes_in=-timedelta(hours=8))
    assert list(closed_jams()) == [cast.other, cast.jam]
    Jam.objects.update(published_at=None)
    assert list(closed_jams()) == []
