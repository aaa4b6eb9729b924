"""A jam as a simulation needs it: when ideas came, who was there when, and what was said of the ideas."""

from __future__ import annotations

import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

# Somebody who did nothing for so long and then does something has come back.
VISIT_ENDS_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Idea:
    number: int
    author: str
    at: datetime


@dataclass(frozen=True)
class Visit:
    """Somebody comes and looks at the list."""

    person: str
    at: datetime


@dataclass(frozen=True)
class Said:
    """A vote on an idea (1, 0, -1), or a reply under it (None)."""

    idea: int
    at: datetime
    person: str
    vote: int | None


@dataclass(frozen=True)
class Jam:
    """Each of them in the order of its time."""

    name: str
    ideas: list[Idea]
    visits: list[Visit]
    said: list[Said]


def load(folder: Path) -> Jam:
    """The jam of a bundle. A person is there when they write and when they vote; a visit ends after half an hour."""
    posts = sorted(_rows(folder / "posts.csv"), key=lambda row: (row["created_at"], row["post_id"]))
    firsts = [row for row in posts if not row["parent_id"]]
    ideas = [Idea(number, row["person_id"], _time(row["created_at"])) for number, row in enumerate(firsts)]
    number_of = {row["post_id"]: number for number, row in enumerate(firsts)}
    acts = [(row["person_id"], _time(row["created_at"])) for row in posts]
    said = []
    root = dict(number_of)
    for row in posts:
        if row["parent_id"] in root:
            root[row["post_id"]] = root[row["parent_id"]]
            said.append(Said(root[row["post_id"]], _time(row["created_at"]), row["person_id"], None))
    for row in _rows(folder / "votes.csv"):
        at = _time(row["cast_at"])
        acts.append((row["person_id"], at))
        if row["post_id"] in number_of:
            said.append(Said(number_of[row["post_id"]], at, row["person_id"], int(row["value"])))
    name = json.loads((folder / "jam.json").read_text())["slug"]
    return Jam(name, ideas, sorted(visits_of(acts), key=lambda visit: visit.at), sorted(said, key=lambda one: one.at))


def visits_of(acts: Iterable[tuple[str, datetime]]) -> Iterator[Visit]:
    times: dict[str, list[datetime]] = defaultdict(list)
    for person, at in acts:
        times[person].append(at)
    for person, moments in times.items():
        before: datetime | None = None
        for at in sorted(moments):
            if before is None or at - before > VISIT_ENDS_AFTER:
                yield Visit(person, at)
            before = at


def made_up(*, ideas: int, people: int, seed: int = 1) -> Jam:
    """A day with ideas spread over it and people who each come three times. Each votes on an idea when they come."""
    dice = random.Random(seed)
    begin = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def moment(hours: float = 24) -> datetime:
        return begin + timedelta(hours=hours * dice.random())

    written = [
        Idea(number, f"author {number}", at) for number, at in enumerate(sorted(moment(18) for _ in range(ideas)))
    ]
    visits = sorted(
        (Visit(f"person {who}", moment()) for who in range(people) for _ in range(3)), key=lambda one: one.at
    )
    said = []
    for visit in visits:
        there = [idea for idea in written if idea.at <= visit.at]
        if there:
            said.append(Said(dice.choice(there).number, visit.at, visit.person, dice.choice([1, 1, 0, -1])))
    return Jam("made up", written, visits, said)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
