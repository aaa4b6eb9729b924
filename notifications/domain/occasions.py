"""Telling the members of a jam of an announcement, and of a guest hour that begins.

Open tabs hear of both at once, from the jam floor; this is for who is not here. It may run late, twice or on two
machines at once: a member is told once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain.phases import ClockTimestamp, database_now
from jam.domain.rendering import excerpt
from jam.models import Announcement, GuestHour, Member
from notifications.domain.kinds import TIMELY, News, Standing, declare, isolated
from notifications.domain.sending import AT_ONCE, notify
from notifications.models import Mail, Notification

ANNOUNCEMENT, GUEST_HOUR = "announcement", "guest_hour"
LATE = timedelta(hours=6)
"""What nobody sent for this long is old news."""
WORDS_SHOWN = 200


def send_all() -> None:
    """Sends what was announced and not sent yet, and the guest hours that began. Two queries when there is nothing."""
    now = database_now()
    for made in Announcement.objects.filter(notified_at=None).select_related("jam"):
        if made.taken_back_at is None and now - made.created_at < LATE:
            _send(made, ANNOUNCEMENT, path=_announcement_path(made), by=made.by_id)
        Announcement.objects.filter(pk=made.pk).update(notified_at=ClockTimestamp())
    begun = GuestHour.objects.filter(notified_at=None, starts_at__lte=now, jam__published_at__isnull=False)
    for hour in begun.select_related("jam", "guest"):
        if hour.ends_at > now:
            _send(hour, GUEST_HOUR, path=_guest_path(hour), by=hour.guest_id)
        GuestHour.objects.filter(pk=hour.pk, starts_at=hour.starts_at).update(notified_at=ClockTimestamp())


def _announcement_path(made: Announcement) -> str:
    return f"{reverse('jam:announcements', args=[made.jam.slug])}#announcement-{made.pk}"


def _guest_path(hour: GuestHour) -> str:
    if hour.forum_id is not None:
        return reverse("threads:forum", args=[hour.jam.slug, hour.forum_id])
    return reverse("threads:person", args=[hour.jam.slug, hour.guest_id])


def _send(about: Announcement | GuestHour, kind: str, *, path: str, by: int) -> None:
    notify(
        kind=kind,
        jam_id=about.jam_id,
        to=_members(about.jam_id),
        about=_about(about, kind),
        path=path,
        data={"id": about.pk},
        by=by,
    )


def _about(about: Announcement | GuestHour, kind: str) -> str:
    """An hour that was moved to another time is another one to hear of."""
    return f"{kind}:{about.pk}" + (f":{about.starts_at:%Y%m%dT%H%M}" if isinstance(about, GuestHour) else "")


def _members(jam_id: int) -> Iterator[int]:
    after = 0
    while batch := list(
        Member.objects.filter(jam=jam_id, pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield from batch
        after = batch[-1]


# --- what is said of them ---------------------------------------------------------------------------------------


def look_at_announcements(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """Gone when it was taken back. One query."""
    made = Announcement.objects.in_bulk([row.data["id"] for row in rows])
    found = {}
    for row in rows:
        one = made.get(row.data["id"])
        gone = one is None or one.taken_back_at is not None
        found[row.pk] = Standing(gone=gone, title="" if one is None or gone else excerpt(one.html, WORDS_SHOWN))
    return found


def look_at_hours(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """Gone when it is over, moved or taken away. One query."""
    now = database_now()
    hours = GuestHour.objects.select_related("guest").in_bulk([row.data["id"] for row in rows])
    found = {}
    for row in rows:
        hour = hours.get(row.data["id"])
        is_on = hour is not None and hour.starts_at <= now < hour.ends_at
        found[row.pk] = Standing(gone=not is_on, title=hour.guest.name if hour is not None else "")
    return found


def announcement_sentence(news: News) -> str:
    return gettext("Announced in “%(jam)s”: %(words)s") % {"jam": isolated(news.jam), "words": isolated(news.title)}


def hour_sentence(news: News) -> str:
    return gettext("%(name)s is in “%(jam)s” now") % {"name": isolated(news.title), "jam": isolated(news.jam)}


declare(
    ANNOUNCEMENT,
    label=_("An announcement to everybody"),
    sentence=announcement_sentence,
    mail=Mail.NEVER,
    push=True,
    look=look_at_announcements,
    before_reading=True,
    position=60,
)
declare(
    GUEST_HOUR,
    label=_("A guest hour begins"),
    sentence=hour_sentence,
    mail=Mail.NEVER,
    push=True,
    mails=TIMELY,
    look=look_at_hours,
    position=70,
)
