"""A second factor: set up, asked for, required of admins wherever they come in."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from accounts.domain import second_factor, tokens
from accounts.domain.signed_in import By, Way
from accounts.models import Person
from jam.models import Policy
from live.codes import Close
from live.door import Caller, come_in
from live.gate import Admission, Refusal
from tests.accounts.test_coming_in import is_in, sign_in, way_of
from tests.cast import PASSWORD, Cast

SECRET = re.compile(r'class="secret"[^>]*>([A-Z2-7]{16,})<')
NEEDED = "/profile/second-factor/"
# allauth says after the commit that a factor was added, which the session of that very request has to hear.
committed = pytest.mark.django_db(transaction=True)


def code_now(secret: str, *, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def set_up_app(client: Client) -> str:
    """Gives who is signed in an app for codes. Its key."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    found = SECRET.search(page.text)
    assert found is not None
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_now(found[1])})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    return found[1]


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<li>([0-9]{8})</li>", client.get("/accounts/2fa/recovery-codes/").text)


@pytest.fixture
def secret(cast: Cast) -> str:
    client = Client()
    sign_in(client)
    return set_up_app(client)


@pytest.fixture
def asked(settings: Any) -> None:
    settings.ADMINS_NEED_SECOND_FACTOR = True


# --- setting up and signing in ------------------------------------------------------------------------------


def test_the_picture_for_the_app_is_part_of_the_page(cast: Cast, client: Client) -> None:
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").text
    assert "<svg" in page
    assert "<path" in page
    assert "data:" not in page
    assert "style=" not in page


def test_it_is_set_up_by_who_has_just_confirmed_who_they_are(cast: Cast, client: Client) -> None:
    sign_in(client)
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"


def test_the_door_asks_for_the_code_of_the_app(secret: str, client: Client) -> None:
    answer = sign_in(client, next="/profile/tokens/")
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "Incorrect code" in wrong.text
    assert not is_in(client)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert answer["Location"] == "/profile/tokens/"
    assert way_of(client) == Way(by=By.PASSWORD, second_factor=True)


def test_a_code_of_the_app_works_once(secret: str) -> None:
    code = code_now(secret)
    for expected in (True, False):
        client = Client()
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_in(client) is expected


def test_codes_are_tried_five_times_and_no_more(secret: str, client: Client) -> None:
    sign_in(client)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert "Too many failed login attempts" in answer.text
    assert not is_in(client)


def test_a_recovery_code_works_once(cast: Cast) -> None:
    client = Client()
    sign_in(client)
    set_up_app(client)
    codes = recovery_codes(client)
    assert len(codes) == len(set(codes)) == 10
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post("/accounts/2fa/authenticate/", {"code": codes[3]})
        assert is_in(other) is expected
    assert len(recovery_codes(client)) == 9
    saved = client.get("/accounts/2fa/recovery-codes/download/")
    assert codes[0] in saved.text
    assert "no-store" in saved["Cache-Control"]


def test_a_code_by_mail_is_no_second_factor(secret: str, client: Client, mailoutbox: list[Any]) -> None:
    client.post("/accounts/login/code/", {"email": "ana@example.org"})
    found = re.search(r"^[A-Z0-9-]{6,}$", mailoutbox[-1].body, re.MULTILINE)
    assert found is not None
    answer = client.post("/accounts/login/code/confirm/", {"code": found[0]})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)


@committed
def test_what_is_taken_away_counts_no_more(cast: Cast, client: Client) -> None:
    sign_in(client)
    set_up_app(client)
    assert way_of(client).second_factor
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not way_of(client).second_factor
    assert not Authenticator.objects.exists()


def test_the_second_factor_of_one_is_not_of_another(secret: str, client: Client) -> None:
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    client.post("/accounts/logout/")
    sign_in(client, "ben")
    assert way_of(client) == Way(by=By.PASSWORD)


# --- required of admins of the site -------------------------------------------------------------------------


def test_nobody_is_asked_unless_it_is_set(cast: Cast, client: Client) -> None:
    sign_in(client, "sid")
    assert client.get("/jams/tides/").status_code == 200


@committed
def test_an_admin_is_led_to_where_it_is_set_up(cast: Cast, client: Client, asked: None) -> None:
    sign_in(client, "sid")
    answer = client.get("/jams/tides/?x=1")
    assert answer["Location"] == f"{NEEDED}?next=%2Fjams%2Ftides%2F%3Fx%3D1"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "/accounts/2fa/totp/activate/" in page.text
    assert "/accounts/2fa/webauthn/add/" in page.text
    for url in ("/", "/profile/", "/profile/tokens/", "/profile/sessions/", "/search/"):
        assert client.get(url)["Location"].startswith(NEEDED), url
    assert client.post("/profile/", {"name": "x"})["Location"] == NEEDED
    # What sets it up, and what leads out, is open.
    for url in ("/accounts/2fa/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/"):
        assert client.get(url).status_code == 200, url
    set_up_app(client)
    assert client.get("/jams/tides/").status_code == 200
    assert client.get(f"{NEEDED}?next=/jams/tides/")["Location"] == "/jams/tides/"
    assert client.get(f"{NEEDED}?next=//evil.example/")["Location"] == "/"


def test_a_session_from_before_shows_it_when_it_is_asked_for(cast: Cast, client: Client, asked: None) -> None:
    sign_in(client, "sid")
    other = Client()
    sign_in(other, "sid")
    secret = set_up_app(other)
    assert client.get("/")["Location"].startswith(NEEDED)
    page = client.get(f"{NEEDED}?next=/profile/")
    assert "/accounts/2fa/reauthenticate/?next=/profile/" in page.text
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        answer = client.post("/accounts/2fa/reauthenticate/", {"code": code_now(secret), "next": "/profile/"})
        assert answer["Location"] == "/profile/"
        assert client.get("/profile/").status_code == 200


def test_others_are_not_asked(cast: Cast, client: Client, asked: None) -> None:
    for name in ("ana", "fay", "ada"):
        fresh = Client()
        sign_in(fresh, name)
        assert fresh.get("/jams/tides/").status_code == 200, name


def bearer(person: Person) -> dict[str, Any]:
    return {"headers": {"authorization": f"Bearer {tokens.make_token(person=person)}"}}


@committed
def test_the_api_asks_too(cast: Cast, client: Client, asked: None) -> None:
    with_token = bearer(cast.sid)
    for answer in (
        Client().get("/api/v1/jams", **with_token),
        Client().post("/api/v1/jams/tides/threads", **with_token),
    ):
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "second_factor"
    sign_in(client, "sid")
    assert client.get("/api/v1/jams").json()["code"] == "second_factor"
    set_up_app(client)
    assert client.get("/api/v1/jams").status_code == 200
    assert Client().get("/api/v1/jams", **with_token).status_code == 200
    Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).delete()
    assert Client().get("/api/v1/jams", **with_token).status_code == 403


def tab(*, session: str = "", token: str | None = None) -> Admission | Refusal:
    return come_in(Caller(slug="tides", rooms=(), session=session, token=token))


@committed
def test_a_tab_asks_too(cast: Cast, client: Client, asked: None) -> None:
    sign_in(client, "sid")
    assert tab(session=str(client.session.session_key)) == Refusal(Close.FORBIDDEN)
    assert tab(token=tokens.make_token(person=cast.sid)) == Refusal(Close.FORBIDDEN)
    set_up_app(client)
    assert isinstance(tab(session=str(client.session.session_key)), Admission)
    assert isinstance(tab(token=tokens.make_token(person=cast.sid)), Admission)


# --- required of the admins of a jam -------------------------------------------------------------------------


@committed
def test_a_jam_may_ask_its_own_admins(cast: Cast, client: Client) -> None:
    Policy.objects.create(jam=cast.jam, required_second_factor=True)
    sign_in(client, "ada")
    assert client.get("/jams/tides/")["Location"] == f"{NEEDED}?next=%2Fjams%2Ftides%2F"
    assert client.get("/api/v1/jams/tides").json()["code"] == "second_factor"
    assert Client().get("/api/v1/jams/tides", **bearer(cast.ada.person)).json()["code"] == "second_factor"
    assert tab(session=str(client.session.session_key)) == Refusal(Close.FORBIDDEN)
    assert client.get("/").status_code == 200  # the rest of the site is as open to them as to anybody
    for name in ("ana", "fay", "omar"):
        fresh = Client()
        sign_in(fresh, name)
        assert fresh.get("/jams/tides/").status_code == 200, name
    set_up_app(client)
    assert client.get("/jams/tides/").status_code == 200
    assert client.get("/api/v1/jams/tides").status_code == 200
    assert isinstance(tab(session=str(client.session.session_key)), Admission)


def test_who_came_in_by_neither_session_nor_token_is_not_asked(cast: Cast, asked: None) -> None:
    """A command or a task works for an admin without anybody having signed in."""
    assert not second_factor.is_missing(Person.objects.get(pk=cast.sid.pk))
