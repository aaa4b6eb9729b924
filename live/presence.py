"""How many people are in a room, over all processes.

Each process tells the others every few seconds how many it has in each of its rooms: counts, never lists. What a
process said counts until it says something new, or until EXPIRY seconds after it fell silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EXPIRY = 5.0

HeadCounts = Mapping[str, Mapping[str, int]]
"""By jam key as text (for the sake of the channel layer) and room."""


@dataclass(frozen=True, slots=True)
class Report:
    heard_at: float
    counts: HeadCounts


class Presence:
    """What the other processes said."""

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}

    def hear(self, process: str, counts: HeadCounts, now: float) -> None:
        if counts:
            self._reports[process] = Report(now, counts)
        else:
            self._reports.pop(process, None)

    def expire(self, now: float) -> None:
        gone = [process for process, report in self._reports.items() if now - report.heard_at > EXPIRY]
        for process in gone:
            del self._reports[process]

    def elsewhere(self, jam_key: int, room: str) -> int:
        """How many are in the room in other processes."""
        jam = str(jam_key)
        return sum(report.counts.get(jam, {}).get(room, 0) for report in self._reports.values())
