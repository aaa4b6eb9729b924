"""The bell in the header: `{% load bell %}{% bell %}`."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.models import Person
from notifications.domain import inbox

register = template.Library()


@register.inclusion_tag("notifications/bell.html", takes_context=True)
def bell(context: template.RequestContext) -> dict[str, Any]:
    """How much the reader was told and did not see. One query, none for who is signed out."""
    user = context.get("user")
    if not isinstance(user, Person):
        return {"shows": False}
    count = inbox.unseen_count(user)
    return {"shows": True, "label": inbox.capped(count) if count else "", "words": inbox.bell_words(count)}
