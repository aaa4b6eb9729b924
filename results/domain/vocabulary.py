"""The words of a text, as far as they tell one text from another.

PostgreSQL's dictionaries do the work, as they do for search: they know the endings of some thirty languages, and the
words that say nothing. Scripts without spaces come in pieces of two to four characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import connection

from threads.domain.search_index import CONFIGS, SPACELESS

ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
WORD = re.compile(rf"[{SPACELESS}]+|[^\W\d_{SPACELESS}]{{2,}}")
PIECE = re.compile(rf"[{SPACELESS}]+")
PIECES = range(2, 5)

LEXIZE = "SELECT word, ts_lexize(%s, word) FROM unnest(%s::text[]) AS word"


def is_piece(word: str) -> bool:
    return PIECE.fullmatch(word) is not None


def words_in(text: str) -> list[str]:
    """The words of `text` in lower case, without numbers and addresses of pages."""
    words: list[str] = []
    for word in WORD.findall(ADDRESS.sub(" ", text).casefold()):
        if is_piece(word):
            words += [word[start : start + length] for length in PIECES for start in range(len(word) - length + 1)]
        else:
            words.append(word)
    return words


class Vocabulary:
    """The words of some texts in one language, and their stems. One query, when it is made."""

    def __init__(self, texts: Iterable[Sequence[str]], *, language: str) -> None:
        self._seen = Counter(word for words in texts for word in words)
        self._stems = self._ask(language)
        self._shown: dict[str, str] = {}
        # The form that is written most stands for its stem.
        for word, _ in self._seen.most_common():
            self._shown.setdefault(self._stems.get(word, ""), word)

    def _ask(self, language: str) -> dict[str, str]:
        config = CONFIGS.get(language.partition("-")[0])
        words = [word for word in self._seen if not is_piece(word)]
        with connection.cursor() as cursor:
            cursor.execute(LEXIZE, [f"{config}_stem" if config else "simple", words])
            stems = {word: lexemes[0] for word, lexemes in cursor.fetchall() if lexemes}
        return stems | {word: word for word in self._seen if is_piece(word)}

    def stems_of(self, words: Iterable[str]) -> list[str]:
        """What is left of `words` without endings, and without those that say nothing."""
        return [stem for word in words if (stem := self._stems.get(word))]

    def shown(self, stem: str) -> str:
        """A stem as a word that somebody wrote."""
        return self._shown.get(stem, stem)
