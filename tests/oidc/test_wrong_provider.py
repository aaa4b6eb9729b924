"""A provider that answers wrongly: each gets a page that says so, nobody is signed in, and nothing breaks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import Person
from accounts.oidc import asking
from tests.oidc.conftest import knows
from tests.oidc.travel import CALLBACK, LOGIN, asked, begin, nobody_is_in
from tests.oidc.wrong import CLIENT, OTHER_KEY, SECRET, Answer, Wrong, in_json, running, unsigned

pytestmark = pytest.mark.django_db

DISCOVERY = "/.well-known/openid-configuration"
CANNOT_BE_TRUSTED = "cannot be trusted"
DOES_NOT_ANSWER = "does not answer"


@pytest.fixture
def wrong(settings: Any, db: None) -> Iterator[Wrong]:
    with running() as wrong:
        knows(settings, wrong.app())
        yield wrong


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.2)
    monkeypatch.setattr(asking, "PATIENCE_IN_ALL", 0.3)


def come_back(client: Client, wrong: Wrong) -> Any:
    asked_for = asked(begin(client))
    wrong.nonce = asked_for["nonce"]
    return client.get(CALLBACK, {"code": "c", "state": asked_for["state"]})


def refused(client: Client, answer: Any, words: str) -> None:
    assert answer.status_code == 401
    assert words in answer.text
    assert "Harbour ID did not let you in" in answer.text
    assert nobody_is_in(client)
    assert not Person.objects.exists()
    assert not SocialAccount.objects.exists()


def test_it_lets_in_as_long_as_it_answers_rightly(wrong: Wrong, client: Client) -> None:
    assert come_back(client, wrong).status_code == 302
    assert Person.objects.get().email == "wren@harbour.example"


def with_key(key: Any, algorithm: str = "RS256", **headers: str) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "one"} | headers)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(
    "sign",
    [
        with_key(OTHER_KEY),
        with_key(OTHER_KEY, kid="unknown"),
        with_key(SECRET, "HS256"),
        unsigned,
        lambda claims: with_key(OTHER_KEY, kid="two")(claims)[:-8] + "AAAAAAAA",
        lambda claims: "not.a.token",
        lambda claims: "",
    ],
    ids=["another key", "an unknown key", "our own secret", "no signature", "a changed one", "no token", "empty"],
)
def test_a_wrong_signature(wrong: Wrong, client: Client, sign: Callable[[dict[str, Any]], str]) -> None:
    wrong.sign = sign
    refused(client, come_back(client, wrong), CANNOT_BE_TRUSTED)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"]},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"iat": int(time.time()) + 3600},
        {"iat": None},
        {"nbf": int(time.time()) + 3600},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"nonce": 7},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 192},
    ],
    ids=str,
)
def test_wrong_claims(wrong: Wrong, client: Client, claims: dict[str, Any]) -> None:
    wrong.claims = claims
    refused(client, come_back(client, wrong), CANNOT_BE_TRUSTED)


def broken(status: int) -> Answer:
    return status, "text/html", b"<h1>No</h1>"


BAD_ANSWERS: list[tuple[str, Callable[[], Answer], str]] = [
    ("500", lambda: broken(500), DOES_NOT_ANSWER),
    ("503", lambda: broken(503), DOES_NOT_ANSWER),
    ("400", lambda: in_json({"error": "invalid_grant"}, 400), CANNOT_BE_TRUSTED),
    ("404", lambda: broken(404), CANNOT_BE_TRUSTED),
    ("302", lambda: broken(302), CANNOT_BE_TRUSTED),
    ("not JSON", lambda: broken(200), CANNOT_BE_TRUSTED),
    ("not UTF-8", lambda: (200, "application/json", b"\xff\xfe{"), CANNOT_BE_TRUSTED),
    ("deep", lambda: (200, "application/json", b"[" * 100_000), CANNOT_BE_TRUSTED),
    ("a list", lambda: in_json([1]), CANNOT_BE_TRUSTED),
    ("null", lambda: in_json(None), CANNOT_BE_TRUSTED),
    ("empty", lambda: (200, "application/json", b""), CANNOT_BE_TRUSTED),
    ("an empty object", lambda: in_json({}), CANNOT_BE_TRUSTED),
    ("too much", lambda: (200, "application/json", b" " * 300_000), DOES_NOT_ANSWER),
]


@pytest.mark.parametrize(("answer", "words"), [case[1:] for case in BAD_ANSWERS], ids=[case[0] for case in BAD_ANSWERS])
@pytest.mark.parametrize("path", ["/token", "/keys"])
def test_a_bad_answer_on_the_way_back(
    wrong: Wrong, client: Client, path: str, answer: Callable[[], Answer], words: str
) -> None:
    wrong.answers[path] = answer
    refused(client, come_back(client, wrong), words)


@pytest.mark.parametrize(("answer", "words"), [case[1:] for case in BAD_ANSWERS], ids=[case[0] for case in BAD_ANSWERS])
def test_a_bad_answer_before_one_goes(wrong: Wrong, client: Client, answer: Callable[[], Answer], words: str) -> None:
    wrong.answers[DISCOVERY] = answer
    refused(client, client.post(LOGIN), words)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"issuer": ["x"]},
        {"authorization_endpoint": "http://evil.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"token_endpoint": "http://169.254.169.254/"},
        {"token_endpoint": 7},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "https://[::1"},
    ],
    ids=str,
)
def test_it_says_wrong_things_of_itself(wrong: Wrong, client: Client, changes: dict[str, Any]) -> None:
    wrong.answers[DISCOVERY] = lambda: in_json(wrong.discovery() | changes)
    refused(client, client.post(LOGIN), CANNOT_BE_TRUSTED)
    assert wrong.taken == [DISCOVERY]


@pytest.mark.parametrize(
    "token", [{}, {"access_token": 7}, {"access_token": "t"}, {"access_token": "t", "id_token": 7}]
)
def test_it_brings_no_token(wrong: Wrong, client: Client, token: dict[str, Any]) -> None:
    wrong.answers["/token"] = lambda: in_json(token)
    refused(client, come_back(client, wrong), CANNOT_BE_TRUSTED)


@pytest.mark.parametrize(
    "keys",
    [
        {"keys": []},
        {"keys": None},
        {"keys": "x"},
        {"keys": [{"kty": "RSA"}]},
        {"keys": [7]},
        {"keys": [{"kid": "one"}]},
    ],
    ids=str,
)
def test_its_keys_are_none(wrong: Wrong, client: Client, keys: dict[str, Any]) -> None:
    wrong.answers["/keys"] = lambda: in_json(keys)
    refused(client, come_back(client, wrong), CANNOT_BE_TRUSTED)


def test_userinfo_of_somebody_else(wrong: Wrong, client: Client) -> None:
    wrong.claims = {"email": None, "email_verified": None}
    wrong.answers["/userinfo"] = lambda: in_json({"sub": "u2", "email": "x@example.org", "email_verified": True})
    refused(client, come_back(client, wrong), CANNOT_BE_TRUSTED)


def test_userinfo_tells_what_the_token_does_not(wrong: Wrong, client: Client) -> None:
    wrong.claims = {"email": None, "email_verified": None}
    come_back(client, wrong)
    assert Person.objects.get().email == "wren@harbour.example"


@pytest.mark.parametrize("path", [DISCOVERY, "/token", "/keys"])
def test_it_is_slow(wrong: Wrong, client: Client, hurried: None, path: str) -> None:
    done = threading.Event()

    def late() -> Answer:
        done.wait(5)
        return in_json({})

    wrong.answers[path] = late
    try:
        refused(client, client.post(LOGIN) if path == DISCOVERY else come_back(client, wrong), DOES_NOT_ANSWER)
    finally:
        done.set()


def test_it_is_not_there(settings: Any, client: Client) -> None:
    with running() as wrong:
        knows(settings, wrong.app())
    refused(client, client.post(LOGIN), DOES_NOT_ANSWER)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "c"},
        {"code": "c", "state": ""},
        {"code": "c", "state": "of somebody else"},
        {"state": "x" * 5000, "code": "\x00"},
        {"error": "server_error"},
    ],
    ids=str,
)
def test_a_way_back_that_nobody_went_out_by(wrong: Wrong, client: Client, query: dict[str, str]) -> None:
    begin(client)
    refused(client, client.get(CALLBACK, query), "Begin anew")
    assert "/token" not in wrong.taken


@pytest.mark.parametrize("error", ["server_error", "<script>", "login_required"])
def test_it_says_itself_that_it_failed(wrong: Wrong, client: Client, error: str) -> None:
    answer = client.get(CALLBACK, {"error": error, "state": asked(begin(client))["state"]})
    refused(client, answer, "Begin anew")
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "email", [None, "", 7, ["a@example.org"], "no address", "a@b\x00c.example", "x" * 400 + "@e.org"]
)
def test_no_usable_address_is_asked_for_instead(wrong: Wrong, client: Client, email: Any) -> None:
    wrong.claims = {"email": email}
    wrong.answers["/userinfo"] = lambda: in_json({"sub": "u1"})
    answer = come_back(client, wrong)
    assert answer["Location"] == "/accounts/3rdparty/signup/"
    assert nobody_is_in(client)


@pytest.mark.parametrize("verified", [False, None, 0, "false", "yes", 7, ["true"], {}])
def test_only_a_clear_yes_verifies_an_address(
    wrong: Wrong, client: Client, verified: Any, mailoutbox: list[Any]
) -> None:
    wrong.claims = {"email_verified": verified}
    assert come_back(client, wrong)["Location"] == "/accounts/confirm-email/"
    assert nobody_is_in(client)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [("x" * 500, "x" * 120), ("<b>Wren</b>", "<b>Wren</b>"), (" W\x00r\n en ", "Wr en"), ("مرفأ", "مرفأ")],
)
def test_a_name_is_taken_as_text(wrong: Wrong, client: Client, name: str, kept: str) -> None:
    wrong.claims = {"name": name}
    come_back(client, wrong)
    assert Person.objects.get().name == kept
    assert "<b>Wren</b>" not in client.get("/profile/").text


@pytest.mark.parametrize("name", [7, ["x"], {}, " ", None])
def test_no_usable_name_is_asked_for_instead(wrong: Wrong, client: Client, name: Any) -> None:
    wrong.claims = {"name": name}
    assert come_back(client, wrong)["Location"] == "/accounts/3rdparty/signup/"
