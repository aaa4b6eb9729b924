"""The mails of invitations: each exactly once, as far as whoever takes them allows.

A worker claims some, sends them, and marks them as sent. One that dies in between leaves claims, which are taken up
again when they are `LEASE` old: those mails are sent again, at most `MAILS_AT_ONCE` of them, and are the same but for
the date, `Message-ID` included. In the folder of mails one takes the place of the other (`accounts.mail`). Of a mail
server both may arrive, unless it looks at the id.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext

from jam.domain import naming_words
from jam.domain.invitation_links import url_of
from jam.domain.phases import database_now
from jam.models import Invitation, Naming, Policy

log = logging.getLogger(__name__)

MAILS_AT_ONCE = 50
LEASE = timedelta(minutes=3)
SECONDS_AT_ONCE = 60
"""A slow mail server ends a batch early, long before its lease does."""
SOON_AGAIN = timedelta(minutes=5)
TOO_OLD = timedelta(days=3)
"""After so long in vain a mail is given up; its invitation can still be sent by hand."""

CLAIM = """
    UPDATE jam_invitation SET claimed_at = clock_timestamp() WHERE id IN (
        SELECT invitation.id FROM jam_invitation AS invitation
        LEFT JOIN jam_policy AS policy ON policy.jam_id = invitation.jam_id
        WHERE invitation.mail_due_at <= clock_timestamp() AND policy.sending_paused_at IS NULL
        AND (invitation.claimed_at IS NULL OR invitation.claimed_at < clock_timestamp() - %(lease)s)
        ORDER BY invitation.mail_due_at, invitation.id LIMIT %(most)s FOR UPDATE OF invitation SKIP LOCKED
    ) RETURNING id
"""
SENT = """
    UPDATE jam_invitation SET sent_at = clock_timestamp(), claimed_at = NULL,
        mail_due_at = CASE WHEN round = %(round)s THEN NULL ELSE mail_due_at END
    WHERE id = ANY(%(ids)s) AND round = %(round)s
"""


def send_some() -> int:
    """Sends up to `MAILS_AT_ONCE` that are due, and says how many it took up. Call it outside of a transaction."""
    claimed = _claim()
    if not claimed:
        return 0
    now = database_now()
    rows = Invitation.objects.select_related("jam", "list__by").defer("list__content")
    found = list(rows.filter(pk__in=claimed, revoked_at=None, joined_at=None).order_by("pk"))
    namings = dict(Policy.objects.filter(jam__in={one.jam_id for one in found}).values_list("jam", "naming"))
    sent: dict[int, list[int]] = defaultdict(list)
    started = time.monotonic()
    late: list[int] = []
    with get_connection() as mailer:
        for invitation in found:
            if time.monotonic() - started > SECONDS_AT_ONCE:
                late.append(invitation.pk)
                continue
            message = message_of(invitation, naming=namings.get(invitation.jam_id, Naming.REAL), mailer=mailer)
            if _is_over(invitation, now) or _send(message, invitation, now):
                sent[invitation.round].append(invitation.pk)
    _mark(sent)
    Invitation.objects.filter(pk__in=late).update(claimed_at=None)
    return len(claimed)


def _claim() -> list[int]:
    values: dict[str, Any] = {"lease": LEASE, "most": MAILS_AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        return [row[0] for row in cursor.fetchall()]


def _mark(sent: dict[int, list[int]]) -> None:
    with connection.cursor() as cursor:
        for number, ids in sent.items():
            cursor.execute(SENT, {"round": number, "ids": ids})


def _is_over(invitation: Invitation, now: datetime) -> bool:
    """It would invite to nothing, so it counts as sent and is asked about no more."""
    ends = invitation.expires_at or invitation.jam.closes_at
    return ends is not None and ends <= now


def _send(message: EmailMessage, invitation: Invitation, now: datetime) -> bool:
    try:
        message.send()
    except (OSError, ValueError):  # of which those of smtplib, and of what a header cannot hold, are kinds
        log.warning("The mail of invitation %d was not taken; it is tried again.", invitation.pk)
        waited = now - (invitation.list.send_at or now)
        again = None if waited > TOO_OLD else now + max(SOON_AGAIN, waited)
        Invitation.objects.filter(pk=invitation.pk).update(mail_due_at=again, claimed_at=None)
        return False
    return True


def message_of(invitation: Invitation, *, naming: str, mailer: BaseEmailBackend | None = None) -> EmailMessage:
    """The mail of an invitation, the same in one round but for its date. In the jam's language and zone."""
    jam = invitation.jam
    with translation.override(jam.language), timezone.override(ZoneInfo(jam.time_zone)):
        context = {
            "invitation": invitation,
            "jam": jam,
            "by": invitation.list.by,
            "words": invitation.list.words,
            "ends": invitation.expires_at or jam.closes_at,
            "naming": naming_words.said_of(naming).short,
            "url": url_of(invitation),
            "site_name": settings.SITE_NAME,
        }
        subject = gettext("You are invited: %(title)s") % {"title": jam.title}
        body = get_template("jam/invitation_mail.txt").render(context)
    headers = {"Message-ID": message_id(invitation), "Auto-Submitted": "auto-generated"}
    return EmailMessage(" ".join(subject.split()), body, to=[invitation.email], headers=headers, connection=mailer)


def message_id(invitation: Invitation) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    return f"<invitation-{invitation.key}-{invitation.round}@{host}>"
