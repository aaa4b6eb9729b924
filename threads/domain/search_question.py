"""What is asked of search, as PostgreSQL reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import connection
from django.utils.translation import gettext

from jam.domain.errors import Invalid
from jam.domain.text import clean_line
from jam.models import Jam
from threads.domain.search_index import CONFIG, PUNCTUATION, SPACELESS, lexeme

WORDS_MAX = 500

Kind = Literal["all", "ideas", "replies"]

# What the words mean in the language of each of these jams, which are put together by language.
READ = """
    SELECT part.jams, query::text, numnode(query), querytree(query)
    FROM (
        SELECT {config} AS config, array_agg(jam.id) AS jams FROM jam_jam AS jam WHERE jam.id = ANY(%(jams)s) GROUP BY 1
    ) AS part
    CROSS JOIN LATERAL websearch_to_tsquery(part.config, %(words)s) AS query
    ORDER BY part.config::text
""".replace("{config}", CONFIG)


@dataclass(frozen=True)
class Where:
    """Which posts are asked for beside their words; `by` are members, by default anybody."""

    kind: Kind = "all"
    forum: int | None = None
    tag: str = ""
    by: Sequence[int] | None = None

    def within(self, jams: Iterable[int]) -> str:
        """Part of a query: in one of these jams, and all else that is asked. Empty without any of them."""
        jams = list(jams)
        if not jams:
            return ""
        parts = [any_of("idea" if self.kind == "ideas" else "jam", jams)]
        if self.kind == "replies":
            parts.append("! " + any_of("idea", jams))
        if self.forum is not None:
            parts.append(any_of("forum", [self.forum]))
        if self.by:
            parts.append(any_of("by", self.by))
        tag = " ".join(self.tag.replace("#", " ").split()).casefold()
        if tag:
            parts.append(any_of("tag", [tag]))
        return f"( {' & '.join(parts)} )"


NOWHERE = Where()


def any_of(what: str, which: Iterable[object]) -> str:
    """Part of a query: marked in the index as one of these."""
    return f"( {' | '.join(lexeme(f'{what} {one}') for one in which)} )"


@dataclass(frozen=True)
class Question:
    """Words as PostgreSQL reads them: `words` to rank and mark by, `match` to find by in the index."""

    words: str
    match: str


def read(jams: Iterable[Jam], words: str, *, where: Where = NOWHERE) -> Question:
    """What `words` ask of these jams, each in its own language, and `where`. One query, none without words.

    Words side by side must all be there, those in quotation marks one after another, one after a minus must not; OR is
    one or the other. Raises Invalid for words that cannot be looked for: too many of them, none that says anything, or
    only such as must not be there.
    """
    words = clean_line(words, field="q", name=gettext("What you look for"), limit=WORDS_MAX)
    numbers = sorted(jam.pk for jam in jams)
    if not words:
        return Question(words="", match=where.within(numbers))
    with connection.cursor() as cursor:
        cursor.execute(READ, {"jams": numbers, "words": _parted_words(words)})
        parts = cursor.fetchall()
    said = [(part, query, tree) for part, query, nodes, tree in parts if nodes]
    if parts and not said:
        raise Invalid(
            gettext("These words are in nearly every post. Add one that says more."), code="common_words", field="q"
        )
    usable = [(part, query) for part, query, tree in said if tree not in ("", "T")]
    if said and not usable:
        raise Invalid(
            gettext("Say also what a post must have, not only what it must not."), code="only_without", field="q"
        )
    return Question(
        words=" | ".join(f"( {query} )" for query in dict.fromkeys(query for _, query in usable)),
        match=" | ".join(f"( {query} ) & {where.within(part)}" for part, query in usable),
    )


RUN = re.compile(rf"((?<!\S)-)?([{SPACELESS}]+)")


def _parted_words(words: str) -> str:
    """`words` as the index has them: punctuation out, and a run without spaces as its characters in quotation marks."""
    words = re.sub("[“”„«»]", '"', words)
    words = re.sub(f"[{PUNCTUATION}]", " ", words)
    parts = words.split('"')
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = re.sub(f"([{SPACELESS}])", r" \1 ", part)
        else:
            parts[index] = RUN.sub(lambda run: f' {run[1] or ""}"{" ".join(run[2])}" ', part)
    return '"'.join(parts)
