"""The simulation of who gets seen, on a small jam that is made up and on one of files."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.fairness import __main__ as command
from benchmarks.fairness.jam import Visit, load, made_up, visits_of
from benchmarks.fairness.report import Outcome, gini, share_seen, table
from benchmarks.fairness.simulation import ORDERS, could_be_shown_to, fair, hot_first, new_first, simulate
from threads.domain.places import ENOUGH

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_kept_places_show_more_ideas_to_enough_people() -> None:
    jam = made_up(ideas=120, people=150)
    for seed in range(3):
        shares = {name: share_seen(simulate(jam, order, seed=seed)) for name, order in ORDERS.items()}
        assert shares["hot, fair"] > shares["new first"] > 0
        assert shares["hot, fair"] > shares["hot first"] > 0


def test_the_same_dice_give_the_same_run_and_nobody_is_shown_what_is_not_there() -> None:
    jam = made_up(ideas=30, people=40)
    could = could_be_shown_to(jam)
    for order in (new_first, hot_first, fair):
        shown = simulate(jam, order, seed=1)
        assert shown == simulate(jam, order, seed=1)
        assert all(count <= most for count, most in zip(shown, could, strict=True))
    assert simulate(jam, fair, seed=1) != simulate(jam, fair, seed=2)


def test_somebody_comes_back_after_half_an_hour() -> None:
    minutes = (0, 10, 35, 70)
    acts = [("ana", BEGIN + timedelta(minutes=minute)) for minute in minutes] + [("ben", BEGIN)]
    assert sorted(visits_of(reversed(acts)), key=lambda visit: (visit.person, visit.at)) == [
        Visit("ana", BEGIN),
        Visit("ana", BEGIN + timedelta(minutes=70)),
        Visit("ben", BEGIN),
    ]


def test_a_bundle_is_read_as_it_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "jam.json").write_text(json.dumps({"slug": "tides"}))
    (tmp_path / "posts.csv").write_text(
        "post_id,parent_id,person_id,created_at\n"
        "b,a,ben,2026-03-02T09:00:00Z\n"
        "c,b,cas,2026-03-02T10:00:00Z\n"
        "a,,ana,2026-03-02T08:00:00Z\n"
        "d,,dan,2026-03-02T11:00:00Z\n"
    )
    (tmp_path / "votes.csv").write_text(
        "post_id,person_id,value,cast_at\na,ben,1,2026-03-02T09:05:00Z\nb,ana,-1,2026-03-02T12:00:00Z\n"
    )
    jam = load(tmp_path)
    assert [(idea.author, idea.at.hour) for idea in jam.ideas] == [("ana", 8), ("dan", 11)]
    assert [(one.idea, one.person, one.vote) for one in jam.said] == [(0, "ben", None), (0, "ben", 1), (0, "cas", None)]
    assert [(visit.person, visit.at.hour) for visit in jam.visits] == [
        ("ana", 8),
        ("ben", 9),
        ("cas", 10),
        ("dan", 11),
        ("ana", 12),
    ]
    # Ben and Cas come after the first idea and Dan too; after the second only Ana.
    assert could_be_shown_to(jam) == [3, 1]
    assert simulate(jam, fair, seed=1) == [3, 1]
    command.main(Namespace(bundles=[tmp_path], seeds=2, rows=10))
    assert "tides: 2 ideas, 4 people, 5 visits" in capsys.readouterr().out


def test_what_is_reported() -> None:
    assert gini([5, 5, 5, 5]) == 0
    assert gini([0, 0, 0, 8]) == 0.75
    assert gini([0, 0]) == 0
    text = table([Outcome("hot", [[0, ENOUGH, ENOUGH, ENOUGH - 1], [ENOUGH] * 4])])
    assert "| hot | 75% (50% to 100%) | 75% | 75% |" in text
