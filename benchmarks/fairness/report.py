"""What a simulation came to, as a person reads it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from threads.domain.places import ENOUGH

HEAD = (
    "order",
    f"seen by {ENOUGH}+ (over the seeds)",
    "early half",
    "late half",
    "by fewer than 5",
    "fewest",
    "median",
    "Gini",
)


@dataclass(frozen=True)
class Outcome:
    """To how many people each idea was shown, in the order in which they came, once for each seed."""

    order: str
    runs: Sequence[Sequence[int]]

    def over_seeds(self, of_one: Callable[[Sequence[int]], float]) -> list[float]:
        return [of_one(run) for run in self.runs]


def share_seen(shown: Sequence[int]) -> float:
    return sum(count >= ENOUGH for count in shown) / len(shown)


def gini(shown: Sequence[int]) -> float:
    """0 if all were shown to as many people, towards 1 if one idea was shown to all of them."""
    total, count = sum(shown), len(shown)
    if not total:
        return 0.0
    weighted = sum(place * value for place, value in enumerate(sorted(shown), start=1))
    return (2 * weighted - (count + 1) * total) / (count * total)


def early(run: Sequence[int]) -> Sequence[int]:
    return run[: len(run) // 2]


def late(run: Sequence[int]) -> Sequence[int]:
    return run[len(run) // 2 :]


def row(outcome: Outcome) -> tuple[str, ...]:
    seen = outcome.over_seeds(share_seen)

    def middle(of_one: Callable[[Sequence[int]], float]) -> float:
        return statistics.median(outcome.over_seeds(of_one))

    return (
        outcome.order,
        f"{statistics.median(seen):.0%} ({min(seen):.0%} to {max(seen):.0%})",
        f"{middle(lambda run: share_seen(early(run))):.0%}",
        f"{middle(lambda run: share_seen(late(run))):.0%}",
        f"{middle(lambda run: sum(count < 5 for count in run) / len(run)):.0%}",
        f"{middle(min):.0f}",
        f"{middle(statistics.median):.0f}",
        f"{middle(gini):.2f}",
    )


def table(outcomes: Sequence[Outcome]) -> str:
    """In Markdown, as it stands in docs/fairness.md."""
    lines = [HEAD, tuple("---" for _ in HEAD), *(row(outcome) for outcome in outcomes)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
