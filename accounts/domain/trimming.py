"""Forgetting what is only needed for signing in: sessions that ended, addresses and browsers that were not seen lately,
and codes that ran out. What it does not reach it finds the next time."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

AT_ONCE = 1_000
NOWHERE = "0.0.0.0"
"""An address that is nobody's: allauth's column takes no empty one."""


def trim() -> int:
    """Removes and empties what is old, some thousand rows at a time, and says how many rows that were."""
    now = timezone.now()
    over = Session.objects.filter(expire_date__lt=now).order_by("expire_date")
    removed = _delete(Session, over.values_list("pk", flat=True))
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    removed += _delete(UserSession, UserSession.objects.filter(~Exists(alive)).values_list("pk", flat=True))
    quiet = UserSession.objects.filter(last_seen_at__lt=now - timedelta(days=settings.SIGN_IN_DATA_DAYS))
    removed += quiet.exclude(ip=NOWHERE).update(ip=NOWHERE, user_agent="", data={})
    EmailConfirmation.objects.delete_expired_confirmations()
    return int(removed)


def _delete(model: type[Session] | type[UserSession], rows: object) -> int:
    """The rows with these keys, the first thousand of them."""
    keys = list(rows[:AT_ONCE])  # type: ignore[index]
    model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
