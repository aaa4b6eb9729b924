"""Flags: who may, when they hide a post, what they cannot be used for, and what becomes of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jam.domain.errors import Conflict, Invalid, NotAllowed, TooMany
from jam.models import Member, Role
from moderation.domain import flags, policy, posts
from moderation.models import Action, Case, Flag, FlagKind, FlagState
from notifications.models import Notification
from tests.cast import Cast, close_by_clock, make_member, make_person
from threads.models import Post, PostStatus


def an_hour_ago(cast: Cast) -> None:
    """Everybody has been here for an hour."""
    Member.objects.update(joined_at=timezone.now() - timedelta(hours=1))


def crowd(cast: Cast, size: int, *, since: timedelta = timedelta(hours=1)) -> list[Member]:
    members = [make_member(cast.jam, make_person(f"P{number}")) for number in range(size)]
    Member.objects.filter(pk__in=[one.pk for one in members]).update(joined_at=timezone.now() - since)
    return members


def flag(post: Post, *members: Member, kind: str = FlagKind.SPAM) -> None:
    for member in members:
        flags.flag(member=member, post=post, kind=kind)


def status(post: Post) -> str:
    return Post.objects.get(pk=post.pk).status


def test_a_flag_comes_to_the_queue_and_hides_nothing_alone(cast: Cast) -> None:
    idea = cast.idea()
    made = flags.flag(member=cast.ben, post=idea, kind="other", words="  It is about my neighbour. ")
    assert (made.words, made.state) == ("It is about my neighbour.", FlagState.OPEN)
    case = Case.objects.get()
    assert (case.post, case.forum, case.flag_count, case.settled_at) == (idea, cast.harbour, 1, None)
    assert status(idea) == PostStatus.VISIBLE


def test_enough_people_hide_it_until_somebody_looks(cast: Cast) -> None:
    idea = cast.idea()
    people = crowd(cast, 4)
    flag(idea, *people[:2])
    assert status(idea) == PostStatus.VISIBLE
    flag(idea, people[2])
    assert status(idea) == PostStatus.HIDDEN
    action = Action.objects.get()
    assert (action.by, action.kind, action.reason, action.subject, action.after) == (
        None, "hide", "flags", cast.ana, {"flags": 3},
    )  # fmt: skip
    with pytest.raises(Conflict):
        flag(idea, people[3])


def test_how_many_says_the_jam(cast: Cast) -> None:
    people = crowd(cast, 3)
    policy.change(member=cast.ada, jam=cast.jam, plan={"flags_to_hide": 1})
    quick = cast.idea()
    flag(quick, people[0])
    policy.change(member=cast.ada, jam=cast.jam, plan={"flags_to_hide": 0})
    never = cast.idea()
    flag(never, *people)
    assert (status(quick), status(never)) == (PostStatus.HIDDEN, PostStatus.VISIBLE)


def test_left_as_it_is_the_same_people_cannot_hide_it_again(cast: Cast) -> None:
    idea = cast.idea()
    people = crowd(cast, 6)
    flag(idea, *people[:3])
    posts.dismiss(member=cast.fay, post=idea)
    assert status(idea) == PostStatus.VISIBLE
    assert set(Flag.objects.values_list("state", flat=True)) == {FlagState.DISMISSED}
    for member in people[:3]:
        with pytest.raises(Conflict):
            flag(idea, member)
    flag(idea, *people[3:5])
    assert status(idea) == PostStatus.VISIBLE, "what was dismissed does not count again"
    flag(idea, people[5])
    assert status(idea) == PostStatus.HIDDEN


def test_what_a_facilitator_hides_was_flagged_rightly(cast: Cast) -> None:
    idea = cast.idea()
    people = crowd(cast, 3)
    flag(idea, *people)
    posts.hide(member=cast.fay, post=idea, reason="It sells lamps.")
    assert set(Flag.objects.values_list("state", flat=True)) == {FlagState.UPHELD}
    assert [(action.by, action.kind) for action in Action.objects.order_by("pk")] == [
        (None, "hide"),
        (cast.fay, "hide"),
    ]
    with pytest.raises(Conflict) as refused:
        posts.hide(member=cast.ada, post=idea, reason="Mine too.")
    assert "Fay" in refused.value.message
    with pytest.raises(Conflict) as refused:
        posts.dismiss(member=cast.ada, post=idea)
    assert "Fay" in refused.value.message


@pytest.mark.parametrize("verb", [posts.warn, posts.edit])
def test_warned_or_changed_it_is_shown_again(cast: Cast, verb: Any) -> None:
    idea = cast.idea()
    flag(idea, *crowd(cast, 3))
    more = {"subject": "A lamp", "body": "So that boats find it.", "version": "first"} if verb is posts.edit else {}
    verb(member=cast.fay, post=idea, reason="Mind your words.", **more)
    idea.refresh_from_db()
    assert (idea.status, Case.objects.get().settled_by) == (PostStatus.VISIBLE, cast.fay)
    assert set(Flag.objects.values_list("state", flat=True)) == {FlagState.UPHELD}


def test_a_post_withdrawn_meanwhile_stays_withdrawn(cast: Cast) -> None:
    idea = cast.idea()
    flag(idea, *crowd(cast, 3))
    Post.objects.filter(pk=idea.pk).update(withdrawn_at=timezone.now())
    posts.dismiss(member=cast.fay, post=idea)
    assert status(idea) == PostStatus.WITHDRAWN


# --- who may, and what it cannot be used for ---------------------------------------------------------------------


def test_who_writes_may_and_also_once_the_jam_has_closed(cast: Cast) -> None:
    idea = cast.idea()
    flag(idea, cast.ben)
    close_by_clock(cast.jam)
    flag(idea, cast.fay)
    for member in (cast.omar, cast.ana, cast.ned):
        with pytest.raises((NotAllowed, Invalid)):
            flag(idea, member)
    Member.objects.filter(pk=cast.ben.pk).update(suspended_at=timezone.now())
    with pytest.raises(NotAllowed):
        flag(cast.jam.posts.get(), cast.ben)


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [("", "", "kind"), ("hate", "", "kind"), ("other", " ", "words"), ("spam", "x" * 501, "words")],
)
def test_a_reason_is_asked_for(cast: Cast, kind: str, words: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        flags.flag(member=cast.ben, post=cast.idea(), kind=kind, words=words)
    assert refused.value.field == field


def test_once_a_person_and_post(cast: Cast) -> None:
    idea = cast.idea()
    flag(idea, cast.ben)
    with pytest.raises(Conflict):
        flag(idea, cast.ben, kind=FlagKind.ABUSE)
    assert Case.objects.get().flag_count == 1


def test_so_many_an_hour(cast: Cast) -> None:
    policy.change(member=cast.ada, jam=cast.jam, plan={"flags_an_hour": 2})
    ideas = [cast.idea(subject=f"Lamp {number}") for number in range(3)]
    flag(ideas[0], cast.ben)
    flag(ideas[1], cast.ben)
    with pytest.raises(TooMany):
        flag(ideas[2], cast.ben)
    Flag.objects.update(at=timezone.now() - timedelta(minutes=61))
    flag(ideas[2], cast.ben)


def test_who_came_minutes_ago_hides_nothing(cast: Cast) -> None:
    idea = cast.idea()
    flag(idea, *crowd(cast, 5, since=timedelta(minutes=9)))
    assert (status(idea), Case.objects.get().flag_count) == (PostStatus.VISIBLE, 5)


def test_who_flags_wrongly_again_and_again_loses_weight(cast: Cast) -> None:
    crier, *others = crowd(cast, 3)
    for number in range(5):
        idea = cast.idea(subject=f"Lamp {number}")
        flag(idea, crier)
        posts.dismiss(member=cast.fay, post=idea)
    last = cast.idea(subject="The last")
    flag(last, crier, *others)
    assert (status(last), Case.objects.get(post=last).flag_count) == (PostStatus.VISIBLE, 3)
    assert list(Flag.objects.filter(post=last).values_list("counts", flat=True)) == [False, True, True]


# --- who is told -----------------------------------------------------------------------------------------------------


def test_the_author_and_those_who_flagged_are_told(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    idea = cast.idea()
    people = crowd(cast, 3)
    with django_capture_on_commit_callbacks(execute=True):
        flag(idea, *people)
    (hidden,) = Notification.objects.filter(member=cast.ana)
    assert (hidden.kind, hidden.data["what"], hidden.path) == (
        "moderated", "site_hide", f"/jams/tides/matters/posts/{idea.pk}/",
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        posts.dismiss(member=cast.fay, post=idea)
    told = Notification.objects.filter(kind="flagged").order_by("member")
    assert [(one.member, one.data["state"]) for one in told] == [(one, "dismissed") for one in people]
    assert Notification.objects.filter(member=cast.ana).count() == 2


def test_a_facilitator_of_other_forums_may_flag_but_not_judge(cast: Cast) -> None:
    from jam.models import Duty

    gil = make_member(cast.jam, make_person("Gil"), Role.FACILITATOR)
    Duty.objects.create(member=gil, forum=cast.streets)
    idea = cast.idea()
    flag(idea, gil)
    for verb in (posts.dismiss, posts.hide, posts.warn):
        with pytest.raises(NotAllowed) as refused:
            verb(member=gil, post=idea, reason="No.")
        assert refused.value.code == "not_your_forum"
