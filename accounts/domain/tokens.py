"""Tokens for the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import ApiToken, Person

# last_used_at is told to the hour: a write for every call would cost more than it tells
USE_IS_NOTED_EVERY = timedelta(hours=1)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_token(*, person: Person) -> str:
    """Makes a new token, and returns it. It cannot be had again: only its SHA-256 is kept."""
    token = "jam_" + secrets.token_urlsafe(32)
    ApiToken.objects.create(person=person, digest=_digest(token))
    return token


def person_of_token(token: str) -> Person | None:
    """The person who holds `token`, if they are active. Notes its use, at most once an hour."""
    held = ApiToken.objects.select_related("person").filter(digest=_digest(token), person__is_active=True).first()
    if held is None:
        return None
    now = timezone.now()
    if held.last_used_at is None or now - held.last_used_at > USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=held.pk).update(last_used_at=now)
    return held.person
