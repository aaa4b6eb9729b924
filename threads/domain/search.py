"""Looking for posts by their words, in one jam or in several at once.

Both forms of asking cost the same few queries however much is found. What is ranked and counted is bounded: the newest
`AT_MOST` posts that match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jam.domain.errors import Invalid
from jam.domain.text import clean_line
from jam.models import Jam
from threads.domain.search_index import CONFIG, PLAIN_BODY, PLAIN_SUBJECT, PUNCTUATION, SEAM, SPACELESS, lexeme, parted
from threads.domain.similar import similar as similar

WORDS_MAX = 500
AT_MOST = 5_000
HITS_A_PAGE = 20

Kind = Literal["all", "ideas", "replies"]
Order = Literal["best", "newest"]


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `author` is part of a name; `since` is the first moment, `until` the first one too late."""

    words: str = ""
    forum: int | None = None
    author: str = ""
    tag: str = ""
    since: datetime | None = None
    until: datetime | None = None
    kind: Kind = "all"
    order: Order = "best"


@dataclass(frozen=True)
class Hit:
    """A post that was found. `title` and `line` are safe, with what was looked for in <mark>.

    `title` is empty for a reply without a subject; `idea` is the subject of its thread, empty if that is hidden.
    """

    post_id: int
    jam_id: int
    is_idea: bool
    title: SafeString
    line: SafeString
    author: str
    at: datetime
    idea: str
    forum: str


@dataclass(frozen=True)
class Found:
    """One page of hits. With `more`, older posts may match too that were neither counted nor ranked."""

    hits: Sequence[Hit]
    total: int
    more: bool
    number: int
    pages: int


# What the words mean in the language of each of these jams, which are put together by language.
READ = """
    SELECT part.jams, query::text, numnode(query), querytree(query)
    FROM (
        SELECT {config} AS config, array_agg(jam.id) AS jams FROM jam_jam AS jam WHERE jam.id = ANY(%(jams)s) GROUP BY 1
    ) AS part
    CROSS JOIN LATERAL websearch_to_tsquery(part.config, %(words)s) AS query
    ORDER BY part.config::text
""".replace("{config}", CONFIG)

# The newest first and no more than a bound: for a rare word from the index on words, for a common one walking back from
# the newest post. Ids rise with time.
SEARCH = """
    WITH matching AS (
        SELECT document.post_id, document.words, post.created_at
        FROM threads_searchdocument AS document
        JOIN threads_post AS post ON post.id = document.post_id
        WHERE {conditions}
        ORDER BY document.post_id DESC
        LIMIT %(at_most)s
    ), page AS (
        SELECT matching.post_id, count(*) OVER () AS total,
            row_number() OVER (ORDER BY {order}, matching.created_at DESC, matching.post_id DESC) AS place
        FROM matching
        ORDER BY place
        LIMIT %(size)s OFFSET %(skip)s
    )
    SELECT page.total, post.id, post.jam_id, post.parent_id IS NULL, {title}, {line}, author.name, post.created_at,
        CASE WHEN idea.status = 'visible' THEN idea.subject ELSE '' END, forum.title
    FROM page
    JOIN threads_post AS post ON post.id = page.post_id
    JOIN threads_searchdocument AS document ON document.post_id = post.id
    JOIN jam_member AS author ON author.id = post.author_id
    JOIN threads_thread AS thread ON thread.id = post.thread_id
    JOIN jam_forum AS forum ON forum.id = thread.forum_id
    JOIN threads_post AS idea ON idea.thread_id = post.thread_id AND idea.parent_id IS NULL
    ORDER BY page.place
"""

SHOWN = SPACELESS + PUNCTUATION
MARKED, UNMARKED = "\x02", "\x03"
MARKS = f'StartSel="{MARKED}", StopSel="{UNMARKED}"'
TITLE = f"""ts_headline(document.config::regconfig, {parted(PLAIN_SUBJECT, SHOWN)}, %(words)s::tsquery,
    'HighlightAll=true, {MARKS}')"""
LINE = f"""ts_headline(document.config::regconfig, {parted(PLAIN_BODY, SHOWN)}, %(words)s::tsquery,
    'MaxFragments=2, MaxWords=32, MinWords=12, ShortWord=0, FragmentDelimiter=" … ", {MARKS}')"""
FIRST_LINE = f"left({PLAIN_BODY}, 240)"
BEST = "ts_rank(matching.words, %(words)s::tsquery, 1) DESC"


@dataclass(frozen=True)
class Question:
    """Words as PostgreSQL reads them: `words` to rank and mark by, `match` to find by in the index."""

    words: str
    match: str


def read(jams: Iterable[Jam], words: str, *, tag: str = "") -> Question:
    """What `words` ask of these jams, each in its own language. One query, none without words.

    Words side by side must all be there, those in quotation marks one after another, one after a minus must not; OR is
    one or the other. Raises Invalid for words that cannot be looked for: too many of them, none that says anything, or
    only such as must not be there.
    """
    words = clean_line(words, field="q", name="What you look for", limit=WORDS_MAX)
    numbers = sorted(jam.pk for jam in jams)
    if not words:
        return Question(words="", match=_within(numbers, tag))
    with connection.cursor() as cursor:
        cursor.execute(READ, {"jams": numbers, "words": _parted_words(words)})
        parts = cursor.fetchall()
    said = [(part, query, tree) for part, query, nodes, tree in parts if nodes]
    if parts and not said:
        raise Invalid("These words are in nearly every post. Add one that says more.", code="common_words", field="q")
    usable = [(part, query) for part, query, tree in said if tree not in ("", "T")]
    if said and not usable:
        raise Invalid("Say also what a post must have, not only what it must not.", code="only_without", field="q")
    return Question(
        words=" | ".join(f"( {query} )" for query in dict.fromkeys(query for _, query in usable)),
        match=" | ".join(f"( {query} ) & {_within(part, tag)}" for part, query in usable),
    )


def matching(jam: Jam, words: str) -> RawSQL:
    """The ids of the posts of `jam` that have these words, for a filter: `pk__in`. One query to read the words.

    Hidden posts are among them: leave them out. Raises Invalid as `read`.
    """
    sql = "SELECT post_id FROM threads_searchdocument WHERE words @@ %s::tsquery"
    return RawSQL(sql, [read([jam], words).match])  # noqa: S611 - the words are a parameter


def find(jams: Iterable[Jam], wanted: Wanted, *, number: int = 1) -> Found:
    """Page `number` (from 1) of the posts of these jams that match. At most two queries. Raises Invalid as `read`.

    Whether they may be read was not asked; hidden posts are found by nobody.
    """
    jams = list(jams)
    number = min(max(1, number), -(-AT_MOST // HITS_A_PAGE))
    question = read(jams, wanted.words, tag=wanted.tag)
    if not question.match:
        return Found(hits=[], total=0, more=False, number=1, pages=1)
    sql = SEARCH.format(
        conditions=" AND ".join(_conditions(wanted)),
        order=BEST if question.words and wanted.order == "best" else "1",
        title=TITLE if question.words else PLAIN_SUBJECT,
        line=LINE if question.words else FIRST_LINE,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters(jams, wanted, question) | {"skip": (number - 1) * HITS_A_PAGE})
        rows = cursor.fetchall()
    total = rows[0][0] if rows else 0
    return Found(
        hits=[_hit(*row[1:]) for row in rows],
        total=total,
        more=total == AT_MOST,
        number=number,
        pages=max(1, -(-total // HITS_A_PAGE)),
    )


def _conditions(wanted: Wanted) -> list[str]:
    conditions = ["document.words @@ %(match)s::tsquery", "post.status = 'visible'"]
    if wanted.forum is not None:
        conditions.append("post.thread_id IN (SELECT id FROM threads_thread WHERE forum_id = %(forum)s)")
    if wanted.author:
        conditions.append(
            "post.author_id IN (SELECT id FROM jam_member WHERE jam_id = ANY(%(jams)s) AND name ILIKE %(author)s)"
        )
    if wanted.since is not None:
        conditions.append("post.created_at >= %(since)s")
    if wanted.until is not None:
        conditions.append("post.created_at < %(until)s")
    if wanted.kind != "all":
        conditions.append("post.parent_id IS " + ("NULL" if wanted.kind == "ideas" else "NOT NULL"))
    return conditions


def _parameters(jams: Iterable[Jam], wanted: Wanted, question: Question) -> dict[str, Any]:
    return {
        "jams": [jam.pk for jam in jams],
        "match": question.match,
        "words": question.words,
        "forum": wanted.forum,
        "author": "%" + re.sub(r"([\\%_])", r"\\\1", wanted.author) + "%",
        "since": wanted.since,
        "until": wanted.until,
        "at_most": AT_MOST,
        "size": HITS_A_PAGE,
    }


def _within(jams: Iterable[int], tag: str) -> str:
    """Part of a query: in one of these jams and, with a tag, tagged so."""
    where = " | ".join(f"'jam {number}'" for number in jams)
    tag = " ".join(tag.replace("#", " ").split()).casefold()
    if not where or not tag:
        return where and f"( {where} )"
    return f"( {where} ) & {lexeme(f'tag {tag}')}"


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


def _hit(
    post_id: int,
    jam_id: int,
    is_idea: bool,
    title: str,
    line: str,
    author: str,
    at: datetime,
    idea: str,
    forum: str,
) -> Hit:
    return Hit(
        post_id=post_id,
        jam_id=jam_id,
        is_idea=is_idea,
        title=_marked(title),
        line=_marked(line),
        author=author,
        at=at,
        idea=idea,
        forum=forum,
    )


def _marked(text: str) -> SafeString:
    """`text` made safe, and what stands between the two signs marked."""
    text = text.replace(SEAM, "").replace(UNMARKED + MARKED, "")
    pieces = re.split(f"[{MARKED}{UNMARKED}]", text)
    shown = [format_html("<mark>{}</mark>", piece) if number % 2 else piece for number, piece in enumerate(pieces)]
    return format_html_join("", "{}", ((piece,) for piece in shown))
