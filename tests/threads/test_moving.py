"""Moving, merging, splitting and undoing: what goes along, what is counted, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jam.domain import doings
from jam.domain.errors import Conflict, Invalid, NotAllowed, Refused
from jam.models import Duty, Forum
from live.models import Event
from moderation.domain import posts as moderation
from notifications.models import Notification
from tests.cast import Cast, close_by_clock, make_forum
from tests.threads.moving import assert_kept, followers, outcome_of, seen_by, tree
from threads.domain import (
    connecting,
    drafts,
    favourites,
    follows,
    locking,
    moving,
    outcomes,
    posting,
    reading,
    telling,
    voting,
)
from threads.domain.follows import Thing
from threads.domain.moving_notices import look
from threads.domain.undoing import undo
from threads.models import DEPTH_MAX, Draft, Favourite, Moved, Post, PostStatus, Thread, ThreadReading

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is said to be kept in the log of what was done."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(doings, "_listeners", [lambda **what: told.append(what)])
    return told


def fresh(post: Post) -> Post:
    return Post.objects.select_related("thread__forum", "author").get(pk=post.pk)


def tagged(cast: Cast, subject: str, *tags: str, forum: Forum | None = None) -> Post:
    return posting.start_thread(
        member=cast.ana, forum=forum or cast.harbour, subject=subject, body="So that boats find home.", tags=tags
    )


def events(cast: Cast, *kinds: str) -> list[dict[str, Any]]:
    return [one.data for one in Event.objects.filter(jam_key=cast.jam.pk, kind__in=kinds).order_by("seq")]


# --- a thread to another forum ---


def test_a_thread_goes_to_another_forum_and_back(cast: Cast) -> None:
    idea = tagged(cast, "A lamp", "light", "pier")
    tagged(cast, "A bench", "pier")
    cast.reply(cast.reply(idea))
    before = assert_kept(cast)
    move = moving.move_thread(member=cast.fay, thread=idea.thread, forum=cast.streets, reason="It is about the road.")
    after = assert_kept(cast)
    assert [(pk, threads, posts) for pk, threads, posts in after["forums"]] == [
        (cast.harbour.pk, 1, 1),
        (cast.streets.pk, 1, 3),
    ]
    assert after["posts"] == before["posts"]
    undo(member=cast.ada, move=move)
    assert assert_kept(cast) == before
    assert [(event["thread"], event["to_forum"]) for event in events(cast, "thread.moved", "move.undone")] == [
        (idea.thread_id, cast.streets.pk),
        (idea.thread_id, cast.harbour.pk),
    ]


def test_a_thread_that_is_there_already_stays(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        moving.move_thread(member=cast.fay, thread=cast.idea().thread, forum=cast.harbour)
    assert refused.value.code == "already"


def test_what_was_written_meanwhile_comes_back_with_it(cast: Cast) -> None:
    idea = cast.idea()
    move = moving.move_thread(member=cast.fay, thread=idea.thread, forum=cast.streets)
    cast.reply(fresh(idea))
    undo(member=cast.fay, move=move)
    assert assert_kept(cast)["forums"] == [(cast.harbour.pk, 1, 2), (cast.streets.pk, 0, 0)]


# --- a branch ---


def test_a_branch_goes_under_a_post_of_another_thread_and_back(cast: Cast) -> None:
    first, second = cast.idea(subject="First"), cast.idea(subject="Second", forum=cast.streets)
    top = cast.reply(first, by=cast.ana)
    under = cast.reply(top)
    place = cast.reply(second)
    voting.cast(member=cast.ben, post=top, value=1)
    before = assert_kept(cast)
    move = moving.move_branch(member=cast.fay, post=top, under=place)
    assert_kept(cast)
    top, under = fresh(top), fresh(under)
    assert (top.thread_id, top.parent_id, top.depth, top.agree_count) == (second.thread_id, place.pk, 2, 1)
    assert (under.thread_id, under.parent_id, under.depth) == (second.thread_id, top.pk, 3)
    assert (top.thread.reply_count, fresh(first).thread.reply_count) == (3, 0)
    later = cast.reply(under, by=cast.ada)
    undo(member=cast.fay, move=move)
    assert fresh(later).thread_id == first.thread_id
    after = assert_kept(cast)
    assert [post for post in after["posts"] if post[0] != later.pk] == before["posts"]


def test_a_branch_moves_within_its_thread(cast: Cast) -> None:
    idea = cast.idea()
    one, two = cast.reply(idea), cast.reply(idea)
    move = moving.move_branch(member=cast.fay, post=two, under=one)
    assert assert_kept(cast)["threads"][0][2] == 2
    assert fresh(two).parent_id == one.pk
    undo(member=cast.fay, move=move)
    assert_kept(cast)
    assert fresh(two).parent_id == idea.pk


def test_a_branch_cannot_go_where_it_would_hang_in_the_air(cast: Cast) -> None:
    idea = cast.idea()
    top = cast.reply(idea)
    under = cast.reply(top)
    refused: dict[str, Callable[[], object]] = {
        "own_branch": lambda: moving.move_branch(member=cast.fay, post=top, under=under),
        "already": lambda: moving.move_branch(member=cast.fay, post=top, under=idea),
        "idea": lambda: moving.move_branch(member=cast.fay, post=idea, under=cast.idea()),
    }
    for code, act in refused.items():
        with pytest.raises(Refused) as why:
            act()
        assert why.value.code == code
    with pytest.raises(Invalid):
        moving.move_branch(member=cast.fay, post=top, under=top)
    Post.objects.filter(pk=idea.pk).update(status=PostStatus.HIDDEN)
    place = cast.reply(cast.idea())
    Post.objects.filter(pk=place.pk).update(status=PostStatus.WITHDRAWN)
    with pytest.raises(Conflict):
        moving.move_branch(member=cast.fay, post=top, under=place)


def test_a_branch_gets_no_deeper_than_a_branch_can_be(cast: Cast) -> None:
    deep = cast.idea()
    for _ in range(DEPTH_MAX - 1):
        deep = cast.reply(deep)
    top = cast.reply(cast.idea())
    moving.move_branch(member=cast.fay, post=top, under=deep)
    tall = cast.reply(cast.idea())
    cast.reply(tall)
    with pytest.raises(Conflict) as refused:
        moving.move_branch(member=cast.fay, post=tall, under=deep)
    assert refused.value.code == "too_deep"
    assert_kept(cast)


# --- merging ---


def test_the_smaller_of_two_becomes_a_branch_of_the_larger_and_a_thread_again(cast: Cast) -> None:
    small, large = tagged(cast, "A lamp", "light", forum=cast.streets), tagged(cast, "Lamps", "pier")
    cast.reply(large)
    cast.reply(cast.reply(large))
    below = cast.reply(small)
    voting.cast(member=cast.ben, post=small, value=1)
    favourites.keep(member=cast.ben, post=small)
    before = assert_kept(cast)
    move = moving.merge(member=cast.fay, thread=large.thread, other=small.thread)
    after = assert_kept(cast)
    reply = fresh(small)
    assert (reply.thread_id, reply.parent_id, reply.subject, reply.author_id) == (
        large.thread_id,
        large.pk,
        "A lamp",
        cast.ana.pk,
    )
    assert (reply.agree_count, Favourite.objects.get().post_id) == (1, small.pk)
    assert after["forums"] == [(cast.harbour.pk, 1, 6), (cast.streets.pk, 0, 0)]
    assert Thread.objects.get(pk=small.thread_id).moved_to_id == small.pk
    later = cast.reply(fresh(below), by=cast.ada)
    undo(member=cast.fay, move=move)
    assert fresh(later).thread_id == small.thread_id
    posts = assert_kept(cast)["posts"]
    assert [post for post in posts if post[0] != later.pk] == before["posts"]


def test_of_two_alike_the_older_goes_on_and_one_may_say_which(cast: Cast) -> None:
    first, second, third = cast.idea(), cast.idea(), cast.idea()
    cast.reply(second)
    assert moving.merge(member=cast.fay, thread=third.thread, other=first.thread).to_thread_id == first.thread_id
    into = fresh(first).thread
    move = moving.merge(member=cast.fay, thread=into, other=second.thread, into=into)
    assert move.to_thread_id == first.thread_id
    assert_kept(cast)


def test_a_thread_is_not_merged_into_itself_or_twice(cast: Cast) -> None:
    first, second = cast.idea(), cast.idea()
    with pytest.raises(Invalid) as refused:
        moving.merge(member=cast.fay, thread=first.thread, other=first.thread)
    assert refused.value.code == "same"
    moving.merge(member=cast.fay, thread=first.thread, other=second.thread)
    for thread in (first.thread, second.thread):
        with pytest.raises(Conflict, match="Fay was quicker") as late:
            moving.merge(member=cast.ada, thread=thread, other=second.thread)
        assert late.value.code == "merged"


def test_followers_of_the_merged_thread_follow_the_other_until_it_is_undone(cast: Cast) -> None:
    small, large = cast.idea(by=cast.ben), cast.idea()
    cast.reply(large, by=cast.ada)
    follows.follow(member=cast.omar, thing=Thing(thread=small.thread))
    follows.follow(member=cast.fay, thing=Thing(thread=small.thread))
    follows.follow(member=cast.fay, thing=Thing(thread=large.thread))
    move = moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
    assert followers(large.thread) == {"Ana", "Ada", "Ben", "Fay", "Omar"}
    assert [one.follow.thread_id for one in follows.follows_of(cast.omar).threads] == [large.thread_id]
    undo(member=cast.fay, move=move)
    assert followers(large.thread) == {"Ana", "Ada", "Fay"}
    assert followers(small.thread) == {"Ben", "Fay", "Omar"}


def test_what_became_of_the_merged_idea_is_said_of_the_other_if_nothing_is_said_of_that(cast: Cast) -> None:
    small, large = cast.idea(), cast.idea()
    cast.reply(large)
    outcomes.set_outcome(member=cast.fay, thread=small.thread, state="planned")
    move = moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
    assert outcome_of(large.thread) == "planned"
    undo(member=cast.fay, move=move)
    assert (outcome_of(small.thread), outcome_of(large.thread)) == ("planned", "")
    outcomes.set_outcome(member=cast.fay, thread=large.thread, state="done")
    move = moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
    assert outcome_of(large.thread) == "done"
    undo(member=cast.fay, move=move)
    assert (outcome_of(small.thread), outcome_of(large.thread)) == ("planned", "done")


def test_what_the_merged_thread_was_connected_with_the_other_is_too(cast: Cast) -> None:
    small, large, third = cast.idea(subject="Small"), cast.idea(subject="Large"), cast.idea(subject="Third")
    cast.reply(large)
    connecting.connect(member=cast.fay, thread=small.thread, other=third.thread)
    connecting.connect(member=cast.fay, thread=large.thread, other=small.thread)
    move = moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
    assert [idea.subject for idea in connecting.connected_with(large.thread)] == ["Third"]
    assert [idea.subject for idea in connecting.connected_with(third.thread)] == ["Large"]
    undo(member=cast.fay, move=move)
    assert [idea.subject for idea in connecting.connected_with(large.thread)] == ["Small"]
    assert [idea.subject for idea in connecting.connected_with(third.thread)] == ["Small"]


def test_what_was_being_written_in_answer_is_posted_where_the_post_is_now(cast: Cast) -> None:
    small, large = cast.idea(), cast.idea()
    cast.reply(large)
    place = drafts.reply_place(small)
    drafts.save(member=cast.ben, place=place, body="What I was typing.")
    moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
    # The form was loaded before.
    post = posting.reply(member=cast.ben, parent=small, body="What I was typing.")
    assert (post.thread_id, post.parent_id) == (large.thread_id, small.pk)
    assert not Draft.objects.exists()
    assert_kept(cast)


# --- splitting ---


def test_a_reply_becomes_an_idea_with_a_subject_and_a_reply_again(cast: Cast) -> None:
    idea = cast.idea()
    top = posting.reply(member=cast.ben, parent=idea, body="And what of the buoys?", tags=["buoys"])
    below = cast.reply(top, by=cast.ana)
    voting.cast(member=cast.ana, post=top, value=1)
    before = assert_kept(cast)
    move = moving.split(member=cast.fay, post=top, subject=" Buoys ", forum=cast.streets)
    after = assert_kept(cast)
    split = fresh(top)
    assert (split.parent_id, split.subject, split.depth, split.thread.forum_id) == (None, "Buoys", 0, cast.streets.pk)
    assert (split.thread.reply_count, split.thread.agree_count, split.thread.shown_count) == (1, 1, 1)
    assert fresh(below).thread_id == split.thread_id
    assert (cast.streets.pk, "buoys", 1) in after["tags"]
    undo(member=cast.fay, move=move)
    assert assert_kept(cast) == before
    assert Thread.objects.get(pk=split.thread_id).moved_to_id == top.pk


def test_a_subject_that_its_author_gave_it_since_stays(cast: Cast) -> None:
    top = cast.reply(cast.idea())
    move = moving.split(member=cast.fay, post=top, subject="Buoys")
    Post.objects.filter(pk=top.pk).update(subject="Buoys and bells")
    undo(member=cast.fay, move=move)
    assert fresh(top).subject == "Buoys and bells"


@pytest.mark.parametrize("subject", ["", "  \u200b ", "x" * 201])
def test_a_new_thread_needs_a_subject(cast: Cast, subject: str) -> None:
    top = cast.reply(cast.idea())
    with pytest.raises(Invalid) as refused:
        moving.split(member=cast.fay, post=top, subject=subject)
    assert refused.value.field == "subject"


# --- what people saw ---


def test_what_was_seen_stays_seen_and_what_was_not_is_new(cast: Cast) -> None:
    """In both directions, whichever of the posts are older."""
    first, second = cast.idea(), cast.idea()
    replies = [cast.reply(first if number % 2 else second, by=cast.ada) for number in range(8)]
    Post.objects.update(created_at="2026-01-01T00:00Z")  # settled: a number may stand for those below it
    reading.see(cast.ben, [first.pk, replies[1].pk, replies[3].pk, second.pk, replies[6].pk])
    reading.see(cast.omar, [post.pk for post in (first, second, *replies)])
    reading.see(cast.fay, [second.pk, *(post.pk for post in replies[::2])])
    before = {member.pk: seen_by(member) for member in (cast.ben, cast.omar, cast.fay, cast.ana)}
    move = moving.merge(member=cast.fay, thread=first.thread, other=second.thread)
    assert {member.pk: seen_by(member) for member in (cast.ben, cast.omar, cast.fay, cast.ana)} == before
    undo(member=cast.fay, move=move)
    assert {member.pk: seen_by(member) for member in (cast.ben, cast.omar, cast.fay, cast.ana)} == before


def test_of_more_than_are_kept_one_by_one_the_older_count_as_seen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from threads.domain import reading_along

    monkeypatch.setattr(reading_along, "BEYOND_MAX", 2)
    first, second = cast.idea(), cast.idea()
    mine = [cast.reply(second, by=cast.ada) for _ in range(5)]
    reading.see(cast.ben, [second.pk, *(post.pk for post in mine)])
    moving.merge(member=cast.fay, thread=first.thread, other=second.thread, into=first.thread)
    row = ThreadReading.objects.get(member=cast.ben, thread=first.thread)
    assert (row.upto, sorted(row.beyond)) == (mine[2].pk, [mine[3].pk, mine[4].pk])
    assert seen_by(cast.ben) >= {second.pk, *(post.pk for post in mine)}


# --- who may ---


def acts(cast: Cast) -> dict[str, Callable[[Any], object]]:
    idea, other = cast.idea(), cast.idea(forum=cast.streets)
    top, under = cast.reply(idea), cast.reply(other)
    move = moving.move_branch(member=cast.ada, post=cast.reply(idea), under=other)
    return {
        "move": lambda member: moving.move_thread(member=member, thread=idea.thread, forum=cast.streets),
        "branch": lambda member: moving.move_branch(member=member, post=top, under=under),
        "merge": lambda member: moving.merge(member=member, thread=idea.thread, other=other.thread),
        "split": lambda member: moving.split(member=member, post=top, subject="Buoys", forum=cast.streets),
        "undo": lambda member: undo(member=member, move=move),
    }


@pytest.mark.parametrize("name", ["move", "branch", "merge", "split", "undo"])
def test_only_who_runs_both_forums_moves_between_them(cast: Cast, name: str) -> None:
    act = acts(cast)[name]
    before = tree(cast)
    for member in (cast.ana, cast.omar):
        with pytest.raises(NotAllowed):
            act(member)
    with pytest.raises(Invalid):
        act(cast.ned)
    for forum in (cast.harbour, cast.streets):
        duty = Duty.objects.create(member=cast.fay, forum=forum)
        with pytest.raises(NotAllowed) as refused:
            act(cast.fay)
        assert refused.value.code == "not_your_forum"
        duty.delete()
    assert tree(cast) == before
    act(cast.fay)
    assert_kept(cast)


def test_it_is_done_after_the_close_too(cast: Cast) -> None:
    """Trouble does not keep to the window."""
    first, second = cast.idea(), cast.idea()
    close_by_clock(cast.jam)
    undo(member=cast.fay, move=moving.merge(member=cast.fay, thread=first.thread, other=second.thread))
    assert_kept(cast)


def test_nothing_goes_to_another_jam_or_a_forum_that_was_removed(cast: Cast) -> None:
    idea = cast.idea()
    foreign = posting.start_thread(member=cast.ned, forum=cast.elsewhere, subject="Far", body="Away.")
    for act in (
        lambda: moving.move_thread(member=cast.fay, thread=idea.thread, forum=cast.elsewhere),
        lambda: moving.merge(member=cast.fay, thread=idea.thread, other=foreign.thread),
        lambda: moving.move_branch(member=cast.fay, post=cast.reply(idea), under=foreign),
        lambda: moving.split(member=cast.fay, post=cast.reply(idea), subject="Far", forum=cast.elsewhere),
    ):
        with pytest.raises(Invalid):
            act()
    gone = make_forum(cast.jam, "Gone", 3)
    Forum.objects.filter(pk=gone.pk).delete()
    with pytest.raises(Conflict) as refused:
        moving.move_thread(member=cast.fay, thread=idea.thread, forum=gone)
    assert refused.value.code == "forum_gone"


def test_what_was_done_is_recorded(cast: Cast, done: list[dict[str, Any]]) -> None:
    first, second = cast.idea(), cast.idea()
    cast.reply(first)
    move = moving.merge(member=cast.fay, thread=first.thread, other=second.thread, reason=" The same idea. ")
    undo(member=cast.ada, move=move)
    merged, undone = done
    assert (merged["kind"], merged["by"], merged["reason"], merged["post"].pk) == (
        "merge",
        cast.fay,
        "The same idea.",
        second.pk,
    )
    assert (merged["before"]["thread"], merged["after"]["thread"]) == (second.thread_id, first.thread_id)
    assert (undone["kind"], undone["by"], undone["after"]["thread"]) == ("undo", cast.ada, second.thread_id)


# --- undoing ---


def test_a_move_is_undone_once(cast: Cast) -> None:
    move = moving.move_thread(member=cast.fay, thread=cast.idea().thread, forum=cast.streets)
    undo(member=cast.fay, move=move)
    with pytest.raises(Conflict, match="Fay undid this already"):
        undo(member=cast.ada, move=move)


def test_a_later_move_stands_in_the_way(cast: Cast) -> None:
    first, second, third = cast.idea(), cast.idea(), cast.idea()
    top = cast.reply(first)
    one = moving.move_branch(member=cast.fay, post=top, under=second)
    two = moving.move_branch(member=cast.ada, post=fresh(top), under=third)
    with pytest.raises(Conflict, match="by Ada: Moved to another place") as refused:
        undo(member=cast.fay, move=one)
    assert refused.value.code == "in_the_way"
    undo(member=cast.fay, move=two)
    undo(member=cast.fay, move=one)
    assert fresh(top).parent_id == first.pk
    assert_kept(cast)


def test_a_branch_goes_back_under_its_post_wherever_that_is_now(cast: Cast) -> None:
    first, second = cast.idea(), cast.idea()
    parent = cast.reply(first)
    child = cast.reply(parent)
    before = assert_kept(cast)
    away = moving.move_branch(member=cast.fay, post=child, under=second)
    gone = moving.split(member=cast.fay, post=parent, subject="Apart")
    undo(member=cast.fay, move=away)
    assert fresh(child).thread_id == fresh(parent).thread_id
    assert_kept(cast)
    undo(member=cast.fay, move=gone)
    assert assert_kept(cast) == before


def test_a_branch_does_not_go_back_under_what_stands_under_it_now(cast: Cast) -> None:
    first, second = cast.idea(), cast.idea()
    parent = cast.reply(first)
    child = cast.reply(parent)
    move = moving.move_branch(member=cast.fay, post=child, under=second)
    moving.move_branch(member=cast.fay, post=fresh(parent), under=fresh(child))
    with pytest.raises(Conflict) as refused:
        undo(member=cast.fay, move=move)
    assert refused.value.code == "in_the_way"


def test_a_thread_does_not_go_back_to_a_forum_that_is_gone(cast: Cast) -> None:
    gone = make_forum(cast.jam, "Gone", 3)
    idea = cast.idea(forum=gone)
    other = cast.idea()
    cast.reply(other)
    merged = moving.merge(member=cast.fay, thread=idea.thread, other=other.thread)
    # Nothing that was merged holds on to its forum.
    gone.delete()
    with pytest.raises(Conflict) as refused:
        undo(member=cast.fay, move=Moved.objects.get(pk=merged.pk))
    assert refused.value.code == "forum_gone"


def test_two_who_merge_the_same_at_once_are_told_who_was_quicker(cast: Cast) -> None:
    first, second, third = cast.idea(), cast.idea(), cast.idea()
    moving.move_branch(member=cast.ada, post=(reply := cast.reply(third)), under=second)
    with pytest.raises(Conflict, match="Ada was quicker"):
        moving.move_branch(member=cast.fay, post=reply, under=first)
    stale = Thread.objects.get(pk=first.thread_id)
    moving.move_thread(member=cast.ada, thread=first.thread, forum=cast.streets)
    with pytest.raises(Conflict, match="Ada was quicker: Moved to another forum"):
        moving.move_thread(member=cast.fay, thread=stale, forum=cast.streets)


def test_a_locked_thread_is_moved_all_the_same_and_takes_no_posts_there(cast: Cast) -> None:
    idea = cast.idea()
    locking.lock(member=cast.fay, thread=idea.thread)
    moving.move_thread(member=cast.fay, thread=idea.thread, forum=cast.streets)
    with pytest.raises(Conflict):
        cast.reply(idea)


# --- connecting ---


def test_two_threads_name_each_other_until_they_are_taken_apart(cast: Cast) -> None:
    one, other = cast.idea(subject="One"), cast.idea(subject="Other", forum=cast.streets)
    connecting.connect(member=cast.fay, thread=other.thread, other=one.thread)
    connecting.connect(member=cast.ada, thread=one.thread, other=other.thread)
    assert [idea.subject for idea in connecting.connected_with(one.thread)] == ["Other"]
    assert [idea.subject for idea in connecting.connected_with(other.thread)] == ["One"]
    connecting.take_apart(member=cast.ada, thread=one.thread, other=other.thread)
    connecting.take_apart(member=cast.fay, thread=one.thread, other=other.thread)
    assert connecting.connected_with(one.thread) == []
    assert [event["connected"] for event in events(cast, "threads.connected")] == [True, False]


def test_a_thread_is_not_connected_with_itself_or_by_others(cast: Cast) -> None:
    one, other = cast.idea(), cast.idea()
    with pytest.raises(Invalid):
        connecting.connect(member=cast.fay, thread=one.thread, other=one.thread)
    with pytest.raises(NotAllowed):
        connecting.connect(member=cast.ana, thread=one.thread, other=other.thread)
    with pytest.raises(Invalid):
        connecting.connect(member=cast.ned, thread=one.thread, other=other.thread)


def test_a_hidden_idea_is_not_named(cast: Cast) -> None:
    one, other = cast.idea(), cast.idea()
    connecting.connect(member=cast.fay, thread=one.thread, other=other.thread)
    Post.objects.filter(pk=other.pk).update(status=PostStatus.HIDDEN)
    assert connecting.connected_with(one.thread) == []


# --- who is told ---


def test_all_who_wrote_in_a_merged_thread_are_told_once_and_not_who_merged_it(cast: Cast) -> None:
    small, large = cast.idea(subject="A lamp", by=cast.ana), cast.idea(subject="Lamps", by=cast.ada)
    cast.reply(large, by=cast.ada)
    for _ in range(2):
        cast.reply(small, by=cast.ben)
    cast.reply(large, by=cast.ada)
    cast.reply(large, by=cast.ada)
    cast.reply(small, by=cast.fay)
    telling.tell_all()
    move = moving.merge(member=cast.fay, thread=small.thread, other=large.thread, into=large.thread)
    for _ in range(2):
        telling.tell_all()
    told = list(Notification.objects.filter(kind="moved").order_by("pk"))
    assert sorted(each.member.name for each in told) == ["Ana", "Ben"]
    assert {each.path for each in told} == {f"/jams/tides/posts/{small.pk}/"}
    standing = look(told)[told[0].pk]
    assert standing.title == "Lamps"
    undo(member=cast.fay, move=move)
    assert all(each.gone for each in look(told).values())


def test_whose_reply_was_moved_is_told(cast: Cast) -> None:
    top = cast.reply(cast.idea(), by=cast.ben)
    moving.split(member=cast.fay, post=top, subject="Apart")
    telling.tell_all()
    assert [each.member.name for each in Notification.objects.filter(kind="moved")] == ["Ben"]


def test_what_a_hidden_post_was_called_is_not_told_to_who_catches_up(cast: Cast) -> None:
    top = cast.reply(cast.idea())
    moving.split(member=cast.fay, post=top, subject="Apart")
    moderation.hide(member=cast.ada, post=fresh(top), reason="rash")
    (event,) = events(cast, "thread.split")
    assert (event["subject"], event["excerpt"]) == ("", "")


# --- what it costs ---


def test_a_move_asks_as_much_of_three_posts_as_of_thirty(cast: Cast) -> None:
    costs = []
    for number in (3, 30):
        small, large = cast.idea(forum=cast.streets), cast.idea()
        for _ in range(number):
            cast.reply(small)
            cast.reply(large)
        cast.reply(large)
        with CaptureQueriesContext(connection) as asked:
            undo(member=cast.fay, move=moving.merge(member=cast.fay, thread=small.thread, other=large.thread))
        costs.append(len(asked))
    assert costs[0] == costs[1]
