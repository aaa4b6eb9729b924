"""Times in words, in the reader's language and zone: the same as static/js/times.js and clock.js, which keep them true
while a page is open. The names of months and days are those of the CLDR, which browsers have too; how they are put
together is said in the catalogs.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext, ngettext

from jam.domain.numbers import cldr

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _month(at: datetime, width: str) -> str:
    return str(cldr(get_language()).months["format"][width][at.month])


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def weekday(at: datetime) -> str:
    """The day of the week and of the month, short: Sun 22."""
    name = cldr(get_language()).days["format"]["abbreviated"][at.weekday()]
    return gettext("%(weekday)s %(day)s") % {"weekday": name, "day": at.day}


def short_day(at: datetime) -> str:
    """22 Nov"""
    return gettext("%(day)s %(month)s") % {"day": at.day, "month": _month(at, "abbreviated")}


def date(at: datetime) -> str:
    """22 Nov 2026"""
    return gettext("%(day)s %(month)s %(year)s") % {
        "day": at.day,
        "month": _month(at, "abbreviated"),
        "year": at.year,
    }


def long_date(at: datetime) -> str:
    """22 November 2026"""
    return gettext("%(day)s %(month)s %(year)s") % {"day": at.day, "month": _month(at, "wide"), "year": at.year}


def day(at: datetime) -> str:
    """22 Nov 2026, 18:00"""
    return gettext("%(date)s, %(time)s") % {"date": date(at), "time": clock(at)}


def full(at: datetime) -> str:
    """Sunday 22 November 2026, 18:00"""
    return gettext("%(weekday)s %(day)s %(month)s %(year)s, %(time)s") % {
        "weekday": cldr(get_language()).days["format"]["wide"][at.weekday()],
        "day": at.day,
        "month": _month(at, "wide"),
        "year": at.year,
        "time": clock(at),
    }


def near(at: datetime, now: datetime) -> str:
    """Relative near, absolute far. Both in the reader's zone."""
    ago = now - at
    if -MINUTE < ago < MINUTE:
        return gettext("just now")
    if timedelta() < ago < HOUR:
        minutes = ago // MINUTE
        return ngettext("%(count)s min ago", "%(count)s min ago", minutes) % {"count": minutes}
    if timedelta() < ago < DAY:
        hours = ago // HOUR
        return ngettext("%(count)s h ago", "%(count)s h ago", hours) % {"count": hours}
    if at.year == now.year:
        return gettext("%(date)s, %(time)s") % {"date": short_day(at), "time": clock(at)}
    return date(at)


def left(span: timedelta) -> str:
    """How long, in two units at most; the last ten minutes by the second."""
    seconds = max(0, -(-span // timedelta(seconds=1)))
    days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
    if seconds >= 86_400:
        words = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
        return f"{words} {_hours(hours)}" if hours and days < 10 else words
    if seconds >= 3_600:
        return f"{_hours(hours)} {_minutes(minutes)}" if minutes else _hours(hours)
    if seconds >= 600:
        return _minutes(minutes)
    return f"{minutes}:{seconds % 60:02}"


def _hours(count: int) -> str:
    return ngettext("%(count)s h", "%(count)s h", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)s min", "%(count)s min", count) % {"count": count}
