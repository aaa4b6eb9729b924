"""The material of a catch-up: what a member missed, read in a few statements each of which is bounded.

None of them goes over a jam. What is told to a member is found by their newest posts and mentions, what they follow by
their newest follows, what is highlighted by the newest marks; hot is looked for among the hottest threads, unanswered
among the newest, and the rest as `reading` counts it. What is beyond these bounds is in the counts all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jam.domain import announcements
from jam.domain.rendering import excerpt
from jam.models import Jam, Member
from threads.domain.catch_up import Item, Material, Section, count_words
from threads.domain.reading import MOST, Unread, rows_of, statement
from threads.models import Post, PostStatus, Theme

A_SECTION = 20
"""Threads of a section, at most."""
POSTS_A_STORY = 3
OWN_MAX = 300
"""Of a member's posts, mentions and follows, and of a jam's highlights, the newest that are looked through."""
TOLD_MAX = 100
HOTTEST = 300
NEWEST = 500
ANNOUNCED_MAX = 20
THEMES_MAX = 6
OTHERS_A_PAGE = 20
COUNTED_MAX = 1_000
"""How many posts of a forum are counted on the page of a catch-up."""

# How much of a post is shown, in characters: what is for the reader at length, what is only new in a line or two.
LENGTHS = {
    Section.TO_YOU: 600,
    Section.FOLLOWED: 320,
    Section.HIGHLIGHTED: 320,
    Section.HOT: 240,
    Section.UNANSWERED: 240,
    Section.OTHER: 160,
}


@dataclass(frozen=True)
class Shown:
    """A new post as the page shows it. `is_whole` says that nothing of it is left out."""

    id: int
    author_id: int
    author: str
    at: datetime
    text: str
    is_idea: bool
    is_whole: bool


@dataclass(frozen=True)
class Story:
    """A thread with some of its new posts."""

    thread: int
    title: str
    forum: int
    posts: tuple[Shown, ...]
    more: int
    """New posts of it that are not shown; `MOST` less those shown, or more, if there are as many as that."""
    is_more_bounded: bool


# "+ 0" and "LIMIT 1" keep the planner from going backwards over all posts of all jams until it has met enough of this
# member's: it expects to meet them soon.
FRONT = statement("""
    WITH {own}, told AS (
        SELECT post.id, post.thread_id
        FROM (
            SELECT reply.id
            FROM (
                SELECT id FROM threads_post WHERE author_id = %(member)s ORDER BY id + 0 DESC LIMIT %(own)s
            ) AS mine
            JOIN threads_post AS reply ON reply.parent_id = mine.id
            UNION
            (SELECT post_id FROM threads_mention WHERE member_id = %(member)s ORDER BY post_id + 0 DESC LIMIT %(own)s)
        ) AS candidate
        CROSS JOIN LATERAL (
            SELECT id, thread_id, author_id, status FROM threads_post WHERE id = candidate.id LIMIT 1
        ) AS post
        CROSS JOIN LATERAL (SELECT post.thread_id AS id) AS thread CROSS JOIN own {reading}
        WHERE {unread}
        ORDER BY post.id DESC LIMIT %(told)s
    )
    (
        SELECT 1 AS section, thread_id AS thread, (array_agg(id ORDER BY id DESC))[1:%(a_story)s] AS posts
        FROM told GROUP BY thread_id ORDER BY max(id) DESC LIMIT %(a_section)s
    )
    UNION ALL
    (
        SELECT 2, thread.id, NULL
        FROM own CROSS JOIN (
            SELECT thread_id FROM threads_follow WHERE member_id = %(member)s AND thread_id IS NOT NULL
            ORDER BY since DESC LIMIT %(own)s
        ) AS follow
        CROSS JOIN LATERAL (
            SELECT id, last_post_at FROM threads_thread WHERE id = follow.thread_id LIMIT 1
        ) AS thread {reading} {some_unread}
        ORDER BY thread.last_post_at DESC, thread.id DESC LIMIT %(a_section)s
    )
    UNION ALL
    (
        SELECT 4, post.thread_id, (array_agg(post.id ORDER BY mark.at DESC))[1:%(a_story)s]
        FROM own CROSS JOIN (
            SELECT post_id, at FROM threads_highlight WHERE jam_id = %(jam)s ORDER BY at DESC, id DESC LIMIT %(own)s
        ) AS mark
        JOIN threads_post AS post ON post.id = mark.post_id
        CROSS JOIN LATERAL (SELECT post.thread_id AS id) AS thread {reading}
        WHERE {unread}
        GROUP BY post.thread_id ORDER BY max(mark.at) DESC LIMIT %(a_section)s
    )
    UNION ALL
    (
        SELECT 5, thread.id, NULL
        FROM own CROSS JOIN (
            SELECT id, heat FROM threads_thread WHERE jam_id = %(jam)s ORDER BY heat DESC, id DESC LIMIT %(hottest)s
        ) AS thread {reading} {some_unread}
        JOIN threads_post AS idea ON idea.thread_id = thread.id AND idea.parent_id IS NULL AND idea.status = 'visible'
        ORDER BY thread.heat DESC, thread.id DESC LIMIT %(a_section)s
    )
    UNION ALL
    (
        SELECT 7, thread.id, ARRAY[post.id]
        FROM own CROSS JOIN (
            SELECT id, reply_count, shown_count, created_at FROM threads_thread WHERE jam_id = %(jam)s
            ORDER BY created_at DESC, id DESC LIMIT %(newest)s
        ) AS thread {reading}
        JOIN threads_post AS post ON post.thread_id = thread.id AND post.parent_id IS NULL
        WHERE thread.reply_count = 0 AND {unread}
        ORDER BY thread.shown_count, thread.created_at DESC, thread.id DESC LIMIT %(a_section)s
    )
""")

# The threads of each forum come by their last post from an index, and the forums' are put together.
OTHERS = statement("""
    WITH {own}
    SELECT thread.id, thread.last_post_at
    FROM own CROSS JOIN jam_forum AS forum CROSS JOIN LATERAL (
        SELECT thread.id, thread.last_post_at FROM threads_thread AS thread {reading} {some_unread}
        WHERE thread.forum_id = forum.id AND thread.last_post_at >= own.since
            AND (thread.last_post_at, thread.id) < (%(at)s, %(after)s) AND thread.id <> ALL (%(without)s::bigint[])
        ORDER BY thread.last_post_at DESC, thread.id DESC LIMIT %(limit)s
    ) AS thread
    WHERE forum.jam_id = %(jam)s
    ORDER BY thread.last_post_at DESC, thread.id DESC LIMIT %(limit)s
""")

NEW_IN = statement("""
    WITH {own}
    SELECT thread.id, found.posts, found.first
    FROM own CROSS JOIN unnest(%(threads)s::bigint[]) AS thread (id) {reading}
    CROSS JOIN LATERAL (
        SELECT count(*) AS posts, (array_agg(id ORDER BY id))[1:%(a_story)s] AS first
        FROM (
            SELECT post.id FROM threads_post AS post
            WHERE post.thread_id = thread.id AND {unread} ORDER BY post.id LIMIT %(most)s
        ) AS counted
    ) AS found
    WHERE found.posts > 0
""")


@dataclass(frozen=True)
class Place:
    """Where a page of the rest ended: the last thread of it, by the time of its last post."""

    at: datetime
    thread: int


@dataclass(frozen=True)
class Rest:
    items: list[Item]
    next: Place | None


def front(
    jam: Jam,
    member: Member,
    new: Unread,
    *,
    a_section: int = A_SECTION,
    a_story: int = POSTS_A_STORY,
    announced: bool = True,
) -> Material:
    """What comes first of what `member` missed, and how much there is in all, which is `new`.

    Four statements, one for announcements and one for themes; none but these if nothing is new.
    """
    since = new.left_at or jam.opens_at
    items = [*_announced(jam, since), *_themes(jam, since)] if announced and since else []
    if new.total:
        bounds = {"own": OWN_MAX, "told": TOLD_MAX, "hottest": HOTTEST, "newest": NEWEST, "a_section": a_section}
        found = rows_of(FRONT, member=member.pk, jam=jam.pk, a_story=a_story, **bounds)
        items += _items(member, [(Section(section), thread, posts) for section, thread, posts in found], a_story)
    return Material(items=items, posts=new.total, threads=sum(new.threads.values()), is_bounded=new.is_bounded)


def rest(member: Member, *, without: Iterable[int] = (), after: Place | None = None, size: int = OTHERS_A_PAGE) -> Rest:
    """Threads with something new but for those `without`, by their last post from the newest on. Four statements.

    A thread that gets a post while somebody goes through the pages moves to the front, and so may be passed over: it is
    new then for another reason, and counted as such.
    """
    found = rows_of(
        OTHERS,
        member=member.pk,
        jam=member.jam_id,
        without=list(without),
        at=after.at if after else "infinity",
        after=after.thread if after else 0,
        limit=size + 1,
    )
    shown = found[:size]
    more = Place(at=shown[-1][1], thread=shown[-1][0]) if len(found) > size else None
    return Rest(_items(member, [(Section.OTHER, thread, None) for thread, _ in shown]), more)


def _announced(jam: Jam, since: datetime) -> list[Item]:
    made = announcements.since(jam, since)[:ANNOUNCED_MAX]
    return [Item(section=Section.ANNOUNCED, words=count_words(one.words), content=one) for one in made]


def _themes(jam: Jam, since: datetime) -> list[Item]:
    """Themes that were found since; to who is here for the first time, all of them are."""
    found = Theme.objects.filter(jam=jam, found_at__gt=since)[:THEMES_MAX]
    return [Item(section=Section.THEMES, words=count_words(theme.title), content=theme) for theme in found]


def _items(
    member: Member, found: Sequence[tuple[Section, int, list[int] | None]], a_story: int = POSTS_A_STORY
) -> list[Item]:
    """Each with its title and its posts: those named with it, else the first that are new. Three statements, however
    many there are."""
    asked = {"threads": list({thread for _, thread, _ in found}), "a_story": a_story, "most": MOST}
    new = {thread: (count, first) for thread, count, first in rows_of(NEW_IN, member=member.pk, **asked)}
    # What was hidden or seen since the last statement is not there.
    lists = [(section, thread, sorted(posts or new[thread][1])) for section, thread, posts in found if thread in new]
    posts = _posts({post for *_, wanted in lists for post in wanted})
    ideas = _ideas(new)
    items = [
        _item(section, ideas[thread], [posts[pk] for pk in wanted if pk in posts], new[thread][0])
        for section, thread, wanted in lists
    ]
    return [item for item in items if item.posts]


def _posts(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    fields = ("id", "author_id", "author__name", "created_at", "parent_id", "html")
    # One that was hidden meanwhile says nothing more.
    rows = Post.objects.filter(pk__in=list(ids), status=PostStatus.VISIBLE).values(*fields)
    return {row["id"]: row for row in rows}


def _ideas(threads: Iterable[int]) -> dict[int, dict[str, Any]]:
    fields = ("thread_id", "thread__forum_id", "subject", "html", "status")
    return {row["thread_id"]: row for row in Post.objects.filter(thread__in=list(threads), parent=None).values(*fields)}


def _item(section: Section, idea: dict[str, Any], rows: list[dict[str, Any]], unread: int) -> Item:
    posts = tuple(_shown(row, LENGTHS[section]) for row in rows)
    visible = idea["status"] == PostStatus.VISIBLE
    title = (idea["subject"] or excerpt(idea["html"], 80)) if visible else ""
    story = Story(
        thread=idea["thread_id"],
        title=title,
        forum=idea["thread__forum_id"],
        posts=posts,
        more=unread - len(posts),
        is_more_bounded=unread >= MOST,
    )
    return Item(
        section=section,
        words=count_words(title) + sum(count_words(post.text) for post in posts),
        thread=story.thread,
        posts=tuple(post.id for post in posts),
        unread=unread,
        content=story,
    )


def _shown(row: dict[str, Any], length: int) -> Shown:
    text = excerpt(row["html"], length)
    # An excerpt is text alone: what else a post has is seen in its thread.
    has_more = any(tag in row["html"] for tag in ("<a ", "<img ", "<figure", "<pre", "<table"))
    return Shown(
        id=row["id"],
        author_id=row["author_id"],
        author=row["author__name"],
        at=row["created_at"],
        text=text,
        is_idea=row["parent_id"] is None,
        is_whole=not has_more and not text.endswith("…"),
    )
