"""Looking for posts by their words, in one jam or in several at once.

Both forms of asking cost the same few queries however much is found. What is ranked and counted is bounded: the newest
posts that match, `AT_MOST` of them, which are found going back from the newest post in four steps. A step that found
`ENOUGH` is the last.
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

from jam.models import Jam
from threads.domain.search_index import FAR, NEAR, PLAIN_BODY, PLAIN_SUBJECT, PUNCTUATION, SEAM, SPACELESS, parted
from threads.domain.search_question import Kind, Question, Where, any_of, read
from threads.domain.similar import similar as similar

AT_MOST, ENOUGH = 500, 200
HITS_A_PAGE = 20

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


# How far back is looked at first, and then: so many parts of the index that are near each other, more, and far ones.
NEAR_PARTS, MIDDLE_PARTS, FAR_PARTS = 2, 16, 2
AUTHORS_AT_MOST = 20

# The oldest post, and the newest, or the newest before a moment.
ENDS = """
    SELECT min(first.id), max(last.id) FROM unnest(%(jams)s) AS jam (id) CROSS JOIN LATERAL (
        SELECT post.id FROM threads_post AS post WHERE post.jam_id = jam.id
        ORDER BY post.created_at, post.id LIMIT 1
    ) AS first CROSS JOIN LATERAL (
        SELECT post.id FROM threads_post AS post
        WHERE post.jam_id = jam.id AND (%(until)s IS NULL OR post.created_at < %(until)s)
        ORDER BY post.created_at DESC, post.id DESC LIMIT 1
    ) AS last
"""
AUTHORS = """
    SELECT id FROM jam_member WHERE jam_id = ANY(%(jams)s) AND name ILIKE %(author)s
    ORDER BY length(name), id LIMIT %(authors)s
"""

# The newest first and no more than a bound. A common word has enough among the newest posts; for a rare one all
# that have it are looked at, which are few. A step is not taken where the one before found enough. By OFFSET 0 the
# index on words is asked, and not every post from the newest on.
STEP = """
    SELECT document.post_id, document.words, post.created_at
    FROM (
        SELECT post_id, words FROM threads_searchdocument WHERE words @@ %({match})s::tsquery OFFSET 0
    ) AS document
    JOIN threads_post AS post ON post.id = document.post_id
    WHERE {conditions}
    ORDER BY document.post_id DESC
    LIMIT %(at_most)s
"""
NOT_FOUND_NEAR = " AND (SELECT count(*) FROM near) < %(enough)s"
NOT_FOUND_MIDDLE = " AND (SELECT count(*) FROM middle) < %(enough)s"
NOT_FOUND_FAR = " AND (SELECT count(*) FROM far) < %(enough)s"
MATCHING = """
    WITH near AS MATERIALIZED ({near}), middle AS MATERIALIZED ({middle}), far AS MATERIALIZED ({far}),
    further AS MATERIALIZED ({further}), matching AS (
        SELECT *, %(beyond_near)s AS beyond FROM near WHERE (SELECT count(*) FROM near) >= %(enough)s
        UNION ALL SELECT *, %(beyond_middle)s FROM middle WHERE (SELECT count(*) FROM middle) >= %(enough)s
        UNION ALL SELECT *, %(beyond_far)s FROM far WHERE (SELECT count(*) FROM far) >= %(enough)s
        UNION ALL SELECT *, false FROM further
    )
"""
NUMBERS = "SELECT post_id FROM matching ORDER BY post_id DESC LIMIT %(size)s"
PAGE = """
    , page AS (
        SELECT matching.post_id, matching.beyond, count(*) OVER () AS total,
            row_number() OVER (ORDER BY {order}, matching.created_at DESC, matching.post_id DESC) AS place
        FROM matching
        ORDER BY place
        LIMIT %(size)s OFFSET %(skip)s
    )
    SELECT page.total, page.beyond, post.id, post.jam_id, post.parent_id IS NULL, {title}, {line}, {begin},
        author.name, post.created_at, CASE WHEN idea.status = 'visible' THEN idea.subject ELSE '' END, forum.title
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
FIRST_WORDS = f"left({PLAIN_BODY}, 100)"
SAME_WORDS = 40
BEST = "ts_rank(matching.words, %(words)s::tsquery, 1) DESC"


def matching(jam: Jam, words: str) -> RawSQL:
    """The ids of the posts of `jam` that have these words, for a filter: `pk__in`. One query to read the words.

    Hidden posts are among them: leave them out. Raises Invalid as `read`.
    """
    sql = "SELECT post_id FROM threads_searchdocument WHERE words @@ %s::tsquery"
    return RawSQL(sql, [read([jam], words).match])  # noqa: S611 - the words are a parameter


def find(jams: Iterable[Jam], wanted: Wanted, *, number: int = 1) -> Found:
    """Page `number` (from 1) of the posts of these jams that match. At most three queries, and one for an author.

    Whether they may be read was not asked; hidden posts are found by nobody. Raises Invalid as `read`.
    """
    number = min(max(1, number), -(-AT_MOST // HITS_A_PAGE))
    asked = _ask(jams, wanted)
    if asked is None:
        return Found(hits=[], total=0, more=False, number=1, pages=1)
    has_words = bool(asked["words"])
    page = PAGE.format(
        order=BEST if has_words and wanted.order == "best" else "1",
        title=TITLE if has_words else PLAIN_SUBJECT,
        line=LINE if has_words else FIRST_LINE,
        begin=FIRST_WORDS,
    )
    rows = _rows(page, wanted, asked | {"size": HITS_A_PAGE, "skip": (number - 1) * HITS_A_PAGE})
    total, beyond = rows[0][:2] if rows else (0, False)
    return Found(
        hits=[_hit(*row[2:]) for row in rows],
        total=total,
        more=beyond or total == AT_MOST,
        number=number,
        pages=max(1, -(-total // HITS_A_PAGE)),
    )


def newest(jams: Iterable[Jam], wanted: Wanted, *, limit: int) -> list[int]:
    """The ids of the newest posts of these jams that match, whatever order is wanted. What it costs and raises is as
    for `find`.
    """
    asked = _ask(jams, wanted)
    rows = _rows(NUMBERS, wanted, asked | {"size": limit}) if asked else []
    return [post_id for (post_id,) in rows]


def _ask(jams: Iterable[Jam], wanted: Wanted) -> dict[str, Any] | None:
    """What the statement wants to know; None if nothing can match."""
    jams = list(jams)
    numbers = [jam.pk for jam in jams]
    by = _authors(numbers, wanted.author) if wanted.author else None
    question = read(jams, wanted.words, where=Where(kind=wanted.kind, forum=wanted.forum, tag=wanted.tag, by=by))
    ends = _ends(numbers, wanted.until) if question.match and by != [] else None
    return None if ends is None else _parameters(wanted, question, *ends)


def _rows(of_matching: str, wanted: Wanted, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(MATCHING.format(**_steps(wanted)) + of_matching, parameters)
        return list(cursor.fetchall())


def _authors(jams: list[int], author: str) -> list[int]:
    """The members that a part of a name stands for: of many, those with the shortest names."""
    part = "%" + re.sub(r"([\\%_])", r"\\\1", author) + "%"
    with connection.cursor() as cursor:
        cursor.execute(AUTHORS, {"jams": jams, "author": part, "authors": AUTHORS_AT_MOST})
        return [member for (member,) in cursor.fetchall()]


def _ends(jams: list[int], until: datetime | None) -> tuple[int, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(ENDS, {"jams": jams, "until": until})
        first, last = cursor.fetchone()
    return None if last is None else (first, last)


def _steps(wanted: Wanted) -> dict[str, str]:
    conditions = " AND ".join(_conditions(wanted))
    steps = {}
    for step, match, unless_enough in (
        ("near", "match_near", NOT_FOUND_NEAR),
        ("middle", "match_middle", NOT_FOUND_MIDDLE),
        ("far", "match_far", NOT_FOUND_FAR),
        ("further", "match", ""),
    ):
        # What some people wrote is little, wherever it stands.
        skipped = " AND false" if wanted.author and unless_enough else ""
        steps[step] = STEP.format(match=match, conditions=conditions + skipped)
        conditions += unless_enough
    return steps


def _conditions(wanted: Wanted) -> list[str]:
    conditions = ["post.status = 'visible'"]
    if wanted.since is not None:
        conditions.append("post.created_at >= %(since)s")
    if wanted.until is not None:
        conditions.append("post.created_at < %(until)s")
    return conditions


def _parameters(wanted: Wanted, question: Question, first: int, last: int) -> dict[str, Any]:
    steps: dict[str, Any] = {}
    for step, part, size, parts in (
        ("near", "near", NEAR, NEAR_PARTS),
        ("middle", "near", NEAR, MIDDLE_PARTS),
        ("far", "far", FAR, FAR_PARTS),
    ):
        looked_at = [(last >> size) - back for back in range(parts)]
        steps[f"match_{step}"] = f"( {question.match} ) & {any_of(part, looked_at)}"
        steps[f"beyond_{step}"] = first >> size < looked_at[-1]
    return steps | {
        "match": question.match,
        "words": question.words,
        "since": wanted.since,
        "until": wanted.until,
        "at_most": AT_MOST,
        "enough": ENOUGH,
    }


def _hit(
    post_id: int,
    jam_id: int,
    is_idea: bool,
    title: str,
    line: str,
    begin: str,
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
        line=_marked(("" if _begins(line, begin) else "… ") + line),
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


def _begins(line: str, begin: str) -> bool:
    """Whether an excerpt starts where the text does."""
    shown = " ".join(re.sub(f"[{MARKED}{UNMARKED}{SEAM}]", "", line).split())
    return " ".join(begin.split()).startswith(shown[:SAME_WORDS])
