"""Tokens for the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import ApiToken, Person
from accounts.rows import Fetch

# last_used_at is told to the hour: a write for every call would cost more than it tells
USE_IS_NOTED_EVERY = timedelta(hours=1)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_token(*, person: Person) -> str:
    """Makes a new token, and returns it. It cannot be had again: only its SHA-256 is kept."""
    token = "jam_" + secrets.token_urlsafe(32)
    ApiToken.objects.create(person=person, digest=_digest(token))
    return token


HOLDER = Fetch(
    """
    SELECT {person}, token.id, token.last_used_at
    FROM accounts_apitoken AS token JOIN accounts_person AS person ON person.id = token.person_id
    WHERE token.digest = %(digest)s
    """,
    person=Person,
)


def person_of_token(token: str) -> Person | None:
    """The person who holds `token`, if they are active. Notes its use as `holder_of`."""
    person = holder_of(token)
    return person if person is not None and person.is_active else None


def holder_of(token: str) -> Person | None:
    """The person who holds `token`, also one who is suspended. Notes its use, at most once an hour."""
    found = HOLDER.first(digest=_digest(token))
    if found is None:
        return None
    person: Person
    person, token_id, last_used_at = found
    now = timezone.now()
    if last_used_at is None or now - last_used_at > USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token_id).update(last_used_at=now)
    return person
