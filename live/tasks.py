"""Work in the background of the live floor."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from live.domain import trimming


@shared_task
def trim_event_log() -> None:
    """Removes what is older than EVENTS_KEPT_DAYS. Runs every hour, and may run twice, late or not at all."""
    trimming.trim(keep=timedelta(days=settings.EVENTS_KEPT_DAYS))
