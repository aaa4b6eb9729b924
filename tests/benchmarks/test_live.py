"""The benchmark of live updates, in small: what it counts, and that a site delivers. No word about how long it took."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.live import report, scenarios, ticks
from benchmarks.live.frames import Cohort
from benchmarks.live.run import run
from benchmarks.live.sites import Site, standing
from benchmarks.live.tabs import Tab, Tabs
from benchmarks.machine import Cores, Machine
from tests.e2e import stack

ANYWHERE = Cores(server=None, rest=None)
THREAD = frozenset({"thread:7"})
VOTES = {"41": {"agree": 2, "pass": 0, "disagree": 1}}


def post(seq: int, number: int, *, thread: int = 7, html: bool = True) -> dict[str, Any]:
    event: dict[str, Any] = {"seq": seq, "kind": "post.created", "post": number, "thread": thread}
    return event | ({"html": "<article>"} if html else {})


def frame(after: int, seq: int, *events: dict[str, Any], **state: Any) -> bytes:
    return json.dumps({"after": after, "seq": seq, "events": events, **state}).encode()


def tabs_that_got(*histories: list[bytes]) -> Tabs:
    """Tabs of one thread that began at 3 and got these frames, one a second."""
    tabs = Tabs()
    cohort = tabs.cohorts[THREAD] = Cohort(THREAD, since=3)
    for history in histories:
        tab = Tab(cohort, Counter())
        for second, payload in enumerate(history, start=1):
            tab.take(payload, float(second))
        tabs.tabs.append(tab)
    return tabs


def test_whoever_hears_each_post_once_and_in_order_has_nothing_to_complain_of() -> None:
    one, two = frame(3, 4, post(4, 101)), frame(4, 6, post(5, 102), post(6, 103))
    both = frame(3, 6, post(4, 101), post(5, 102), post(6, 103))
    outcome = tabs_that_got([one, two], [one, two], [both]).outcome({101: 0.5, 102: 0.75, 103: 0.75})
    assert (outcome.delivered, outcome.missing, outcome.duplicates) == (9, 0, 0)
    assert (outcome.gaps, outcome.mistaken, outcome.share) == (0, 0, 1.0)
    assert outcome.delays == {2_500: 2, 5_000: 3, 12_500: 4}
    assert (outcome.delay(0.5), outcome.delay(1)) == (0.5001, 1.2501)


def test_a_frame_that_does_not_follow_the_one_before_is_a_gap_in_each_tab_that_gets_it() -> None:
    one, three = frame(3, 4, post(4, 101)), frame(5, 6, post(6, 103))
    outcome = tabs_that_got([one, three], [one, three]).outcome({101: 0.0, 102: 0.0, 103: 0.0})
    assert (outcome.gaps, outcome.missing, outcome.duplicates) == (2, 2, 0)


def test_what_is_told_twice_is_counted_twice() -> None:
    one = frame(3, 4, post(4, 101))
    outcome = tabs_that_got([one, one], [one]).outcome({101: 0.0})
    assert (outcome.delivered, outcome.duplicates, outcome.gaps) == (2, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(frame(3, 4, post(4, 101, html=False)), id="no fragment in its thread"),
        pytest.param(frame(3, 4, post(4, 101, thread=8)), id="a fragment in another thread"),
        pytest.param(frame(3, 5, post(5, 101), post(4, 102)), id="out of order"),
        pytest.param(frame(3, 4, post(5, 101)), id="from after the frame"),
    ],
)
def test_what_is_wrong_within_a_frame_counts_for_each_tab_that_gets_it(wrong: bytes) -> None:
    assert tabs_that_got([wrong], [wrong]).outcome({}).mistaken == 2


def test_a_reset_is_a_gap() -> None:
    assert tabs_that_got([b'{"reset":true,"seq":9}']).outcome({}).gaps == 1


def test_a_tab_knows_the_votes_that_it_was_told_last() -> None:
    before = {"41": {"agree": 1, "pass": 0, "disagree": 1}}
    told, late, never = tabs_that_got(
        [frame(3, 3, counts=before), frame(3, 3, counts=VOTES), frame(3, 4, post(4, 101))],
        [frame(3, 3, counts=VOTES), frame(3, 3, counts=before)],
        [frame(3, 4, post(4, 101))],
    ).tabs
    truth = {"thread:7": VOTES}
    assert (told.knows_all(truth), late.knows_all(truth), never.knows_all(truth)) == (True, False, False)


@pytest.fixture
def site(tmp_path: Path, transactional_db: None) -> Iterator[Site]:
    made = stack.Site(tmp_path)
    made.collect_static()
    environ = {"DATABASE_URL": stack.test_database_url(), "DATA_DIR": str(tmp_path)}
    with standing(made.folder, cores=ANYWHERE, apart=True, **environ) as site:
        yield site


@pytest.mark.e2e
def test_a_small_jam_is_delivered_whole(site: Site) -> None:
    scenario = scenarios.jam(tabs=20, seconds=2)
    result = run(scenario, site, floor=True)
    assert result.complaints == []
    outcome = result.measured.outcome
    assert (outcome.tabs, outcome.posts, outcome.delivered) == (20, 10, 200)
    assert (result.written.votes, outcome.votes_right) == (200, 20)
    assert sum(outcome.delays.values()) == 200
    assert result.floor is not None
    assert (result.floor.outcome.missing, result.floor.outcome.duplicates) == (0, 0)
    assert "delivered 100.0000% (200), 0 twice, 0 gaps" in report.text(result)
    told = report.as_json([result], machine=Machine.this(), cores=ANYWHERE)
    assert json.loads(json.dumps(told))["scenarios"][0]["measured"]["outcome"]["delivered"] == 200


@pytest.mark.e2e
def test_votes_by_the_hundred_end_in_the_same_counts_everywhere(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks, "ROUNDS", 1)
    result = ticks.run(scenarios.ticks(tabs=5, seconds=1), site, floor=False)
    assert result.complaints == []
    assert [rate for rate, row in result.rows.items() if row.votes] == [10, 100, 1000]
    assert "votes a second" in report.text(result)
