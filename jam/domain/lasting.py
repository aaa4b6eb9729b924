"""How long something lasts, in words."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext, ngettext


def lasting(length: timedelta) -> str:
    """Its two largest parts: “3 hours”, “2 days, 1 hour”. Less than a minute is a minute; it has no sign."""
    minutes = max(1, round(abs(length) / timedelta(minutes=1)))
    days, hours = minutes // (24 * 60), minutes // 60 % 24
    said = [
        words % {"count": count}
        for words, count in (
            (ngettext("%(count)s day", "%(count)s days", days), days),
            (ngettext("%(count)s hour", "%(count)s hours", hours), hours),
            (ngettext("%(count)s minute", "%(count)s minutes", minutes % 60), minutes % 60),
        )
        if count
    ]
    return said[0] if len(said) == 1 else gettext("%(first)s, %(second)s") % {"first": said[0], "second": said[1]}
