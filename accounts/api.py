"""Who calls the API: a bearer token, or the session of somebody signed in (which then needs the CSRF token)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from accounts.domain import second_factor, tokens
from accounts.models import Person


class TokenAuth(HttpBearer):
    """`Authorization: Bearer TOKEN`, with a token of the page “API tokens” or of `manage.py apitoken`."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        person = tokens.person_of_token(token)
        if person is not None:
            if second_factor.is_missing(person):
                raise second_factor.Needed
            request.user = person
        return person


class PageAuth(SessionAuth):
    """The session of a page. Without one there is nothing to forge: they are told to send a token, not a CSRF token."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if request.user.is_authenticated else None


CALLER = [TokenAuth(), PageAuth()]
