"""Many who write at once: nothing waits for ever, and what is kept is what a recount finds."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from jam.domain.errors import Invalid, NotAllowed
from tests.cast import Cast, make_member, make_person
from tests.e2e.stack import eventually
from threads.domain import collections, posting, voting
from threads.domain.counts import recount
from threads.models import Post, Thread

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
