"""What those who run a jam put into it, as pages show it: `{% load occasions %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from jam.access import Entry
from jam.models import Announcement, Forum, GuestHour, Poll

register = template.Library()

DISMISSED = "jam_dismissed"
"""The cookie with the newest announcement that was dismissed in this browser. Its path is the jam's."""


@register.filter
def moderated_by(thing: Announcement | GuestHour | Poll, entry: Entry) -> bool:
    """Whether the reader may change what belongs to a forum, or to the whole jam."""
    return entry.moderates(thing.forum_id)


@register.inclusion_tag("jam/callouts.html", takes_context=True)
def callouts(context: RequestContext) -> dict[str, Any]:
    """The bar of announcements. The newest stands in it; when it is taken back, the one before shows."""
    forum: Forum | None = context.get("forum")
    here = forum.pk if forum else None
    seen = context["request"].COOKIES.get(DISMISSED, "")
    newest_seen = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 19 else 0
    return {
        "announcements": [
            made for made in context["frame"].announcements if made.forum_id in (None, here) and made.pk > newest_seen
        ],
        "here": here,
        "jam": context["jam"],
        "frame": context["frame"],
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }
