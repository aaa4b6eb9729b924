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


# Every call of the API asks this; as SQL it is found in a third of the time.
HOLDER = """
    SELECT person.*, token.id AS token_id, token.last_used_at AS token_used_at
    FROM accounts_apitoken AS token JOIN accounts_person AS person ON person.id = token.person_id
    WHERE token.digest = %s AND person.is_active
"""


def person_of_token(token: str) -> Person | None:
    """The person who holds `token`, if they are active. Notes its use, at most once an hour."""
    person = next(iter(Person.objects.raw(HOLDER, [_digest(token)])), None)
    if person is None:
        return None
    now = timezone.now()
    if person.token_used_at is None or now - person.token_used_at > USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=person.token_id).update(last_used_at=now)
    return person
