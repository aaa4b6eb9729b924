"""Frames as tabs get them: parsed once, and compared byte for byte after that.

A hundred thousand events a second cannot be parsed for each tab in Python, and need not be: tabs in the same rooms get
the same bytes. Each tab still has its own account of what it was sent and in which order.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False, slots=True)
class Frame:
    """One text that tabs of a cohort were sent, and when each of them got it (on the system's monotonic clock).

    `follows` is the frame that came after this one in another tab: most likely it is the next for this tab too.
    `mistaken` counts what is wrong within it.
    """

    payload: bytes
    after: int
    seq: int
    posts: list[int] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    mistaken: int = 0
    arrivals: array[float] = field(default_factory=lambda: array("d"))
    follows: Frame | None = None

    @classmethod
    def parse(cls, payload: bytes, *, rooms: frozenset[str]) -> Frame:
        said = json.loads(payload)
        if said.get("reset"):
            return cls(payload, after=-1, seq=said["seq"], mistaken=1)
        frame = cls(payload, after=said["after"], seq=said["seq"], counts=said.get("counts", {}))
        last = frame.after
        for event in said["events"]:
            in_order = last < event["seq"] <= frame.seq
            last = event["seq"]
            frame.mistaken += not (in_order and _is_whole(event, rooms))
            if event["kind"] == "post.created":
                frame.posts.append(event["post"])
        return frame


def _is_whole(event: dict[str, Any], rooms: frozenset[str]) -> bool:
    """Whether it has its fragment where the thread is on the screen, and only there."""
    return event["kind"] != "post.created" or ("html" in event) == (f"thread:{event['thread']}" in rooms)


class Cohort:
    """Tabs in the same rooms. `first` is what they all begin from: the page, with its seq."""

    def __init__(self, rooms: frozenset[str], since: int) -> None:
        self.rooms = rooms
        self.first = Frame(b"", after=since, seq=since)
        self.frames: dict[bytes, Frame] = {}
        self.gaps = 0

    def find(self, before: Frame, payload: bytes) -> Frame:
        """The frame with these bytes, for a tab whose last was `before`. Notes it if the one does not follow the other.

        Only what follows is linked, so that who comes by the same way need not ask.
        """
        frame = self.frames.get(payload)
        if frame is None:
            frame = self.frames[payload] = Frame.parse(payload, rooms=self.rooms)
        if frame.after == before.seq:
            before.follows = frame
        else:
            self.gaps += 1
        return frame
