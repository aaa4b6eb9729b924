"""Small pieces that every page is made of: `{% load ui %}`."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jam.domain import time_words
from jam.domain.faces import hue, initials
from jam.domain.line import Line
from jam.domain.numbers import number
from jam.words import script_of

register = template.Library()

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# --- time --------------------------------------------------------------------------------------------


@register.simple_tag
def local_time(at: datetime | None, kind: str = "near") -> str:
    """A time in the reader's zone. `kind`: near (relative if it is near), day ("22 Nov 2026,
    18:00"), date, full, or clock ("18:00")."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    full = time_words.full(local)
    if kind == "near":
        words = time_words.near(local, timezone.localtime())
    else:
        words = {"clock": time_words.clock, "date": time_words.date, "day": time_words.day}.get(kind, time_words.full)(
            local
        )
    return format_html(
        '<time datetime="{}" data-when="{}" title="{} ({})">{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        kind,
        full,
        timezone.get_current_timezone_name(),
        words,
    )


@register.simple_tag
def dates(first: datetime, last: datetime) -> str:
    """The days from `first` to `last` in the reader's zone; one day is said once."""
    if timezone.localtime(first).date() == timezone.localtime(last).date():
        return local_time(first, "date")
    return format_html("{} – {}", local_time(first, "date"), local_time(last, "date"))


@register.filter
def full_time(at: datetime) -> str:
    """A time as plain text in the reader's zone, for mail."""
    return time_words.full(timezone.localtime(at))


@register.filter
def epoch_ms(at: datetime | None) -> str:
    """Milliseconds since 1970, cut off as scripts read a time that is written out; empty for no time."""
    return "" if at is None else str((at - EPOCH) // timedelta(milliseconds=1))


@register.filter
def in_zone(at: datetime, zone: str) -> str:
    """The time in a zone named in the page: for the jam's own beside the reader's."""
    return time_words.full(timezone.localtime(at, ZoneInfo(zone)))


# What a countdown says while it runs, and in the end.
COUNTDOWNS = {
    "opens": (_("opens in %(left)s"), _("open now")),
    "closes": (_("closes in %(left)s"), _("has closed")),
    "Opens": (_("Opens in %(left)s"), _("Open now: load the page again.")),
}


@register.simple_tag
def countdown(to: datetime, says: str, follows: str = "") -> str:
    """How long until `to`, in the words that COUNTDOWNS has for `says`; kept true by clock.js.

    `follows` ("opens" or "closes") makes it move with the page's own jam.
    """
    words, done = COUNTDOWNS[says]
    left = to - timezone.now()
    return format_html(
        '<span class="countdown nums" data-countdown-to="{}" data-countdown-words="{}" data-countdown-follows="{}" '
        'data-countdown-done="{}">{}</span>',
        epoch_ms(to),
        words,
        follows,
        done,
        words % {"left": time_words.left(left)} if left > timedelta() else done,
    )


# --- language -------------------------------------------------------------------------------------------


@register.simple_tag
def words_script() -> str:
    """The script with the words of the other scripts in the reader's language; for English there is none."""
    language = get_language() or settings.LANGUAGE_CODE
    script = script_of(language)
    if script is None:
        return ""
    return format_html('<script src="{}"></script>', reverse("jam:words", args=[language, script.stamp]))


register.filter("number", number)


# --- people and pictures ---------------------------------------------------------------------------


# Pictures that point along a line of text, and so the other way where it runs from right to left.
DIRECTED = {"back", "list", "next", "out", "quote", "reply"}


@lru_cache(maxsize=4096)
def _avatar(name: str, size: str) -> SafeString:
    return format_html(
        '<span class="avatar avatar-{}{}" aria-hidden="true">{}</span>',
        hue(name),
        f" avatar-{size}" if size else "",
        initials(name),
    )


@register.simple_tag
def avatar(name: str, size: str = "") -> str:
    """Initials on a colour from the name. Stands beside the name, so it is silent. `size`: small, large."""
    return _avatar(str(name), size)


@register.simple_tag
def icon(name: str, label: str = "") -> str:
    """A picture from static/icons.svg. With `label` it says that word; without, it stands beside one and is silent."""
    sheet = static("icons.svg")
    kind = "icon icon-turns" if name in DIRECTED else "icon"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', kind, label, sheet, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', kind, sheet, name)


# --- forms -------------------------------------------------------------------------------------------


@register.filter
def unplaceheld(field: BoundField) -> BoundField:
    """Without the placeholder that only says the label again."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.filter
def limit(field: BoundField) -> int | None:
    """How many characters the field takes, told before sending."""
    if isinstance(field.field, forms.EmailField):
        return None
    found: int | None = getattr(field.field, "max_length", None)
    return found


@register.filter
def widget_kind(field: BoundField) -> str:
    """checkbox, choices, or input: which shape components/field.html gives it."""
    name = type(field.field.widget).__name__
    return {"CheckboxInput": "checkbox", "RadioSelect": "choices", "CheckboxSelectMultiple": "choices"}.get(
        name, "input"
    )


# --- the line ----------------------------------------------------------------------------------------

# What each size of it is, in CSS pixels: its height, where the hills stand, where the bar lies, where labels sit.
LINE_SIZES: dict[str, dict[str, int]] = {
    "bar": {"height": 40, "top": 7, "hills": 21, "bar": 28, "thick": 3, "tick": 24, "label": 0},
    "small": {"height": 28, "top": 2, "hills": 20, "bar": 22, "thick": 3, "tick": 18, "label": 0},
    "large": {"height": 104, "top": 10, "hills": 62, "bar": 72, "thick": 4, "tick": 66, "label": 97},
}
# Before anything was posted there are no hills to leave room for.
FLAT_SIZES: dict[str, dict[str, int]] = {
    "bar": LINE_SIZES["bar"],
    "small": {"height": 16, "top": 2, "hills": 8, "bar": 10, "thick": 3, "tick": 5, "label": 0},
    "large": {"height": 52, "top": 5, "hills": 12, "bar": 17, "thick": 4, "tick": 10, "label": 43},
}


def hills_path(heights: tuple[float, ...], done: float) -> str:
    """The silhouette up to now, as an SVG path in a box 100 high and as wide as there are columns. As in line.js."""
    end = round(done * len(heights), 2)
    points = [(n + 0.5, round(100 - 96 * height, 1)) for n, height in enumerate(heights) if n < end]
    if not points or not any(heights):
        return ""
    parts = [f"M0 100L0 {points[0][1]:g}"]
    for (x, y), (next_x, next_y) in itertools.pairwise([*points, (end, points[-1][1])]):
        parts.append(f"Q{min(x, end):g} {y:g} {min((x + next_x) / 2, end):g} {(y + next_y) / 2:g}")
    return f"{''.join(parts)}L{end:g} {points[-1][1]:g}L{end:g} 100Z"


def _tick_label(at: datetime, is_day: bool, many_days: bool) -> str:
    if is_day:
        return time_words.short_day(at) if many_days else time_words.weekday(at)
    return time_words.clock(at)


@register.inclusion_tag("components/line.html")
def jam_line(line: Line | None, size: str = "bar") -> dict[str, Any]:
    """A jam's line. `size`: bar (the one across the top), small (in a list), large (on the jam's home, with days)."""
    if line is None:
        return {"line": None}
    path = hills_path(line.heights, line.done)
    shown = [tick for tick in line.ticks if tick.has_label or tick.is_day]
    long = line.closes_at - line.opens_at > timedelta(days=9)
    return {
        "line": line,
        "size": size,
        "box": (LINE_SIZES if path else FLAT_SIZES)[size],
        "done": f"{line.done * 100:.3f}",
        "percent": int(line.done * 100),
        "left": "" if line.left is None else f"{line.left * 100:.3f}",
        "path": path,
        "columns": len(line.columns),
        "counts": ",".join(str(count) for count in line.columns),
        "ticks": [
            {
                "x": f"{tick.place * 100:.2f}",
                "is_day": tick.is_day,
                "label": _tick_label(tick.at, tick.is_day, long) if tick.has_label and 0.03 < tick.place < 0.96 else "",
                "more": len(shown) > 4 and number % 2 == 1,
            }
            for number, tick in enumerate(shown)
        ],
    }


@register.simple_tag(takes_context=True)
def jam_link(context: dict[str, Any], name: str, label: str) -> SafeString:
    """An item of a jam's navigation: the page itself, or one that lies under it, is the current one."""
    home, there = (reverse(which, args=[context["jam"].slug]) for which in ("threads:home", name))
    here = context["request"].path if "request" in context else ""
    current = "page" if here == there else "true" if there != home and here.startswith(there) else ""
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', there, mark, label)
