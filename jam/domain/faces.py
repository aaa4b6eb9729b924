"""Initials on a colour: what stands for a person without a picture. Pure."""

from __future__ import annotations

import unicodedata
import zlib

HUES = 12
FIRST_LETTER_WITHOUT_CAPITALS = 0x590


def hue(name: str) -> int:
    """Which of the HUES colours (`.avatar-N` in static/css/bits.css) a name has; the same everywhere."""
    return zlib.crc32(name.casefold().encode()) % HUES


def initials(name: str) -> str:
    """The first letters of the first and last word. One letter for a single word and for scripts without capitals."""
    letters = [letter for word in name.split() if (letter := _first_letter(word))]
    if not letters:
        return "?"
    if len(letters) == 1 or ord(letters[0]) >= FIRST_LETTER_WITHOUT_CAPITALS:
        return letters[0].upper()[:1]
    return (letters[0] + letters[-1]).upper()[:2]


def _first_letter(word: str) -> str:
    return next((character for character in word if unicodedata.category(character)[0] in "LN"), "")
