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

    Sets `request.reader_zone_known`: whether one of the first two was there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = request.user.time_zone if request.user.is_authenticated else ""
        zone = zone or unquote(request.COOKIES.get(ZONE_COOKIE, ""))
        known = zone in known_zones()
        request.reader_zone_known = known  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(zone) if known else None):
            return self.get_response(request)
