"""What people wrote, as a cell of a table that a spreadsheet may open."""

from __future__ import annotations

# What a spreadsheet takes for the beginning of a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """`text` with a mark before it if a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(RISKY) else text
