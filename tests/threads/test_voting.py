"""Votes: one a person and post, counted exactly, inside the window."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from jam.domain.errors import Conflict, Invalid, NotAllowed, OutsideWindow
from jam.models import Voting
from live.models import Event
from tests.cast import Cast, close_by_clock
from threads.domain import heat, voting
from threads.domain.counts import recount
from threads.models import Post, PostStatus, Thread, Vote


def counts_of(post: Post) -> tuple[int, int, int]:
    post.refresh_from_db()
    return post.agree_count, post.pass_count, post.disagree_count


def test_a_later_vote_takes_the_place_of_the_earlier(cast: Cast) -> None:
    idea = cast.idea()
    seen = []
    for value in (1, 1, -1, 0):
        voting.cast(member=cast.ben, post=idea, value=value)
        seen.append(counts_of(idea))
    assert seen == [(1, 0, 0), (1, 0, 0), (0, 0, 1), (0, 1, 0)]
    assert list(Vote.objects.values_list("member", "value")) == [(cast.ben.pk, 0)]


def test_a_vote_is_taken_back_once(cast: Cast) -> None:
    idea = cast.idea()
    voting.cast(member=cast.ben, post=idea, value=1)
    for _ in range(2):
        tally = voting.withdraw(member=cast.ben, post=idea)
        assert tally.as_json() == {"agree": 0, "pass": 0, "disagree": 0}
    assert (counts_of(idea), Vote.objects.count()) == ((0, 0, 0), 0)


def test_a_vote_is_state_and_not_an_event(cast: Cast) -> None:
    idea = cast.idea()
    voting.cast(member=cast.ben, post=idea, value=1)
    assert Event.objects.count() == 1


@pytest.mark.parametrize("value", [2, -2, 10])
def test_a_value_that_is_no_vote_is_refused(cast: Cast, value: int) -> None:
    with pytest.raises(Invalid):
        voting.cast(member=cast.ben, post=cast.idea(), value=value)


@pytest.mark.parametrize("value", [0, -1])
def test_an_upvote_jam_takes_only_agreement(cast: Cast, value: int) -> None:
    cast.jam.voting = Voting.UPVOTE
    cast.jam.save()
    idea = cast.idea()
    with pytest.raises(Invalid):
        voting.cast(member=cast.ben, post=idea, value=value)
    assert voting.cast(member=cast.ben, post=idea, value=1).agree == 1


def test_nobody_votes_on_their_own_post(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as refused:
        voting.cast(member=cast.ana, post=cast.idea(by=cast.ana), value=1)
    assert refused.value.code == "own_post"


def test_an_observer_does_not_vote(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        voting.cast(member=cast.omar, post=cast.idea(), value=1)


def test_a_hidden_post_takes_no_vote(cast: Cast) -> None:
    idea = cast.idea()
    Post.objects.update(status=PostStatus.HIDDEN)
    with pytest.raises(Conflict):
        voting.cast(member=cast.ben, post=idea, value=1)


def test_a_post_of_another_jam_is_refused(cast: Cast) -> None:
    foreign = cast.idea(by=cast.ned, forum=cast.elsewhere)
    with pytest.raises(Invalid):
        voting.cast(member=cast.ben, post=foreign, value=1)


def test_after_the_close_no_vote_counts_nor_is_taken_back(cast: Cast) -> None:
    idea = cast.idea()
    voting.cast(member=cast.ben, post=idea, value=1)
    close_by_clock(cast.jam)
    for change in (
        lambda: voting.cast(member=cast.ben, post=idea, value=-1),
        lambda: voting.withdraw(member=cast.ben, post=idea),
    ):
        with pytest.raises(OutsideWindow):
            change()
    assert counts_of(idea) == (1, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_votes_at_once_are_all_counted(cast: Cast) -> None:
    idea = cast.idea()
    voters = [cast.ben, cast.fay, cast.ada]

    def vote(number: int) -> None:
        try:
            voting.cast(member=voters[number % 3], post=idea, value=(1, 0, -1)[number // 3 % 3])
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(vote, range(36)))
    stored = [Vote.objects.filter(post=idea, value=value).count() for value in (1, 0, -1)]
    assert (counts_of(idea), Vote.objects.count()) == (tuple(stored), 3)


def test_heat_is_the_same_in_python_and_in_the_database(cast: Cast) -> None:
    idea = cast.idea()
    for member, value in ((cast.ben, 1), (cast.fay, 1), (cast.ada, -1)):
        voting.cast(member=member, post=idea, value=value)
    cast.reply(idea)
    thread = Thread.objects.get()
    expected = heat.heat(agree=2, disagree=1, replies=1, created_at=thread.created_at)
    assert thread.heat == pytest.approx(expected, abs=1e-9)


def test_a_recount_finds_what_the_verbs_kept(cast: Cast) -> None:
    idea = cast.idea()
    cast.reply(cast.reply(idea), by=cast.ana)
    cast.idea(by=cast.ben, forum=cast.streets)
    voting.cast(member=cast.ben, post=idea, value=1)
    voting.cast(member=cast.fay, post=idea, value=0)

    def kept() -> list[object]:
        return [
            list(Post.objects.order_by("pk").values_list("agree_count", "pass_count", "disagree_count")),
            list(Thread.objects.order_by("pk").values_list("reply_count", "created_at", "last_post_at", "heat")),
            list(cast.jam.forums.values_list("thread_count", "post_count")),
            list(cast.jam.activity.values_list("at", "posts")),
        ]

    before = kept()
    recount(cast.jam.pk)
    assert kept() == before
