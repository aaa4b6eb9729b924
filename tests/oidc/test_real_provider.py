"""A real provider: discovery, PKCE, an ID token signed with RS256, and what becomes of who comes by it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from accounts.domain.signed_in import By, Way
from accounts.models import Person
from tests.accounts.test_coming_in import CODE, sign_in, way_of
from tests.cast import Cast, make_person
from tests.oidc.conftest import knows
from tests.oidc.real import CLIENT, PEOPLE, Provider
from tests.oidc.travel import LOGIN, asked, at_the_provider, begin, come_in, nobody_is_in

pytestmark = pytest.mark.django_db
BY_HARBOUR = Way(by=By.PROVIDER, provider="harbour")


def test_the_door_names_the_provider(provider: Provider, client: Client) -> None:
    page = client.get("/accounts/login/?next=/profile/").text
    assert "Sign in with Harbour ID" in page
    assert f'action="{LOGIN}' in page


def test_what_is_asked_for(provider: Provider, client: Client) -> None:
    first, second = asked(begin(client)), asked(begin(client))
    assert first["client_id"] == CLIENT
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    assert set(first["scope"].split()) == {"openid", "profile", "email"}
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 16
        assert first[name] != second[name]


def test_nobody_adds_to_what_is_asked_for(provider: Provider, client: Client) -> None:
    more = "?scope=admin&auth_params=prompt%3Dnone%26redirect_uri%3Dhttps%3A%2F%2Fevil.example"
    assert set(asked(begin(client, at=LOGIN + more))) == set(asked(begin(client)))
    assert asked(begin(client, at=LOGIN + more))["scope"].split().count("admin") == 0
    assert "evil" not in asked(begin(client, at=LOGIN + more))["redirect_uri"]


def test_somebody_new_comes_in_with_their_name_and_address(
    provider: Provider, client: Client, mailoutbox: list[Any]
) -> None:
    answer = come_in(client, provider, "nour", next="/profile/")
    assert answer["Location"] == "/profile/"
    assert way_of(client) == BY_HARBOUR
    person = Person.objects.get()
    assert (person.name, person.email) == ("Nour حداد", "nour@harbour.example")
    assert not person.has_usable_password()
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == ("nour@harbour.example", True, True)
    assert mailoutbox == []
    # Of what the provider said, no more is kept than what was asked for, and no token.
    assert set(SocialAccount.objects.get().extra_data) == {"name", "email", "email_verified"}
    assert not SocialToken.objects.exists()


def test_it_is_the_provider_s_number_that_somebody_is_known_by(provider: Provider, client: Client) -> None:
    come_in(client, provider, "nour")
    provider.tell(PEOPLE | {"nour": {"name": "Another", "email": "other@example.org", "email_verified": True}})
    try:
        again = Client()
        come_in(again, provider, "nour")
    finally:
        provider.tell(PEOPLE)
    assert way_of(again) == BY_HARBOUR
    assert Person.objects.get().email == "nour@harbour.example"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example"])
def test_coming_back_leads_to_no_other_site(provider: Provider, client: Client, address: str) -> None:
    assert come_in(client, provider, "nour", next=address)["Location"] == "/"


def test_the_session_gets_a_new_key(provider: Provider, client: Client) -> None:
    back = at_the_provider(begin(client), "nour")
    before = client.session.session_key
    client.get(back)
    assert client.session.session_key != before


def test_a_way_back_works_once_and_in_its_own_browser(provider: Provider, client: Client) -> None:
    back = at_the_provider(begin(client), "nour")
    thief = Client()
    assert thief.get(back).status_code == 401
    assert nobody_is_in(thief)
    assert client.get(back).status_code == 302
    client.post("/accounts/logout/")
    again = client.get(back)
    assert again.status_code == 401
    assert "Begin anew" in again.text
    assert nobody_is_in(client)


# --- an address that has an account -----------------------------------------------------------------------------


def test_a_verified_address_with_an_account_leads_to_a_page_that_says_what_to_do(
    provider: Provider, cast: Cast, client: Client
) -> None:
    answer = come_in(client, provider, "ana")
    assert answer.status_code == 409
    assert "ana@example.org" in answer.text
    assert "?next=/accounts/3rdparty/" in answer.text
    assert nobody_is_in(client)
    assert not SocialAccount.objects.exists()


def test_it_is_connected_if_the_setting_says_so(provider: Provider, cast: Cast, client: Client, settings: Any) -> None:
    knows(settings, provider.app(email_authentication=True))
    come_in(client, provider, "ana")
    assert way_of(client) == BY_HARBOUR
    assert SocialAccount.objects.get().user == cast.ana.person
    assert Person.objects.get(pk=cast.ana.person_id).has_usable_password()


def test_it_is_not_connected_to_an_account_that_never_confirmed_the_address(
    provider: Provider, client: Client, settings: Any
) -> None:
    knows(settings, provider.app(email_authentication=True))
    make_person("Ana")
    EmailAddress.objects.update(verified=False)
    assert come_in(client, provider, "ana").status_code == 409
    assert nobody_is_in(client)


def test_an_address_that_the_provider_has_not_verified_tells_nothing_and_opens_nothing(
    provider: Provider, cast: Cast, client: Client, settings: Any, mailoutbox: list[Any]
) -> None:
    knows(settings, provider.app(email_authentication=True))
    answer = come_in(client, provider, "sly")
    assert answer["Location"] == "/accounts/confirm-email/"
    assert nobody_is_in(client)
    assert not SocialAccount.objects.exists()
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"]]
    assert CODE.search(mailoutbox[0].body) is None


def test_an_address_that_the_provider_has_not_verified_is_confirmed_by_mail(
    provider: Provider, client: Client, mailoutbox: list[Any]
) -> None:
    come_in(client, provider, "sly")
    assert nobody_is_in(client)
    code = CODE.search(mailoutbox[0].body)
    assert code is not None
    client.post("/accounts/confirm-email/", {"code": code[0]})
    assert way_of(client) == BY_HARBOUR


def test_an_account_is_connected_and_taken_away_by_its_owner(provider: Provider, cast: Cast, client: Client) -> None:
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": "a-quiet-harbour-42"})
    page = client.get("/accounts/3rdparty/").text
    assert "Connect Harbour ID" in page
    come_in(client, provider, "nour", process="connect")
    found = SocialAccount.objects.get()
    assert found.user == cast.ana.person
    other = Client()
    come_in(other, provider, "nour")
    assert other.session["_auth_user_id"] == str(cast.ana.person_id)
    client.post("/accounts/3rdparty/", {"account": str(found.pk)})
    assert not SocialAccount.objects.exists()


def test_nobody_connects_what_is_anothers(provider: Provider, cast: Cast, client: Client) -> None:
    come_in(Client(), provider, "nour")
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": "a-quiet-harbour-42"})
    come_in(client, provider, "nour", process="connect")
    assert SocialAccount.objects.get().user.email == "nour@harbour.example"


# --- what is missing ----------------------------------------------------------------------------------------------


def test_who_has_no_address_there_is_asked_for_one(provider: Provider, client: Client, mailoutbox: list[Any]) -> None:
    answer = come_in(client, provider, "noel")
    assert answer["Location"] == "/accounts/3rdparty/signup/"
    page = client.get(answer["Location"])
    assert 'value="Noel"' in page.text
    assert nobody_is_in(client)
    wrong = client.post("/accounts/3rdparty/signup/", {"name": "Noel", "email": "no address"})
    assert 'id="id_email_error"' in wrong.text
    client.post("/accounts/3rdparty/signup/", {"name": "Noel", "email": "noel@example.org"})
    assert nobody_is_in(client)
    code = CODE.search(mailoutbox[0].body)
    assert code is not None
    client.post("/accounts/confirm-email/", {"code": code[0]})
    assert way_of(client) == BY_HARBOUR


def test_who_has_no_name_there_is_asked_for_one(provider: Provider, client: Client, mailoutbox: list[Any]) -> None:
    assert come_in(client, provider, "anon")["Location"] == "/accounts/3rdparty/signup/"
    form = {"name": "Someone", "affiliation": "Port", "email": "anon@harbour.example"}
    client.post("/accounts/3rdparty/signup/", form)
    person = Person.objects.get()
    assert (person.name, person.affiliation) == ("Someone", "Port")
    assert way_of(client) == BY_HARBOUR
    assert mailoutbox == []


def test_who_is_suspended_does_not_come_in(provider: Provider, client: Client) -> None:
    come_in(Client(), provider, "nour")
    Person.objects.update(is_active=False)
    assert come_in(client, provider, "nour")["Location"] == "/accounts/inactive/"
    assert nobody_is_in(client)


def test_who_said_no_there_is_told_so(provider: Provider, client: Client) -> None:
    state = asked(begin(client))["state"]
    answer = client.get(f"{LOGIN}callback/", {"error": "access_denied", "state": state}, follow=True)
    assert "Nothing was changed" in answer.text
    assert nobody_is_in(client)


def test_two_providers_may_know_us_by_the_same_name(provider: Provider, client: Client, settings: Any) -> None:
    knows(settings, provider.app(), provider.app() | {"provider_id": "second", "name": "Second"})
    answer = come_in(client, provider, "noel")
    assert client.get(answer["Location"]).status_code == 200
    page = client.get("/accounts/login/").text
    assert re.findall(r"Sign in with ([\w ]+)<", page) == ["Harbour ID", "Second"]


def test_an_unknown_provider_is_nothing(provider: Provider, client: Client) -> None:
    for name in ("other", "openid_connect", "x" * 300):
        for url in (f"/accounts/oidc/{name}/login/", f"/accounts/oidc/{name}/login/callback/"):
            assert client.get(url).status_code == 404


def test_a_provider_that_the_site_knows_no_more_is_in_nobodys_way(
    provider: Provider, cast: Cast, client: Client, settings: Any
) -> None:
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": "a-quiet-harbour-42"})
    come_in(client, provider, "nour", process="connect")
    knows(settings)
    page = client.post("/accounts/3rdparty/", {"account": str(SocialAccount.objects.get().pk)})
    assert page.status_code == 200
    assert "No account elsewhere lets you in here yet" in page.text
    assert client.get("/profile/").status_code == 200
    assert client.get(LOGIN).status_code == 404
