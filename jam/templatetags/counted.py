"""How many of something, in words: `{% load counted %}`. Each phrase is here once, and once in static/js/counted.js.

A phrase is whole, number and all: languages have up to six forms of it, and some say one and two without a number.
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from jam.domain.numbers import number

register = template.Library()


@register.filter
def ideas(count: int) -> str:
    return ngettext("%(count)s idea", "%(count)s ideas", count) % {"count": number(count)}


@register.filter
def posts(count: int) -> str:
    return ngettext("%(count)s post", "%(count)s posts", count) % {"count": number(count)}


@register.filter
def replies(count: int) -> str:
    return ngettext("%(count)s reply", "%(count)s replies", count) % {"count": number(count)}


@register.filter
def votes(count: int) -> str:
    return ngettext("%(count)s vote", "%(count)s votes", count) % {"count": number(count)}


@register.filter
def upvotes(count: int) -> str:
    return ngettext("%(count)s upvote", "%(count)s upvotes", count) % {"count": number(count)}


@register.filter
def agree(count: int) -> str:
    return ngettext("%(count)s agrees", "%(count)s agree", count) % {"count": number(count)}


@register.filter
def replies_to(count: int, name: str) -> SafeString:
    words = ngettext("%(count)s reply to %(name)s", "%(count)s replies to %(name)s", count)
    return mark_safe(words % {"count": number(count), "name": format_html("<bdi>{}</bdi>", name)})  # noqa: S308 catalogs are ours


@register.filter
def people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": number(count)}


@register.filter
def times(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": number(count)}


@register.filter
def answers(count: int) -> str:
    return ngettext("%(count)s answer", "%(count)s answers", count) % {"count": number(count)}


@register.filter
def disagree(count: int) -> str:
    return ngettext("%(count)s disagrees", "%(count)s disagree", count) % {"count": number(count)}
