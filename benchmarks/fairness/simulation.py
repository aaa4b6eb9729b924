"""Readers who come when people really came, and look at the first rows of a list."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.fairness.jam import Idea, Jam, Said
from threads.domain.heat import heat
from threads.domain.places import ENOUGH, interleave

LOOKS_AT = 10


@dataclass
class Standing:
    """An idea, what was said of it so far, and who was shown it."""

    idea: Idea
    votes: dict[str, int] = field(default_factory=dict)
    replies: int = 0
    shown_to: set[str] = field(default_factory=set)
    heat: float = 0.0

    def hear(self, said: Said) -> None:
        if said.vote is None:
            self.replies += 1
        else:
            self.votes[said.person] = said.vote
        self.warm()

    def warm(self) -> None:
        """By the site's own formula."""
        votes = list(self.votes.values())
        self.heat = heat(agree=votes.count(1), disagree=votes.count(-1), replies=self.replies, created_at=self.idea.at)

    def is_owed_to(self, person: str) -> bool:
        return (
            len(self.shown_to) < ENOUGH
            and person not in self.shown_to
            and person not in self.votes
            and person != self.idea.author
        )


Order = Callable[[Sequence[Standing], str, int], list[Standing]]


def new_first(there: Sequence[Standing], person: str, rows: int) -> list[Standing]:
    return sorted(there, key=lambda one: (one.idea.at, one.idea.number), reverse=True)[:rows]


def hot_first(there: Sequence[Standing], person: str, rows: int) -> list[Standing]:
    return sorted(there, key=lambda one: (one.heat, one.idea.number), reverse=True)[:rows]


def fair(there: Sequence[Standing], person: str, rows: int) -> list[Standing]:
    """Hot, with the places that the site keeps for what few have seen. `there` is in the order of writing."""
    owed = [one for one in there if one.is_owed_to(person)]
    ranked = hot_first(there, person, rows)
    return [one for one, _ in interleave(ranked, owed, key=lambda one: one.idea.number)][:rows]


ORDERS: dict[str, Order] = {"new first": new_first, "hot first": hot_first, "hot, fair": fair}


def simulate(jam: Jam, order: Order, *, seed: int, looks_at: int = LOOKS_AT) -> list[int]:
    """To how many people each idea was shown, in the order in which the ideas came.

    Who comes looks at so many rows on the average, at least one: how many is drawn anew for each visit, since some
    look at the first few and some go on (a geometric distribution). Votes and replies are those of the jam, at their
    real times, whatever the order.
    """
    dice = random.Random(f"{jam.name} {seed}")
    standings = [Standing(idea) for idea in jam.ideas]
    there, heard = 0, 0
    for visit in jam.visits:
        while there < len(standings) and standings[there].idea.at <= visit.at:
            standings[there].warm()
            there += 1
        while heard < len(jam.said) and jam.said[heard].at < visit.at:
            standings[jam.said[heard].idea].hear(jam.said[heard])
            heard += 1
        for one in order(standings[:there], visit.person, rows_looked_at(dice, looks_at)):
            if visit.person != one.idea.author:
                one.shown_to.add(visit.person)
    return [len(one.shown_to) for one in standings]


def rows_looked_at(dice: random.Random, mean: int) -> int:
    rows = 1
    while dice.random() > 1 / mean:
        rows += 1
    return rows


def could_be_shown_to(jam: Jam) -> list[int]:
    """How many people came after each idea, its author left out: more cannot have been shown it, in any order."""
    return [
        len({visit.person for visit in jam.visits if visit.at >= idea.at and visit.person != idea.author})
        for idea in jam.ideas
    ]
