"""How a page says that a verb refused."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jam.domain.errors import Refused


def refused_page(request: HttpRequest, error: Refused, *, kept: str = "") -> HttpResponse:
    """A page of its own for a refusal that has no form to stand beside. `kept` says what was kept of what was sent."""
    return render(request, "refused.html", {"error": error, "kept": kept}, status=error.status)
