"""Kinds of events for the tests of the live floor. They are not among the product's kinds."""

from __future__ import annotations

from unittest.mock import patch

from live.domain import kinds
from live.domain.kinds import EventData, declare

with patch.dict(kinds.KINDS):

    @declare("said", html=True)
    class Said(EventData, extra="allow"):
        """Somebody said something, anything."""

    @declare("nodded")
    class Nodded(EventData):
        """Somebody nodded: nothing to show."""
