"""Times of shifts as pages show them: `{% load shifts %}`."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html

from jam.domain import time_words
from jam.templatetags.ui import local_time

register = template.Library()


@register.simple_tag
def span(starts: datetime, ends: datetime, under: datetime | None = None) -> str:
    """From when to when, in the reader's zone. No day is said twice, nor that of a heading, `under`, above it."""
    first, last = timezone.localtime(starts).date(), timezone.localtime(ends).date()
    said = under is not None and timezone.localtime(under).date() == first
    return format_html(
        '<span class="span nums">{} – {}</span>',
        local_time(starts, "clock" if said else "day"),
        local_time(ends, "clock" if first == last else "day"),
    )


@register.simple_tag
def jam_span(starts: datetime, ends: datetime, zone: str, under: datetime | None = None) -> str:
    """The same on the clocks of the jam, where these differ from the reader's: else nothing."""
    there = ZoneInfo(zone)
    first, last = starts.astimezone(there), ends.astimezone(there)
    if (first.utcoffset(), last.utcoffset()) == tuple(timezone.localtime(at).utcoffset() for at in (starts, ends)):
        return ""
    said = under is not None and timezone.localtime(under).date() == first.date()
    begins = time_words.clock(first) if said else time_words.day(first)
    until = time_words.clock(last) if first.date() == last.date() else time_words.day(last)
    return format_html('<span class="nums">{} – {} ({})</span>', begins, until, zone)
