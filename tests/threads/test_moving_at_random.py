"""Moves, merges, splits and undoing in any order: every number is what a recount finds, and undoing all of it backwards
gives the jam as it was."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

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


class TestMovingAtRandom(TestCase):
    @pytest.fixture(autouse=True)
    def _cast(self, cast: Cast) -> None:
        self.cast = cast

    def setUp(self) -> None:
        """Three threads in two forums, with branches."""
        cast = self.cast
        first = self._idea(0, "light", "pier")
        second, third = self._idea(1, "pier"), self._idea(0)
        a, b = cast.reply(first), cast.reply(first, by=cast.ada)
        cast.reply(a), cast.reply(cast.reply(b), by=cast.ana)
        cast.reply(second), cast.reply(third, by=cast.fay)

    def _idea(self, forum: int, *tags: str) -> Post:
        forums = (self.cast.harbour, self.cast.streets)
        return posting.start_thread(
            member=self.cast.ana, forum=forums[forum], subject="An idea", body="A lamp.", tags=tags
        )

    def _act(self, what: str, one: int, two: int) -> object:
        cast = self.cast
        posts = list(Post.objects.select_related("thread__forum", "author").filter(jam=cast.jam).order_by("pk"))
        post, other = posts[one % len(posts)], posts[two % len(posts)]
        if what == "forum":
            return moving.move_thread(member=cast.ada, thread=post.thread, forum=(cast.harbour, cast.streets)[two % 2])
        if what == "branch":
            return moving.move_branch(member=cast.ada, post=post, under=other)
        if what == "merge":
            return moving.merge(member=cast.ada, thread=post.thread, other=other.thread)
        if what == "split":
            return moving.split(member=cast.ada, post=post, subject="Apart", forum=cast.streets)
        if what == "undo":
            moves = list(Moved.objects.order_by("pk"))
            return undo(member=cast.ada, move=moves[one % len(moves)]) if moves else None
        if what == "reply":
            return cast.reply(post)
        if what == "see":
            return reading.see(cast.ben, [post.pk, other.pk])
        return voting.cast(member=cast.ben, post=post, value=1)

    @given(acts=ACTS)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_every_number_is_what_a_recount_finds(self, acts: list[tuple[str, int, int]]) -> None:
        for what, one, two in acts:
            seen = seen_by(self.cast.ben)
            with suppress(Refused):
                self._act(what, one, two)
            assert_kept(self.cast)
            if what not in ("reply", "see"):
                assert seen_by(self.cast.ben) == seen

    @given(acts=ACTS)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_undone_backwards_all_is_as_it_was(self, acts: list[tuple[str, int, int]]) -> None:
        before = assert_kept(self.cast)
        for what, one, two in acts:
            if what in ("forum", "branch", "merge", "split", "undo"):
                with suppress(Refused):
                    self._act(what, one, two)
        for move in self._undoable():
            undo(member=self.cast.ada, move=move)
        assert assert_kept(self.cast) == before
        assert not Moved.objects.filter(undone_at=None).exists()

    def _undoable(self) -> list[Moved]:
        return list(Moved.objects.filter(undone_at=None).order_by("-pk"))
