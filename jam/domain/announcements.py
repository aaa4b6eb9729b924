"""Announcements: a facilitator's line to all open tabs, which stays readable."""

from __future__ import annotations

from datetime import datetime

from jam.models import Announcement, Jam


def since(jam: Jam, at: datetime) -> list[Announcement]:
    """The announcements made after `at` that were not taken back, the newest first, with who made them. One query."""
    made = Announcement.objects.filter(jam=jam, created_at__gt=at, taken_back_at=None)
    return list(made.select_related("by", "forum").order_by("-created_at", "-id"))
