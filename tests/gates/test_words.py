"""What the site says is in its catalogs, in every language that it must be in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.conf import settings

from tests.gates import words

CATALOGS = words.catalogs()
COMPLETE = ("de",)
"""Languages that everything is in. The others have what participants see."""
STAFF = (
    "jam/domain/setup.py",
    "jam/domain/checklist.py",
    "jam/domain/copying.py",
    "jam/domain/look.py",
    "jam/domain/meaning.py",
    "jam/domain/opening.py",
    "jam/domain/planned_polls.py",
    "jam/domain/plans.py",
    "jam/forms/copying.py",
    "jam/forms/forums.py",
    "jam/forms/schedule.py",
    "jam/forms/steps.py",
    "jam/forms/fields.py",
    "jam/views/copying.py",
    "jam/views/planned_polls.py",
    "jam/views/preview.py",
    "jam/views/setup.py",
    "jam/views/staff.py",
    "jam/views/window.py",
    "moderation/",
    "results/bundle/",
    "results/domain/importing.py",
    "results/domain/rehearsals.py",
    "results/forms.py",
    "results/management/",
    "results/views/importing.py",
    "results/views/rehearsal.py",
    "static/js/jam-form.js",
    "static/js/upload.js",
    "templates/jam/controls.html",
    "templates/jam/create.html",
    "templates/jam/copy.html",
    "templates/jam/mode_bar.html",
    "templates/jam/planned_polls.html",
    "templates/jam/setup.html",
    "templates/jam/staff_nav.html",
    "templates/jam/steps/",
    "templates/jam/swatch.html",
    "templates/jam/time_field.html",
    "templates/jam/window.html",
    "templates/moderation/",
    "templates/results/export.html",
    "templates/results/import.html",
    "templates/results/imported.html",
    "templates/results/rehearsal.html",
)
"""Files that only those who run jams or the site ever read from."""
PLACES = re.compile(r"%\((\w+)\)s|%[sd]|%%|\{(\w*)\}|</?(\w+)")


@pytest.fixture(scope="module", params=["django", "djangojs"])
def domain(request: pytest.FixtureRequest) -> tuple[str, dict[words.Key, words.Said]]:
    return request.param, words.said(request.param)


def name(path: Path) -> str:
    return path.relative_to(words.LOCALE).as_posix()


def messages(path: Path) -> list[Message]:
    return [message for message in words.read(path) if message.id]


def test_each_language_but_english_has_both_catalogs() -> None:
    codes = sorted(code for code, _ in settings.LANGUAGES if code != "en")
    assert [name(path) for path in CATALOGS] == [
        f"{code}/LC_MESSAGES/{domain}.po" for code in codes for domain in ("django", "djangojs")
    ]


def test_every_text_is_in_the_catalogs_and_none_that_is_gone(
    domain: tuple[str, dict[words.Key, words.Said]],
) -> None:
    which, texts = domain
    stale = [name(path) for path in CATALOGS if path.stem == which and path.read_text() != words.renewed(path, texts)]
    assert stale == [], "`make words` brings them up to date."


def test_what_participants_see_is_translated(domain: tuple[str, dict[words.Key, words.Said]]) -> None:
    which, texts = domain
    missing = []
    for path in CATALOGS:
        if path.stem != which:
            continue
        for message in messages(path):
            entry = texts.get(words.key_of(message))
            for_staff = entry is not None and all(file.startswith(STAFF) for file in entry.files)
            is_needed = path.parent.parent.name in COMPLETE or not for_staff
            if is_needed and not all(words.forms_of(message)):
                missing.append(f"{name(path)}: {words.key_of(message)[0]}")
    assert missing == []


@pytest.mark.parametrize("path", CATALOGS, ids=name)
def test_nothing_is_a_guess(path: Path) -> None:
    assert [message.id for message in messages(path) if message.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGS, ids=name)
def test_a_translation_has_a_form_for_each_kind_of_number(path: Path) -> None:
    forms = words.read(path).num_plurals
    wrong = [m.id for m in messages(path) if not isinstance(m.id, str) and len(m.string) != forms]
    assert (wrong, forms) == ([], {"ar": 6}.get(path.parent.parent.name, 2))


@pytest.mark.parametrize("path", CATALOGS, ids=name)
def test_a_translation_has_the_places_and_the_markup_of_its_english(path: Path) -> None:
    wrong = [
        (message.id, text)
        for message in messages(path)
        for text in words.forms_of(message)
        if text and not fits(message, text)
    ]
    assert wrong == []


def fits(message: Message, text: str) -> bool:
    """One, two and none may be said without their number."""
    many = message.id if isinstance(message.id, str) else message.id[1]
    missing = places(many) - places(text)
    left_out = set() if isinstance(message.id, str) else {"%(count)s", "%(n)s"}
    return not places(text) - places(many) and missing <= left_out


def places(text: str) -> set[str]:
    return {match.group() for match in PLACES.finditer(text)}


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES if code != "en"])
def test_server_and_browser_say_the_same(language: str) -> None:
    """What a page says first and a script says anew, such as how long ago something was."""
    server, browser = (
        {words.key_of(message): words.forms_of(message) for message in messages(path)}
        for path in sorted(words.LOCALE.glob(f"{language}/LC_MESSAGES/*.po"))
    )
    assert {key: browser[key] for key in browser if key in server} == {
        key: server[key] for key in browser if key in server
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%(count)s of <b>{0}</b>, 5%%", {"%(count)s", "<b", "</b", "{0}", "%%"}),
        ("nothing", set()),
    ],
)
def test_places_are_found(text: str, found: set[str]) -> None:
    assert places(text) == found
