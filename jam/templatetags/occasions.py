"""What those who run a jam put into it, as pages show it: `{% load occasions %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from jam.models import Forum

register = template.Library()

DISMISSED = "jam_dismissed"
"""The cookie with the newest announcement that was dismissed in this browser. Its path is the jam's."""


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
