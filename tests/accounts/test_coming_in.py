"""Coming in: by which way, how often one may guess, and who does not get in by any of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.domain import signed_in
from accounts.domain.signed_in import By, Way
from accounts.models import Person
from tests.cast import PASSWORD, Cast, make_person

LOGIN = "/accounts/login/"
CODE = re.compile(r"^[A-Z0-9-]{6,}$", re.MULTILINE)
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def sign_in(client: Client, name: str = "ana", password: str = PASSWORD, *, at: str = OFFICE, **more: str) -> Any:
    form = {"login": f"{name}@example.org", "password": password} | more
    return client.post(LOGIN, form, REMOTE_ADDR=at)


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def way_of(client: Client) -> Way:
    request = RequestFactory().get("/")
    request.session = client.session
    pk = client.session.get("_auth_user_id")
    request.user = Person.objects.get(pk=pk) if pk else AnonymousUser()
    return signed_in.how(request)


def code_by_mail(client: Client, mails: list[Any], email: str = "ana@example.org", **more: str) -> Any:
    client.post("/accounts/login/code/", {"email": email} | more)
    found = CODE.search(mails[-1].body)
    assert found is not None
    return client.post("/accounts/login/code/confirm/", {"code": found[0]} | more)


# --- by which way -----------------------------------------------------------------------------------------


def test_a_session_knows_that_it_was_opened_by_a_password(cast: Cast, client: Client) -> None:
    assert way_of(client) == Way()
    before = client.session.session_key
    sign_in(client)
    assert way_of(client) == Way(by=By.PASSWORD)
    assert client.session.session_key != before


def test_a_code_by_mail_lets_in_without_a_password(cast: Cast, client: Client, mailoutbox: list[Any]) -> None:
    answer = code_by_mail(client, mailoutbox, next="/profile/tokens/")
    assert answer["Location"] == "/profile/tokens/"
    assert way_of(client) == Way(by=By.CODE)
    assert mailoutbox[0].to == ["ana@example.org"]


def test_a_code_works_once_for_a_while_and_for_three_tries(cast: Cast, client: Client, mailoutbox: list[Any]) -> None:
    client.post("/accounts/login/code/", {"email": "ana@example.org"})
    right = CODE.search(mailoutbox[0].body)
    assert right is not None
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        client.post("/accounts/login/code/confirm/", {"code": right[0]})
    assert not is_in(client)
    client.post("/accounts/login/code/", {"email": "ben@example.org"})
    for _ in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "WRONG1"})
    right = CODE.search(mailoutbox[1].body)
    assert right is not None
    client.post("/accounts/login/code/confirm/", {"code": right[0]})
    assert not is_in(client)


def test_confirming_that_one_is_still_oneself_changes_nothing_of_it(
    cast: Cast, client: Client, mailoutbox: list[Any]
) -> None:
    code_by_mail(client, mailoutbox)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert way_of(client).by is By.CODE


def test_a_code_takes_the_password_of_who_never_confirmed_the_address(
    db: None, client: Client, mailoutbox: list[Any]
) -> None:
    """Somebody signed up with an address that is not theirs, and waits for its owner to confirm it."""
    person = make_person("Ana")
    EmailAddress.objects.update(verified=False)
    code_by_mail(client, mailoutbox)
    assert is_in(client)
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert not is_in_with(PASSWORD)


def is_in_with(password: str) -> bool:
    other = Client()
    sign_in(other, password=password)
    return is_in(other)


def test_a_code_leaves_the_password_of_who_confirmed_it(cast: Cast, client: Client, mailoutbox: list[Any]) -> None:
    code_by_mail(client, mailoutbox)
    assert is_in_with(PASSWORD)


# --- where it leads, and what it tells ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(cast: Cast, mailoutbox: list[Any], address: str) -> None:
    client = Client()
    assert sign_in(client, next=address)["Location"] == "/"
    assert is_in(client)
    client = Client()
    assert code_by_mail(client, mailoutbox, next=address)["Location"] == "/"


def test_nobody_learns_who_has_an_account(cast: Cast, client: Client, mailoutbox: list[Any]) -> None:
    """The pages are the same for an address with an account and for one without; what differs goes by mail."""

    def shown(url: str, form: dict[str, str]) -> list[tuple[int, str]]:
        answers: list[tuple[int, str]] = []
        for email in ("ana@example.org", "nobody@example.org"):
            fresh = Client()
            filled = {name: value.format(email=email) for name, value in form.items()}
            answer = fresh.post(url, filled, follow=True)
            text = re.sub(r'value="[\w-]{40,}"|csrf\w+', "", answer.text).replace(email, "ADDRESS")
            answers.append((answer.status_code, text))
        return answers

    for url, form in (
        (LOGIN, {"login": "{email}", "password": "wrong-harbour-17"}),
        ("/accounts/login/code/", {"email": "{email}"}),
        ("/accounts/password/reset/", {"email": "{email}"}),
        ("/accounts/signup/", {"email": "{email}", "name": "Quirina", "password1": "seven-quiet-lamps"}),
    ):
        known, unknown = shown(url, form)
        assert known == unknown, url


# --- guessing ------------------------------------------------------------------------------------------------


def test_sixty_people_of_one_office_sign_in_within_a_minute(db: None) -> None:
    people = [f"p{number}" for number in range(60)]
    for name in people:
        make_person(name)
    for name in people:
        client = Client()
        # A few mistype, as people do.
        if name.endswith("7"):
            sign_in(client, name, "wrong-harbour-17")
        assert sign_in(client, name).status_code == 302, name
        assert is_in(client)


def test_a_password_is_guessed_a_few_times_and_no_more(cast: Cast) -> None:
    for _ in range(5):
        assert "not correct" in sign_in(Client(), password="wrong-harbour-17").text
    locked = Client()
    answer = sign_in(locked)
    assert "Too many failed login attempts" in answer.text
    assert 'value="ana@example.org"' in answer.text
    assert not is_in(locked)
    # Others of the same office, and the owner from elsewhere, come in.
    ben, ana = Client(), Client()
    sign_in(ben, "ben")
    sign_in(ana, at=ELSEWHERE)
    assert is_in(ben)
    assert is_in(ana)


def test_the_lock_opens_by_itself(cast: Cast) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for _ in range(6):
            sign_in(Client(), password="wrong-harbour-17")
    with time_machine.travel(now + timedelta(minutes=6), tick=False):
        client = Client()
        sign_in(client)
        assert client.session.get("_auth_user_id") == str(cast.ana.person_id)


def test_guessing_from_many_addresses_ends_too_but_for_where_the_owner_was(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"guessed": "10/h/key"}
    sign_in(Client(), at=ELSEWHERE)
    for number in range(10):
        sign_in(Client(), password="wrong-harbour-17", at=f"192.0.2.{number}")
    stranger, owner = Client(), Client()
    assert "Too many failed login attempts" in sign_in(stranger, at="192.0.2.77").text
    assert not is_in(stranger)
    sign_in(owner, at=ELSEWHERE)
    assert is_in(owner)


def test_what_is_sent_by_mail_is_limited_for_an_address(cast: Cast, mailoutbox: list[Any]) -> None:
    answers = [Client().post("/accounts/login/code/", {"email": "ana@example.org"}) for _ in range(5)]
    assert [answer.status_code for answer in answers[:3]] == [302, 302, 302]
    assert answers[4].status_code == 429 or "Too many" in answers[4].text
    assert len(mailoutbox) == 3


# --- who does not get in ---------------------------------------------------------------------------------------


def test_who_is_suspended_gets_in_by_no_way(cast: Cast, mailoutbox: list[Any]) -> None:
    by_password, by_code, there = Client(), Client(), Client()
    sign_in(there)
    assert is_in(there)
    Person.objects.filter(pk=cast.ana.person_id).update(is_active=False)
    assert not is_in(there)
    answer: HttpResponse = sign_in(by_password)
    assert answer["Location"] == "/accounts/inactive/"
    assert "This account cannot be used" in by_password.get("/accounts/inactive/").text
    by_code.post("/accounts/login/code/", {"email": "ana@example.org"})
    found = CODE.search(mailoutbox[-1].body) if mailoutbox else None
    if found:
        by_code.post("/accounts/login/code/confirm/", {"code": found[0]})
    assert not is_in(by_password)
    assert not is_in(by_code)


# --- where one is signed in --------------------------------------------------------------------------------------


def agent(browser: str) -> dict[str, str]:
    return {"HTTP_USER_AGENT": browser}


def signed_in_with(browser: str, name: str = "ana") -> Client:
    client = Client(HTTP_USER_AGENT=browser)
    sign_in(client, name)
    return client


def test_a_session_is_ended_from_another(cast: Cast) -> None:
    here = signed_in_with("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    there = signed_in_with("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140.0")
    ben = signed_in_with("Mozilla/5.0 (iPhone) Safari/605.1", "ben")
    page = here.get("/profile/sessions/").text
    assert "Firefox, Linux" in page
    assert "Edge, Windows" in page
    assert "Safari" not in page
    theirs = UserSession.objects.get(session_key=there.session.session_key)
    bens = UserSession.objects.get(session_key=ben.session.session_key)
    for number in (str(theirs.pk), str(theirs.pk), str(bens.pk), "9" * 30, "x" * 5):
        assert here.post("/profile/sessions/", {"end": number}).status_code == 302
    assert not is_in(there)
    assert is_in(here)
    assert is_in(ben)
    assert not UserSession.objects.filter(pk=theirs.pk).exists()


def test_all_other_sessions_are_ended_at_once(cast: Cast) -> None:
    here, *others = [signed_in_with(f"Firefox/{number}") for number in range(3)]
    here.post("/profile/sessions/", {"end": "others"})
    assert [is_in(one) for one in (here, *others)] == [True, False, False]
    assert UserSession.objects.count() == 1


def test_the_list_of_sessions_costs_the_same_for_one_and_for_three(cast: Cast, django_assert_num_queries: Any) -> None:
    here = signed_in_with("Firefox/1")
    here.get("/profile/sessions/")
    with django_assert_num_queries(3):
        here.get("/profile/sessions/")
    for number in range(2):
        signed_in_with(f"Firefox/{number}")
    with django_assert_num_queries(3):
        here.get("/profile/sessions/")


def test_signing_out_forgets_from_where_it_was(cast: Cast, client: Client) -> None:
    sign_in(client)
    assert UserSession.objects.get().ip == OFFICE
    client.post("/accounts/logout/")
    assert not UserSession.objects.exists()
    assert not Session.objects.filter(session_key=client.session.session_key).exists()


def test_a_request_without_a_session_has_no_way(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/")
    request.user = AnonymousUser()
    assert signed_in.how(request) == Way()
