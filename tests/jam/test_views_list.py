"""The jams list, for each who may look at it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from jam.models import Door, Jam, Role
from tests.cast import Cast, make_jam, make_member

URL = "/"


def titles(client: Client) -> dict[str, list[str]]:
    response = client.get(URL)
    assert response.status_code == 200
    return {title: [row.jam.slug for row in rows] for title, rows in response.context["groups"]}


@pytest.fixture
def jams(cast: Cast) -> Cast:
    make_jam("coming", opens_in=timedelta(days=2))
    make_jam("soon", opens_in=timedelta(days=1))
    make_jam("over", opens_in=-timedelta(days=9))
    make_jam("long-over", opens_in=-timedelta(days=19))
    Jam.objects.filter(slug="other").update(door=Door.INVITATION)
    return cast


def test_open_first_then_coming_then_past(jams: Cast, client: Client) -> None:
    expected = {"Open now": ["tides"], "Coming": ["soon", "coming"], "Past": ["over", "long-over"]}
    assert titles(client) == expected
    client.force_login(jams.zoe)
    assert titles(client) == expected


def test_members_see_a_jam_whose_door_is_closed(jams: Cast, client: Client) -> None:
    client.force_login(jams.ned.person)
    assert titles(client)["Open now"] == ["tides", "other"]


def test_a_draft_is_shown_to_those_who_run_it(cast: Cast, client: Client) -> None:
    Jam.objects.filter(slug="tides").update(published_at=None)
    client.force_login(cast.ana.person)
    assert client.get(URL).context["drafts"] == []
    for person in (cast.fay.person, cast.sid):
        client.force_login(person)
        assert [row.jam.slug for row in client.get(URL).context["drafts"]] == ["tides"]


def test_without_a_jam_it_says_what_to_do(db: None, client: Client) -> None:
    assert "Sign in to see those that you are in" in client.get(URL).text


@pytest.mark.parametrize("signed_in", [False, True])
def test_as_many_queries_for_three_as_for_one(
    cast: Cast, client: Client, signed_in: bool, django_assert_num_queries: object
) -> None:
    if signed_in:
        client.force_login(cast.zoe)
        client.get(URL)
    # clock, jams, activity, logos; signed in: person, whether they run a jam (the session is cached)
    with django_assert_num_queries(7 if signed_in else 4):  # type: ignore[operator]
        client.get(URL)
    for slug in ("a", "b", "c"):
        make_member(make_jam(slug), cast.ben.person, Role.GUEST)
    with django_assert_num_queries(7 if signed_in else 4):  # type: ignore[operator]
        client.get(URL)


def test_only_looking(cast: Cast, client: Client) -> None:
    assert client.post(URL).status_code == 405


def test_the_clock_tells_the_time(client: Client) -> None:
    response = client.get(reverse("jam:clock"))
    assert list(response.json()) == ["now"]
    assert "no-store" in response["Cache-Control"]


def test_accents_are_a_sheet_that_says_nothing_of_a_jam(client: Client) -> None:
    response = client.get("/accents/0b6670-ffd400.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert ".accent-ffd400{--accent:light-dark(#816a01,#ffd400)" in response.text
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("colours", ["", "0b667", "red", "0b6670}", "-".join(["0b6670"] * 61)])
def test_what_is_no_colour_is_no_sheet(client: Client, colours: str, db: None) -> None:
    assert client.get(f"/accents/{colours}.css").status_code == 404
