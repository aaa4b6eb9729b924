"""The names of rooms: who gets an event. The gate (`threads/live_gate.py`) says who may hear which."""

from live.gate import PULSE

__all__ = ["PULSE", "STAFF", "forum_room", "person_room", "thread_room"]

STAFF = "staff"
"""Who runs the jam. Nobody asks for it: it follows from who they are."""


def forum_room(forum_id: int) -> str:
    return f"forum:{forum_id}"


def thread_room(thread_id: int) -> str:
    return f"thread:{thread_id}"


def person_room(person_id: int) -> str:
    """One person's own, by the pk of the Person and not of a Member. It follows from who they are."""
    return f"person:{person_id}"
