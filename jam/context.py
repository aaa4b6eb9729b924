"""What every template is given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

THEMES = ("system", "light", "dark")
THEME_COOKIE = "jam_theme"


def site(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "site_name": settings.SITE_NAME,
        "theme": theme if theme in THEMES else "system",
        "reader_zone": timezone.get_current_timezone_name(),
        "reader_zone_known": getattr(request, "reader_zone_known", False),
    }
