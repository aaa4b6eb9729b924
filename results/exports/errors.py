"""Why an export was not written."""

from __future__ import annotations

from jam.domain.errors import Refused


class ExportRefused(Refused):
    """Nothing was written. `message` is one line for the person who asked."""
