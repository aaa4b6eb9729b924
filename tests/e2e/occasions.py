"""A jam with announcements, polls, guest hours and people who say something of themselves, at real lengths."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jam.domain import announcements, guest_hours, membership, polls
from jam.models import Member, Poll
from tests.cast import Cast

LONG = "Wort" + "verbindung" * 15


def furnish(cast: Cast) -> Poll:
    """Answers a poll on the jam's home that Ben voted in."""
    announcements.make(member=cast.fay, words=f"**Lunch** is at one. {LONG} " + "and so on " * 20)
    announcements.make(member=cast.fay, words="الغداء في الواحدة", forum=cast.harbour)
    asked = []
    for results, forum in (
        (Poll.Results.ALWAYS, None),
        (Poll.Results.AFTER_VOTE, None),
        (Poll.Results.ALWAYS, cast.harbour),
    ):
        plan = polls.PollPlan(
            question=f"Which {results}? {LONG}",
            choices=["A lamp " * 20, LONG, "مقعد عند الميناء"],
            multiple=forum is not None,
            results=results,
            forum=forum,
            closes_at=cast.jam.closes_at,
        )
        asked.append(polls.make(member=cast.fay, plan=plan))
    polls.vote(member=cast.ben, poll=asked[0], choices=[asked[0].choices.all()[1].pk])
    now = timezone.now()
    for begins_in in (-timedelta(minutes=5), timedelta(hours=1)):
        plan_of_hour = guest_hours.HourPlan(
            cast.ana, now + begins_in, now + begins_in + timedelta(hours=1), f"Ask about {LONG}", cast.harbour
        )
        guest_hours.put(member=cast.fay, plan=plan_of_hour)
    membership.change_profile(member=cast.ana, name="Ana " + LONG[:100], affiliation=LONG[:110], about="Lamps. " * 60)
    Member.objects.filter(pk=cast.ana.pk).update(outside=True, role="guest")
    return asked[0]
