"""What each request is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.languages import known_languages
from accounts.zones import known_zones

ZONE_COOKIE = "jam_tz"

View = Callable[..., HttpResponse]


def same_for_everyone(view: View) -> View:
    """Marks a view that shows nothing of its reader, so that they need not be looked up and caches may share it."""
    view.same_for_everyone = True  # type: ignore[attr-defined]
    return view


class ReaderMiddleware:
    """Shows times in the reader's zone: the one they chose, else what their browser says (page.js keeps it), else UTC.

    Speaks the language that they chose; else LocaleMiddleware found what their browser keeps or asks for.

    Sets `request.reader_chose_zone`: a browser need not ask itself then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if getattr(view, "same_for_everyone", False):
            return
        if request.user.is_authenticated and request.user.language in known_languages():
            translation.activate(request.user.language)
        chosen = request.user.time_zone if request.user.is_authenticated else ""
        request.reader_chose_zone = bool(chosen)  # type: ignore[attr-defined]
        zone = chosen or unquote(request.COOKIES.get(ZONE_COOKIE, ""))
        if zone in known_zones():
            timezone.activate(ZoneInfo(zone))


class WhosePageMiddleware:
    """Says in the header X-Reader whose page it is; empty for a visitor. A browser that keeps pages must know.

    See static/js/worker.js. What is the same for everyone is nobody's, and has no such header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and getattr(request, "is_somebodys", False):
            response["X-Reader"] = str(request.user.pk or "")
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        request.is_somebodys = not getattr(view, "same_for_everyone", False)  # type: ignore[attr-defined]
