"""When nobody is on duty: `moderation.domain.cover`, held to asking at every single minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.cover import Cover, Gap, gaps_between

START = datetime(2026, 3, 28, 22, tzinfo=UTC)
MINUTES = 60
FORUMS = (1, 2, 3)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


times = st.integers(min_value=-20, max_value=MINUTES + 20)
places = st.none() | st.frozensets(st.sampled_from(FORUMS))
covers = st.builds(lambda start, end, forums: Cover(at(start), at(end), forums), times, times, places)


@given(st.lists(covers, max_size=8))
def test_a_forum_is_in_a_gap_at_a_minute_exactly_if_nobody_covers_it_then(shifts: list[Cover]) -> None:
    gaps = gaps_between(START, at(MINUTES), forums=FORUMS, covers=shifts)
    for minute in range(MINUTES):
        missing = {forum for gap in gaps if gap.starts <= at(minute) < gap.ends for forum in gap.forums}
        covered = {
            forum
            for shift in shifts
            if shift.starts <= at(minute) < shift.ends
            for forum in (FORUMS if shift.forums is None else shift.forums)
        }
        assert missing == set(FORUMS) - covered, minute


@given(st.lists(covers, max_size=8))
def test_gaps_lie_in_the_window_one_after_the_other_and_are_said_once(shifts: list[Cover]) -> None:
    gaps = gaps_between(START, at(MINUTES), forums=FORUMS, covers=shifts)
    assert all(gap.forums and gap.starts < gap.ends for gap in gaps)
    assert all(gap.starts >= START and gap.ends <= at(MINUTES) for gap in gaps)
    for one, following in pairwise(gaps):
        assert one.ends <= following.starts
        assert one.ends < following.starts or one.forums != following.forums


@given(st.lists(covers, max_size=6), covers)
def test_one_more_shift_never_makes_a_gap_longer(shifts: list[Cover], more: Cover) -> None:
    def missing(covering: list[Cover]) -> timedelta:
        gaps = gaps_between(START, at(MINUTES), forums=FORUMS, covers=covering)
        return sum(((gap.ends - gap.starts) * len(gap.forums) for gap in gaps), timedelta())

    assert missing([*shifts, more]) <= missing(shifts)


def test_without_shifts_the_whole_window_is_one_gap_and_a_full_roster_has_none() -> None:
    whole = Gap(START, at(MINUTES), frozenset(FORUMS))
    assert gaps_between(START, at(MINUTES), forums=FORUMS, covers=[]) == [whole]
    two = [Cover(at(-5), at(30)), Cover(at(30), at(70))]
    assert gaps_between(START, at(MINUTES), forums=FORUMS, covers=two) == []


def test_without_forums_nobody_is_missing() -> None:
    assert gaps_between(START, at(MINUTES), forums=(), covers=[]) == []
