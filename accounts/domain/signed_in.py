"""By which way somebody came in. allauth writes it into the session, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from accounts.domain import second_factor


class By(StrEnum):
    PASSWORD = "password"  # noqa: S105  (the name of a way)
    CODE = "code"
    PASSKEY = "passkey"
    PROVIDER = "provider"
    OTHER = "other"
    """None of them, or nobody: a session that something else began, such as a test or a call with a token."""


@dataclass(frozen=True)
class Way:
    by: By = By.OTHER
    provider: str = ""
    """Which one, as OIDC_PROVIDERS names it; empty if they did not come by one."""
    second_factor: bool = False
    """Whether this session has shown a second factor (`accounts.domain.second_factor`)."""


METHODS = {"password": By.PASSWORD, "code": By.CODE, "socialaccount": By.PROVIDER}


def how(request: HttpRequest) -> Way:
    """By which way this session was made; that somebody confirms later who they are changes nothing of it.

    No query beyond the session's.
    """
    session, user = getattr(request, "session", None), request.user
    if session is None or not user.is_authenticated:
        return Way()
    records = get_authentication_records(request, user)
    shown = second_factor.is_shown(session, user.pk)
    first = next((record for record in records if not record.get("reauthenticated")), None)
    if first is None:
        return Way(second_factor=shown)
    passkey = first["method"] == "mfa" and bool(first.get("passwordless"))
    by = By.PASSKEY if passkey else METHODS.get(first["method"], By.OTHER)
    provider = str(first.get("provider", "")) if by is By.PROVIDER else ""
    return Way(by=by, provider=provider, second_factor=shown)
