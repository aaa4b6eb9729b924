"""Messages to devices of what people were told, a moment after it happened."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, ngettext

from accounts import languages
from jam.domain.phases import database_now
from notifications.domain import inbox, preferences, push_keys, push_sealing, push_service
from notifications.domain.inbox import Line
from notifications.domain.kinds import Standing
from notifications.domain.push_service import Answer
from notifications.models import Notification, Push, PushSubscription

log = logging.getLogger(__name__)

DEVICES_AT_ONCE = 500
AFTER = timedelta(seconds=15)
"""So that who sees it on an open page is not told by a device as well."""
TOO_OLD = timedelta(hours=6)
"""What could not be told for so long is left to page and mail. A service drops then what a device did not fetch."""
TRIES_MOST = 4
SOON_AGAIN = timedelta(minutes=1)
LATEST_AGAIN = timedelta(hours=1)
DEAF = timedelta(days=30)
"""A device whose service took nothing for so long, and refuses, is given up."""
LINES_MOST = 3
"""Of more at once one message says how many."""
TITLE_MAX, WORDS_MAX = 80, 240

# One row for each device of each who was told just now.
SCHEDULE = """
    INSERT INTO notifications_push (notification_id, subscription_id, due_at, tries)
    SELECT told.notification, device.id, %(due)s, 0
    FROM unnest(%(notifications)s::bigint[], %(people)s::bigint[]) AS told (notification, person)
    JOIN notifications_pushsubscription AS device ON device.person_id = told.person
"""
DUE = """
    SELECT subscription_id FROM notifications_push
    WHERE due_at <= clock_timestamp() GROUP BY subscription_id ORDER BY min(due_at) LIMIT %s
"""
CLAIM = """
    DELETE FROM notifications_push WHERE subscription_id = %(device)s AND due_at <= %(now)s
    RETURNING notification_id, tries
"""


@dataclass(frozen=True)
class Message:
    """What a device shows. `path` is where it leads, `at` the page that it is about: a tab that is there is shown."""

    title: str
    words: str
    path: str
    at: str
    tag: str
    ids: tuple[int, ...]

    def body(self) -> bytes:
        """With the language and direction that are active. Short enough for any service, whatever it says."""
        shown = {
            "title": _short(self.title, TITLE_MAX),
            "body": _short(self.words, WORDS_MAX),
            "path": self.path,
            "at": self.at,
            "tag": self.tag,
            "lang": get_language(),
            "dir": "rtl" if get_language_bidi() else "ltr",
        }
        return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def schedule(told: Sequence[tuple[int, int]], now: datetime) -> None:
    """Has the devices of these people told of these notifications: pairs of notification and person. One statement,
    part of the caller's transaction; none without any."""
    if told:
        notifications, people = map(list, zip(*told, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(SCHEDULE, {"notifications": notifications, "people": people, "due": now + AFTER})


def due_devices() -> list[int]:
    """The subscriptions that a message is due to, the longest waiting first, `DEVICES_AT_ONCE` at most. One query."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [DEVICES_AT_ONCE])
        return [row[0] for row in cursor.fetchall()]


def push_device(subscription_id: int) -> int:
    """Sends one device what is due to it, and says how many messages were taken. None of what was seen meanwhile, of
    what cannot be read any more, of jams that may not be read, and of kinds that were switched off.

    Each is claimed by deleting its row, which only one worker can: a worker that dies amid it leaves a message unsent,
    never sent twice. One that its service does not take now is put back, `TRIES_MOST` times in all. A device that its
    service does not know any more is deleted. Call it outside of a transaction.
    """
    now = database_now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "device": subscription_id})
        tries = dict(cursor.fetchall())
    device = PushSubscription.objects.select_related("person").filter(pk=subscription_id).first()
    if device is None or not tries or not device.person.is_active:
        return 0
    rows, standings = inbox.still_to_tell(list(tries), since=now - TOO_OLD)
    choices = preferences.choices_of(device.person)
    rows = [row for row in rows if row.kind in choices and choices[row.kind].push]
    if not rows:
        return 0
    # Who chose no language or time zone reads in those of the jam.
    jam = rows[0].member.jam
    zone = ZoneInfo(device.person.time_zone or jam.time_zone)
    with languages.of(device.person, otherwise=jam.language), timezone.override(zone):
        return _send_all(device, list(_messages(rows, standings)), tries, now)


def _send_all(device: PushSubscription, messages: Sequence[Message], tries: Mapping[int, int], now: datetime) -> int:
    taken = 0
    for number, message in enumerate(messages):
        answer = _send(device, message)
        if answer.taken:
            taken += 1
        elif answer.gone:
            device.delete()
            return taken
        elif answer.later:
            # The others would fare alike, and wait with it.
            waiting = [pk for each in messages[number:] for pk in each.ids]
            _put_back(device, {pk: tries[pk] for pk in waiting}, answer, now)
            break
        elif (device.last_ok or device.created_at) < now - DEAF:
            device.delete()
            return taken
    if taken:
        PushSubscription.objects.filter(pk=device.pk).update(last_ok=now)
    return taken


def _send(device: PushSubscription, message: Message) -> Answer:
    """What the service said; nobody there is as one that asks to come later. The address is not in the log: whoever has
    it can send there."""
    try:
        sealed = push_sealing.seal(message.body(), p256dh=bytes(device.p256dh), auth=bytes(device.auth))
        headers = {
            "Authorization": push_keys.authorization(device.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(TOO_OLD.total_seconds())),
            "Urgency": "normal",
        }
        answer = push_service.hand_over(device.endpoint, sealed, headers)
    except push_service.Refused:
        log.warning("Device %d is at an address that we do not send to.", device.pk)
        return Answer(400)
    except OSError as error:
        log.warning("The push service of device %d cannot be reached: %s.", device.pk, type(error).__name__)
        return Answer(503)
    if not answer.taken:
        log.info("The push service of device %d answered %d.", device.pk, answer.status)
    return answer


def _put_back(device: PushSubscription, tries: Mapping[int, int], answer: Answer, now: datetime) -> None:
    """Each waits longer than the last time, and as long as the service wishes, within bounds."""
    Push.objects.bulk_create(
        (
            Push(notification_id=pk, subscription=device, tries=tried + 1, due_at=now + _wait(tried, answer))
            for pk, tried in tries.items()
            if tried + 1 < TRIES_MOST
        ),
        ignore_conflicts=True,
    )


def _wait(tried: int, answer: Answer) -> timedelta:
    own: timedelta = SOON_AGAIN * 5**tried
    return min(LATEST_AGAIN, max(own, timedelta(seconds=answer.retry_after)))


def _messages(rows: Sequence[Notification], standings: Mapping[int, Standing]) -> Iterator[Message]:
    """The oldest first, so that the newest lies on top."""
    lines = inbox.lines(rows, standings)
    if len(lines) <= LINES_MOST:
        yield from (_message(line) for line in reversed(lines))
        return
    ids = tuple(pk for line in lines for pk in line.ids)
    there = reverse("notifications:list")
    words = ngettext("%(number)d new for you", "%(number)d new for you", len(ids)) % {"number": len(ids)}
    yield Message(settings.SITE_NAME, words, there, there, "told-many", ids)


def _message(line: Line) -> Message:
    # Opening it by its own address notes that it was seen.
    path = reverse("notifications:open", args=[line.newest.pk])
    return Message(line.jam.title, line.sentence, path, line.newest.path, f"told-{line.newest.pk}", line.ids)


def _short(text: str, most: int) -> str:
    """On one line and without the marks that keep directions of writing apart, which not every system shows well."""
    line = " ".join(text.replace("\u2068", "").replace("\u2069", "").split())
    return line if len(line) <= most else line[: most - 1] + "…"
