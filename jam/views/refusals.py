"""How a page says that a verb refused."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from jam.domain.errors import Refused


def refused_page(request: HttpRequest, error: Refused, *, kept: str = "") -> HttpResponse:
    """A page of its own for a refusal that has no form to stand beside. `kept` says what was kept of what was sent."""
    return render(request, "refused.html", {"error": error, "kept": kept}, status=error.status)


def refused_answer(request: HttpRequest, error: Refused) -> HttpResponse:
    """The same for a press that one of our modules may have sent: as JSON if that is what is asked for."""
    if request.get_preferred_type(["text/html", "application/json"]) != "application/json":
        return refused_page(request, error)
    answer = {"message": error.message, "field": error.field, "code": error.code}
    return JsonResponse(answer, status=error.status)
