"""Reads the environment for the settings: typed, and with the variable's name in every complaint."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PROVIDER_ID = re.compile(r"[a-z][a-z0-9]{0,30}")


class Environment:
    """A variable that is set to nothing counts as not set."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self.variables = variables

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def secret(self, name: str, *, at_least: int) -> str:
        """A text that must be there, and long."""
        value = self.text(name)
        if not value:
            raise ImproperlyConfigured(f"{name} is not set. Set it to a long random text that you keep to yourself.")
        if len(value) < at_least:
            raise ImproperlyConfigured(f"{name} is too short: it needs {at_least} characters or more, random ones.")
        return value

    def key(self, name: str, *, size: int) -> str:
        """So many bytes in base64url, or nothing."""
        value = self.text(name).rstrip("=")
        try:
            good = not value or len(base64.b64decode(value + "=" * (-len(value) % 4), b"-_", validate=True)) == size
        except ValueError:
            good = False
        if not good:
            raise ImproperlyConfigured(f"{name} must be {size} bytes in base64url.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        word = self.text(name).lower()
        if word and word not in YES | NO:
            raise ImproperlyConfigured(f"{name} must be 1 or 0, not {word!r}")
        return word in YES if word else default

    def number(self, name: str, default: int, *, at_least: int = 0) -> int:
        word = self.text(name, str(default))
        if not word.isdecimal() or int(word) < at_least:
            raise ImproperlyConfigured(f"{name} must be a whole number, {at_least} or more, not {word!r}")
        return int(word)

    def choice(self, name: str, default: str, *, of: Collection[str]) -> str:
        word = self.text(name, default)
        if word not in of:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(of)}, not {word!r}")
        return word

    def words(self, name: str, default: list[str]) -> list[str]:
        """A list, with commas between."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()] or default

    def address(self, name: str, default: str = "", *, schemes: Collection[str], example: str) -> SplitResult:
        """An address whose scheme is one of `schemes`; without a default it must be there."""
        value = self.text(name, default)
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = SplitResult("", "", "", "", "")
        if parts.scheme not in schemes:
            # An address may hold a password, so it is not repeated.
            complaint = "is not set" if not value else "is not an address that can be used here"
            raise ImproperlyConfigured(f"{name} {complaint}. Set it to something like {example}")
        return parts

    def database(self, name: str) -> dict[str, Any]:
        """Django's words for a PostgreSQL address. `?host=/folder` in it is a Unix socket."""
        self.address(name, schemes=("postgres", "postgresql"), example="postgres://USER:PASSWORD@HOST:5432/NAME")
        found: dict[str, Any] = environ.Env.db_url_config(self.text(name))
        found["HOST"] = found.get("OPTIONS", {}).pop("host", found["HOST"])
        return found

    def mail(self, name: str) -> dict[str, Any]:
        """Django's words for a mail server's address."""
        schemes = [scheme for scheme in environ.Env.EMAIL_SCHEMES if scheme.startswith("smtp")]
        self.address(name, schemes=schemes, example="smtp+tls://USER:PASSWORD@HOST:587")
        found: dict[str, Any] = environ.Env.email_url_config(self.text(name))
        return found

    def providers(self, name: str) -> list[dict[str, Any]]:
        """allauth's words for the OpenID Connect providers that a list names: CORP has OIDC_CORP_URL and so on."""
        ids = self.words(name, [])
        if len(ids) != len(set(ids)) or not all(PROVIDER_ID.fullmatch(one) for one in ids):
            raise ImproperlyConfigured(
                f"{name} must be different short names in small letters and digits, commas between, not {ids!r}"
            )
        return [self._provider(one) for one in ids]

    def _provider(self, one: str) -> dict[str, Any]:
        prefix = f"OIDC_{one.upper()}_"
        url = self.address(f"{prefix}URL", schemes=("https", "http"), example="https://login.example.org")
        if url.scheme == "http" and url.hostname not in LOOPBACK:
            raise ImproperlyConfigured(
                f"{prefix}URL must begin with https://, or anybody on the way can sign in as anyone."
            )
        client_id = self.text(f"{prefix}CLIENT_ID")
        if not client_id:
            raise ImproperlyConfigured(f"{prefix}CLIENT_ID is not set. The provider gives it to you for this site.")
        return {
            "provider_id": one,
            "name": self.text(f"{prefix}NAME", one),
            "client_id": client_id,
            "secret": self.secret(f"{prefix}CLIENT_SECRET", at_least=8),
            "settings": {
                "server_url": url.geturl(),
                "email_authentication": self.flag(f"{prefix}CONNECT_BY_EMAIL", default=False),
            },
        }
