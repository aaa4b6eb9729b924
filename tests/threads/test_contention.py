"""Many who write at once: nothing waits for ever, and what is kept is what a recount finds."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from jam.domain.errors import Conflict, Invalid, NotAllowed, Refused
from tests.cast import Cast, make_member, make_person
from tests.e2e.stack import eventually
from tests.threads.moving import assert_kept
from threads.domain import collections, moving, posting, voting
from threads.domain.counts import recount
from threads.domain.undoing import undo
from threads.models import Moved, Post, Thread

pytestmark = pytest.mark.django_db(transaction=True)

Write = Callable[[], object]


def kept(cast: Cast) -> dict[str, Any]:
    """Every number that the verbs keep."""
    return {
        "posts": list(Post.objects.order_by("pk").values_list("pk", "agree_count", "pass_count", "disagree_count")),
        "threads": list(Thread.objects.order_by("pk").values_list("reply_count", "created_at", "last_post_at", "heat")),
        "forums": list(cast.jam.forums.values_list("thread_count", "post_count")),
        "activity": list(cast.jam.activity.order_by("at").values_list("at", "posts")),
    }


def recounted(cast: Cast) -> dict[str, Any]:
    with transaction.atomic():
        recount(cast.jam.pk)
    return kept(cast)


def at_once(writes: list[Write], *, threads: int = 8) -> None:
    def run(write: Write) -> None:
        try:
            with suppress(NotAllowed):  # their own post
                write()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, writes))


def waiting_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted)")
        (waits,) = cursor.fetchone()
    return bool(waits)


@pytest.mark.parametrize("ideas", [1, 6])
def test_votes_and_replies_at_once_keep_what_a_recount_finds(cast: Cast, ideas: int) -> None:
    people = [cast.ana, cast.ben, *(make_member(cast.jam, make_person(f"Voter{number}")) for number in range(6))]
    posts = [cast.idea(subject=f"Idea {n}", forum=(cast.harbour, cast.streets)[n % 2]) for n in range(ideas)]
    posts += [cast.reply(idea) for idea in posts]
    dice = random.Random(ideas)

    def a_write() -> Write:
        member, post = dice.choice(people), dice.choice(posts)
        what = dice.choice([1, 1, 0, -1, "withdraw", "reply"])
        if what == "reply":
            return lambda: posting.reply(member=member, parent=post, body="And a bench.")
        if what == "withdraw":
            return lambda: voting.withdraw(member=member, post=post)
        return lambda: voting.cast(member=member, post=post, value=int(what))

    at_once([a_write() for _ in range(240)])
    left = kept(cast)
    assert recounted(cast) == left


@pytest.mark.parametrize("first", ["vote", "reply"])
def test_of_a_vote_on_an_idea_and_a_reply_under_it_the_second_counts_both(cast: Cast, first: str) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    voting.cast(member=cast.ben, post=idea, value=1)
    writes: dict[str, Write] = {
        "vote": lambda: voting.cast(member=cast.fay, post=idea, value=1),
        "reply": lambda: posting.reply(member=cast.ana, parent=reply, body="And a bench."),
    }
    early = writes.pop(first)
    (late,) = writes.values()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            early()
            second = pool.submit(at_once, [late], threads=1)
            eventually(waiting_for_a_row, what="the second waits for the thread's row")
        second.result()
    left = kept(cast)
    assert recounted(cast) == left


def test_one_who_votes_in_two_tabs_at_once_has_one_vote(cast: Cast) -> None:
    idea = cast.idea()
    at_once([lambda value=value: voting.cast(member=cast.ben, post=idea, value=value) for value in (1, 0, -1) * 8])  # type: ignore[misc]
    left = kept(cast)
    assert sum(left["posts"][0][1:]) == 1
    assert recounted(cast) == left


def test_the_same_reply_from_two_tabs_at_once_is_one(cast: Cast) -> None:
    idea = cast.idea()
    at_once([lambda: posting.reply(member=cast.ben, parent=idea, body="Yes.", request_key="same")] * 8)
    left = kept(cast)
    assert (Post.objects.count(), left["threads"][0][0]) == (2, 1)
    assert recounted(cast) == left


def test_a_collection_that_many_tabs_arrange_keeps_each_post_once_in_one_place(cast: Cast) -> None:
    ideas = [cast.idea() for _ in range(6)]
    collection = collections.make(member=cast.ben, title="For the mayor")
    rng = random.Random(11)

    def add(post: Post) -> Write:
        return lambda: collections.add(collection=collection, post=post)

    def move(post: Post, up: bool) -> Write:
        return lambda: collections.move(collection=collection, post=post, up=up)

    at_once([add(post) for post in ideas * 3])
    at_once([move(rng.choice(ideas), rng.random() < 0.5) for _ in range(48)])
    items = list(collections.items_of(collection))
    assert sorted(item.post_id for item in items) == [idea.pk for idea in ideas]
    assert sorted(item.position for item in items) == list(range(6))


def test_a_form_sent_twice_at_once_makes_one_collection(cast: Cast) -> None:
    def make() -> None:
        with suppress(Invalid):
            collections.make(member=cast.ben, title="For the mayor")

    at_once([make] * 8)
    assert collections.made_by(cast.ben).count() == 1


def test_moves_merges_and_undoing_amid_votes_and_replies_keep_what_a_recount_finds(cast: Cast) -> None:
    """Two facilitators move things about while everybody writes under them."""
    people = [cast.ana, cast.ben, *(make_member(cast.jam, make_person(f"Voter{number}")) for number in range(4))]
    posts = [cast.idea(subject=f"Idea {n}", forum=(cast.harbour, cast.streets)[n % 2]) for n in range(5)]
    posts += [cast.reply(post) for post in posts for _ in range(2)]
    dice = random.Random(7)

    def a_move() -> Write:
        member, one, other = dice.choice([cast.fay, cast.ada]), dice.choice(posts).pk, dice.choice(posts).pk
        what = dice.choice(["forum", "branch", "merge", "split", "undo"])

        def move() -> None:
            post, under = (Post.objects.select_related("thread").get(pk=pk) for pk in (one, other))
            if what == "forum":
                moving.move_thread(member=member, thread=post.thread, forum=cast.streets)
            elif what == "branch":
                moving.move_branch(member=member, post=post, under=under)
            elif what == "merge":
                moving.merge(member=member, thread=post.thread, other=under.thread)
            elif what == "split":
                moving.split(member=member, post=post, subject="Apart")
            elif moves := Moved.objects.filter(undone_at=None):
                undo(member=member, move=moves.latest("pk"))

        return move

    def a_write() -> Write:
        member, post = dice.choice(people), dice.choice(posts)
        if dice.random() < 0.5:
            return lambda: posting.reply(member=member, parent=post, body="And a bench.")
        return lambda: voting.cast(member=member, post=post, value=dice.choice([1, 0, -1]))

    def unless_refused(write: Write) -> Write:
        def run() -> None:
            with suppress(Refused):
                write()

        return run

    at_once([unless_refused(a_move() if number % 4 == 0 else a_write()) for number in range(240)])
    assert Moved.objects.exists()
    assert_kept(cast)


def test_a_reply_that_waited_for_a_merge_goes_along(cast: Cast) -> None:
    small, large = cast.idea(), cast.idea()
    cast.reply(large)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
            late = pool.submit(
                at_once,
                [lambda: cast.reply(small), lambda: voting.cast(member=cast.ben, post=small, value=1)],
                threads=1,
            )
            eventually(waiting_for_a_row, what="the reply waits for the row of what it answers")
        late.result()
    reply = Post.objects.latest("pk")
    assert (reply.thread_id, reply.parent_id, reply.depth) == (large.thread_id, small.pk, 2)
    assert_kept(cast)


def test_of_two_who_merge_the_same_at_once_one_is_told_who_was_quicker(cast: Cast) -> None:
    first, second, third = cast.idea(), cast.idea(), cast.idea()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            moving.merge(member=cast.fay, thread=first.thread, other=second.thread)
            late = pool.submit(
                at_once, [lambda: moving.merge(member=cast.ada, thread=second.thread, other=third.thread)], threads=1
            )
            eventually(waiting_for_an_advisory_lock, what="the second waits for the first")
        with pytest.raises(Conflict, match="Fay was quicker"):
            late.result()
    assert_kept(cast)


def waiting_for_an_advisory_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        (waits,) = cursor.fetchone()
    return bool(waits)
