"""Why a socket is closed. Part of what clients rely on: a code keeps its meaning."""

from __future__ import annotations

from enum import IntEnum


class Close(IntEnum):
    """Close codes of the live socket; less 4000 they are the status that `changes` answers with for the same reason.

    A client comes back, with its last seq, after RESTART, TOO_SLOW and UNAVAILABLE and after a line that just broke.
    After REPLACED it waits until somebody looks at it. After the others it would be closed again, so it does not. A
    browser page of another site is not closed with a code: its handshake gets a plain 403.
    """

    RESTART = 1012
    """The server stops or starts anew, or wants the client to come in anew.

    A reason, if there is one, is a number: the seconds over which the clients that are sent away should spread their
    return, each at a moment of its own choice.
    """
    BAD_REQUEST = 4400
    """`since` is not a number, or a room has no name that a room could have."""
    SIGNED_OUT = 4401
    """The sign-in is missing, has ended, or the token is not known."""
    FORBIDDEN = 4403
    """This person may not listen, for example because they were suspended."""
    NOT_FOUND = 4404
    """No such jam or room, or none that this person may see."""
    TOO_SLOW = 4408
    """The client did not read what it was sent."""
    REPLACED = 4409
    """The same person has many sockets open, and opened another."""
    TOO_MUCH = 4429
    """The client sent large messages or many. None are expected."""
    UNAVAILABLE = 4503
    """The database did not answer."""

    @property
    def status(self) -> int:
        """The HTTP status that says the same."""
        return 503 if self is Close.RESTART else self - 4000
