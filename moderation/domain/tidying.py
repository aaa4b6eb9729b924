"""What the clock leaves behind."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Person
from jam.domain.phases import ClockTimestamp, database_now
from moderation.models import Fingerprint

FINGERPRINTS_KEPT = timedelta(days=1)


def tidy() -> None:
    """Forgets by what texts of more than a day ago would be known again, and writes down whose suspension from the site
    is over: they are in again without it, but get mail only then. Two queries."""
    Fingerprint.objects.filter(at__lt=database_now() - FINGERPRINTS_KEPT).delete()
    Person.objects.filter(is_active=False, suspended_until__lte=ClockTimestamp()).update(
        is_active=True, suspended_until=None
    )
