"""Which tabs share a text, and what becomes of a tab that is to be told something else than the others."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from live.audience import Audience
from live.cohorts import TICK
from live.domain.entry import Entry

THREAD = frozenset({"pulse", "thread:1"})
COUNTS = {"41": {"agree": 1, "pass": 0, "disagree": 0}}


class Tab:
    def __init__(self, person: int, seq: int = 10) -> None:
        self.person = person
        self.seq = seq
        self.rooms: frozenset[str] = frozenset()
        self.here_room = ""


def rooms_of(person: int, *more: str) -> frozenset[str]:
    return THREAD | {f"person:{person}", *more}


def enter(audience: Audience, person: int, *more: str) -> Tab:
    tab = Tab(person)
    audience.cohorts.enter(tab, rooms=rooms_of(person, *more), here_room="thread:1")
    return tab


def entry(seq: int, *rooms: str) -> Entry:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Entry.write(seq=seq, kind="said", at=at, rooms=rooms, data={}, html="", html_room="")


def heard(audience: Audience, tab: Tab, now: float) -> list[tuple[int, list[int], int]]:
    """What one tab is told at `now`, each frame in short: after, the events, seq."""
    return [(frame["after"], numbers(frame), frame["seq"]) for frame in told(audience, tab, now)]


def told(audience: Audience, tab: Tab, now: float) -> list[dict[str, Any]]:
    return [json.loads(delivery.text) for delivery in audience.take(now) if tab in delivery.listeners]


def numbers(frame: dict[str, Any]) -> list[int]:
    return [event["seq"] for event in frame["events"]]


@pytest.fixture
def audience() -> Audience:
    audience = Audience(7)
    audience.start(10)
    return audience


def test_people_in_the_same_rooms_are_one_cohort_whatever_is_theirs_alone(audience: Audience) -> None:
    tabs = {enter(audience, person) for person in range(1, 21)}
    audience.hear(entry(11, "thread:1"))
    (delivery,) = audience.take(5.0)
    assert set(delivery.listeners) == tabs


def test_what_goes_to_one_person_is_told_to_all_their_tabs_and_to_nobody_else(audience: Audience) -> None:
    ana, ana_too, ben = enter(audience, 1), enter(audience, 1), enter(audience, 2)
    audience.hear(entry(11, "person:1"))
    deliveries = audience.take(5.0)
    assert {tab for delivery in deliveries for tab in delivery.listeners} == {ana, ana_too}
    assert [json.loads(delivery.text)["seq"] for delivery in deliveries] == [11, 11]
    assert ben.seq == 10


def test_a_word_to_one_comes_in_order_with_what_goes_to_all(audience: Audience) -> None:
    """And in the end they are in one cohort with the others again, who were told nothing twice."""
    ana, ben = enter(audience, 1), enter(audience, 2)
    audience.hear(entry(11, "thread:1"))
    audience.take(5.0)
    for seq, room in ((12, "thread:1"), (13, "person:1"), (14, "thread:1")):
        audience.hear(entry(seq, room))
    deliveries = audience.take(5.0 + TICK)
    frames = {delivery.listeners[0]: json.loads(delivery.text) for delivery in deliveries}
    assert {tab: numbers(frame) for tab, frame in frames.items()} == {ana: [12, 13, 14], ben: [12, 14]}
    audience.hear(entry(15, "thread:1"))
    (delivery,) = audience.take(5.0 + 2 * TICK)
    assert set(delivery.listeners) == {ana, ben}
    assert numbers(json.loads(delivery.text)) == [15]


def test_back_among_the_others_nothing_is_told_again(audience: Audience) -> None:
    """The one was told at once what the others have yet to be told."""
    ana, ben = enter(audience, 1), enter(audience, 2)
    audience.hear(entry(11, "person:1"))
    audience.hear(entry(12, "thread:1"))
    assert heard(audience, ana, 5.0) == [(10, [11, 12], 12)]
    audience.hear(entry(13, "thread:1"))
    assert heard(audience, ana, 5.0 + TICK) == [(12, [13], 13)]
    assert ben.seq == 13


def test_who_is_held_is_told_nothing_and_then_all_of_it(audience: Audience) -> None:
    ana = enter(audience, 1)
    audience.hear(entry(11, "thread:1"))
    audience.cohorts.hold(ana)
    audience.hear(entry(12, "thread:1"))
    audience.hear(entry(13, "person:1"))
    audience.hear_counts(["thread:1"], COUNTS, dict.fromkeys(COUNTS, 1))
    assert heard(audience, ana, 5.0) == []
    assert audience.due is None
    audience.cohorts.move(ana, rooms=ana.rooms, here_room=ana.here_room)
    (frame,) = told(audience, ana, 6.0)
    assert (frame["after"], numbers(frame), frame["counts"]) == (10, [11, 12, 13], COUNTS)
    audience.hear(entry(14, "thread:1"))
    assert heard(audience, ana, 7.0) == [(13, [14], 14)]


def test_who_may_hear_less_is_not_told_what_waits(audience: Audience) -> None:
    ana, fay = enter(audience, 1, "staff"), enter(audience, 2, "staff")
    audience.hear(entry(11, "thread:1"))
    audience.hear(entry(12, "staff"))
    audience.cohorts.hold(ana)
    audience.hear(entry(13, "staff"))
    audience.hear(entry(14, "thread:1"))
    audience.cohorts.move(ana, rooms=rooms_of(1), here_room="thread:1")
    deliveries = audience.take(5.0)
    frames = {delivery.listeners[0]: numbers(json.loads(delivery.text)) for delivery in deliveries}
    assert frames == {ana: [11, 14], fay: [11, 12, 13, 14]}
    audience.hear(entry(15, "staff"))
    assert heard(audience, ana, 6.0) == []


def test_who_may_hear_more_hears_it_from_now_on(audience: Audience) -> None:
    ana, fay = enter(audience, 1), enter(audience, 2, "staff")
    audience.hear(entry(11, "staff"))
    assert heard(audience, fay, 5.0) == [(10, [11], 11)]
    audience.cohorts.move(ana, rooms=rooms_of(1, "staff"), here_room="thread:1")
    audience.hear(entry(12, "staff"))
    assert heard(audience, ana, 6.0) == [(10, [12], 12)]


def test_a_held_tab_starts_over_with_the_others(audience: Audience) -> None:
    ana = enter(audience, 1)
    audience.cohorts.hold(ana)
    audience.hear(entry(40, "thread:1"))
    assert audience.start_over(39).listeners == [ana]
    audience.cohorts.move(ana, rooms=ana.rooms, here_room=ana.here_room)
    assert heard(audience, ana, 5.0) == [(39, [40], 40)]


def test_people_are_counted_and_not_their_tabs(audience: Audience) -> None:
    ana, ana_too, _ = enter(audience, 1), enter(audience, 1), enter(audience, 2)
    zoe = Tab(3)
    audience.cohorts.enter(zoe, rooms=frozenset({"pulse", "person:3"}), here_room="pulse")
    assert audience.cohorts.head_counts() == {"pulse": 3, "thread:1": 2}
    audience.cohorts.leave(ana)
    assert audience.cohorts.head_count("thread:1") == 2
    audience.cohorts.leave(ana_too)
    assert audience.cohorts.head_count("thread:1") == 1


def test_nothing_is_kept_of_who_left(audience: Audience) -> None:
    tabs = [enter(audience, person, "staff") for person in (1, 1, 2)]
    audience.cohorts.hold(tabs[0])
    audience.hear(entry(11, "person:2"))
    for tab in tabs:
        audience.cohorts.leave(tab)
    assert list(audience.cohorts) == []
    assert audience.cohorts.head_counts() == {}
    assert audience.due is None
    audience.hear(entry(12, "person:1"))
    assert audience.take(5.0) == []
