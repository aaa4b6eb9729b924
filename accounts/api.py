"""Who calls the API: a bearer token, or the session of somebody signed in (which then needs the CSRF token)."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from accounts.domain import tokens
from accounts.models import Person


class TokenAuth(HttpBearer):
    """`Authorization: Bearer TOKEN`, with a token from `manage.py apitoken`."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        person = tokens.person_of_token(token)
        if person is not None:
            request.user = person
        return person


CALLER = [TokenAuth(), SessionAuth()]
