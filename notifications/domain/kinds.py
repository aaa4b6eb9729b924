"""The kinds of notifications: each declared once, by the floor that knows what it is about.

A floor declares its kinds in its `domain/notices.py`, which is imported when the site starts:

    declare("outcome", label=_("What became of your ideas"), sentence=outcome_sentence, mail=Mail.DAILY)

`sentence` makes what is said, in the language that is active, from a `News`; names and titles that people wrote go
through `isolated` there, so that a name in Arabic does not turn an English sentence around.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from notifications.models import KIND_MAX, Mail, Notification

NAME = re.compile(r"[a-z_]+")
Words = str | Promise

TIMELY = (Mail.NEVER, Mail.ONCE)
"""What is said of an hour cannot wait to be gathered."""


@dataclass(frozen=True)
class Standing:
    """How it is now with what a notification is about.

    `seen`: its member saw it. `gone`: it was hidden, taken back or is over: no mail tells of it, and no word of it is
    shown. `title` and `excerpt` are its words as plain text, as they are now.
    """

    seen: bool = False
    gone: bool = False
    title: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class News:
    """One or more notifications of a kind about the same thing, as one sentence tells of them, the newest first."""

    data: Mapping[str, Any]
    names: Sequence[str]
    """Of those who did it, each once."""
    count: int = 1
    title: str = ""
    jam: str = ""


Sentence = Callable[[News], str]
Look = Callable[[Sequence[Notification]], Mapping[int, Standing]]


@dataclass(frozen=True)
class Kind:
    """`label` stands in the settings. `mail` is when a mail tells of it unless somebody chose otherwise, among `mails`;
    likewise `page`, which is None for what is never on the page, and `push`, whether devices get a message of it, which
    is None for what they never do.

    `group_by` names what of the data notifications share that become one sentence. `look` says how it is now with many
    of them, in a number of queries that does not depend on how many; without it, nothing is seen before it is opened
    and nothing goes. `before_reading`: it is also for members who may not read the jam yet; `to_suspended`: also for
    those who are suspended from it.
    """

    name: str
    label: Words
    sentence: Sentence
    page: bool | None = True
    mail: Mail = Mail.NEVER
    mails: tuple[Mail, ...] = field(default_factory=lambda: tuple(Mail))
    push: bool | None = False
    group_by: str = ""
    look: Look | None = None
    before_reading: bool = False
    to_suspended: bool = False
    position: int = 50


KINDS: dict[str, Kind] = {}


def declare(name: str, **options: Any) -> Kind:
    """Makes a kind called `name`; the options are those of `Kind`. Raises ValueError, at import, for what cannot be."""
    kind = Kind(name=name, **options)
    if name in KINDS:
        raise ValueError(f"{name!r} is declared twice.")
    if len(name) > KIND_MAX or not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a kind.")
    if kind.mail not in kind.mails:
        raise ValueError(f"{name!r} is mailed {kind.mail}, which cannot be chosen.")
    KINDS[name] = kind
    return kind


def all_kinds() -> list[Kind]:
    """In the order of the settings."""
    return sorted(KINDS.values(), key=lambda kind: (kind.position, kind.name))


def isolated(text: str) -> str:
    """`text` between marks that keep its direction of writing to itself."""
    return f"\u2068{text}\u2069"
