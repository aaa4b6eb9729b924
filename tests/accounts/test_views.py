"""A person's profile, their zone and their colours; coming in and going out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from tests.cast import PASSWORD, Cast

PROFILE = "/profile/"
THEME = "/theme/"


def profile(**changes: str) -> dict[str, str]:
    return {"name": "Ana", "affiliation": "", "time_zone": ""} | changes


def test_a_profile_is_changed_by_its_owner_alone(cast: Cast, client: Client) -> None:
    assert client.get(PROFILE)["Location"] == f"/accounts/login/?next={PROFILE}"
    client.force_login(cast.ana.person)
    assert client.get(PROFILE).status_code == 200
    response = client.post(PROFILE, profile(name="Ana María", affiliation="Sea", time_zone="Asia/Tokyo"))
    assert (response.status_code, response["Location"]) == (302, PROFILE)
    ana = Person.objects.get(pk=cast.ana.person_id)
    assert (ana.name, ana.affiliation, ana.time_zone) == ("Ana María", "Sea", "Asia/Tokyo")
    assert Person.objects.get(pk=cast.ben.person_id).name == "Ben"
    assert client.delete(PROFILE).status_code == 405


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 121}, "name", "at most 120 characters"),
        ({"name": "a\x00"}, "name", "Null characters"),
        ({"affiliation": "x" * 121}, "affiliation", "at most 120 characters"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "not a time zone we know"),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "not a time zone we know"),
    ],
)
def test_what_cannot_be_taken(cast: Cast, client: Client, changes: dict[str, str], field: str, words: str) -> None:
    client.force_login(cast.ana.person)
    response = client.post(PROFILE, profile(**changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in response.context["form"].errors[field][0]
    assert Person.objects.get(pk=cast.ana.person_id).name == "Ana"


def zone_of(client: Client) -> str:
    match = re.search(r'data-zone="([^"]*)"', client.get("/").text)
    assert match is not None
    return match[1]


def test_times_are_in_the_readers_zone(cast: Cast, client: Client) -> None:
    assert zone_of(client) == "UTC"
    client.cookies["jam_tz"] = "America%2FArgentina%2FBuenos_Aires"
    assert zone_of(client) == "America/Argentina/Buenos_Aires"
    client.force_login(cast.ana.person)
    client.post(PROFILE, profile(time_zone="Asia/Tokyo"))
    assert zone_of(client) == "Asia/Tokyo"
    assert "data-zone-chosen" in client.get("/").text


@pytest.mark.parametrize("cookie", ["Mars/Olympus", "../../etc/passwd", "%00", "x" * 3000, ""])
def test_a_cookie_that_names_no_zone_is_left_aside(cast: Cast, client: Client, cookie: str) -> None:
    client.cookies["jam_tz"] = cookie
    assert zone_of(client) == "UTC"


def test_the_colours_are_kept_in_a_cookie(db: None, client: Client) -> None:
    assert "data-theme" not in client.get("/").text.split(">")[1]
    response = client.post(THEME, {"theme": "dark", "next": "/accounts/login/"})
    assert response["Location"] == "/accounts/login/"
    assert '<html lang="en" dir="ltr" data-theme="dark"' in client.get("/").text
    client.cookies["jam_theme"] = '"><script>'
    assert "<script>alert" not in client.get("/").text
    assert client.get(THEME).status_code == 405


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_form_leads_to_no_other_site(db: None, client: Client, address: str) -> None:
    response = client.post(THEME, {"theme": "loud", "next": address})
    assert response["Location"] == "/"
    assert "jam_theme" not in response.cookies


# --- coming in -------------------------------------------------------------------------------------------


def test_signing_up_with_a_code_by_mail(db: None, client: Client, mailoutbox: list[Any]) -> None:
    assert client.get("/accounts/signup/").status_code == 200
    form = {"email": "nour@example.org", "name": "Nour حداد", "affiliation": "Port", "password1": PASSWORD}
    response = client.post("/accounts/signup/?next=/profile/", form | {"next": PROFILE}, follow=True)
    assert "Look at your mail" in response.text
    code = re.search(r"^[A-Z0-9-]{6,}$", mailoutbox[0].body, re.MULTILINE)
    assert code is not None
    wrong = client.post("/accounts/confirm-email/", {"code": "WRONG1"})
    assert "aria-invalid" in wrong.text
    client.post("/accounts/confirm-email/", {"code": code[0]})
    person = Person.objects.get(email="nour@example.org")
    assert (person.name, person.affiliation) == ("Nour حداد", "Port")
    assert client.get(PROFILE).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"password1": "short"}, "password1"),
        ({"password1": "1234567890"}, "password1"),
    ],
)
def test_signing_up_with_what_cannot_be_taken(db: None, client: Client, changes: dict[str, str], field: str) -> None:
    form = {"email": "nour@example.org", "name": "Nour", "password1": PASSWORD} | changes
    page = client.post("/accounts/signup/", form)
    assert f'id="id_{field}_error"' in page.text
    assert not Person.objects.exists()


def test_signing_in_and_out(cast: Cast, client: Client) -> None:
    url = "/accounts/login/?next=/profile/"
    wrong = client.post(url, {"login": "ana@example.org", "password": "wrong"})
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.text
    assert 'value="ana@example.org"' in wrong.text
    right = client.post(url, {"login": "ana@example.org", "password": PASSWORD, "next": PROFILE})
    assert right["Location"] == PROFILE
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert client.get(PROFILE).status_code == 302


@pytest.mark.parametrize(
    "url",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-x/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
    ],
)
def test_the_pages_of_the_entrance_are_ours(db: None, client: Client, url: str) -> None:
    page = client.get(url)
    assert page.status_code == 200
    assert 'class="site-header"' in page.text
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize(
    "url", ["/accounts/email/", "/accounts/password/change/", "/accounts/logout/", "/accounts/reauthenticate/"]
)
def test_the_pages_of_an_account_are_ours(cast: Cast, client: Client, url: str) -> None:
    client.post("/accounts/login/", {"login": "ana@example.org", "password": PASSWORD})
    page = client.get(url)
    assert page.status_code == 200
    assert 'class="site-header"' in page.text
    assert page.text.count("<h1") == 1


def test_a_site_that_keeps_its_mail_says_so(db: None, client: Client, settings: Any, tmp_path: Path) -> None:
    url = "/accounts/password/reset/done/"
    assert "in the folder" not in client.get(url).text
    settings.EMAIL_BACKEND, settings.MAIL_DIR = "accounts.mail.EmlFileBackend", tmp_path
    assert "This site sends no mail." in client.get(url).text


# --- what goes wrong ---------------------------------------------------------------------------------------


def test_error_pages_say_what_happened(db: None, client: Client) -> None:
    page = client.get("/jams/nothing/")
    assert page.status_code == 404
    assert "There is nothing here" in page.text
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(THEME, {"theme": "dark"})
    assert page.status_code == 403
    assert "The form was too old to be taken" in page.text


def test_the_page_for_a_broken_server_needs_nothing(cast: Cast, rf: Any) -> None:
    from django.views.defaults import server_error

    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Something broke here" in response.content.decode()
