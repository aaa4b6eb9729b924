"""What a jam says of names: `{% load names %}`."""

from __future__ import annotations

from django import template

from jam.access import Entry
from jam.domain import naming_words, policies, tracing
from jam.domain.naming_words import Said
from jam.models import Jam, Member

register = template.Library()


@register.simple_tag
def naming_said(jam: Jam) -> Said:
    """What `jam` says of the names in it. One query."""
    return naming_words.said_of(policies.of(jam).naming)


@register.simple_tag
def traceable(entry: Entry, shown: Member) -> bool:
    """Whether the reader may look up who `shown` is. One query for an admin who looks at somebody without a real name,
    none for others."""
    return tracing.can_trace(by=entry.member, member=shown)
