"""How many ideas have which tag.

Kept in a table in the transaction that changes it, in each forum and in the jam as a whole, so that a cloud of tags is
the start of an index however many posts there are. Only ideas are counted, since ideas are what a tag filters; who
looks for a tag on replies too searches for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from jam.models import Forum, Jam
from threads.models import Post, PostStatus, TagCount

CLOUD = 40
SIZES = 5
SUGGESTED = 8

COUNT = """
    INSERT INTO threads_tagcount (jam_id, forum_id, tag, count)
    SELECT %(jam)s, place.forum, changed.tag, changed.by
    FROM unnest(ARRAY[NULL, %(forum)s]::bigint[]) AS place(forum)
    CROSS JOIN unnest(%(tags)s::text[], %(by)s::int[]) AS changed(tag, by)
    ORDER BY changed.tag, place.forum
    ON CONFLICT (jam_id, forum_id, tag) DO UPDATE SET count = threads_tagcount.count + excluded.count
"""


def move(idea: Post, *, was: Iterable[str] = (), now: Iterable[str] = ()) -> None:
    """Counts an idea under the tags it is listed by `now`, and no longer under those of before: see `listed`.

    Needs the transaction that changes it. One query, none if nothing changes. Locks the rows of these tags, in one
    order: call it after the forum's row is locked, if it is.
    """
    changed = Counter(now)
    changed.subtract(Counter(was))
    moved = {tag: by for tag, by in changed.items() if by}
    if not moved:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {"jam": idea.jam_id, "forum": idea.thread.forum_id, "tags": list(moved), "by": list(moved.values())},
        )


CHANGE_FORUM = """
    INSERT INTO threads_tagcount (jam_id, forum_id, tag, count)
    SELECT %(jam)s, place.forum, said.tag, place.by
    FROM (VALUES (%(was)s::bigint, -1), (%(now)s::bigint, 1)) AS place (forum, by)
    CROSS JOIN unnest(%(tags)s::text[]) AS said (tag)
    ORDER BY said.tag, place.forum
    ON CONFLICT (jam_id, forum_id, tag) DO UPDATE SET count = threads_tagcount.count + excluded.count
"""


def change_forum(idea: Post, *, was: int, now: int) -> None:
    """Counts an idea under its tags in another forum: in the jam as a whole nothing changes. Otherwise as `move`."""
    moved = sorted(set(listed(idea)))
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(CHANGE_FORUM, {"jam": idea.jam_id, "was": was, "now": now, "tags": moved})


def listed(post: Post) -> list[str]:
    """The tags that a post is found by in a list: those of an idea that can be listed."""
    return post.tags if post.parent_id is None and post.status == PostStatus.VISIBLE else []


RECOUNT = """
    INSERT INTO threads_tagcount (jam_id, forum_id, tag, count)
    SELECT %(jam)s, thread.forum_id, said.tag, count(*)
    FROM threads_post AS idea
    JOIN threads_thread AS thread ON thread.id = idea.thread_id
    CROSS JOIN LATERAL unnest(idea.tags) AS said(tag)
    WHERE idea.jam_id = %(jam)s AND idea.parent_id IS NULL AND idea.status = 'visible'
    GROUP BY GROUPING SETS ((thread.forum_id, said.tag), (said.tag))
"""


def recount(jam_id: int) -> None:
    """Makes the counts of a jam anew from its ideas, for what was loaded in bulk. Needs a transaction. Two queries."""
    TagCount.objects.filter(jam=jam_id).delete()
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"jam": jam_id})


@dataclass(frozen=True)
class Tag:
    """A tag of a cloud. `size` is 1 to 5: a fifth of the cloud's tags each, those with the most ideas 5."""

    name: str
    count: int
    size: int


def cloud(*, jam: Jam, forum: Forum | None = None, limit: int = CLOUD) -> list[Tag]:
    """The tags that most ideas have, in a forum or in the whole jam, in the order of the alphabet. One query."""
    rows = TagCount.objects.filter(jam=jam, forum=forum, count__gt=0).order_by("-count", "tag")
    most = list(rows.values_list("tag", "count")[:limit])
    counts = sorted(count for _, count in most)
    tags = [Tag(name, count, 1 + SIZES * counts.index(count) // len(counts)) for name, count in most]
    return sorted(tags, key=lambda tag: tag.name)


def beginning(*, jam: Jam, typed: str, limit: int = SUGGESTED) -> list[str]:
    """The tags of a jam that begin as was `typed`, those that most ideas have first. One query, none for nothing."""
    if not typed:
        return []
    rows = TagCount.objects.filter(jam=jam, forum=None, count__gt=0, tag__startswith=typed.casefold())
    return list(rows.order_by("-count", "tag").values_list("tag", flat=True)[:limit])
