"""`python -m benchmarks.fairness FOLDER…`: which share of the ideas of real jams is seen by enough people.

Each FOLDER is a jam's bundle. Without one, two jams that are made up: one with too many ideas for its people, and one
with few. Nothing is stored and no server is started.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from benchmarks.fairness import jam as jams
from benchmarks.fairness.report import Outcome, table
from benchmarks.fairness.simulation import ORDERS, simulate


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.fairness", description=__doc__)
    parser.add_argument("bundles", nargs="*", type=Path, metavar="FOLDER", help="the folder of a jam's bundle")
    parser.add_argument("--seeds", type=int, default=5, help="how many runs with other dice (default: 5)")
    parser.add_argument("--rows", type=int, default=10, help="rows looked at in a visit, on average (default: 10)")
    return parser.parse_args()


def main(options: Namespace) -> int:
    loaded = [jams.load(bundle) for bundle in options.bundles] or [
        jams.made_up(ideas=120, people=150),
        jams.made_up(ideas=40, people=150),
    ]
    for jam in loaded:
        people = len({visit.person for visit in jam.visits})
        print(f"{jam.name}: {len(jam.ideas)} ideas, {people:,} people, {len(jam.visits):,} visits\n")
        outcomes = [
            Outcome(name, [simulate(jam, order, seed=seed, looks_at=options.rows) for seed in range(options.seeds)])
            for name, order in ORDERS.items()
        ]
        print(table(outcomes), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(arguments()))
