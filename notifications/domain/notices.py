"""What people are told of a jam's window. What those who run it say is in `occasions`, which declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain import time_words
from jam.domain.phases import database_now
from notifications.domain import occasions  # noqa: F401  (declares its kinds)
from notifications.domain.kinds import TIMELY, News, Standing, declare, isolated
from notifications.models import Mail, Notification

OPENING, CLOSING = "opening", "closing"


def look(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """Gone once the time has come, or is another. One query."""
    now = database_now()
    return {row.pk: Standing(gone=not _still_ahead(row, now)) for row in rows}


def _still_ahead(row: Notification, now: datetime) -> bool:
    jam = row.member.jam
    at = jam.opens_at if row.kind == OPENING else jam.closes_at
    return at is not None and at.isoformat() == row.data["at"] and at > now


def _when(news: News) -> str:
    return time_words.full(timezone.localtime(datetime.fromisoformat(news.data["at"])))


def opening_sentence(news: News) -> str:
    return gettext("“%(jam)s” opens: %(when)s") % {"jam": isolated(news.jam), "when": _when(news)}


def closing_sentence(news: News) -> str:
    return gettext("“%(jam)s” closes: %(when)s") % {"jam": isolated(news.jam), "when": _when(news)}


declare(
    OPENING,
    label=_("A jam that you are in opens soon"),
    sentence=opening_sentence,
    mail=Mail.ONCE,
    mails=TIMELY,
    push=True,
    look=look,
    before_reading=True,
    position=80,
)
declare(
    CLOSING,
    label=_("A jam that you are in closes soon"),
    sentence=closing_sentence,
    mail=Mail.ONCE,
    mails=TIMELY,
    push=True,
    look=look,
    position=90,
)
