"""When nobody is on duty: which forums, from when to when. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True)
class Cover:
    """Somebody is on duty from `starts` up to, and without, `ends`: in these forums, or with None in all."""

    starts: datetime
    ends: datetime
    forums: frozenset[int] | None = None


@dataclass(frozen=True)
class Gap:
    """Nobody is on duty in these forums meanwhile."""

    starts: datetime
    ends: datetime
    forums: frozenset[int]


def gaps_between(starts: datetime, ends: datetime, *, forums: Iterable[int], covers: Iterable[Cover]) -> list[Gap]:
    """The times from `starts` to `ends` at which some of `forums` are covered by nobody, in order.

    Gaps do not overlap, and two that touch differ in their forums: who is missing where, at each moment, is said once.
    """
    wanted = frozenset(forums)
    within = [one for one in covers if one.starts < one.ends and one.starts < ends and one.ends > starts]
    edges = {starts, ends}
    for cover in within:
        edges |= {max(cover.starts, starts), min(cover.ends, ends)}
    moments = sorted(edge for edge in edges if starts <= edge <= ends)
    found: list[Gap] = []
    for begins, until in pairwise(moments):
        missing = wanted
        for cover in within:
            if cover.starts <= begins and cover.ends >= until:
                missing = frozenset() if cover.forums is None else missing - cover.forums
        if not missing:
            continue
        if found and found[-1].ends == begins and found[-1].forums == missing:
            found[-1] = Gap(found[-1].starts, until, missing)
        else:
            found.append(Gap(begins, until, missing))
    return found
