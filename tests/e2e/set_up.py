"""A jam with what is set up beforehand, at real lengths."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jam.domain import planned_polls
from jam.domain.polls import PollPlan
from jam.models import OpeningPrompt, PlannedPoll
from tests.cast import Cast
from tests.e2e.occasions import LONG


def furnish_set_up(cast: Cast) -> PlannedPoll:
    """Answers a planned poll."""
    OpeningPrompt.objects.create(forum=cast.harbour, by=cast.fay, subject=LONG, body="Lamps. " * 60)
    plan = PollPlan(question=f"Which? {LONG}", choices=["A lamp " * 20, LONG, "مقعد عند الميناء"], forum=cast.harbour)
    return planned_polls.plan(member=cast.ada, plan=plan, starts_at=timezone.now() + timedelta(minutes=30))
