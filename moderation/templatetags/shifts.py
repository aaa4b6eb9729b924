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
def span(starts: datetime, ends: datetime) -> str:
    """From when to when, in the reader's zone. The day is said once if both are on it."""
    same = timezone.localtime(starts).date() == timezone.localtime(ends).date()
    return format_html(
        '<span class="span nums">{} – {}</span>',
        local_time(starts, "day"),
        local_time(ends, "clock" if same else "day"),
    )


@register.simple_tag
def jam_span(starts: datetime, ends: datetime, zone: str) -> str:
    """The same on the clocks of the jam, where these differ from the reader's: else nothing."""
    there = ZoneInfo(zone)
    first, last = starts.astimezone(there), ends.astimezone(there)
    if (first.utcoffset(), last.utcoffset()) == tuple(timezone.localtime(at).utcoffset() for at in (starts, ends)):
        return ""
    until = time_words.clock(last) if first.date() == last.date() else time_words.day(last)
    return format_html('<span class="nums">{} – {} ({})</span>', time_words.day(first), until, zone)
