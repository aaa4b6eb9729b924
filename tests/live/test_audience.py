"""What each tab is told, and when: with a clock that the test sets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from live import audience as module
from live import frames
from live.audience import Audience
from live.cohorts import TICK, Cohort
from live.domain.entry import Entry

PULSE = frozenset({"pulse"})
THREAD = frozenset({"pulse", "thread:1"})
COUNTS = {"41": {"agree": 1, "pass": 0, "disagree": 0}}


class Tab:
    def __init__(self, seq: int, person: int = 1) -> None:
        self.seq = seq
        self.person = person
        self.rooms: frozenset[str] = frozenset()
        self.here_room = ""


def entry(seq: int, *rooms: str, html: str = "") -> Entry:
    return Entry.write(
        seq=seq,
        kind="said",
        at=datetime(2026, 11, 22, tzinfo=UTC),
        rooms=rooms or ("pulse",),
        data={},
        html=html,
        html_room="thread:1" if html else "",
    )


def enter(audience: Audience, *, rooms: frozenset[str] = PULSE, seq: int | None = None) -> tuple[Tab, Cohort]:
    tab = Tab(audience.seq or 0 if seq is None else seq)
    return tab, audience.cohorts.enter(tab, rooms=rooms, here_room="pulse")


def take(audience: Audience, now: float) -> list[dict[str, Any]]:
    return [json.loads(delivery.text) for delivery in audience.take(now)]


def numbers(frame: dict[str, Any]) -> tuple[int, list[int], int]:
    """A frame in short: after, the events, seq."""
    return frame["after"], [event["seq"] for event in frame["events"]], frame["seq"]


@pytest.fixture
def audience() -> Audience:
    audience = Audience(7)
    audience.start(10)
    return audience


def test_in_a_quiet_room_an_event_goes_out_at_once(audience: Audience) -> None:
    tab, _ = enter(audience)
    audience.hear(entry(11))
    assert audience.due == float("-inf")
    assert [numbers(frame) for frame in take(audience, 5.0)] == [(10, [11], 11)]
    assert tab.seq == 11
    assert audience.due is None


def test_in_a_busy_room_what_came_in_a_tick_is_one_frame(audience: Audience) -> None:
    enter(audience)
    audience.hear(entry(11))
    take(audience, 5.0)
    for seq in range(12, 32):
        audience.hear(entry(seq))
        assert take(audience, 5.0 + TICK / 2) == []
    assert audience.due == 5.0 + TICK
    assert [numbers(frame) for frame in take(audience, 5.0 + TICK)] == [(11, list(range(12, 32)), 31)]


def test_a_head_count_does_not_make_what_happens_next_wait(audience: Audience) -> None:
    _, cohort = enter(audience)
    audience.hear_here(cohort, 3, alone=True)
    assert [frame["here"] for frame in take(audience, 5.0)] == [3]
    audience.hear(entry(11))
    assert [numbers(frame) for frame in take(audience, 5.01)] == [(10, [11], 11)]


def test_a_busy_thread_does_not_keep_a_quiet_one_waiting(audience: Audience) -> None:
    enter(audience, rooms=frozenset({"pulse", "thread:1"}))
    enter(audience, rooms=frozenset({"pulse", "thread:2"}))
    audience.hear(entry(11, "thread:1"))
    take(audience, 5.0)
    audience.hear(entry(12, "thread:1"))
    audience.hear(entry(13, "thread:2"))
    assert [numbers(frame) for frame in take(audience, 5.01)] == [(10, [13], 13)]


@pytest.mark.parametrize("order", [(12, 11, 13), (13, 12, 11), (11, 11, 13, 13, 12, 12, 11)])
def test_events_go_out_once_and_in_order_however_they_come(audience: Audience, order: tuple[int, ...]) -> None:
    enter(audience)
    for seq in order:
        audience.hear(entry(seq))
    assert [numbers(frame) for frame in take(audience, 5.0)] == [(10, [11, 12, 13], 13)]
    assert not audience.behind


def test_what_comes_after_a_gap_waits_for_it(audience: Audience) -> None:
    enter(audience)
    audience.hear(entry(12))
    assert audience.behind
    assert take(audience, 5.0) == []
    audience.hear(entry(11))
    assert not audience.behind
    assert [numbers(frame) for frame in take(audience, 5.0)] == [(10, [11, 12], 12)]


def test_the_queue_behind_a_gap_is_bounded_and_still_closes(
    audience: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITING_MAX", 2)
    enter(audience)
    for seq in (12, 13, 14, 15):
        audience.hear(entry(seq))
    audience.hear(entry(11))
    assert (audience.seq, audience.known, audience.behind) == (13, 15, True)


def test_hearing_that_there_is_more_says_that_something_is_missing(audience: Audience) -> None:
    audience.hear_of(9)
    assert not audience.behind
    audience.hear_of(11)
    assert audience.behind
    audience.hear(entry(11))
    assert not audience.behind


def test_before_it_has_started_nothing_goes_out_and_nothing_is_lost() -> None:
    audience = Audience(7)
    for seq in (12, 10, 11):
        audience.hear(entry(seq))
    audience.start(10)
    audience.start(3)
    enter(audience, seq=10)
    assert audience.seq == 12
    assert audience.recall(since=10, until=12, rooms=PULSE) == [entry(11), entry(12)]


def test_tabs_in_the_same_rooms_share_one_text(audience: Audience, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[int] = []
    rest_of_frame = frames.rest_of_frame
    monkeypatch.setattr(frames, "rest_of_frame", lambda **parts: encoded.append(1) or rest_of_frame(**parts))
    tabs = [enter(audience)[0] for _ in range(50)] + [enter(audience, seq=8)[0] for _ in range(50)]
    in_thread = [enter(audience, rooms=THREAD)[0] for _ in range(50)]
    audience.hear(entry(11))
    deliveries = audience.take(5.0)
    assert sorted(len(delivery.listeners) for delivery in deliveries) == [50, 50, 50]
    assert sorted(numbers(json.loads(delivery.text)) for delivery in deliveries) == [
        (8, [11], 11),
        (10, [11], 11),
        (10, [11], 11),
    ]
    assert len(encoded) == 2  # one for each cohort; tabs that were told less only differ in `after`
    assert {tab.seq for tab in tabs + in_thread} == {11}


def test_a_room_that_nothing_happened_in_is_told_nothing_and_then_all_it_missed(audience: Audience) -> None:
    tab, _ = enter(audience, rooms=frozenset({"thread:1"}))
    audience.hear(entry(11, "thread:2"))
    assert take(audience, 5.0) == []
    assert tab.seq == 10
    audience.hear(entry(12, "thread:1"))
    assert [numbers(frame) for frame in take(audience, 5.0)] == [(10, [12], 12)]


def test_the_fragment_goes_to_its_room_only(audience: Audience) -> None:
    enter(audience, rooms=PULSE)
    enter(audience, rooms=THREAD)
    audience.hear(entry(11, "pulse", "thread:1", html="<p>"))
    events = [frame["events"] for frame in take(audience, 5.0)]
    assert sorted(("html" in event) for (event,) in events) == [False, True]


def test_a_tab_that_is_ahead_is_not_told_twice(audience: Audience) -> None:
    ahead, _ = enter(audience, seq=12)
    behind, _ = enter(audience)
    audience.hear(entry(11))
    assert [numbers(frame) for frame in take(audience, 5.0)] == [(10, [11], 11)]
    assert (ahead.seq, behind.seq) == (12, 11)
    audience.hear(entry(12))
    audience.hear(entry(13))
    assert sorted(numbers(frame) for frame in take(audience, 6.0)) == [(11, [12, 13], 13), (12, [13], 13)]


def test_only_the_newest_count_of_a_post_is_told(audience: Audience) -> None:
    enter(audience, rooms=THREAD)
    enter(audience, rooms=PULSE)
    for version, agree in ((1, 1), (3, 3), (2, 2)):
        audience.hear_counts(["thread:1"], {"41": {"agree": agree}}, {"41": version})
    audience.hear_counts(["thread:1"], {"42": {"agree": 9}}, {"42": 1})
    (frame,) = take(audience, 5.0)
    assert numbers(frame) == (10, [], 10)
    assert frame["counts"] == {"41": {"agree": 3}, "42": {"agree": 9}}
    audience.hear_counts(["thread:1"], {"41": {"agree": 2}}, {"41": 2})
    assert take(audience, 6.0) == []


def test_a_frame_of_counts_alone_goes_as_far_as_all_has_happened(audience: Audience) -> None:
    enter(audience, rooms=frozenset({"thread:1"}))
    audience.hear(entry(11, "thread:2"))
    audience.hear_counts(["thread:1"], COUNTS, dict.fromkeys(COUNTS, 1))
    assert [numbers(frame) for frame in take(audience, 5.0)] == [(10, [], 11)]


def test_how_many_are_here_is_told_when_it_changed(audience: Audience) -> None:
    _, cohort = enter(audience)
    audience.hear_here(cohort, 3, alone=True)
    assert [frame["here"] for frame in take(audience, 5.0)] == [3]
    audience.hear_here(cohort, 3, alone=True)
    assert audience.due is None
    audience.hear_here(cohort, 4, alone=False)
    assert audience.due is None
    audience.hear(entry(11))
    assert [frame["here"] for frame in take(audience, 6.0)] == [4]


def test_memory_goes_back_a_little_and_says_so(audience: Audience, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECENT_EVENTS", 3)
    for seq in range(11, 16):
        audience.hear(entry(seq, "pulse" if seq % 2 else "thread:2"))
    assert audience.recall(since=12, until=15, rooms=PULSE) == [entry(13), entry(15)]
    assert audience.recall(since=12, until=14, rooms=PULSE) == [entry(13)]
    assert audience.recall(since=11, until=15, rooms=PULSE) is None
    assert audience.recall(since=15, until=15, rooms=PULSE) == []


def test_without_a_log_to_read_all_tabs_start_over(audience: Audience) -> None:
    tab, _ = enter(audience)
    audience.hear(entry(40))
    delivery = audience.start_over(39)
    assert json.loads(delivery.text) == {"reset": True, "seq": 39}
    assert delivery.listeners == [tab]
    assert [numbers(frame) for frame in take(audience, 5.0)] == [(39, [40], 40)]
