"""When a mail is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.models import Mail

MORNING = time(7)
AT_ONCE_AFTER = timedelta(minutes=1)
"""So that who sees it on an open page gets no mail of it."""


def due_at(mail: str, *, now: datetime, zone: str) -> datetime | None:
    """When a mail tells of what happened at `now`; None if none does. Hours are full ones, a morning is one in `zone`.

    A morning that a clock leaps over is when the leap is done.
    """
    if mail == Mail.ONCE:
        return now + AT_ONCE_AFTER
    if mail == Mail.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if mail != Mail.DAILY:
        return None
    local = now.astimezone(ZoneInfo(zone))
    morning = datetime.combine(local.date(), MORNING, tzinfo=local.tzinfo)
    if morning <= local:
        morning = datetime.combine(local.date() + timedelta(days=1), MORNING, tzinfo=local.tzinfo)
    return morning
