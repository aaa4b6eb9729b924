"""Why a bundle was not loaded."""

from __future__ import annotations

from jam.domain.errors import Refused


class BundleRefused(Refused):
    """The bundle is not loaded, none of it. `message` is one line for the person who gave it, with file and line."""

    def __init__(self, message: str, *, file: str = "", line: int | None = None) -> None:
        place = f"{file} line {line}: " if file and line else f"{file}: " if file else ""
        super().__init__(f"{place}{message}", code="bundle", field="bundle")
