"""Mails of what people were told: at once, or gathered in one for all their jams."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, ngettext

from accounts import languages
from accounts.models import Person
from jam.domain.phases import database_now
from notifications.domain import inbox, preferences, unsubscribing
from notifications.domain.inbox import Line
from notifications.domain.kinds import Standing
from notifications.domain.preferences import Choice
from notifications.models import Mail, Notification

log = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 500
TOO_OLD = timedelta(days=3)
"""A mail that could not be sent for so long is no news any more."""
LINES_MOST = 50
SOON_AGAIN = timedelta(minutes=5)

DUE = """
    SELECT person_id FROM notifications_notification
    WHERE mail_due_at <= clock_timestamp() GROUP BY person_id ORDER BY min(mail_due_at) LIMIT %s
"""
CLAIM = """
    UPDATE notifications_notification SET mailed_at = %(now)s, mail_due_at = NULL
    WHERE person_id = %(person)s AND mail_due_at <= %(now)s RETURNING id
"""


@dataclass(frozen=True)
class Letter:
    """What one mail is to say. `rhythm` is when it comes: what is told at once is one line."""

    rhythm: str
    lines: Sequence[Line]

    @property
    def ids(self) -> list[int]:
        return [number for line in self.lines for number in line.ids]

    @property
    def ends(self) -> str:
        """What the link in it ends: the kind, or all that is gathered at that time."""
        return self.lines[0].kind.name if self.rhythm == Mail.ONCE else self.rhythm


def due_people() -> list[int]:
    """Whom a mail is due to, the longest waiting first, `PEOPLE_AT_ONCE` at most. One query."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [PEOPLE_AT_ONCE])
        return [row[0] for row in cursor.fetchall()]


def mail_person(person_id: int) -> int:
    """Sends the mails that are due to one person, and says how many. None of what they saw meanwhile, of what cannot be
    read any more, and of jams that they may not read.

    Each notification is claimed by an UPDATE that only one worker's can change. If a mail cannot be sent its claim is
    given back, to be tried again after as long as it has waited, for `TOO_OLD`. A worker that dies between the two
    leaves a mail unsent, never sent twice. Call it outside of a transaction.
    """
    now = database_now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "person": person_id})
        claimed = [row[0] for row in cursor.fetchall()]
    person = Person.objects.filter(pk=person_id, is_active=True, email__isnull=False).first()
    if person is None or not claimed:
        return 0
    told, standings = inbox.still_to_tell(claimed, since=now - TOO_OLD)
    if not told:
        return 0
    jam = told[0].member.jam
    choices = preferences.choices_of(person)
    # Who chose no language or time zone reads in those of the jam.
    zone = ZoneInfo(person.time_zone or jam.time_zone)
    with languages.of(person, otherwise=jam.language), timezone.override(zone):
        return sum(_send(person, letter, now) for letter in _letters(told, standings, choices))


def _send(person: Person, letter: Letter, claimed_at: datetime) -> bool:
    try:
        _message(person, letter).send()
    except OSError:  # of which those of smtplib are a kind
        log.warning("A mail of %d notifications was not taken; it is tried again.", len(letter.ids))
        _give_back(letter, claimed_at)
        return False
    return True


def _give_back(letter: Letter, claimed_at: datetime) -> None:
    rows = Notification.objects.filter(pk__in=letter.ids, mailed_at=claimed_at)
    waited = claimed_at - min(line.newest.created_at for line in letter.lines)
    rows.update(mailed_at=None, mail_due_at=claimed_at + max(SOON_AGAIN, waited))


def _letters(
    rows: Sequence[Notification], standings: Mapping[int, Standing], choices: Mapping[str, Choice]
) -> Iterator[Letter]:
    by_rhythm: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        if row.kind in choices:
            by_rhythm[choices[row.kind].mail].append(row)
    for rhythm, those in sorted(by_rhythm.items()):
        lines = inbox.lines(those, standings)
        if rhythm == Mail.ONCE:
            yield from (Letter(rhythm, [line]) for line in reversed(lines))
        elif lines and rhythm != Mail.NEVER:
            yield Letter(rhythm, lines)


def _message(person: Person, letter: Letter) -> EmailMultiAlternatives:
    shown = letter.lines[:LINES_MOST]
    jams: dict[int, list[Line]] = defaultdict(list)
    for line in shown:
        jams[line.jam.pk].append(line)
    context = {
        "person": person,
        "sections": [(lines[0].jam, lines) for lines in jams.values()],
        "rest": len(letter.lines) - len(shown),
        "gathered": letter.rhythm != Mail.ONCE,
        "kind": letter.lines[0].kind,
        "site_url": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
        "list_url": settings.SITE_URL + reverse("notifications:list"),
        "settings_url": settings.SITE_URL + reverse("notifications:settings"),
        "unsubscribe_url": unsubscribing.url(person.pk, letter.ends),
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    message = EmailMultiAlternatives(
        subject=_subject(letter, [lines[0].jam.title for lines in jams.values()]),
        body=render_to_string("notifications/mail.txt", context),
        to=[person.email or ""],
        headers=_headers(person, letter),
    )
    message.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
    return message


def _subject(letter: Letter, jams: Sequence[str]) -> str:
    """On one line, whatever people are called, and without the marks that keep directions of writing apart."""
    if letter.rhythm == Mail.ONCE:
        words = f"{jams[0]}: {letter.lines[0].sentence}"
    else:
        count = len(letter.ids)
        where = jams[0] if len(jams) == 1 else settings.SITE_NAME
        words = ngettext("%(where)s: %(number)d new for you", "%(where)s: %(number)d new for you", count) % {
            "where": where,
            "number": count,
        }
    return " ".join(words.replace("\u2068", "").replace("\u2069", "").split())


def _headers(person: Person, letter: Letter) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname
    newest = letter.lines[0].newest
    headers = {
        # The same mail, sent again by whatever accident, is recognised by its id.
        "Message-ID": f"<notified-{max(letter.ids)}-{newest.person_id}@{host}>",
        "Auto-Submitted": "auto-generated",
        **unsubscribing.headers(person.pk, letter.ends),
    }
    if letter.rhythm == Mail.ONCE and "thread" in newest.data:
        # Nothing was sent by this id: a mail program puts those together that name the same.
        headers["References"] = headers["In-Reply-To"] = f"<thread-{newest.data['thread']}@{host}>"
    return headers
