"""A jam's window as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event

from jam.models import GuestHour, Jam

BEFORE_OPENING = timedelta(minutes=15)
BEFORE_CLOSE = timedelta(hours=2)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def calendar_of(jam: Jam, *, address: str, now: datetime, hours: Iterable[GuestHour] = ()) -> bytes:
    """The file with an entry for the jam's window and one for each of `hours`, guest hours with their guest and forum.

    `address` is that of the jam's home; `now`, when it was made, goes in.

    The jam must have a window. A program that fetches it again knows the entry by its UID, and a change by the jam's
    version.
    """
    assert jam.opens_at is not None
    assert jam.closes_at is not None
    entry = Event()
    entry.add("uid", f"jam-{jam.pk}@{urlsplit(address).hostname}")
    entry.add("dtstamp", now)
    entry.add("sequence", jam.version)
    entry.add("dtstart", jam.opens_at)
    entry.add("dtend", jam.closes_at)
    entry.add("summary", plain(jam.title))
    entry.add("description", "\n\n".join(filter(None, [plain(jam.question), address])))
    entry.add("url", address)
    entry.add("status", "TENTATIVE" if jam.published_at is None else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")  # a jam of three days does not make somebody busy for three days
    _add_alarms(entry, jam, lasts=jam.closes_at - jam.opens_at)
    calendar = Calendar()
    calendar.add("prodid", "-//Jam//Jam//EN")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    for hour in hours:
        calendar.add_component(_guest_hour(jam, hour, address=address, now=now))
    file: bytes = calendar.to_ical()
    return file


def _guest_hour(jam: Jam, hour: GuestHour, *, address: str, now: datetime) -> Event:
    names = {"guest": plain(hour.guest.name), "jam": plain(jam.title)}
    entry = Event()
    entry.add("uid", f"guest-hour-{hour.pk}@{urlsplit(address).hostname}")
    entry.add("dtstamp", now)
    entry.add("dtstart", hour.starts_at)
    entry.add("dtend", hour.ends_at)
    entry.add("summary", gettext("%(guest)s in %(jam)s") % names)
    entry.add("description", "\n\n".join(filter(None, [plain(hour.words), address])))
    if hour.forum is not None:
        entry.add("location", plain(hour.forum.title))
    entry.add("url", address)
    entry.add("transp", "TRANSPARENT")
    return entry


def _add_alarms(entry: Event, jam: Jam, *, lasts: timedelta) -> None:
    title = plain(jam.title)
    entry.add_component(
        alarm(gettext("%(title)s opens in 15 minutes") % {"title": title}, -BEFORE_OPENING, related="START")
    )
    if lasts > BEFORE_CLOSE:  # else it would ring before the jam opens
        entry.add_component(
            alarm(gettext("%(title)s closes in 2 hours") % {"title": title}, -BEFORE_CLOSE, related="END")
        )


def alarm(words: str, trigger: timedelta, *, related: str) -> Alarm:
    """A reminder that shows `words`, by so much before (negative) or after the entry's START or END."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", trigger, parameters={"RELATED": related})
    return alarm


def plain(text: str) -> str:
    """`text` with its line ends as \\n and without characters that the format does not take; a bundle may hold some."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
