"""Posting what opens a forum, once the clock has opened its jam.

A beat asks every two seconds. It may run late, twice or on two machines: a prompt is posted once, in the transaction
that marks it as posted.
"""

from __future__ import annotations

import logging

from django.db import transaction

from jam.access import STAFF_ROLES
from jam.domain.errors import Refused
from jam.domain.phases import ClockTimestamp, require_open
from jam.models import Jam, Member, OpeningPrompt, Role
from threads.domain import posting

log = logging.getLogger(__name__)


def post_due() -> int:
    """Posts the prompts of all jams that are open, and says how many. One query when nothing is due."""
    open_now = {"forum__jam__opens_at__lte": ClockTimestamp(), "forum__jam__closes_at__gt": ClockTimestamp()}
    due = OpeningPrompt.objects.filter(posted_at=None, forum__jam__published_at__isnull=False, **open_now)
    posted = 0
    for prompt in due.select_related("forum__jam", "by").order_by("forum__jam", "forum__position", "pk"):
        try:
            posted += _post(prompt)
        except Refused as refused:
            log.warning("Opening prompt %s was not posted: %s", prompt.pk, refused.message)
    return posted


def _post(prompt: OpeningPrompt) -> bool:
    jam = prompt.forum.jam
    writer = writer_of(prompt, jam)
    if writer is None:
        return False
    writer.jam = jam
    with transaction.atomic():
        # The window first, then the row: who changes the jam takes them in this order.
        now = require_open(jam.pk).now
        if not OpeningPrompt.objects.filter(pk=prompt.pk, posted_at=None).update(posted_at=now):
            return False
        prompt.refresh_from_db(fields=["subject", "body"])
        posting.start_thread(
            member=writer, forum=prompt.forum, subject=prompt.subject, body=prompt.body, looked_at=True
        )
    return True


def writer_of(prompt: OpeningPrompt, jam: Jam) -> Member | None:
    """Who wrote the prompt, if they run the jam still and accepted its rules; else the first admin, or facilitator, who
    did. None if nobody has: the prompt waits for them. One query."""
    staff = Member.objects.filter(jam=jam, role__in=STAFF_ROLES, rules_accepted__gte=jam.rules_version)
    found = list(staff.filter(suspended_at=None).order_by("pk")[:100])
    found.sort(key=lambda one: (one.pk != prompt.by_id, one.role != Role.ADMIN))
    return found[0] if found else None
