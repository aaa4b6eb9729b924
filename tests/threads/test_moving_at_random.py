"""Moves, merges, splits and undoing in any order: every number is what a recount finds, and undoing all of it backwards
gives the jam as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jam.domain.errors import Refused
from tests.cast import Cast
from tests.threads.moving import assert_kept, seen_by
from threads.domain import moving, posting, reading, voting
from threads.domain.undoing import undo
from threads.models import Moved, Post

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["forum", "branch", "branch", "merge", "split", "undo", "reply", "vote", "see"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=12,
)


pytestmark = pytest.mark.django_db

often = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def three_threads(cast: Cast) -> Iterator[None]:
    """Three threads in two forums, with branches; whatever is done with them is taken back."""
    with transaction.atomic():
        first, second, third = an_idea(cast, 0, "light", "pier"), an_idea(cast, 1, "pier"), an_idea(cast, 0)
        one, two = cast.reply(first), cast.reply(first, by=cast.ada)
        for parent, by in ((one, cast.ben), (cast.reply(two), cast.ana), (second, cast.ben), (third, cast.fay)):
            cast.reply(parent, by=by)
        yield
        transaction.set_rollback(True)


def an_idea(cast: Cast, forum: int, *tags: str) -> Post:
    forums = (cast.harbour, cast.streets)
    return posting.start_thread(member=cast.ana, forum=forums[forum], subject="An idea", body="A lamp.", tags=tags)


def act(cast: Cast, what: str, one: int, two: int) -> object:
    posts = list(Post.objects.select_related("thread__forum", "author").filter(jam=cast.jam).order_by("pk"))
    post, other = posts[one % len(posts)], posts[two % len(posts)]
    match what:
        case "forum":
            return moving.move_thread(member=cast.ada, thread=post.thread, forum=(cast.harbour, cast.streets)[two % 2])
        case "branch":
            return moving.move_branch(member=cast.ada, post=post, under=other)
        case "merge":
            return moving.merge(member=cast.ada, thread=post.thread, other=other.thread)
        case "split":
            return moving.split(member=cast.ada, post=post, subject="Apart", forum=cast.streets)
        case "undo":
            moves = list(Moved.objects.order_by("pk"))
            return undo(member=cast.ada, move=moves[one % len(moves)]) if moves else None
        case "reply":
            return cast.reply(post)
        case "see":
            return reading.see(cast.ben, [post.pk, other.pk])
        case _:
            return voting.cast(member=cast.ben, post=post, value=1)


@often
@given(acts=ACTS)
def test_every_number_is_what_a_recount_finds_and_what_was_seen_stays_so(
    cast: Cast, acts: list[tuple[str, int, int]]
) -> None:
    with three_threads(cast):
        for what, one, two in acts:
            seen = seen_by(cast.ben)
            with suppress(Refused):
                act(cast, what, one, two)
            assert_kept(cast)
            if what not in ("reply", "see"):
                assert seen_by(cast.ben) == seen


@often
@given(acts=ACTS)
def test_undone_backwards_all_is_as_it_was(cast: Cast, acts: list[tuple[str, int, int]]) -> None:
    with three_threads(cast):
        before = assert_kept(cast)
        for what, one, two in acts:
            if what in ("forum", "branch", "merge", "split", "undo"):
                with suppress(Refused):
                    act(cast, what, one, two)
        for move in list(Moved.objects.filter(undone_at=None).order_by("-pk")):
            undo(member=cast.ada, move=move)
        assert assert_kept(cast) == before
