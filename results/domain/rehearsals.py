"""Rehearsals: private copies of a jam that are open at once, for who runs it, and thrown away.

Only those who run the jam are in one, and whom they let in themselves, so nobody else is told of anything in it. It is
a jam like any other, marked on each of its pages; a week after it was begun a task removes it for good.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model
from django.utils.crypto import get_random_string
from django.utils.translation import gettext

from accounts.models import Person
from jam.access import STAFF_ROLES
from jam.domain import copying, doings, erasing, events
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.opening import TITLE_MAX
from jam.domain.phases import ClockTimestamp, database_now, hold_window
from jam.models import Activity, Announcement, Door, Forum, Jam, Member, OpeningPrompt, PollChoice, PollVote
from jam.models.jams import KEY_ALPHABET
from live.bus import publish_review
from live.models import Event, Stream
from moderation.models import ModerationPolicy, Shift

KEPT = timedelta(days=7)
HOURS = (1, 2, 4, 8, 24)
WRITTEN = frozenset({Activity, Announcement, PollVote})
"""What is written in a jam and lies on its floor; the other tables of this floor are what was set up."""
SET_UP_ABOVE = frozenset({ModerationPolicy, Shift, Shift.forums.through})


def of(jam: Jam) -> Jam | None:
    """The rehearsal of a jam. One query."""
    return Jam.objects.filter(rehearsal_of=jam).first()


def begin(*, jam: Jam, person: Person, by: Member | None, hours: int) -> Jam:
    """Makes a rehearsal of `jam` that is open from now on for so many hours, with all who run the jam.

    What is planned in the jam comes in the rehearsal in proportion, so that a day of it is seen in an hour. Raises
    Invalid, NotAllowed for a rehearsal of a rehearsal, and Conflict where there is one already. Holds the jam's window.
    """
    if hours not in HOURS:
        raise Invalid(gettext("Choose how long it is open."), code="hours", field="hours")
    if jam.rehearsal_of_id is not None:
        raise NotAllowed(gettext("This is a rehearsal already."), code="rehearsal")
    with transaction.atomic():
        held = hold_window(jam.pk)
        if of(held) is not None:
            raise Conflict(gettext("There is a rehearsal already. End it first."), code="rehearsal")
        now = database_now()
        closes_at = now + timedelta(hours=hours)
        staff = Member.objects.filter(jam=held, role__in=STAFF_ROLES, suspended_at=None).order_by("pk")
        made = copying.copy_jam(
            jam=held,
            person=person,
            # In mails and files, too, nobody is to take it for the jam.
            title=(gettext("Rehearsal: %(title)s") % {"title": held.title})[:TITLE_MAX],
            slug=f"{held.slug[:40].rstrip('-')}-rehearsal-{get_random_string(6, KEY_ALPHABET)}",
            staff=list(staff),
            when=_in_proportion(held, now, closes_at),
            stand_in=True,
        )
        made.opens_at, made.closes_at, made.reading_until, made.review_until = now, closes_at, None, None
        made.published_at, made.door, made.rehearsal_of = now, Door.INVITATION, held
        made.save()
        doings.did(jam=held, by=by, kind="jam", after={"rehearsal": made.slug})
    return made


def _in_proportion(jam: Jam, opens_at: datetime, closes_at: datetime) -> copying.When:
    """Where a time in the jam's window lies in another one; a jam without a window begins now."""
    if jam.opens_at is None or jam.closes_at is None:
        shift = opens_at - (jam.opens_at or opens_at)
        return lambda at: at + shift
    began, scale = jam.opens_at, (closes_at - opens_at) / (jam.closes_at - jam.opens_at)
    return lambda at: opens_at + (at - began) * scale


def throw_away(*, rehearsal: Jam) -> None:
    """Removes all that was written and done in a rehearsal; what was set up stays, and its forums open anew.

    Open tabs are told to load again. Raises NotAllowed for a jam that is none. Holds its window.
    """
    with transaction.atomic():
        held = _hold(rehearsal)
        erasing.erase_rows(held, which=_is_written)
        Forum.objects.filter(jam=held).update(thread_count=0, post_count=0)
        OpeningPrompt.objects.filter(forum__jam=held).update(posted_at=None)
        PollChoice.objects.filter(poll__jam=held).update(count=0)
        held.polls.update(voter_count=0, is_untold=False)
        Event.objects.filter(jam_key=held.pk).delete()
        events.jam_changed(held)


def remove(*, rehearsal: Jam) -> None:
    """Removes a rehearsal for good, with everybody's being in it. Raises NotAllowed for a jam that is none."""
    with transaction.atomic():
        held = _hold(rehearsal)
        erasing.erase_rows(held, which=lambda model: True)
        Event.objects.filter(jam_key=held.pk).delete()
        Stream.objects.filter(jam_key=held.pk).delete()
        Jam.objects.filter(pk=held.pk)._raw_delete("default")
        publish_review(jam_key=rehearsal.pk)


def remove_old() -> int:
    """Removes the rehearsals that were begun a week ago, and says how many. One query when there is none."""
    old = Jam.objects.filter(rehearsal_of__isnull=False, created_at__lt=ClockTimestamp() - KEPT)
    removed = 0
    for rehearsal in old:
        try:
            remove(rehearsal=rehearsal)
        except Jam.DoesNotExist:
            continue  # another worker was quicker
        removed += 1
    return removed


def _hold(rehearsal: Jam) -> Jam:
    held = hold_window(rehearsal.pk)
    if held.rehearsal_of_id is None:
        raise NotAllowed(gettext("Only a rehearsal is thrown away."), code="no_rehearsal")
    # Whatever is written without asking for the window names a member, and so waits for these rows.
    list(Member.objects.filter(jam=held).order_by("pk").select_for_update().values("pk"))
    return held


def _is_written(model: type[Model]) -> bool:
    if model._meta.app_label == "jam":
        return model in WRITTEN
    return model not in SET_UP_ABOVE
