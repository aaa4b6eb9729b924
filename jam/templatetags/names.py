"""What a jam says of names: `{% load names %}`."""

from __future__ import annotations

from django import template

from jam.domain import naming_words, policies
from jam.domain.naming_words import Said
from jam.models import Jam

register = template.Library()


@register.simple_tag
def naming_said(jam: Jam) -> Said:
    """What `jam` says of the names in it. One query."""
    return naming_words.said_of(policies.of(jam).naming)
