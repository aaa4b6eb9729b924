"""jam.json: what the jam is called, asks and when."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import validate_time_zone
from jam.domain.errors import Invalid
from jam.domain.home_domains import read_domains
from jam.domain.phases import database_now
from jam.domain.plans import EDIT_MINUTES, EDIT_MINUTES_MAX
from jam.domain.rendering import to_html
from jam.domain.text import is_blank
from jam.models import Door, Jam, Voting
from results.bundle import promises, reasons
from results.bundle.errors import BundleRefused
from results.bundle.layout import DESCRIPTION, FORMAT
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.values import Cleaner, format_time

SIZE_MAX = 1024**2
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*")
LANGUAGE_MAX = 12
ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
TITLE_MAX = 200
TEXTS = (
    "format", "slug", "title", "question", "language", "timezone", "voting", "door", "accent", "home_domains", "naming",
    "on_deletion",
)  # fmt: skip
TIMES = ("opens_at", "closes_at", "reading_until", "review_until")
REQUIRED_OF_DRAFT = ("format", "title", "timezone", "voting")
REQUIRED = (*REQUIRED_OF_DRAFT, "opens_at", "closes_at")


def read(source: Source, report: Report) -> Jam:
    """The jam as described, not saved: published now, or a draft if it says so. For its slug see `check_slug`.

    The time of its first publishing is not kept: what was published before its close would be closed, and its people
    mailed, once more. Raises BundleRefused for what cannot be guessed: format, title, zone, window, voting.
    """
    known = _known(_parse(source), report)
    _check_form(known)
    cleaner = Cleaner(report, DESCRIPTION, None)
    jam = Jam(
        slug=known.get("slug", ""),
        title=cleaner.one_line(known["title"].strip(), field="title", limit=TITLE_MAX),
        question=cleaner.text(known.get("question", ""), field="question"),
        language=_language(known.get("language", "en"), cleaner),
        time_zone=_time_zone(known["timezone"]),
        voting=_voting(known["voting"]),
        door=_door(known.get("door", ""), cleaner),
        accent=_accent(known.get("accent", ""), cleaner),
    )
    jam.edit_minutes = known.get("edit_minutes", EDIT_MINUTES)
    jam.home_domains = _domains(known.get("home_domains", ""), cleaner)
    jam.policy = promises.read_policy(jam, known.get("naming", ""), known.get("on_deletion", ""), cleaner)
    if is_blank(jam.title):
        raise BundleRefused("The title is empty.", file=DESCRIPTION)
    jam.question_html = to_html(jam.question)
    for name in TIMES:
        setattr(jam, name, _time(name, known.get(name), cleaner))
    _check_window(jam)
    if known.get("published", True):
        jam.published_at = database_now()
    return jam


def check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug):
        raise BundleRefused(
            f"The slug {shown(slug)} cannot be part of an address: letters, digits, - and _, at most 60. "
            "Name another with --slug."
        )
    if Jam.objects.filter(slug=slug).exists():
        raise slug_taken(slug)


def slug_taken(slug: str) -> BundleRefused:
    return BundleRefused(f"There is a jam with the slug {shown(slug)} already. Name another with --slug.")


def described(jam: Jam) -> dict[str, Any]:
    """What jam.json says of `jam`: the contract's keys, then ours."""
    described: dict[str, Any] = {
        "format": FORMAT,
        "slug": jam.slug,
        "title": jam.title,
        "question": jam.question,
        "language": jam.language,
        "timezone": jam.time_zone,
        "opens_at": _written(jam.opens_at),
        "closes_at": _written(jam.closes_at),
        "reading_until": _written(jam.reading_until),
        "voting": jam.voting,
        "review_until": _written(jam.review_until),
        "door": jam.door,
        "accent": jam.accent,
        "published": jam.published_at is not None,
    }
    # What is as everywhere is not said.
    if jam.home_domains:
        described["home_domains"] = ", ".join(jam.home_domains)
    if jam.edit_minutes != EDIT_MINUTES:
        described["edit_minutes"] = jam.edit_minutes
    return described | promises.described(jam)


def _written(at: datetime | None) -> str | None:
    return None if at is None else format_time(at)


def _parse(source: Source) -> dict[str, Any]:
    with source.open(DESCRIPTION) as stream:
        raw = stream.read(SIZE_MAX + 1)
    if len(raw) > SIZE_MAX:
        raise BundleRefused(f"It is larger than {SIZE_MAX // 1024} KB.", file=DESCRIPTION)
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"This is not UTF-8: byte 0x{raw[error.start]:02X}."
        raise BundleRefused(message, file=DESCRIPTION, line=line) from error
    except json.JSONDecodeError as error:
        raise BundleRefused(f"This is not JSON: {error.msg}.", file=DESCRIPTION, line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise BundleRefused("This is not JSON that can be read.", file=DESCRIPTION) from error
    if not isinstance(data, dict):
        raise BundleRefused("It holds no object in braces.", file=DESCRIPTION)
    return data


def _known(data: dict[str, Any], report: Report) -> dict[str, Any]:
    """The keys we know, without those that say nothing."""
    names = {*TEXTS, *TIMES, "published", "edit_minutes"}
    unknown = [shown(name) for name in data if name not in names]
    if unknown:
        report.warn(f"{DESCRIPTION}: kept out, since this site does not know the key: {', '.join(unknown)}.")
    return {name: value for name, value in data.items() if name in names and value is not None}


def _check_form(known: dict[str, Any]) -> None:
    for name in (*TEXTS, *TIMES):
        if name in known and not isinstance(known[name], str):
            raise BundleRefused(f"“{name}” is no text.", file=DESCRIPTION)
    minutes = known.get("edit_minutes", 0)
    if type(minutes) is not int or not 0 <= minutes <= EDIT_MINUTES_MAX:
        raise BundleRefused("“edit_minutes” is no number of minutes up to a week.", file=DESCRIPTION)
    if not isinstance(known.get("published", True), bool):
        raise BundleRefused("“published” is neither true nor false.", file=DESCRIPTION)
    required = REQUIRED if known.get("published", True) else REQUIRED_OF_DRAFT
    missing = [name for name in required if name not in known]
    if missing:
        raise BundleRefused(f"It lacks {', '.join(missing)}.", file=DESCRIPTION)
    if known["format"] != FORMAT:
        raise BundleRefused(f"The format is {shown(known['format'])}; this site reads {FORMAT}.", file=DESCRIPTION)


def _time_zone(value: str) -> str:
    try:
        validate_time_zone(value)
    except ValidationError as error:
        message = f"The time zone {shown(value)} is not known. Write one like Europe/Berlin."
        raise BundleRefused(message, file=DESCRIPTION) from error
    return value


def _voting(value: str) -> Voting:
    if value not in Voting.values:
        raise BundleRefused(f"The voting {shown(value)} is not known: {' or '.join(Voting.values)}.", file=DESCRIPTION)
    return Voting(value)


def _language(value: str, cleaner: Cleaner) -> str:
    if LANGUAGE.fullmatch(value) and len(value) <= LANGUAGE_MAX:
        return value
    cleaner.mend(reasons.LANGUAGE, shown(value))
    return "en"


def _door(value: str, cleaner: Cleaner) -> Door:
    if value in Door.values:
        return Door(value)
    if value:
        cleaner.mend(reasons.DOOR, shown(value))
    return Door.INVITATION


def _domains(value: str, cleaner: Cleaner) -> list[str]:
    try:
        return read_domains(value)
    except Invalid as error:
        cleaner.mend(reasons.UNFIT, f"home_domains: {error.message}")
        return []


def _accent(value: str, cleaner: Cleaner) -> str:
    if not value or ACCENT.fullmatch(value):
        return value
    cleaner.mend(reasons.ACCENT, shown(value))
    return ""


def _time(name: str, value: str | None, cleaner: Cleaner) -> datetime | None:
    if value is None:
        return None
    at = cleaner.time(value, field=name)
    if at is None:
        message = f"{name} is {shown(value)}, which is no time. Write one like 2026-05-01T09:00:00Z."
        raise BundleRefused(message, file=DESCRIPTION)
    return at


def _check_window(jam: Jam) -> None:
    if jam.opens_at is None or jam.closes_at is None:
        if jam.reading_until is not None or jam.review_until is not None:
            raise BundleRefused("It has times for reading and none for its window.", file=DESCRIPTION)
        return
    if jam.closes_at <= jam.opens_at:
        raise BundleRefused(
            f"The jam would close ({format_time(jam.closes_at)}) before it opens ({format_time(jam.opens_at)}).",
            file=DESCRIPTION,
        )
    if jam.reading_until is not None and jam.reading_until < jam.closes_at:
        raise BundleRefused("Reading would end (reading_until) before the close (closes_at).", file=DESCRIPTION)
    if jam.review_until is not None and (jam.reading_until is None or jam.review_until < jam.reading_until):
        raise BundleRefused("Review would end (review_until) before reading does (reading_until).", file=DESCRIPTION)
