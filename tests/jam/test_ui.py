"""The small pieces of pages: times, countdowns, avatars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone

from jam.domain import time_words

NOW = datetime(2026, 9, 1, 18, 0, tzinfo=UTC)


def show(template: str, **context: object) -> str:
    return Template("{% load ui %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=3, minutes=50), "3 h ago"),
        (timedelta(days=2), "30 Aug, 20:00"),
        (timedelta(days=300), "5 Nov 2025"),
        (-timedelta(hours=2), "1 Sep, 22:00"),
    ],
)
def test_times_are_relative_near_and_absolute_far(ago: timedelta, words: str) -> None:
    with time_machine.travel(NOW, tick=False), timezone.override(ZoneInfo("Europe/Berlin")):
        html = show("{% local_time at %}", at=NOW - ago)
    assert html.endswith(f">{words}</time>")


def test_a_time_is_exact_on_hover_and_for_programs() -> None:
    with timezone.override(ZoneInfo("Asia/Kolkata")):
        html = show('{% local_time at "full" %}', at=NOW)
    assert html == (
        '<time datetime="2026-09-01T18:00:00+00:00" data-when="full" '
        'title="Tuesday 1 September 2026, 23:30 (Asia/Kolkata)">Tuesday 1 September 2026, 23:30</time>'
    )


def test_no_time_is_nothing() -> None:
    assert show("{% local_time at %}", at=None) == ""


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=-5), "0:00"),
        (timedelta(seconds=42), "0:42"),
        (timedelta(minutes=9, seconds=59), "9:59"),
        (timedelta(minutes=10), "10 min"),
        (timedelta(hours=2, minutes=13), "2 h 13 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=1, hours=2), "1 day 2 h"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=30, hours=5), "30 days"),
    ],
)
def test_countdowns(left: timedelta, words: str) -> None:
    assert time_words.left(left) == words


def test_names_are_escaped() -> None:
    html = show("{% avatar name %}{% icon 'reply' name %}", name='"><script>')
    assert "<script>" not in html


def test_a_span_of_days_says_one_day_once() -> None:
    span = "{% dates first last %}"
    assert show(span, first=NOW, last=NOW + timedelta(hours=1)).count("<time") == 1
    assert show(span, first=NOW, last=NOW + timedelta(hours=6)).count("<time") == 2
