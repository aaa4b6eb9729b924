"""A small world above the live floor, for its tests: who may hear what, and the votes that stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Person
from live.codes import Close
from live.gate import Admission, Refusal

JAM = 7
OTHER_JAM = 8
SLUGS = {"river": JAM, "bridge": OTHER_JAM}
ROOMS = {JAM: {"pulse", "forum:1", "thread:1", "thread:2"}, OTHER_JAM: {"pulse", "thread:3"}}
TOKEN = "token of 1"


class WorldAbove:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.votes: dict[str, dict[str, dict[str, int]]] = {}
        self.staff: set[int] = set()
        self.refused: dict[int, Refusal] = {}
        self.until: datetime | None = None

    def bearer(self, token: str) -> Person | None:
        person = token.removeprefix("token of ")
        return Person(pk=int(person), name="Script") if person.isdecimal() else None

    def admit(self, user: Any, slug: str, rooms: Sequence[str]) -> Admission | Refusal:
        if not user.is_authenticated:
            return Refusal(Close.SIGNED_OUT)
        jam = SLUGS.get(slug)
        if jam is None or not set(rooms) <= ROOMS[jam]:
            return Refusal()
        if user.pk in self.refused:
            return self.refused[user.pk]
        rooms_of_theirs = {"pulse", f"person:{user.pk}", *({"staff"} if user.pk in self.staff else ())}
        here = max(rooms, default="pulse")
        return Admission(jam, user.pk, frozenset({*rooms_of_theirs, *rooms}), here=here, until=self.until)

    def counts(self, jam_key: int, rooms: Collection[str]) -> dict[str, dict[str, int]]:
        return {post: counts for room in rooms for post, counts in self.votes.get(room, {}).items()}


gate = WorldAbove()
