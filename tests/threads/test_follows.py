"""Following threads, people and tags."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jam.domain.errors import Conflict, Invalid
from moderation.domain import posts as moderation
from tests.cast import Cast
from threads.domain import follows
from threads.domain.follows import Thing
from threads.models import Follow

pytestmark = pytest.mark.django_db

JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def omar(cast: Cast, client: Client) -> Client:
    client.force_login(cast.omar.person)
    return client


def test_following_twice_is_once(cast: Cast) -> None:
    idea = cast.idea()
    for thing in (Thing(thread=idea.thread), Thing(person=cast.ana), Thing.of_tag(" #Lamps ")):
        for _ in range(2):
            follows.follow(member=cast.omar, thing=thing)
        assert follows.follows_one(cast.omar, thing)
    assert Follow.objects.filter(member=cast.omar).count() == 3
    assert Follow.objects.get(member=cast.omar, person=None, thread=None).tag == "lamps"
    for thing in (Thing(thread=idea.thread), Thing(person=cast.ana), Thing.of_tag("lamps")):
        for _ in range(2):
            follows.unfollow(member=cast.omar, thing=thing)
    assert not Follow.objects.filter(member=cast.omar).exists()


def test_who_writes_in_a_thread_follows_it(cast: Cast) -> None:
    idea = cast.idea()
    cast.reply(idea)
    cast.reply(idea)
    assert follows.follows_one(cast.ana, Thing(thread=idea.thread))
    assert follows.follows_one(cast.ben, Thing(thread=idea.thread))
    assert Follow.objects.count() == 2


def test_what_cannot_be_followed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid):
        follows.follow(member=cast.ana, thing=Thing(person=cast.ana))
    with pytest.raises(Invalid):
        follows.follow(member=cast.ana, thing=Thing(person=cast.ned))
    with pytest.raises(Invalid):
        Thing.of_tag(" # ")
    monkeypatch.setattr(follows, "FOLLOWS_MAX", 1)
    follows.follow(member=cast.ana, thing=Thing(tag="one"))
    follows.follow(member=cast.ana, thing=Thing(tag="one"))
    with pytest.raises(Conflict):
        follows.follow(member=cast.ana, thing=Thing(tag="two"))


def test_buttons_follow_and_say_that_they_do(cast: Cast, omar: Client) -> None:
    idea = cast.idea()
    for page, thing in (
        (f"/jams/tides/threads/{idea.thread_id}/", f"thread:{idea.thread_id}"),
        (f"/jams/tides/people/{cast.ana.pk}/", f"person:{cast.ana.pk}"),
        ("/jams/tides/ideas/?tag=lamps", "tag:lamps"),
    ):
        assert f'name="follow" value="{thing}" aria-pressed="false"' in omar.get(page).content.decode()
        answer = omar.post("/jams/tides/me/follows/", {"follow": thing, "back": page})
        assert (answer.status_code, answer["Location"]) == (302, page)
        assert f'name="unfollow" value="{thing}" aria-pressed="true"' in omar.get(page).content.decode()
    assert omar.post("/jams/tides/me/follows/", {"unfollow": "tag:lamps"}, **JSON).json() == {"following": False}
    assert not follows.follows_one(cast.omar, Thing(tag="lamps"))


@pytest.mark.parametrize("thing", ["", "thread:", "thread:0", "thread:x", "forum:1", "person:99999999999999999999"])
def test_what_names_nothing_is_not_there(omar: Client, thing: str) -> None:
    assert omar.post("/jams/tides/me/follows/", {"follow": thing}).status_code == 404


def test_another_jams_things_are_not_there(cast: Cast, omar: Client) -> None:
    assert omar.post("/jams/tides/me/follows/", {"follow": f"person:{cast.ned.pk}"}).status_code == 404
    assert omar.post("/jams/tides/me/follows/", {"follow": "tag:;"}).status_code == 422
    assert not Follow.objects.exists()


def test_who_is_no_member_follows_nothing(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    assert client.post("/jams/tides/me/follows/", {"follow": f"thread:{idea.thread_id}"}).status_code == 302
    client.force_login(cast.zoe)
    assert client.post("/jams/tides/me/follows/", {"follow": f"thread:{idea.thread_id}"}).status_code == 403
    assert "data-follow" not in client.get(f"/jams/tides/threads/{idea.thread_id}/").content.decode()


def test_the_page_names_what_is_followed_and_no_hidden_title(cast: Cast, omar: Client) -> None:
    idea, hidden = cast.idea(subject="A bench"), cast.idea(subject="Buy my lamps")
    for thing in (Thing(thread=idea.thread), Thing(thread=hidden.thread), Thing(person=cast.ben), Thing(tag="piers")):
        follows.follow(member=cast.omar, thing=thing)
    moderation.hide(member=cast.fay, post=hidden, reason="rash")
    text = omar.get("/jams/tides/me/follows/").content.decode()
    for words in ("A bench", "Ben", "#piers", "An idea that was hidden"):
        assert words in text
    assert "Buy my lamps" not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_much_is_followed(
    cast: Cast, omar: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        follows.follow(member=cast.omar, thing=Thing(thread=cast.idea(subject=f"Idea {number}").thread))
        follows.follow(member=cast.omar, thing=Thing(tag=f"tag{number}"))
    omar.get("/jams/tides/me/follows/")
    with django_assert_num_queries(9):
        omar.get("/jams/tides/me/follows/")


def test_a_long_list_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follows, "A_PAGE", 2)
    for number in range(3):
        follows.follow(member=cast.omar, thing=Thing(thread=cast.idea(subject=f"Idea {number}").thread))
    first = follows.follows_of(cast.omar)
    assert [one.title for one in first.threads] == ["Idea 2", "Idea 1"]
    assert [one.title for one in follows.follows_of(cast.omar, before=first.more).threads] == ["Idea 0"]
