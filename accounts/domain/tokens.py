"""Tokens for the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import ApiToken, Person
from accounts.rows import Fetch

# last_used_at is told to the hour: a write for every call would cost more than it tells
USE_IS_NOTED_EVERY = timedelta(hours=1)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_token(*, person: Person, name: str = "") -> str:
    """Makes a new token, and returns it. It cannot be had again: only its SHA-256 is kept."""
    token = "jam_" + secrets.token_urlsafe(32)
    ApiToken.objects.create(person=person, name=name, digest=_digest(token))
    return token


def tokens_of(person: Person) -> QuerySet[ApiToken]:
    """The newest first."""
    return ApiToken.objects.filter(person=person).order_by("-created_at", "-pk")


def end_token(*, person: Person, token_id: int) -> None:
    """Ends one of the person's own, with the tabs and calls that live by it. Ended already is well."""
    for token in tokens_of(person).filter(pk=token_id):
        token.delete()


# A token stands for a second factor as long as its holder has one.
HOLDER = Fetch(
    """
    SELECT {person}, token.id, token.last_used_at, EXISTS (
        SELECT FROM mfa_authenticator AS factor WHERE factor.user_id = person.id AND factor.type <> 'recovery_codes')
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
    person, token_id, last_used_at, second_factor = found
    person.second_factor = second_factor
    now = timezone.now()
    if last_used_at is None or now - last_used_at > USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token_id).update(last_used_at=now)
    return person
