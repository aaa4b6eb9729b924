"""How often somebody may ask for what costs more than a page: counted in the cache, a minute at a time."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.utils.translation import gettext

from jam.domain.errors import Refused
from jam.models import Member

MINUTE = 60


class TooOften(Refused):
    status = 429


def require_pace(member: Member, *, what: str, a_minute: int) -> None:
    """Raises TooOften once `member` asked for this more than so many times in the present minute. No query.

    While Redis is away each process counts for itself.
    """
    key = f"pace/{what}/{member.pk}/{int(time.time()) // MINUTE}"
    if cache.add(key, 1, timeout=2 * MINUTE):
        return
    try:
        asked = cache.incr(key)
    except ValueError:  # it was let go in between
        return
    if asked > a_minute:
        raise TooOften(gettext("That was asked very often just now. Try again in a minute."), code="too_often")
