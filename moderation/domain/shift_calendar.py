"""Somebody's shifts in a jam as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext
from icalendar import Calendar, Event

from jam.domain.calendar import alarm, plain
from jam.models import Jam
from moderation.models import Shift


def calendar_of(shifts: Iterable[Shift], *, jam: Jam, address: str, now: datetime) -> bytes:
    """The file with an entry for each shift, and an alarm as long before it as its reminder; its forums are loaded.

    `address` is that of the roster; `now`, when the file was made, goes in. A program that fetches it again knows the
    entries by their UID.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Jam//Jam//EN")
    calendar.add("version", "2.0")
    for shift in shifts:
        calendar.add_component(_entry(shift, jam, address, now))
    file: bytes = calendar.to_ical()
    return file


def _entry(shift: Shift, jam: Jam, address: str, now: datetime) -> Event:
    entry = Event()
    title = gettext("On duty in %(jam)s") % {"jam": plain(jam.title)}
    entry.add("uid", f"shift-{shift.pk}@{urlsplit(address).hostname}")
    entry.add("dtstamp", now)
    entry.add("dtstart", shift.starts_at)
    entry.add("dtend", shift.ends_at)
    entry.add("summary", title)
    entry.add("description", address)
    forums = ", ".join(plain(forum.title) for forum in shift.forums.all())
    if forums:
        entry.add("location", forums)
    entry.add("url", address)
    if shift.remind_before:
        entry.add_component(alarm(title, -timedelta(minutes=shift.remind_before), related="START"))
    return entry
