"""`changes`, the polling twin of the socket: the same frames, behind the same door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from live.domain import queries
from tests.live.gate import TOKEN, WorldAbove

pytestmark = pytest.mark.django_db

URL = "/jams/river/changes/"
AGREE = {"agree": 1, "pass": 0, "disagree": 0}
Say = Callable[..., int]


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(Person.objects.create_user("ana@example.org", name="Ana"))
    return client


def test_it_lies_where_the_pages_look_for_it() -> None:
    assert reverse("live:changes", args=["river"]) == URL


def test_without_since_it_says_where_the_jam_stands(reader: Client, say: Say) -> None:
    say()
    answer = reader.get(URL)
    assert answer.json() == {"after": 1, "seq": 1, "events": []}
    assert "no-store" in answer["Cache-Control"]


def test_it_brings_what_happened_since(reader: Client, say: Say, above: WorldAbove) -> None:
    above.votes["thread:1"] = {"41": AGREE}
    for rooms in (("pulse",), ("thread:1",), ("thread:2",)):
        say(rooms=rooms, data={"post": 41})
    frame = reader.get(URL, {"since": 1, "room": "thread:1"}).json()
    (event,) = frame.pop("events")
    assert frame == {"after": 1, "seq": 3, "counts": {"41": AGREE}}
    assert (event["seq"], event["kind"], event["post"]) == (2, "said", 41)


def test_too_much_is_a_reset(reader: Client, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CATCH_UP_EVENTS", 2)
    for _ in range(3):
        say()
    assert reader.get(URL, {"since": 0}).json() == {"reset": True, "seq": 3}
    assert reader.get(URL, {"since": 4}).json() == {"reset": True, "seq": 3}


@pytest.mark.parametrize(
    ("url", "query", "status", "code"),
    [
        (URL, {"since": "soon"}, 400, "bad_request"),
        (URL, {"room": "Thread:1"}, 400, "bad_request"),
        (URL, {"room": "thread:3"}, 404, "not_found"),
        ("/jams/nowhere/changes/", {}, 404, "not_found"),
    ],
)
def test_it_refuses_as_the_socket_does(reader: Client, url: str, query: dict[str, Any], status: int, code: str) -> None:
    answer = reader.get(url, query)
    assert (answer.status_code, answer.json()) == (status, {"code": code})


def test_a_script_comes_with_a_token(client: Client) -> None:
    assert client.get(URL, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert client.get(URL, headers={"authorization": "Bearer nobody's"}).status_code == 401
    assert client.get(URL, headers={"authorization": "Basic eA=="}).status_code == 401
    assert client.get(URL).status_code == 401


def test_nothing_is_changed_by_it(reader: Client) -> None:
    assert reader.post(URL).status_code == 405


@pytest.mark.parametrize("events", [1, 3])
def test_its_queries_do_not_grow_with_what_happened(
    reader: Client, say: Say, events: int, django_assert_num_queries: Any
) -> None:
    for _ in range(events):
        say()
    reader.get(URL)
    # The person, the stream, whether the log goes back so far, and the events. The session is in the cache.
    with django_assert_num_queries(4):
        reader.get(URL, {"since": 0})
