"""`python -m tests.gates.words`, or `make words`: brings locale/*/LC_MESSAGES/*.po up to date with the code.

What is said in Python and in templates goes into django.po, what scripts say into djangojs.po. A translation is kept
as long as its English is in the code; a new one is empty, to be filled in. No dates and no line numbers, so
that a file changes only where words did. Read with Babel alone: GNU gettext is not needed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "locale"
FLOORS = ("accounts", "jam", "live", "moderation", "notifications", "results", "threads")
KEYWORDS: dict[str, Any] = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""

Key = tuple[str, str | None]


class Said(NamedTuple):
    """A text of the code, with the forms of it, what translators are told, and the files it is in."""

    texts: str | tuple[str, ...]
    context: str | None
    comments: set[str]
    files: set[str]


def sources(domain: str) -> Iterator[tuple[Path, str, bytes]]:
    """Each file that says something: where it is, how Babel reads it, and what it reads."""
    if domain == "djangojs":
        for path in sorted((ROOT / "static/js").rglob("*.js")):
            yield path, "javascript", path.read_bytes()
        return
    from django.utils.translation.template import templatize

    for path in sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, "python", path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*.*")):
        calls = templatize(path.read_text(), origin=str(path))
        yield path, "python", "\n".join(line.strip() for line in calls.splitlines()).encode()


def said(domain: str) -> dict[Key, Said]:
    """Every text of the domain, by its (first) English and its context."""
    found: dict[Key, Said] = {}
    for path, method, text in sources(domain):
        options = {"parse_template_string": True} if method == "javascript" else None
        reading = extract(method, io.BytesIO(text), KEYWORDS, comment_tags=("Translators:",), options=options)
        for _line, texts, comments, context in reading:
            key = (texts if isinstance(texts, str) else texts[0], context)
            entry = found.setdefault(key, Said(texts, context, set(), set()))
            if isinstance(entry.texts, str) and not isinstance(texts, str):
                entry = found[key] = entry._replace(texts=texts)
            entry.comments.update(comments)
            entry.files.add(path.relative_to(ROOT).as_posix())
    return found


def catalogs() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def key_of(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def renewed(path: Path, texts: dict[Key, Said]) -> str:
    """The catalog with every text of the code and no other, as the file should be."""
    old = read(path)
    kept = {key_of(message): message for message in old if message.id}
    new = Catalog(locale=old.locale)
    for key, entry in sorted(texts.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        forms = 1 if isinstance(entry.texts, str) else old.num_plurals
        strings = kept[key].string if key in kept else ""
        strings = (strings,) if isinstance(strings, str) else tuple(strings)
        strings = (*strings, *[""] * forms)[:forms]
        new.add(
            entry.texts,
            strings[0] if isinstance(entry.texts, str) else strings,
            flags=[flag for flag in (kept[key].flags if key in kept else ()) if flag == "fuzzy"],
            auto_comments=sorted(entry.comments),
            context=entry.context,
        )
    lines = io.BytesIO()
    write_po(lines, new, width=0, no_location=True, omit_header=True)
    header = HEADER.format(language=path.parent.parent.name, plurals=old.plural_forms)
    return header + lines.getvalue().decode().strip() + "\n"


def renew() -> None:
    texts = {domain: said(domain) for domain in ("django", "djangojs")}
    for path in catalogs():
        path.write_text(renewed(path, texts[path.stem]))
        missing = sum(not all(forms_of(message)) for message in read(path) if message.id)
        print(f"{path.relative_to(ROOT)}: {missing} to translate")


def forms_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_for_types"
    import django

    django.setup()
    renew()
