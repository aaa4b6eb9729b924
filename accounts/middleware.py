"""What each request is given."""

from collections.abc import Callable
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.zones import known_zones

ZONE_COOKIE = "jam_tz"


class ReaderTimeZoneMiddleware:
    """Shows times in the reader's zone: the one they chose, else what their browser says (page.js keeps it), else UTC.

    Sets `request.reader_chose_zone`: a browser need not ask itself then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.user.time_zone if request.user.is_authenticated else ""
        request.reader_chose_zone = bool(chosen)  # type: ignore[attr-defined]
        zone = chosen or unquote(request.COOKIES.get(ZONE_COOKIE, ""))
        with timezone.override(ZoneInfo(zone) if zone in known_zones() else None):
            return self.get_response(request)
