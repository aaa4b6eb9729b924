"""Polls that begin by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jam.domain import planned_polls
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.polls import PollPlan
from jam.forms.fields import WALL
from jam.models import Duty, Jam, Member, PlannedPoll, Poll, Role
from live.models import Event
from tests.cast import Cast, set_window

pytestmark = pytest.mark.django_db
PLAN = PollPlan(question="Which pier?", choices=["The old one", "The new one"])
SOON = timedelta(minutes=10)


def planned(cast: Cast, plan: PollPlan = PLAN, by: Member | None = None) -> PlannedPoll:
    return planned_polls.plan(member=by or cast.fay, plan=plan, starts_at=timezone.now() + SOON)


def let_time_pass(poll: PlannedPoll) -> None:
    PlannedPoll.objects.filter(pk=poll.pk).update(starts_at=timezone.now() - timedelta(seconds=1))


def test_one_begins_at_its_time_and_once(cast: Cast) -> None:
    poll = planned(cast)
    assert planned_polls.begin_due() == 0
    let_time_pass(poll)
    assert (planned_polls.begin_due(), planned_polls.begin_due()) == (1, 0)
    made = Poll.objects.get()
    assert (made.question, made.by, [choice.words for choice in made.choices.all()]) == (
        "Which pier?",
        cast.fay,
        ["The old one", "The new one"],
    )
    assert "poll.changed" in Event.objects.filter(jam_key=cast.jam.pk).values_list("kind", flat=True)
    assert planned_polls.of(cast.jam) == []


def test_who_planned_it_may_have_another_role_by_then(cast: Cast) -> None:
    poll = planned(cast)
    Member.objects.filter(pk=cast.fay.pk).update(role=Role.PARTICIPANT)
    let_time_pass(poll)
    planned_polls.begin_due()
    assert Poll.objects.get().by == cast.ada


def test_a_draft_begins_none_and_a_closed_jam_gives_it_up(cast: Cast) -> None:
    poll = planned(cast)
    let_time_pass(poll)
    published = cast.jam.published_at
    Jam.objects.filter(pk=cast.jam.pk).update(published_at=None)
    assert planned_polls.begin_due() == 0
    Jam.objects.filter(pk=cast.jam.pk).update(published_at=published)
    set_window(cast.jam, opens_in=-timedelta(hours=2), closes_in=-timedelta(hours=1))
    assert planned_polls.begin_due() == 0
    assert not Poll.objects.exists()
    poll.refresh_from_db()
    assert poll.begun_at is not None


def test_one_that_finds_no_room_waits(cast: Cast) -> None:
    for number in range(6):
        let_time_pass(planned(cast, PollPlan(question=f"Number {number}?", choices=["Yes", "No"])))
    assert planned_polls.begin_due() == 5
    Poll.objects.update(closes_at=timezone.now())
    assert planned_polls.begin_due() == 1


def test_who_may_plan_and_what(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        planned(cast, by=cast.ana)
    Duty.objects.create(member=cast.fay, forum=cast.harbour)
    with pytest.raises(NotAllowed):
        planned(cast)
    assert planned(cast, PollPlan(question="Here?", choices=["Yes", "No"], forum=cast.harbour)).forum == cast.harbour
    with pytest.raises(Invalid) as refused:
        planned_polls.plan(member=cast.ada, plan=PLAN, starts_at=timezone.now() - SOON)
    assert refused.value.field == "starts_at"
    assert cast.jam.closes_at is not None
    with pytest.raises(Invalid):
        planned_polls.plan(member=cast.ada, plan=PLAN, starts_at=cast.jam.closes_at)
    with pytest.raises(Invalid):
        planned(cast, PollPlan(question="?", choices=["One"]), by=cast.ada)
    with pytest.raises(Invalid):
        planned(cast, PollPlan(question="Where?", choices=["A", "B"], forum=cast.elsewhere), by=cast.ada)


def test_twice_is_told_and_taken_away_is_once(cast: Cast) -> None:
    at = timezone.now() + SOON
    poll = planned_polls.plan(member=cast.fay, plan=PLAN, starts_at=at)
    with pytest.raises(Conflict):
        planned_polls.plan(member=cast.fay, plan=PLAN, starts_at=at)
    with pytest.raises(Invalid):
        planned_polls.remove(member=cast.ned, planned=poll)
    planned_polls.remove(member=cast.fay, planned=poll)
    planned_polls.remove(member=cast.fay, planned=poll)
    assert not PlannedPoll.objects.exists()


def test_the_page(cast: Cast, client: Client) -> None:
    url = "/jams/tides/polls/planned/"
    client.force_login(cast.ana.person)
    assert client.get(url).status_code == 404
    client.force_login(cast.fay.person)
    at = (timezone.localtime() + SOON).strftime(WALL)
    form = {"question": "Which pier?", "choices": "Old\nNew", "results": "always", "starts_at": at}
    assert client.post(url, form | {"starts_at": ""}).status_code == 422
    assert client.post(url, form | {"choices": "Old"}).status_code == 422
    assert client.post(url, form).status_code == 302
    assert "Which pier?" in client.get(url).text
    poll = PlannedPoll.objects.get()
    client.force_login(cast.ned.person)
    assert client.post(f"/jams/other/polls/planned/{poll.pk}/remove/").status_code == 404
    client.force_login(cast.fay.person)
    assert client.post(f"{url}{poll.pk}/remove/").status_code == 302
    assert not PlannedPoll.objects.exists()
