"""Many who act at once: flags count once each and hide once; of two facilitators one is told who was quicker."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jam.domain.errors import Conflict, Refused, TooMany
from jam.models import Member
from live.models import Event
from moderation.domain import flags, held, people, policy, posts
from moderation.models import Action, Case, Flag, HeldPost
from tests.cast import Cast, make_member, make_person
from threads.domain import posting, voting
from threads.domain.gate import Held
from threads.models import Post

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], object]]) -> list[Refused | None]:
    """What each raised."""

    def run(act: Callable[[], object]) -> Refused | None:
        try:
            act()
        except Refused as refused:
            return refused
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_many_flags_at_once_hide_a_post_once(cast: Cast) -> None:
    idea = cast.idea()
    crowd = [make_member(cast.jam, make_person(f"P{number}")) for number in range(8)]
    Member.objects.update(joined_at=timezone.now() - timedelta(hours=1))
    raised = at_once([lambda one=one: flags.flag(member=one, post=idea, kind="spam") for one in crowd])  # type: ignore[misc]
    # Those who came after it was hidden found nothing to flag any more.
    assert (raised.count(None), Flag.objects.count()) == (3, 3)
    assert {refused.code for refused in raised if refused} == {"not_visible"}
    assert Case.objects.get().flag_count == 3
    assert Action.objects.filter(kind="hide").count() == 1
    assert Event.objects.filter(kind="post.hidden").count() == 1


def test_one_who_flags_twice_at_once_flags_once(cast: Cast) -> None:
    idea = cast.idea()
    raised = at_once([lambda: flags.flag(member=cast.ben, post=idea, kind="spam")] * 4)
    assert (raised.count(None), Flag.objects.count()) == (1, 1)


@pytest.mark.parametrize("first", ["hide", "dismiss", "warn"])
def test_of_two_facilitators_the_second_hears_who_was_quicker(cast: Cast, first: str) -> None:
    idea = cast.idea()
    flags.flag(member=cast.ben, post=idea, kind="spam")
    acts: list[Callable[[], object]] = [
        lambda: posts.hide(member=cast.fay, post=idea, reason="Spam."),
        lambda: posts.hide(member=cast.ada, post=idea, reason="Spam."),
    ]
    if first != "hide":
        acts = [
            lambda: posts.dismiss(member=cast.fay, post=idea),
            lambda: posts.dismiss(member=cast.ada, post=idea),
        ]
    raised = at_once(acts)
    assert raised.count(None) == 1
    (refused,) = (one for one in raised if one)
    quicker = Action.objects.get().by
    assert quicker is not None
    assert isinstance(refused, Conflict)
    assert quicker.name in refused.message


def test_one_held_post_is_let_in_once(cast: Cast) -> None:
    policy.change(member=cast.ada, jam=cast.jam, plan={"holding": "all"})

    def send() -> Post:
        return posting.start_thread(
            member=cast.ana, forum=cast.harbour, subject="A lamp", body="Words", request_key="k"
        )

    assert {type(refused) for refused in at_once([send] * 4)} == {Held}
    waiting = HeldPost.objects.get()
    raised = at_once([lambda one=one: held.let_in(member=one, held=waiting) for one in (cast.fay, cast.ada, cast.fay)])  # type: ignore[misc]
    assert (raised.count(None), Post.objects.count()) == (1, 1)


def test_the_last_post_of_an_hour_is_one(cast: Cast) -> None:
    policy.change(member=cast.ada, jam=cast.jam, plan={"participant_posts_an_hour": 2})
    raised = at_once(
        [
            lambda n=n: posting.start_thread(member=cast.ana, forum=cast.harbour, subject="S", body=f"Number {n}")  # type: ignore[misc]
            for n in range(6)
        ]
    )
    assert (raised.count(None), Post.objects.count()) == (2, 2)
    assert {type(refused) for refused in raised if refused} == {TooMany}


def test_the_same_text_from_two_tabs_is_one_post(cast: Cast) -> None:
    policy.change(member=cast.ada, jam=cast.jam, plan={"catches_duplicates": True})
    body = "A lamp, so that boats find home in the fog."
    raised = at_once([lambda: posting.start_thread(member=cast.ana, forum=cast.harbour, subject="S", body=body)] * 4)
    assert (raised.count(None), Post.objects.count()) == (1, 1)


def test_once_somebody_is_suspended_nothing_of_theirs_comes(cast: Cast) -> None:
    """Those who write are waited for, and whoever comes after is refused: none comes later than the suspension."""
    idea = cast.idea(by=cast.ben)
    acts: list[Callable[[], object]] = [
        lambda n=n: posting.reply(member=cast.ana, parent=idea, body=f"Number {n}")  # type: ignore[misc]
        for n in range(6)
    ]
    acts.insert(3, lambda: people.suspend(by=cast.fay, member=cast.ana, reason="Enough.", length=None))
    acts.append(lambda: voting.cast(member=cast.ana, post=idea, value=1))
    at_once(acts)
    cast.ana.refresh_from_db()
    assert not Post.objects.filter(author=cast.ana, created_at__gt=cast.ana.suspended_at).exists()


def test_flags_acts_and_claims_at_once_wait_for_each_other_and_not_for_ever(cast: Cast) -> None:
    from moderation.domain import handling
    from moderation.domain.handling import Matter

    ideas = [cast.idea(subject=f"Lamp {number}") for number in range(4)]
    for idea in ideas:
        flags.flag(member=cast.ben, post=idea, kind="spam")
    acts: list[Callable[[], object]] = []
    for idea in ideas:
        acts += [
            lambda idea=idea: handling.claim(member=cast.fay, matter=Matter.of_post(idea), take_over=True),  # type: ignore[misc]
            lambda idea=idea: posts.hide(member=cast.fay, post=idea, reason="Spam."),  # type: ignore[misc]
            lambda idea=idea: posts.dismiss(member=cast.ada, post=idea),  # type: ignore[misc]
            lambda idea=idea: cast.reply(idea),  # type: ignore[misc]
        ]
    at_once(acts)  # a deadlock would be an error of the database, which is no refusal
    assert Case.objects.filter(settled_at=None).count() == 0
