"""Small pieces of “My jam”: `{% load my %}`."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of(numbers: Mapping[int, int], key: int) -> int:
    """How many belong to `key`; 0 if it has none."""
    return numbers.get(key, 0)
