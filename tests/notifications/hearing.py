"""Small words for the tests of hearing of things."""

from __future__ import annotations

from django.db import connection

from jam.models import Member
from notifications.domain import mailing
from notifications.domain.preferences import Choice, choose
from notifications.models import Notification


def told(member: Member) -> list[tuple[str, str]]:
    """What a member was told: kind and about, oldest first."""
    rows = Notification.objects.filter(member=member).order_by("pk")
    return [(row.kind, row.about) for row in rows]


def wants(member: Member, kind: str, mail: str, *, on_page: bool = True) -> None:
    choose(person=member.person, choices={kind: Choice(on_page=on_page, mail=mail)})


def let_time_pass() -> None:
    """As if the time had come for every mail that waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_notification SET mail_due_at = clock_timestamp() WHERE mail_due_at IS NOT NULL"
        )


def send_mails() -> int:
    return sum(mailing.mail_person(person) for person in mailing.due_people())
