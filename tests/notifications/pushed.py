"""What tests of messages to devices do: something is told, time passes, what waits is sent."""

from __future__ import annotations

from django.db import connection

from notifications.domain import pushing
from tests.cast import Cast
from threads.domain import telling
from threads.models import Post


def answered(cast: Cast, body: str = "Yes, and one on the mole.") -> Post:
    reply = cast.reply(cast.idea(), body=body)
    telling.tell_all()
    return reply


def let_time_pass() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_push SET due_at = clock_timestamp()")


def push() -> int:
    let_time_pass()
    return sum(pushing.push_device(device) for device in pushing.due_devices())
