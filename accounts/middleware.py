"""What each request is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.domain import second_factor
from accounts.languages import known_languages
from accounts.zones import known_zones

ZONE_COOKIE = "jam_tz"
OPEN_TO_ALL = frozenset({"accounts:second_factor", "accounts:language", "accounts:theme", "healthz"})

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


class SecondFactorMiddleware:
    """Notes with the person whether their session has shown a second factor; leads admins there who must and have not.

    Open to them are the pages of signing in, where it is set up, and what is the same for everyone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "same_for_everyone", False) or not request.user.is_authenticated:
            return None
        request.user.second_factor = second_factor.is_shown(request.session, request.user.pk)
        if second_factor.is_missing(request.user) and not is_for_setting_up(request):
            return self.lead_on(request)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return self.lead_on(request) if isinstance(error, second_factor.Needed) else None

    def lead_on(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            detail = gettext("Who runs this needs a second factor. Set one up under “Sign-in and security”.")
            members = {"type": "about:blank", "title": "Forbidden", "status": 403, "code": "second_factor"}
            body = members | {"detail": detail}
            return JsonResponse(body, status=403, content_type="application/problem+json")
        query = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
        response = redirect(
            f"{reverse('accounts:second_factor')}?{urlencode(query)}" if query else "accounts:second_factor"
        )
        response["Cache-Control"] = "no-store"
        return response


def is_for_setting_up(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = match.url_name or "" if match else ""
    return name.startswith(("account_", "mfa_")) or (match is not None and match.view_name in OPEN_TO_ALL)


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
