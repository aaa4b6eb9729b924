"""Taking a branch out of one place of a jam and putting it into another: what every move and its undoing is made of.

Set-based: a fixed number of statements, however many posts there are. In the transaction of the verb, which has taken
the jam's window (`begin`). Locks are taken in the house's order: the posts of the branch and the one they come to
stand under, the threads, the forums, the counts of tags; within a kind by their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext, ngettext

from jam.domain.errors import Conflict, Invalid
from jam.domain.phases import stay_in_phase
from jam.models import Forum, Jam, Member
from threads.domain import heat, paths, reading_along, search_index, tags
from threads.domain.whole import FetchPost
from threads.models import DEPTH_MAX, Post, PostStatus, Thread

# Moves of one jam go one after another: a second facilitator finds what the first did.
MOVING_LOCKS = int.from_bytes(b"moving") << 15

WHOLE_POST = FetchPost("WHERE post.id = %(post)s AND post.jam_id = %(jam)s")

HOLD = """
    SELECT id, length(path) FROM threads_post
    WHERE (thread_id = %(thread)s AND starts_with(path, %(path)s)) OR id = %(under)s
    ORDER BY id FOR UPDATE
"""
REPLANT = """
    UPDATE threads_post
    SET thread_id = %(to)s, path = %(path)s || substr(path, %(length)s + 1), depth = depth + %(deeper)s,
        parent_id = CASE WHEN id = %(top)s THEN %(parent)s ELSE parent_id END,
        subject = CASE WHEN id = %(top)s THEN %(subject)s ELSE subject END
    WHERE id = ANY(%(posts)s)
"""
# Their rows are locked, so that whoever replies is counted before this or adds to it.
COUNT_THREADS = """
    UPDATE threads_thread AS thread
    SET reply_count = greatest(tally.posts - 1, 0),
        created_at = coalesce(tally.first_at, thread.created_at),
        last_post_at = coalesce(tally.last_at, thread.last_post_at),
        shown_count = greatest(thread.shown_count, tally.voters),
        heat = CASE WHEN tally.posts = 0 THEN 0 ELSE thread.heat END
    FROM (
        SELECT asked.id, count(post.id) AS posts, max(post.created_at) AS last_at,
            min(post.created_at) FILTER (WHERE post.parent_id IS NULL) AS first_at,
            coalesce(sum(post.agree_count + post.pass_count + post.disagree_count)
                FILTER (WHERE post.parent_id IS NULL), 0) AS voters
        FROM unnest(%(threads)s::bigint[]) AS asked (id) LEFT JOIN threads_post AS post ON post.thread_id = asked.id
        GROUP BY asked.id
    ) AS tally
    WHERE thread.id = tally.id
"""
COUNT_FORUM = "UPDATE jam_forum SET post_count = post_count + %s, thread_count = thread_count + %s WHERE id = %s"
# What stood in these places before leads to posts that now are elsewhere.
HUSKS_FOLLOW = (
    "UPDATE threads_thread SET forum_id = %(forum)s WHERE moved_to_id = ANY(%(posts)s) AND forum_id <> %(forum)s"
)


def begin(member: Member) -> tuple[Jam, datetime]:
    """The jam and the database's time, with the jam's window kept still and no other move in it till the commit."""
    jam, now = stay_in_phase(member.jam_id, member_id=member.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MOVING_LOCKS + member.jam_id])
    return jam, now


@dataclass(frozen=True)
class Branch:
    """A post and all that stands under it, with the rows of all of them locked."""

    top: Post
    posts: list[int]
    levels: int
    """How many levels lie under the top."""

    def holds(self, post: Post) -> bool:
        return post.thread_id == self.top.thread_id and post.path.startswith(self.top.path)


def find(member: Member, post_id: int, *, field: str = "post") -> Post:
    """A post as it is now, with its thread, forum and author. Raises Invalid for one of another jam."""
    found = WHOLE_POST.first(post=post_id, jam=member.jam_id)
    if found is None:
        raise Invalid(gettext("That post is not part of this jam."), code="post", field=field)
    found.jam = found.thread.jam = member.jam
    return found


def hold(top: Post, *, under: Post | None = None) -> Branch:
    """The branch of `top`, whose rows are locked with that of `under`: nobody writes or votes in it till the commit.

    Whoever was writing under one of its posts is waited for, and what they wrote belongs to it.
    """
    held: dict[int, int] = {}
    asked: dict[str, Any] = {"thread": top.thread_id, "path": top.path, "under": under.pk if under else None}
    with connection.cursor() as cursor:
        while True:
            cursor.execute(HOLD, asked)
            found = dict(cursor.fetchall())
            if found.keys() == held.keys():
                break
            held = found
    if under is not None and not (under.thread_id == top.thread_id and under.path.startswith(top.path)):
        held.pop(under.pk, None)
    return Branch(top=top, posts=sorted(held), levels=(max(held.values()) - len(top.path)) // paths.STEP)


def check_place(branch: Branch, under: Post) -> None:
    """That the branch can stand under this post. Raises Invalid and Conflict."""
    if branch.holds(under):
        raise Invalid(gettext("A branch cannot be moved under itself."), code="own_branch", field="to")
    if under.pk == branch.top.parent_id:
        raise Invalid(gettext("It stands there already."), code="already", field="to")
    if under.status != PostStatus.VISIBLE:
        raise Conflict(
            gettext("The post that it would stand under cannot be read: it was hidden or withdrawn."),
            code="hidden",
            field="to",
        )
    check_depth(branch, under)


def check_depth(branch: Branch, under: Post) -> None:
    if under.depth + 1 + branch.levels > DEPTH_MAX:
        raise Conflict(
            ngettext(
                "There it would be more than %(count)s reply deep.",
                "There it would be more than %(count)s replies deep.",
                DEPTH_MAX,
            )
            % {"count": DEPTH_MAX},
            code="too_deep",
            field="to",
        )


def replant(branch: Branch, *, thread: Thread, under: Post | None, subject: str | None = None) -> Post:
    """Puts the branch under a post of `thread`, or makes it all of that thread, and counts everything anew.

    `thread` has its forum. With `subject`, the top post has that from now on. Returns the top post as it is then.
    """
    top, source = branch.top, branch.top.thread
    was_listed, was_forum = tags.listed(top), source.forum_id
    if thread.pk != source.pk:
        # What takes longest, before anything is locked that others in these threads and forums wait for.
        reading_along.carry(branch.posts, source=source.pk, target=thread.pk)
    lock_threads([source.pk, thread.pk])
    lock_forums([was_forum, thread.forum_id])
    _write(branch, thread, under, top.subject if subject is None else subject)
    was_idea, is_idea = top.parent_id is None, under is None
    _count([source.pk, thread.pk])
    _count_forum(was_forum, posts=-len(branch.posts), threads=-int(was_idea))
    _count_forum(thread.forum_id, posts=len(branch.posts), threads=int(is_idea))
    moved = find_again(top)
    tags.move(top, was=was_listed)
    tags.move(moved, now=tags.listed(moved))
    if thread.forum_id != was_forum:
        search_index.move(branch.posts, was=was_forum, now=thread.forum_id)
        _take_husks_along(branch.posts, thread.forum_id)
    if was_idea != is_idea or subject is not None:
        search_index.add(top.pk)
    return moved


def move_to_forum(branch: Branch, forum: Forum) -> None:
    """Puts a whole thread, whose idea is the top of the branch, into another forum."""
    idea, thread = branch.top, branch.top.thread
    was = thread.forum_id
    lock_threads([thread.pk])
    lock_forums([was, forum.pk])
    Thread.objects.filter(pk=thread.pk).update(forum=forum)
    _count_forum(was, posts=-len(branch.posts), threads=-1)
    _count_forum(forum.pk, posts=len(branch.posts), threads=1)
    tags.change_forum(idea, was=was, now=forum.pk)
    search_index.move(branch.posts, was=was, now=forum.pk)
    _take_husks_along(branch.posts, forum.pk)
    thread.forum = forum


def find_again(post: Post) -> Post:
    """The same post, with its thread and forum as they are now."""
    found = WHOLE_POST.first(post=post.pk, jam=post.jam_id)
    assert found is not None, "its row is locked"
    found.jam = found.thread.jam = post.jam
    return found


def lock_threads(thread_ids: list[int]) -> None:
    list(Thread.objects.select_for_update(no_key=True).filter(pk__in=thread_ids).order_by("pk").values_list("pk"))


def lock_forums(forum_ids: list[int]) -> None:
    list(Forum.objects.select_for_update(no_key=True).filter(pk__in=forum_ids).order_by("pk").values_list("pk"))


def _write(branch: Branch, thread: Thread, under: Post | None, subject: str) -> None:
    top = branch.top
    values: dict[str, Any] = {
        "to": thread.pk,
        "top": top.pk,
        "parent": under.pk if under else None,
        "path": paths.path_under(under.path if under else "", top.pk),
        "length": len(top.path),
        "deeper": (under.depth + 1 if under else 0) - top.depth,
        "subject": subject,
        "posts": branch.posts,
    }
    with connection.cursor() as cursor:
        cursor.execute(REPLANT, values)


def _count(thread_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_THREADS, {"threads": sorted(set(thread_ids))})
    heat.refresh(sorted(set(thread_ids)))


def _count_forum(forum_id: int, *, posts: int, threads: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_FORUM, [posts, threads, forum_id])


def _take_husks_along(posts: list[int], forum_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HUSKS_FOLLOW, {"posts": posts, "forum": forum_id})
