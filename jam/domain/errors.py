"""What a verb raises when it will not do as asked. A way in (page, API, command) turns it into its own answer."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class Refused(Exception):
    """A verb did nothing, for a reason that the person may be told.

    `message` is a sentence for them; `field` names the field it is about, if any; `code` is for
    programs and `status` is the HTTP status that fits.
    """

    status: ClassVar[int] = 422

    def __init__(self, message: str, *, code: str = "invalid", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field


class Invalid(Refused):
    """What was sent cannot be taken as it is."""


class NotAllowed(Refused):
    """The person may see the thing, but may not do this with it."""

    status: ClassVar[int] = 403

    def __init__(self, message: str, *, code: str = "not_allowed", field: str = "") -> None:
        super().__init__(message, code=code, field=field)


class Conflict(Refused):
    """It was changed, or used up, by somebody in the meantime."""

    status: ClassVar[int] = 409


class TooMany(Refused):
    """They did this too often in too short a time."""

    status: ClassVar[int] = 429


class OutsideWindow(Conflict):
    """The jam is not open. Carries what a client needs to say so: the phase and the times, in UTC."""

    def __init__(
        self, message: str, *, phase: str, opens_at: datetime | None, closes_at: datetime | None, now: datetime
    ) -> None:
        super().__init__(message, code="outside_window")
        self.phase = phase
        self.opens_at = opens_at
        self.closes_at = closes_at
        self.now = now
