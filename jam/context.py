"""What every template is given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.themes import theme_of


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "languages": settings.LANGUAGES,  # not translated: each has its own name for itself
        "theme": theme_of(request),
        "mail_is_kept": settings.EMAIL_BACKEND == "accounts.mail.EmlFileBackend",
        "reader_zone": timezone.get_current_timezone_name(),
        "reader_chose_zone": getattr(request, "reader_chose_zone", False),
    }
