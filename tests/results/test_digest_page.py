"""The page that sums a jam up."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from results.domain import closing as closings
from results.domain import digests
from tests.cast import Cast, close_by_clock, set_window
from threads.domain import voting


@pytest.fixture
def closed(cast: Cast) -> Cast:
    idea = cast.idea()
    cast.reply(idea, body="مرحبا 字 " + "long" * 60)
    voting.cast(member=cast.ben, post=idea, value=1)
    close_by_clock(cast.jam)
    closing = closings.claim(cast.jam)
    assert closing is not None
    list(digests.build(closing))
    return cast


def get(client: Client, person: Any) -> Any:
    client.force_login(getattr(person, "person", person))
    return client.get("/jams/tides/digest/")


def test_a_member_finds_their_own_part(closed: Cast, client: Client) -> None:
    page = get(client, closed.ana)
    assert page.status_code == 200
    assert (page.context["mine"]["post_count"], page.context["mine"]["reply_count"]) == (1, 1)
    assert page.context["counts"]["votes"] == 1


def test_somebody_with_an_account_reads_the_jams_part(closed: Cast, client: Client) -> None:
    page = get(client, closed.zoe)
    assert (page.status_code, page.context["mine"]) == (200, None)


def test_a_member_finds_it_also_when_reading_has_ended(closed: Cast, client: Client) -> None:
    set_window(closed.jam, opens_in=-timedelta(days=3), closes_in=-timedelta(days=2), reading_in=-timedelta(days=1))
    assert (get(client, closed.ana).status_code, get(client, closed.zoe).status_code) == (200, 404)


def test_a_visitor_finds_nothing(closed: Cast, client: Client) -> None:
    assert client.get("/jams/tides/digest/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(closed: Cast, client: Client, method: str) -> None:
    assert getattr(client, method)("/jams/tides/digest/").status_code == 405


def test_before_the_close_it_says_so(cast: Cast, client: Client) -> None:
    page = get(client, cast.ana)
    assert page.status_code == 200
    assert b"has not closed yet" in page.content


@pytest.mark.parametrize("ideas", [1, 3])
def test_it_costs_the_same_however_much_there_was(
    cast: Cast, client: Client, ideas: int, django_assert_num_queries: Any
) -> None:
    for number in range(ideas):
        cast.reply(cast.idea(subject=f"Idea {number}"))
    close_by_clock(cast.jam)
    closing = closings.claim(cast.jam)
    assert closing is not None
    list(digests.build(closing))
    get(client, cast.ana)
    with django_assert_num_queries(8):
        client.get("/jams/tides/digest/")
