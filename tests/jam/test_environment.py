from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from jam.environment import Environment


def test_what_is_set_to_nothing_is_not_set() -> None:
    env = Environment({"A": " "})
    assert (env.text("A", "b"), env.flag("A", default=True), env.number("A", 3), env.words("A", ["b"])) == (
        "b",
        True,
        3,
        ["b"],
    )


@pytest.mark.parametrize(("word", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False)])
def test_a_flag(word: str, value: bool) -> None:
    assert Environment({"A": word}).flag("A", default=not value) is value


@pytest.mark.parametrize("word", ["maybe", "2", "-1"])
def test_a_flag_that_is_none_is_named(word: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="A must be 1 or 0"):
        Environment({"A": word}).flag("A", default=False)


@pytest.mark.parametrize("word", ["-1", "1.5", "many"])
def test_a_number_that_is_none_is_named(word: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="A must be a whole number"):
        Environment({"A": word}).number("A", 0)


def test_a_number_may_have_a_least() -> None:
    assert Environment({"A": "1"}).number("A", 3, at_least=1) == 1
    with pytest.raises(ImproperlyConfigured, match="A must be a whole number, 1 or more, not '0'"):
        Environment({"A": "0"}).number("A", 3, at_least=1)


def test_words_have_commas_between() -> None:
    assert Environment({"A": "one, two,,three "}).words("A", []) == ["one", "two", "three"]


def test_a_complaint_about_an_address_does_not_repeat_it() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        Environment({"A": "mysql://jam:hunter2@db/jam"}).database("A")
    assert str(caught.value) == (
        "A is not an address that can be used here. Set it to something like postgres://USER:PASSWORD@HOST:5432/NAME"
    )


def test_a_database_on_a_unix_socket_is_found_by_its_folder() -> None:
    found = Environment({"A": "postgresql://postgres@/jam?host=/run/pg"}).database("A")
    assert (found["HOST"], found["NAME"], found["USER"]) == ("/run/pg", "jam", "postgres")


def test_a_mail_server() -> None:
    found = Environment({"A": "smtp+tls://jam:secret@mail.example.org:587"}).mail("A")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example.org", 587, True)
