"""Making, naming and ending one's API tokens."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.domain import tokens
from accounts.forms import TOKENS_MAX
from accounts.models import ApiToken
from tests.accounts.test_coming_in import is_in, sign_in
from tests.cast import PASSWORD, Cast

URL = "/profile/tokens/"
TOKEN = re.compile(r'value="(jam_[\w-]{40,})"')


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def works(token: str) -> bool:
    return Client().get("/api/v1/jams", headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_a_token_is_shown_once_and_works_until_it_is_ended(ana: Client) -> None:
    page = ana.post(URL, {"name": "Export على الحاسوب"})
    found = TOKEN.search(page.text)
    assert found is not None
    assert "no-store" in page["Cache-Control"]
    assert works(found[1])
    again = ana.get(URL).text
    assert found[1] not in again
    assert "Export على الحاسوب" in again
    assert ana.post(URL, {"end": str(ApiToken.objects.get().pk)})["Location"] == URL
    assert not works(found[1])


def test_only_who_has_just_confirmed_who_they_are_takes_a_token(cast: Cast, client: Client) -> None:
    sign_in(client)
    answer = client.post(URL, {"name": "Export"})
    assert answer["Location"] == "/accounts/reauthenticate/?next=%2Fprofile%2Ftokens%2F"
    assert not ApiToken.objects.exists()
    # What they wrote is not lost: it is done once they have.
    page = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": URL})
    assert TOKEN.search(page.text)
    assert ApiToken.objects.get().name == "Export"


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00b"])
def test_a_token_needs_a_name(ana: Client, name: str) -> None:
    page = ana.post(URL, {"name": name})
    assert page.status_code == 422
    assert 'id="id_name_error"' in page.text
    assert not ApiToken.objects.exists()


def test_nobody_has_more_than_some(ana: Client, cast: Cast) -> None:
    for _ in range(TOKENS_MAX):
        tokens.make_token(person=cast.ana.person)
    page = ana.post(URL, {"name": "One more"})
    assert page.status_code == 422
    assert 'value="One more"' in page.text
    assert ApiToken.objects.count() == TOKENS_MAX


def test_nobody_ends_the_token_of_another(ana: Client, cast: Cast) -> None:
    bens = tokens.make_token(person=cast.ben.person)
    for number in (str(ApiToken.objects.get().pk), "9" * 40, "-1", "x"):
        assert ana.post(URL, {"end": number}).status_code == 302
    assert works(bens)


def test_the_page_is_for_who_is_signed_in(cast: Cast, client: Client) -> None:
    assert client.get(URL)["Location"] == f"/accounts/login/?next={URL}"
    assert client.post(URL, {"name": "x"}).status_code == 302
    assert not is_in(client)
