"""Asking to take part, and what those who run the jam decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from jam.domain import requests
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.models import Door, Jam, JoinRequest, Member
from live.models import Event
from tests.cast import Cast


@pytest.fixture
def asking(cast: Cast) -> Cast:
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.REQUEST)
    cast.jam.refresh_from_db()
    return cast


def ask(cast: Cast, words: str = "I keep the lamps.") -> JoinRequest:
    return requests.ask(jam=cast.jam, person=cast.zoe, words=words)


def test_who_asks_is_let_in_and_told_and_joins_by_a_press(asking: Cast, client: Client) -> None:
    client.force_login(asking.zoe)
    client.post("/jams/tides/request/", {"words": "I keep the lamps."})
    assert requests.open_count(asking.jam) == 1
    client.force_login(asking.fay.person)
    page = client.get("/jams/tides/requests/")
    assert "I keep the lamps." in page.text
    assert "zoe@example.org" in page.text

    asked = JoinRequest.objects.get()
    client.post(f"/jams/tides/requests/{asked.pk}/", {"decision": "approve", "answer": "Welcome."})
    requests.tell_decided()
    requests.tell_decided()

    assert [message.to for message in mail.outbox] == [["zoe@example.org"]]
    assert "Welcome." in mail.outbox[0].body
    assert not Member.objects.filter(jam=asking.jam, person=asking.zoe).exists()
    client.force_login(asking.zoe)
    assert "Join this jam" in client.get("/jams/tides/request/").text
    assert client.post("/jams/tides/request/").headers["Location"] == "/jams/tides/"
    assert Member.objects.get(jam=asking.jam, person=asking.zoe).role == "participant"


def test_nobody_joins_whose_request_is_open_or_declined(asking: Cast, client: Client) -> None:
    asked = ask(asking)
    client.force_login(asking.zoe)
    client.post("/jams/tides/join/")
    with pytest.raises(NotAllowed):
        requests.join(jam=asking.jam, person=asking.zoe, pseudonym=None)

    requests.decide(request=asked, by=asking.fay, approve=False, answer="Not this time.")

    client.post("/jams/tides/join/")
    assert not Member.objects.filter(jam=asking.jam, person=asking.zoe).exists()
    assert "Not this time." in client.get("/jams/tides/request/").text


def test_who_was_declined_may_ask_once_more_a_day_later(asking: Cast) -> None:
    requests.decide(request=ask(asking), by=asking.fay, approve=False)
    with pytest.raises(Conflict) as early:
        ask(asking, "Please.")
    assert early.value.code == "declined"

    JoinRequest.objects.update(decided_at=timezone.now() - timedelta(days=1, seconds=1))
    asked = ask(asking, "Please.")
    assert (asked.times, asked.decision, asked.words) == (2, "", "Please.")

    requests.decide(request=asked, by=asking.fay, approve=False)
    JoinRequest.objects.update(decided_at=timezone.now() - timedelta(days=9))
    with pytest.raises(Conflict):
        ask(asking, "Please!")


def test_asking_twice_and_deciding_twice_is_told(asking: Cast) -> None:
    asked = ask(asking)
    with pytest.raises(Conflict) as again:
        ask(asking)
    assert again.value.code == "waiting"

    requests.decide(request=asked, by=asking.fay, approve=True)
    with pytest.raises(Conflict) as decided:
        requests.decide(request=asked, by=asking.ada, approve=False)
    assert decided.value.code == "decided"


@pytest.mark.parametrize("words", ["", "​", "x" * 1_001])
def test_words_are_needed_and_not_too_many(asking: Cast, client: Client, words: str) -> None:
    with pytest.raises(Invalid):
        ask(asking, words)
    client.force_login(asking.zoe)

    page = client.post("/jams/tides/request/", {"words": words})

    assert page.status_code == 422
    assert words in page.text


def test_a_jam_with_another_door_takes_no_requests(cast: Cast, client: Client) -> None:
    with pytest.raises(NotAllowed):
        ask(cast)
    client.force_login(cast.zoe)
    assert client.get("/jams/tides/request/").status_code == 404


def test_only_who_runs_the_jam_sees_who_asks_and_decides(asking: Cast, client: Client) -> None:
    asked = ask(asking)
    for person in (asking.zoe, asking.ana.person, asking.omar.person, asking.ned.person):
        client.force_login(person)
        assert client.get("/jams/tides/requests/").status_code == 404
        assert client.post(f"/jams/tides/requests/{asked.pk}/", {"decision": "approve"}).status_code == 404
    client.force_login(asking.ned.person)
    assert client.post(f"/jams/other/requests/{asked.pk}/", {"decision": "approve"}).status_code == 404
    asked.refresh_from_db()
    assert asked.decision == ""


def test_the_staff_hear_how_many_wait_and_not_who(asking: Cast) -> None:
    asked = ask(asking)
    requests.decide(request=asked, by=asking.fay, approve=True)

    told = Event.objects.filter(kind="requests.changed").order_by("seq")

    assert [event.data["open"] for event in told] == [1, 0]
    assert all(event.rooms == ["staff"] for event in told)
    assert "Zoe" not in str([event.data for event in told])
