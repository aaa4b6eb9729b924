"""The pages of a jam's themes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from results.domain import themes
from tests.cast import Cast
from tests.results.test_themes import ALL, BOATS, write
from threads.models import Theme

pytestmark = pytest.mark.django_db

LIST = "/jams/tides/themes/"


@pytest.fixture
def found(cast: Cast) -> Theme:
    """The theme of the boats, among the three of the jam."""
    write(cast, ALL)
    themes.find(cast.jam)
    return Theme.objects.get(ideas__thread__posts__subject=BOATS[0])


def get(client: Client, person: Any, url: str) -> Any:
    client.force_login(person)
    return client.get(url)


def test_the_list_names_each_theme_with_its_hottest_ideas(cast: Cast, client: Client, found: Theme) -> None:
    page = get(client, cast.ana.person, LIST)
    shown = {shown.theme.pk: [idea.subject for idea in shown.ideas] for shown in page.context["themes"]}
    assert len(shown) == 3
    assert shown[found.pk] == list(reversed(BOATS))[:3]
    assert f'href="/jams/tides/ideas/?theme={found.pk}"' in page.content.decode()


def test_the_list_costs_the_same_with_one_theme_and_with_three(cast: Cast, client: Client, found: Theme) -> None:
    client.force_login(cast.ana.person)
    client.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as three:
        client.get(LIST)
    Theme.objects.exclude(pk=found.pk).delete()
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    assert len(one) == len(three)


def test_a_jam_without_themes_says_so(cast: Cast, client: Client) -> None:
    assert "No themes yet" in get(client, cast.ana.person, LIST).content.decode()


def test_who_may_not_read_the_jam_finds_nothing(cast: Cast, client: Client, found: Theme) -> None:
    assert client.get(LIST).status_code == 302
    assert get(client, cast.ana.person, "/jams/other/themes/").status_code == 200  # open to accounts
    cast.other.door = "invitation"
    cast.other.save()
    assert get(client, cast.ana.person, "/jams/other/themes/").status_code == 404


def test_the_list_of_ideas_is_filtered_by_a_theme(cast: Cast, client: Client, found: Theme) -> None:
    page = get(client, cast.ana.person, f"/jams/tides/ideas/?theme={found.pk}&sort=new").content.decode()
    assert [subject for subject in ALL if subject in page] == BOATS
    assert found.title in page


@pytest.mark.parametrize("asked", ["0", "x", "99999999999999999999"])
def test_a_theme_that_is_not_there_filters_nothing_out(cast: Cast, client: Client, found: Theme, asked: str) -> None:
    assert get(client, cast.ana.person, f"/jams/tides/ideas/?theme={asked}").status_code == 404


def test_a_facilitator_names_a_theme(cast: Cast, client: Client, found: Theme) -> None:
    client.force_login(cast.fay.person)
    answer = client.post(f"{LIST}{found.pk}/", {"name": "On the water"})
    assert answer.headers["Location"] == LIST
    assert "On the water" in client.get(LIST).content.decode()


def test_a_name_that_is_taken_stays_in_the_form(cast: Cast, client: Client, found: Theme) -> None:
    other = Theme.objects.exclude(pk=found.pk).first()
    assert other is not None
    themes.rename(theme=other, by=cast.fay, name="On the water")
    client.force_login(cast.fay.person)
    answer = client.post(f"{LIST}{found.pk}/", {"name": "On the water"})
    assert answer.status_code == 422
    assert 'value="On the water"' in answer.content.decode()


@pytest.mark.parametrize("who", ["ana", "omar", "ned"])
def test_nobody_else_gets_to_the_form(cast: Cast, client: Client, found: Theme, who: str) -> None:
    assert get(client, getattr(cast, who).person, f"{LIST}{found.pk}/").status_code == 404


def test_a_theme_of_another_jam_is_not_there(cast: Cast, client: Client, found: Theme) -> None:
    assert get(client, cast.ned.person, f"/jams/other/themes/{found.pk}/").status_code == 404
