"""What `live` must be told from above: who somebody is, which rooms they may hear, and the newest counts.

The project installs its gate by a setting, `LIVE_GATE = "threads.live_gate.gate"`: the dotted path of an object (or
of a module) that has the three functions of `Gate`.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.module_loading import import_string

from live.codes import Close

User: TypeAlias = AbstractBaseUser | AnonymousUser
Counts: TypeAlias = Mapping[str, Mapping[str, int]]

PULSE = "pulse"
PERSONAL = "person:"
"""What the names of rooms begin with that are one person's own, as in "person:7"."""


def is_personal(room: str) -> bool:
    return room.startswith(PERSONAL)


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody may listen. They hear what goes to `rooms`, and are told how many are in the room `here`.

    `until` is when the clock alone may change this answer; None if only what somebody does can change it, of which
    `bus.publish_review` tells the hubs.
    """

    jam_key: int
    person: int
    rooms: frozenset[str]
    here: str = PULSE
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody may not. A jam or a room that is missing and one that they may not see get the same code."""

    code: Close = Close.NOT_FOUND


class Gate(Protocol):
    """All three are called in a thread with a database connection, outside of a transaction, and must not write."""

    def bearer(self, token: str) -> AbstractBaseUser | None:
        """The person whose API token this is; None if it is nobody's. Who is suspended, `admit` refuses."""
        ...

    def admit(self, user: User, slug: str, rooms: Sequence[str]) -> Admission | Refusal:
        """Whether `user` may listen to the jam, and in which rooms.

        `rooms` is what the client asked for, without repeats: names of the form "staff" or "forum:3", at most eight,
        that nobody has looked up yet; "pulse" may be among them or not. The answer holds the pulse always, and only
        rooms of this jam that the user may see. A room that is missing, or not theirs, refuses the whole with
        NOT_FOUND, as does the jam. A visitor who would have to sign in first gets SIGNED_OUT. Rooms that follow from
        who they are are added unasked: "staff" for who runs the jam, and "person:7" with the key of `user`, which is
        also the answer's `person`. `here` is the narrowest of the rooms that they asked for.
        """
        ...

    def counts(self, jam_key: int, rooms: Collection[str]) -> Counts:
        """The votes on each post that a tab in these rooms shows, by the post's id as text, as they are now.

        In the shape of a frame: `{"41": {"agree": 3, "pass": 0, "disagree": 1}}`. Posts nobody has voted on may be
        left out only if they cannot have lost a vote.
        """
        ...


@functools.cache
def _load(path: str) -> Gate:
    gate: Gate = import_string(path)
    return gate


def get_gate() -> Gate:
    return _load(settings.LIVE_GATE)
