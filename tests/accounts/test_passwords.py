"""How hard a password is to guess, and that finding it out costs little."""

from __future__ import annotations

import ast
import inspect
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from zxcvbn import feedback

from accounts import passwords
from accounts.models import Person
from tests.cast import PASSWORD

ANA = Person(name="Ana María Costa", affiliation="Harbour Office", email="ana.costa@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "password123",
        "aaaaaaaaaaaaaaaaaaaa",
        "qwertyuiop[]",
        "anamaria1980",
        "Harbour Office",
        "ana.costa@example.org",
        "jamjamjamjam",
        "Tr0ub4dour&3",
    ],
)
def test_what_is_easily_guessed_is_refused_with_advice(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        passwords.StrengthValidator().validate(password, ANA)
    assert "easy to guess" in refused.value.messages[0]
    assert len(refused.value.messages[0]) > len("This password is easy to guess.")


@pytest.mark.parametrize("password", [PASSWORD, "correct horse battery", "Möwen über dem Kai 7", "مرفأ هادئ في الليل"])
def test_a_few_words_will_do(password: str) -> None:
    passwords.StrengthValidator().validate(password, ANA)


def test_what_is_known_of_the_person_counts() -> None:
    quirina = Person(name="Quirina Zbylut", email="q@example.org")
    assert passwords.score("quirina zbylut")[0] >= passwords.STRONG_ENOUGH
    points, advice = passwords.score("quirina zbylut", passwords.known_of(quirina))
    assert points < passwords.STRONG_ENOUGH
    assert advice[0] == "It is too close to your name, your address or the name of this site."


def test_every_sentence_of_zxcvbn_is_said_in_our_words() -> None:
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(feedback))) if isinstance(node, ast.Call)]
    said = {ast.literal_eval(call.args[0]) for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_"}
    assert said == set(passwords.ADVICE)


def test_advice_is_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "This is a top-10 common password."
    with translation.override("de"):
        monkeypatch.setitem(passwords.ADVICE, sentence, translation.gettext_lazy("Sign in"))
        assert translation.gettext("Sign in") in passwords.score("123456")[1]
        assert translation.gettext("Sign in") != "Sign in"


@pytest.mark.parametrize("pattern", ["4@8({[<3961!|7$5%2", "a", "aA1!", "qwertyuiop", "01011980", "l1!|i", "p4$$w0rd"])
@pytest.mark.parametrize("length", [32, 1_000, 500_000])
def test_no_password_takes_long_to_judge(pattern: str, length: int) -> None:
    password = (pattern * (length // len(pattern) + 1))[:length]
    began = time.process_time()
    passwords.score(password, passwords.known_of(ANA))
    assert time.process_time() - began < 1.5


def test_two_people_at_once_are_judged_by_their_own_names() -> None:
    found: dict[str, int] = {}

    def judge(name: str) -> None:
        for _ in range(20):
            found[name] = max(found.get(name, 0), passwords.score(f"{name}77", [name])[0])

    names = ["mkwrztqpfl", "vlpqxnhzdk", "ghtdbjwmrc"]
    assert min(passwords.score(f"{name}77")[0] for name in names) >= passwords.STRONG_ENOUGH
    threads = [threading.Thread(target=judge, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == set(names)
    assert max(found.values()) < passwords.STRONG_ENOUGH


def test_who_signs_up_is_told_beside_the_field_and_keeps_what_they_wrote(db: None, client: Client) -> None:
    form = {"email": "nour@example.org", "name": "Quirina Zbylut", "password1": "quirina zbylut"}
    page = client.post("/accounts/signup/", form)
    assert 'id="id_password1_error"' in page.text
    assert "too close to your name" in page.text
    assert 'value="Quirina Zbylut"' in page.text
    assert not Person.objects.exists()
