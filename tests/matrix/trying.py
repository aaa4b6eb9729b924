"""What came of a try: whether it was let in, and whether anything was written."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

WRITES = re.compile(
    r'^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?|^\s*WITH\b.*?\b(?:INSERT INTO|UPDATE) (\w+)', re.I | re.S
)
SAVEPOINT = re.compile(r'SAVEPOINT "?(\w+)"?')
UNDONE = re.compile(r'ROLLBACK TO SAVEPOINT "?(\w+)"?')
BESIDES = {"django_session", "accounts_apitoken", "threads_visit"}
"""Tables of which a write is no deed: that somebody is there."""


class Outcome(enum.Enum):
    LET_IN = "let in"
    LOOKED_AT = "let in, and what was sent will not do"
    REFUSED = "refused"
    NOT_SERVED = "not served"
    FAILED = "neither let in nor refused"


def outcome_of(response: HttpResponse) -> Outcome:
    """A conflict is a refusal: of the clock, or because it was done already."""
    if response.status_code == 405:
        return Outcome.NOT_SERVED
    if response.status_code in (400, 422):
        return Outcome.LOOKED_AT
    to_sign_in = response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
    if to_sign_in or response.status_code in (401, 403, 404, 409):
        return Outcome.REFUSED
    if response.status_code >= 400:
        return Outcome.FAILED
    return Outcome.LET_IN


@contextmanager
def writing() -> Iterator[set[str]]:
    """The tables that are written meanwhile, but for what is undone at once: what a verb does before it refuses."""
    tables: set[str] = set()
    written: list[str] = []
    since: dict[str, int] = {}

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITES.search(sql):
            written.append(found[1] or found[2])
        elif found := SAVEPOINT.match(sql):
            since[found[1]] = len(written)
        elif found := UNDONE.match(sql):
            del written[since[found[1]] :]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
    tables |= set(written) - BESIDES


def filled(data: dict[str, Any] | None, numbers: dict[str, Any]) -> dict[str, Any] | None:
    """What is sent, with its numbers."""
    if data is None:
        return None
    return {
        name.format_map(numbers): value.format_map(numbers) if isinstance(value, str) else value
        for name, value in data.items()
    }
