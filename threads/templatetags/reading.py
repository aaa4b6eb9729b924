"""How much is new to the reader: `{% load reading %}`. The same words as static/js/unread.js."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from threads.domain.reading import capped, new_words

register = template.Library()
register.filter("capped", capped)


@register.simple_tag
def new_posts(counts: Mapping[int, int], key: int) -> SafeString:
    """How many posts are new in one of what is counted. It is there without any too, for scripts to raise it."""
    count = counts.get(key, 0)
    hidden = SafeString("" if count else " hidden")
    return format_html('<span class="new-count" data-new="{}"{}>{}</span>', count, hidden, new_words(count))
