"""What the site says is in its catalogs, in every language that it must be in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.conf import settings

from tests.gates import words

CATALOGS = words.catalogs()
COMPLETE = ("de",)
"""Languages that everything is in. The others have what participants see."""
STAFF = (
    "jam/domain/checklist.py",
    "jam/domain/copying.py",
    "jam/domain/doings.py",
    "jam/domain/invitations.py",
    "jam/domain/inviting.py",
    "jam/domain/lasting.py",
    "jam/domain/meaning.py",
    "jam/domain/opening.py",
    "jam/domain/planned_polls.py",
    "jam/domain/plans.py",
    "jam/domain/policies.py",
    "jam/domain/rows_said.py",
    "jam/domain/setup.py",
    "jam/domain/shared_links.py",
    "jam/domain/site_admins.py",
    "jam/domain/tracing.py",
    "jam/forms/copying.py",
    "jam/forms/fields.py",
    "jam/forms/forums.py",
    "jam/forms/invitations.py",
    "jam/forms/policies.py",
    "jam/forms/roles.py",
    "jam/forms/schedule.py",
    "jam/forms/steps.py",
    "jam/models/door.py",
    "jam/models/setup.py",
    "jam/roles.py",
    "jam/views/copying.py",
    "jam/views/invitations.py",
    "jam/views/planned_polls.py",
    "jam/views/policies.py",
    "jam/views/preview.py",
    "jam/views/roles.py",
    "jam/views/setup.py",
    "jam/views/site_people.py",
    "jam/views/window.py",
    "moderation/",
    "results/bundle/",
    "results/domain/importing.py",
    "results/forms.py",
    "results/management/",
    "results/views/importing.py",
    "static/js/console",
    "static/js/jam-form.js",
    "static/js/journal.js",
    "static/js/queue.js",
    "static/js/upload.js",
    "templates/jam/controls.html",
    "templates/jam/copy.html",
    "templates/jam/create.html",
    "templates/jam/invitation_list.html",
    "templates/jam/invitation_people.html",
    "templates/jam/invitations.html",
    "templates/jam/planned_polls.html",
    "templates/jam/policy.html",
    "templates/jam/requests.html",
    "templates/jam/role",
    "templates/jam/rules_edit.html",
    "templates/jam/setup.html",
    "templates/jam/site_",
    "templates/jam/staff_nav.html",
    "templates/jam/steps/",
    "templates/jam/swatch.html",
    "templates/jam/time_field.html",
    "templates/jam/trace.html",
    "templates/jam/window.html",
    "templates/moderation/",
    "templates/results/export.html",
    "templates/results/import.html",
    "templates/results/imported.html",
    "templates/results/rehearsal",
    "templates/threads/choose.html",
    "templates/threads/connect.html",
    "templates/threads/merge.html",
    "templates/threads/move",
    "templates/threads/thread_menu.html",
    "threads/domain/connecting.py",
    "threads/domain/moving.py",
    "threads/domain/pinning.py",
    "threads/domain/replanting.py",
    "threads/domain/undoing.py",
    "threads/models/moving.py",
    "threads/moving_forms.py",
    "threads/views/choosing.py",
    "threads/views/moves.py",
    "threads/views/moving.py",
)
"""What the files begin with that only those who run jams or the site ever read from."""
EVERYBODY = (
    "moderation/domain/flags.py",
    "moderation/domain/gatekeeping.py",
    "moderation/domain/holdings.py",
    "moderation/domain/talks.py",
    "moderation/domain/telling.py",
    "moderation/models/",
    "moderation/views/flagging.py",
    "moderation/views/matters.py",
    "templates/moderation/flag.html",
    "templates/moderation/matter",
    "templates/moderation/message.html",
    "templates/moderation/said.html",
    "templates/moderation/suspended.html",
)
"""And what among these is for everybody all the same."""
PLACES = re.compile(r"%\((\w+)\)s|%[sd]|%%|\{(\w*)\}|</?(\w+)")


@pytest.fixture(scope="module", params=["django", "djangojs"])
def domain(request: pytest.FixtureRequest) -> tuple[str, dict[words.Key, words.Said]]:
    return request.param, words.said(request.param)


def is_for_staff(files: Iterable[str]) -> bool:
    return all(file.startswith(STAFF) and not file.startswith(EVERYBODY) for file in files)


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
            for_staff = entry is not None and is_for_staff(entry.files)
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
