"""The mails about one's own data: to the address that one signs in with, in one's own language and time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts import languages
from accounts.models import Person

FILE, LEAVING, LEFT = "file", "leaving", "left"


def tell(person: Person, what: str, *, at: datetime | None = None) -> bool:
    """Sends one; `at` is the time it speaks of. Nothing to somebody without an address. Whether it was sent."""
    if not person.email:
        return False
    zone = ZoneInfo(person.time_zone or "UTC")
    with timezone.override(zone), languages.of(person):
        subjects = {
            FILE: gettext("Your data is ready to take home"),
            LEAVING: gettext("Your account will be deleted"),
            LEFT: gettext("Your account is deleted"),
        }
        context = {
            "person": person,
            "what": what,
            "at": at,
            "zone": zone.key,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "address": settings.SITE_URL + reverse("accounts:data"),
            "contact": settings.CONTACT_EMAIL,
        }
        body = render_to_string("accounts/privacy_mail.txt", context)
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(subjects[what], body, to=[person.email], headers=headers).send()
    return True
