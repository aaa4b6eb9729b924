"""Moving the close, publishing, joining: each a press."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from jam.models import Door, Jam, Role
from live.models import Event
from tests.cast import Cast, close_by_clock, set_window

WINDOW = "/jams/tides/window/"
PUBLISH = "/jams/tides/publish/"
JOIN = "/jams/tides/join/"


def said(client: Client) -> list[str]:
    return [str(message) for message in get_messages(client.get("/nothing/").wsgi_request)]


def press(client: Client, jam: Jam, action: str, closes_at: str | None = None) -> int:
    jam.refresh_from_db()
    assert jam.closes_at is not None
    seen = jam.closes_at.isoformat() if closes_at is None else closes_at
    return client.post(WINDOW, {"action": action, "closes_at": seen}).status_code


def kinds() -> list[str]:
    return list(Event.objects.values_list("kind", flat=True))


def test_an_hour_more_once_however_often_it_is_pressed(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    before = cast.jam.closes_at
    assert before is not None
    assert press(client, cast.jam, "hour", before.isoformat()) == 302
    assert press(client, cast.jam, "hour", before.isoformat()) == 302
    cast.jam.refresh_from_db()
    assert cast.jam.closes_at == before + timedelta(hours=1)
    assert kinds() == ["window.changed"]


def test_closing_now_is_asked_first(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    assert "Close the jam now?" in client.get(WINDOW).text
    assert kinds() == []
    assert press(client, cast.jam, "now") == 302
    assert "The jam is not open" in client.get(WINDOW).text
    assert kinds() == ["window.changed"]


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-01-01T00:00:00", "2026-99-01T00:00:00Z"])
def test_a_close_that_was_not_seen_is_not_moved(cast: Cast, client: Client, seen: str) -> None:
    client.force_login(cast.fay.person)
    before = cast.jam.closes_at
    assert press(client, cast.jam, "now", seen) == 302
    cast.jam.refresh_from_db()
    assert cast.jam.closes_at == before


def test_an_unknown_action_does_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    press(client, cast.jam, "explode")
    assert kinds() == []


def test_a_closed_jam_stays_closed(cast: Cast, client: Client) -> None:
    close_by_clock(cast.jam)
    client.force_login(cast.fay.person)
    assert press(client, cast.jam, "hour") == 302
    assert kinds() == []


@pytest.mark.parametrize("who", ["ana", "omar", "zoe"])
def test_others_may_not(cast: Cast, client: Client, who: str) -> None:
    member = getattr(cast, who)
    client.force_login(getattr(member, "person", member))
    assert press(client, cast.jam, "now") == 403
    assert client.get(WINDOW).status_code == 403
    assert client.post(PUBLISH).status_code == 403
    assert kinds() == []


def test_visitors_strangers_and_wrong_methods(cast: Cast, client: Client) -> None:
    for url in (WINDOW, PUBLISH, JOIN):
        assert client.post(url)["Location"].startswith("/accounts/login/")
    client.force_login(cast.ned.person)
    Jam.objects.filter(slug="tides").update(door=Door.INVITATION)
    for url in (WINDOW, PUBLISH, JOIN):
        assert client.post(url).status_code == 404
        assert client.post(url.replace("tides", "nothing")).status_code == 404
    client.force_login(cast.fay.person)
    assert client.get(PUBLISH).status_code == 405
    assert client.get(JOIN)["Location"] == "/jams/tides/"


def test_publishing(cast: Cast, client: Client) -> None:
    Jam.objects.filter(slug="tides").update(published_at=None)
    client.force_login(cast.fay.person)
    assert client.post(PUBLISH)["Location"] == "/jams/tides/"
    cast.jam.refresh_from_db()
    assert cast.jam.published_at is not None


def test_publishing_what_is_over_is_refused(cast: Cast, client: Client) -> None:
    close_by_clock(cast.jam)
    Jam.objects.filter(slug="tides").update(published_at=None)
    client.force_login(cast.fay.person)
    assert client.post(PUBLISH)["Location"] == "/jams/tides/setup/"
    cast.jam.refresh_from_db()
    assert cast.jam.published_at is None


def test_joining_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.zoe)
    for _ in range(2):
        assert client.post(JOIN)["Location"] == "/jams/tides/"
    member = cast.jam.members.get(person=cast.zoe)
    assert (member.name, member.role) == ("Zoe", Role.PARTICIPANT)


@pytest.mark.parametrize(
    ("next_page", "goes_to"),
    [
        ("/jams/tides/threads/1/", "/jams/tides/threads/1/"),
        ("https://evil.example/", "/jams/tides/"),
        ("//evil", "/jams/tides/"),
    ],
)
def test_joining_goes_back_to_where_one_was(cast: Cast, client: Client, next_page: str, goes_to: str) -> None:
    client.force_login(cast.zoe)
    assert client.post(JOIN, {"next": next_page})["Location"] == goes_to


def test_nobody_joins_what_has_ended(cast: Cast, client: Client) -> None:
    set_window(cast.jam, opens_in=-timedelta(days=2), closes_in=-timedelta(days=1), reading_in=-timedelta(hours=1))
    client.force_login(cast.zoe)
    assert client.post(JOIN).status_code == 403
