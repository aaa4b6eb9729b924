"""Polls: making one, voting while the clock says so, what tabs are told, and who is shown how it stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jam.domain import polls
from jam.domain.errors import Conflict, Invalid, NotAllowed, OutsideWindow
from jam.domain.polls import PollPlan
from jam.models import Member, Poll, PollVote
from jam.shown_occasions import share
from jam.tasks import tell_occasions
from live.models import Event
from tests.cast import Cast, close_by_clock, set_window

TREES = PollPlan(question="Which tree?", choices=["Lime", "Oak", "Elm"])


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.person if isinstance(who, Member) else who)
    return client


def ids(poll: Poll) -> list[int]:
    return list(poll.choices.values_list("pk", flat=True))


def counts(poll: Poll) -> tuple[int, list[int]]:
    poll.refresh_from_db()
    return poll.voter_count, list(poll.choices.values_list("count", flat=True))


def test_a_poll_is_told_to_every_tab_with_its_choices(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    event = Event.objects.get(kind="poll.changed")
    assert event.rooms == ["pulse"]
    assert event.data == {
        "poll": poll.pk,
        "forum": None,
        "question": "Which tree?",
        "multiple": False,
        "results": "always",
        "closes_at": None,
        "voters": 0,
        "choices": [{"id": pk, "words": words, "count": 0} for pk, words in zip(ids(poll), TREES.choices, strict=True)],
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": " ​"}, "question"),
        ({"question": "x" * 301}, "question"),
        ({"choices": ["One", "", "  "]}, "choices"),
        ({"choices": [str(number) for number in range(11)]}, "choices"),
        ({"choices": ["Oak", "oak "]}, "choices"),
        ({"choices": ["Oak", "x" * 201]}, "choices"),
        ({"results": "never"}, "results"),
        ({"closes_at": timezone.now() - timedelta(minutes=1)}, "closes_at"),
    ],
)
def test_what_is_no_poll_is_refused_by_name(cast: Cast, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        polls.make(member=cast.fay, plan=PollPlan(**{"question": "Which?", "choices": ["a", "b"], **change}))
    assert refused.value.field == field
    assert not Poll.objects.exists()


@pytest.mark.parametrize("who", ["ana", "omar", "ned"])
def test_only_who_runs_the_jam_makes_ends_and_removes(cast: Cast, who: str) -> None:
    poll, member = polls.make(member=cast.fay, plan=TREES), getattr(cast, who)
    if member.jam == cast.jam:
        with pytest.raises(NotAllowed):
            polls.make(member=member, plan=TREES)
    for verb in (polls.close, polls.remove):
        with pytest.raises((NotAllowed, Invalid)):
            verb(member=member, poll=poll)
    for path in ("", f"{poll.pk}/close/", f"{poll.pk}/remove/"):
        assert browser(member).post(f"/jams/tides/polls/{path}").status_code == 404
    assert browser(cast.sid).post("/jams/tides/polls/", {"question": "Q", "choices": "a\nb"}).status_code == 404
    poll.refresh_from_db()
    assert poll.closes_at is None


def test_a_forum_or_a_poll_of_another_jam_is_not_there(cast: Cast) -> None:
    with pytest.raises(Invalid):
        polls.make(member=cast.fay, plan=PollPlan(question="Q", choices=["a", "b"], forum=cast.elsewhere))
    poll = polls.make(member=cast.ned, plan=TREES)
    assert browser(cast.ana).get(f"/jams/tides/polls/{poll.pk}/").status_code == 404
    answer = browser(cast.ana).post(f"/jams/tides/polls/{poll.pk}/vote/", {f"poll-{poll.pk}": ids(poll)[0]})
    assert answer.status_code == 404
    with pytest.raises(Invalid):
        polls.vote(member=cast.ana, poll=poll, choices=ids(poll)[:1])


def test_a_form_sent_twice_is_one_poll_and_five_run_at_most(cast: Cast) -> None:
    polls.make(member=cast.fay, plan=TREES)
    with pytest.raises(Conflict):
        polls.make(member=cast.ada, plan=TREES)
    for number in range(4):
        polls.make(member=cast.fay, plan=PollPlan(question=f"Q{number}", choices=["a", "b"]))
    with pytest.raises(Conflict):
        polls.make(member=cast.fay, plan=PollPlan(question="One more", choices=["a", "b"]))
    polls.make(member=cast.fay, plan=PollPlan(question="One more", choices=["a", "b"], forum=cast.harbour))


def test_a_vote_counts_once_and_can_be_changed_and_taken_back(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    lime, oak, elm = ids(poll)
    for choices in ([lime], [lime], [oak]):
        polls.vote(member=cast.ana, poll=poll, choices=choices)
    polls.vote(member=cast.ben, poll=poll, choices=[oak])
    assert counts(poll) == (2, [0, 2, 0])
    with pytest.raises(Invalid):
        polls.vote(member=cast.ana, poll=poll, choices=[lime, elm])
    polls.vote(member=cast.ana, poll=poll, choices=[])
    assert counts(poll) == (1, [0, 1, 0])
    assert PollVote.objects.get().member == cast.ben


def test_where_one_may_choose_several_the_voters_are_counted_once(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=PollPlan(question="Q", choices=["a", "b", "c"], multiple=True))
    a, b, c = ids(poll)
    polls.vote(member=cast.ana, poll=poll, choices=[a, b])
    polls.vote(member=cast.ben, poll=poll, choices=[b])
    polls.vote(member=cast.ana, poll=poll, choices=[b, c])
    assert counts(poll) == (2, [0, 2, 1])


def test_an_observer_and_a_choice_of_another_poll_are_refused(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    other = polls.make(member=cast.fay, plan=PollPlan(question="Q", choices=["a", "b"]))
    with pytest.raises(NotAllowed):
        polls.vote(member=cast.omar, poll=poll, choices=ids(poll)[:1])
    with pytest.raises(Invalid):
        polls.vote(member=cast.ana, poll=poll, choices=ids(other)[:1])
    assert counts(poll) == (0, [0, 0, 0])


def test_the_clock_decides(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    lime = ids(poll)[:1]
    Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - timedelta(milliseconds=1))
    with pytest.raises(Conflict):
        polls.vote(member=cast.ana, poll=poll, choices=lime)
    Poll.objects.filter(pk=poll.pk).update(closes_at=None)
    close_by_clock(cast.jam)
    with pytest.raises(OutsideWindow):
        polls.vote(member=cast.ana, poll=poll, choices=lime)
    answer = browser(cast.ana).post(f"/jams/tides/polls/{poll.pk}/vote/", {f"poll-{poll.pk}": lime[0]})
    assert answer.status_code == 409
    set_window(cast.jam, opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    with pytest.raises(OutsideWindow):
        polls.vote(member=cast.ana, poll=poll, choices=lime)
    assert counts(poll) == (0, [0, 0, 0])


def test_one_made_before_the_opening_takes_votes_from_then_on(cast: Cast) -> None:
    set_window(cast.jam, opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    poll = polls.make(member=cast.fay, plan=TREES)
    set_window(cast.jam, opens_in=-timedelta(seconds=1), closes_in=timedelta(hours=2))
    polls.vote(member=cast.ana, poll=poll, choices=ids(poll)[:1])
    assert counts(poll) == (1, [1, 0, 0])


@pytest.mark.django_db(transaction=True)
def test_many_votes_at_once_are_all_counted(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    lime, oak, _ = ids(poll)

    def vote(member: Member) -> None:
        try:
            for choice in (lime, oak, lime):
                polls.vote(member=member, poll=poll, choices=[choice])
        finally:
            connection.close()

    members = [cast.ana, cast.ben, cast.fay, cast.ada]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(vote, members * 2))
    assert counts(poll) == (4, [4, 0, 0])
    assert PollVote.objects.count() == 4


def test_tabs_are_told_the_newest_counts_and_nothing_twice(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    lime, oak, elm = ids(poll)
    for member, choice in ((cast.ana, lime), (cast.ben, oak), (cast.fay, oak)):
        polls.vote(member=member, poll=poll, choices=[choice])
    tell_occasions()
    tell_occasions()
    (told,) = Event.objects.filter(kind="poll.counted")
    assert told.data == {"poll": poll.pk, "voters": 3, "counts": {str(lime): 1, str(oak): 2, str(elm): 0}}
    polls.vote(member=cast.ana, poll=poll, choices=[oak])
    tell_occasions()
    assert Event.objects.filter(kind="poll.counted").latest("seq").data["counts"][str(oak)] == 3


def test_ending_it_twice_is_once_and_its_result_stays(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    polls.vote(member=cast.ana, poll=poll, choices=ids(poll)[:1])
    first = polls.close(member=cast.fay, poll=poll).closes_at
    assert polls.close(member=cast.ada, poll=poll).closes_at == first
    assert Event.objects.filter(kind="poll.changed").count() == 2
    page = browser(cast.ben).get("/jams/tides/polls/").content.decode()
    assert "100 %" in page
    assert '<input type="radio"' not in page
    with pytest.raises(Conflict):
        polls.remove(member=cast.fay, poll=poll)


def test_one_that_nobody_voted_in_can_be_taken_away(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    assert browser(cast.fay).post(f"/jams/tides/polls/{poll.pk}/remove/").status_code == 302
    polls.remove(member=cast.fay, poll=poll)
    assert not Poll.objects.exists()
    assert Event.objects.get(kind="poll.removed").data == {"poll": poll.pk}


def test_results_that_wait_for_ones_vote_are_shown_with_it(cast: Cast) -> None:
    plan = PollPlan(question="Q", choices=["a", "b"], results=Poll.Results.AFTER_VOTE)
    poll = polls.make(member=cast.fay, plan=plan)
    polls.vote(member=cast.ben, poll=poll, choices=ids(poll)[:1])
    client, url = browser(cast.ana), f"/jams/tides/polls/{poll.pk}/"
    assert "100 %" not in client.get(url).content.decode()
    answer = client.post(f"{url}vote/", {f"poll-{poll.pk}": ids(poll)[0]}, headers={"accept": "application/json"})
    assert "100 %" in answer.json()["html"]
    assert "100 %" in client.get(url).content.decode()
    assert "100 %" not in browser(cast.omar).get(url).content.decode()
    close_by_clock(cast.jam)
    assert "100 %" in browser(cast.omar).get(url).content.decode()


def test_voting_without_a_script(cast: Cast) -> None:
    poll = polls.make(member=cast.fay, plan=TREES)
    client, url = browser(cast.ana), f"/jams/tides/polls/{poll.pk}/"
    answer = client.post(f"{url}vote/", {f"poll-{poll.pk}": ids(poll)[1], "back": "/jams/tides/"})
    assert answer["Location"] == f"/jams/tides/#poll-{poll.pk}"
    assert counts(poll) == (1, [0, 1, 0])
    assert client.post(f"{url}vote/").status_code == 422
    assert client.post(f"{url}vote/", {f"poll-{poll.pk}": "oak"}).status_code == 422
    assert client.post(f"{url}vote/", {"none": "1"}).status_code == 302
    assert counts(poll) == (0, [0, 0, 0])


def test_the_form_makes_a_poll_at_the_readers_time(cast: Cast) -> None:
    client = browser(cast.fay)
    client.cookies["jam_tz"] = "Asia/Tokyo"
    until = (timezone.now() + timedelta(hours=1)).replace(second=0, microsecond=0)
    wall = (until + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")
    data = {"question": "Q", "choices": "a\r\n\r\nb", "results": "always", "forum": cast.harbour.pk, "closes_at": wall}
    assert client.post("/jams/tides/polls/", data).status_code == 302
    poll = Poll.objects.get()
    assert (poll.closes_at, poll.forum, poll.choices.count()) == (until, cast.harbour, 2)
    refused = client.post("/jams/tides/polls/", data | {"choices": "only one", "question": "Kept <b>"})
    assert refused.status_code == 422
    assert "Kept &lt;b&gt;" in refused.content.decode()
    assert "only one</textarea>" in refused.content.decode()


@pytest.mark.parametrize("path", ["/jams/tides/", "/jams/tides/polls/"])
def test_pages_ask_as_much_for_many_polls_as_for_one(cast: Cast, path: str) -> None:
    client = browser(cast.ana)
    client.get(path)  # begins a visit

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    poll = polls.make(member=cast.fay, plan=TREES)
    polls.vote(member=cast.ana, poll=poll, choices=ids(poll)[:1])
    with_one = asked()
    for number in range(3):
        polls.make(member=cast.fay, plan=PollPlan(question=f"Q{number}", choices=["a", "b"]))
    assert asked() == with_one


def test_shares_are_of_those_who_voted(cast: Cast) -> None:
    assert [share(count, 3) for count in (0, 1, 2, 3)] == [0, 33, 67, 100]
    assert [share(1, 8), share(0, 0)] == [13, 0]
