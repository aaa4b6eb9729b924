"""Where in a list by rank the ideas stand that few have seen: see `fairness`.

Knows no database: the simulation in `benchmarks/fairness` runs on these functions too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

# So many people are shown each idea before its rank alone decides; the index of those still owed it has the number too.
ENOUGH = 20
# Each third row is for one of them.
EVERY = 3

Idea = TypeVar("Idea")


def places(rows: int) -> int:
    """How many places for ideas that few have seen there are among so many rows by rank."""
    return rows // (EVERY - 1)


def interleave(
    ranked: Sequence[Idea], few_have_seen: Iterable[Idea], *, key: Callable[[Idea], Hashable]
) -> Iterator[tuple[Idea, bool]]:
    """The rows of a list, each with whether it stands there because few have seen it.

    Every third place is for the next of `few_have_seen`; what is shown so is not shown again in its own place further
    down, and what stands further up already is passed over. All of `ranked` are shown in their order, so the next page
    goes on where they end.
    """
    waiting = iter(few_have_seen)
    shown: set[Hashable] = set()
    for idea in ranked:
        if key(idea) in shown:
            continue
        shown.add(key(idea))
        yield idea, False
        if len(shown) % EVERY == EVERY - 1:
            fresh = next((one for one in waiting if key(one) not in shown), None)
            if fresh is not None:
                shown.add(key(fresh))
                yield fresh, True
