"""Errors of the API as RFC 9457 problem documents."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from jam.access import Suspended
from jam.domain.errors import OutsideWindow, Refused
from jam.domain.rules import RulesNotAccepted


def problem(status: int, detail: str, **members: Any) -> JsonResponse:
    """A problem document: `title` says the status, `detail` what happened; `members` are further fields."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail} | members
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _refused(request: HttpRequest, error: Refused | type[Refused]) -> JsonResponse:
    assert isinstance(error, Refused)
    members: dict[str, Any] = {"code": error.code}
    if error.field:
        members["field"] = error.field
    if isinstance(error, RulesNotAccepted):
        members["rules_version"] = error.version
    if isinstance(error, OutsideWindow):
        members |= {
            "phase": str(error.phase),
            "opens_at": error.opens_at,
            "closes_at": error.closes_at,
            "now": error.now,
        }
    return problem(error.status, error.message, **members)


def _not_valid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> JsonResponse:
    assert isinstance(error, ValidationError)
    errors = [
        {"field": ".".join(str(part) for part in found["loc"][1:]), "code": found["type"], "detail": found["msg"]}
        for found in error.errors
    ]
    return problem(422, gettext("What was sent cannot be taken as it is."), code="invalid", errors=errors)


def _failed(request: HttpRequest, error: HttpError | type[HttpError]) -> JsonResponse:
    assert isinstance(error, HttpError)
    return problem(error.status_code, str(error), code="bad_request")


def install(api: NinjaAPI) -> None:
    """Makes `api` answer every error with a problem document."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(
        Http404,
        lambda request, error: problem(404, gettext("There is no such thing, or not for you."), code="not_found"),
    )
    api.add_exception_handler(
        Suspended, lambda request, error: problem(403, gettext("You are suspended from this jam."), code="suspended")
    )
    api.add_exception_handler(
        AuthenticationError,
        lambda request, error: problem(401, gettext("Send a token: “Authorization: Bearer …”."), code="signed_out"),
    )
    api.add_exception_handler(
        AuthorizationError, lambda request, error: problem(403, gettext("You may not do this."), code="not_allowed")
    )
    api.add_exception_handler(HttpError, _failed)
