"""Lists of words that a jam does not want, and finding them in a text.

A list has an entry a line: a word, several words in a row, or the beginning of one with a star (`casino*`). Case does
not matter, nor how a character is composed, nor what has no width. Nothing in an entry is a pattern but that star. An
entry in a script that is written without spaces is found anywhere, as no word ends there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext

from jam.domain.errors import Invalid
from threads.domain.search_index import SPACELESS

ENTRIES_MAX = 500
ENTRY_MAX = 60
HAS_SPACELESS = re.compile(f"[{SPACELESS}]")


def fold(text: str) -> str:
    """`text` as its words with one space around each: what differs in looks alone is the same."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = (_kept(character) for character in folded)
    return f" {' '.join(''.join(kept).split())} "


@lru_cache(maxsize=4096)
def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return character if category[0] in "LMN" else " "


@dataclass(frozen=True)
class WordList:
    """What to look for: `needles` as they stand in a folded text, with what the list says for each."""

    needles: tuple[tuple[str, str], ...] = ()

    def find(self, folded: str) -> str | None:
        """The first entry that a folded text has; None for none. Takes at most ENTRIES_MAX looks through it."""
        return next((entry for needle, entry in self.needles if needle in folded), None)


EMPTY = WordList()


def read(text: str) -> WordList:
    """A list as somebody wrote it. What `clean` would refuse is left out."""
    return WordList(tuple((needle, entry) for entry in _entries(text) if (needle := _needle(entry))))


def clean(text: str, *, field: str) -> str:
    """The list as it is kept: an entry a line, each once. Raises Invalid for what cannot be looked for."""
    kept: dict[str, str] = {}
    for entry in _entries(text):
        needle = _needle(entry)
        if not needle:
            message = gettext("“%(entry)s” is no word, nor the beginning of one with a star.")
            raise Invalid(message % {"entry": entry[:ENTRY_MAX]}, code="word", field=field)
        if len(entry) > ENTRY_MAX:
            message = gettext("“%(entry)s…” is longer than %(limit)s characters.")
            raise Invalid(message % {"entry": entry[:20], "limit": ENTRY_MAX}, code="too_long", field=field)
        kept.setdefault(needle, entry)
    if len(kept) > ENTRIES_MAX:
        message = gettext("A list can have %(limit)s entries; this has %(count)s.")
        raise Invalid(message % {"limit": ENTRIES_MAX, "count": len(kept)}, code="too_many", field=field)
    return "\n".join(kept.values())


def _entries(text: str) -> Iterable[str]:
    return filter(None, (" ".join(line.split()) for line in text.splitlines()))


def _needle(entry: str) -> str:
    """What stands in a folded text where the entry does; empty if it has no word."""
    begins = entry.endswith("*")
    words = fold(entry.removesuffix("*")).strip()
    if not words or "*" in entry.removesuffix("*"):
        return ""
    if HAS_SPACELESS.search(words):
        return words
    return f" {words}" if begins else f" {words} "
