"""Asking a provider for something, with a bound on how long it may take and how much it may say."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.providers.base.provider import ProviderException
from django.utils.translation import gettext_lazy as _

PATIENCE = 5
"""Seconds until it must have begun to answer, and again at most between two pieces of the answer."""
PATIENCE_IN_ALL = 10
ANSWER_MAX = 256 * 1024
LOOPBACK = {"127.0.0.1", "::1", "localhost"}

AWAY = _("It does not answer just now. Try again in a minute.")
WRONG = _("What it answered cannot be trusted, so nobody was signed in. If it stays so, tell who runs this site.")


class ProviderFailed(ProviderException):
    """A provider did not answer as it should. `words` are for the person, the message is for the log."""

    def __init__(self, message: str, *, words: Any = WRONG) -> None:
        super().__init__(message)
        self.words = words


def require_safe(address: Any, what: str) -> str:
    """The address, if it is one that others on the way cannot read: https, or this very machine."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
    except ValueError:
        parts = urlsplit("")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        raise ProviderFailed(f"{what} is no address that can be used: {address!r:.200}")
    return str(address)


def ask(method: str, address: str, **options: Any) -> dict[str, Any]:
    """The JSON object that is answered. Raises ProviderFailed for everything else; follows no redirect."""
    ends = time.monotonic() + PATIENCE_IN_ALL
    try:
        with requests.request(
            method, address, timeout=PATIENCE, stream=True, allow_redirects=False, **options
        ) as answer:
            text = b""
            for piece in answer.iter_content(8192):
                text += piece
                if len(text) > ANSWER_MAX or time.monotonic() > ends:
                    raise ProviderFailed(f"{address} said too much or took too long", words=AWAY)
    except requests.RequestException as error:
        raise ProviderFailed(f"{address} does not answer: {error!r:.300}", words=AWAY) from error
    if answer.status_code >= 500:
        raise ProviderFailed(f"{address} answered {answer.status_code}", words=AWAY)
    if answer.status_code != 200:
        raise ProviderFailed(f"{address} answered {answer.status_code}: {text[:200]!r}")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProviderFailed(f"{address} answered no JSON: {text[:200]!r}") from error
    if not isinstance(said, dict):
        raise ProviderFailed(f"{address} answered no JSON object")
    return said
