"""What somebody is told when it is the site that failed."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from jam.problems import problem

RETRY_AFTER = 5
"""Seconds after which it is worth another try: a restart of PostgreSQL takes about as long."""
WORDS = {
    500: _("Something broke here. It is not your doing, and it has been noted."),
    503: _("The database does not answer. Send it again: with the same Idempotency-Key nothing is taken twice."),
}
CODES = {500: "broken", 503: "unavailable"}


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of errors that nobody foresaw. 503 if the database did not answer, else 500."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    if request.path.startswith("/api/"):
        response: HttpResponse = problem(status, str(WORDS[status]), code=CODES[status])
    else:
        # Without the request: what a page is given asks the database who reads it.
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
