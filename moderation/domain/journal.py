"""The journal of a shift: what the site found, kept apart from the words of who was on duty.

The words are everybody's who runs the jam to add to, one version after the other: who saves says which version their
text goes on from, and a newer one is never put over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from jam.access import STAFF_ROLES
from jam.domain.errors import Conflict, NotAllowed
from jam.domain.phases import ClockTimestamp, database_now
from jam.domain.rendering import to_html
from jam.domain.text import clean_text
from jam.models import Duty, Jam, Member
from moderation.domain import found
from moderation.domain.events import shift_changed
from moderation.domain.roster import scope_of
from moderation.models import JOURNAL_MAX, Journal, Shift

SETTLED = timedelta(minutes=1)
"""How long after a shift what happened in it is written down: what was begun in it is committed by then."""
A_TIME = 50
"""How many shifts one run of the clock closes."""


class Newer(Conflict):
    """Somebody saved meanwhile. Carries the journal as it is now."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(
            gettext("Somebody else wrote in this journal meanwhile. Put both together, then save."),
            code="newer",
            field="words",
        )
        self.journal = journal


def write(*, member: Member, shift: Shift, words: str, version: int) -> Journal:
    """Keeps the words of a shift's journal, and returns it; the same words again change nothing.

    Raises NotAllowed for who does not run the jam, Invalid, and Newer unless `version` is that of the journal as it is.
    Locks the shift's row, and at the end the jam's event counter.
    """
    check_staff(member, shift)
    words = clean_text(words, field="words", name=gettext("The journal"), limit=JOURNAL_MAX)
    with transaction.atomic():
        held = hold(shift)
        if held.words == words:
            return held
        if held.version != version:
            raise Newer(held)
        held.words, held.html, held.version = words, to_html(words), version + 1
        held.edited_by, held.edited_at = member, database_now()
        held.save(update_fields=["words", "html", "version", "edited_by", "edited_at"])
        if held.handed_at is not None:  # who is to read it reads it again
            shift_changed(held.shift, "written")
    return held


def check_staff(member: Member, shift: Shift) -> None:
    """Raises NotAllowed unless `member` runs the jam of the shift."""
    if member.role not in STAFF_ROLES or member.jam_id != shift.jam_id:
        raise NotAllowed(gettext("Only who runs this jam can do that."), code="role")


def hold(shift: Shift) -> Journal:
    """The journal of a shift, made if there is none, with the row of the shift locked till the commit.

    Raises Conflict if the shift was taken away. Three queries at most.
    """
    held = Shift.objects.select_for_update(of=("self",)).select_related("member").filter(pk=shift.pk).first()
    if held is None:
        raise Conflict(gettext("That shift was taken away."), code="gone")
    journal, _ = Journal.objects.get_or_create(shift=held)
    journal.shift = held
    return journal


def hours_of(shift: Shift, jam: Jam) -> found.Hours:
    """What the journal of `shift` is about. Two queries for a facilitator of some forums."""
    duties: dict[int, set[int]] = {}
    if shift.member.role != "admin":
        for forum in Duty.objects.filter(member=shift.member_id).values_list("forum", flat=True):
            duties.setdefault(shift.member_id, set()).add(forum)
    return found.Hours(jam, shift.starts_at, shift.ends_at, scope_of(shift, duties))


def facts_of(shift: Shift, jam: Jam) -> Mapping[str, Any]:
    """What happened in a shift, with the counts of the one before it: as it was written down, or so far."""
    journal = getattr(shift, "journal", None)
    if shift.closed_at is not None and journal is not None and journal.facts:
        facts: Mapping[str, Any] = journal.facts
        return facts
    return gather(shift, jam)


def gather(shift: Shift, jam: Jam) -> dict[str, Any]:
    """The same, read now."""
    facts = found.find(hours_of(shift, jam))
    before = before_of(shift)
    if before is not None:
        counted = getattr(before, "journal", None)
        counts = counted.facts.get("counts") if counted is not None and before.closed_at is not None else None
        facts["before"] = {
            "shift": before.pk,
            "counts": counts or found.counts(hours_of(before, jam)),
            "minutes": (before.ends_at - before.starts_at) // timedelta(minutes=1),
        }
    return facts


def before_of(shift: Shift) -> Shift | None:
    """The shift before it: the last that began earlier in one of its forums. One query, and one for forums."""
    earlier = Shift.objects.filter(jam=shift.jam_id, starts_at__lt=shift.starts_at).select_related("member", "journal")
    mine = {forum.pk for forum in shift.forums.all()}
    for one in earlier.prefetch_related("forums").order_by("-starts_at", "-pk")[:10]:
        theirs = {forum.pk for forum in one.forums.all()}
        if not mine or not theirs or mine & theirs:
            return one
    return None


@dataclass(frozen=True)
class Closed:
    """A shift whose journal was written by the clock just now."""

    shift: Shift
    jam: Jam


def close_ended() -> list[Closed]:
    """Writes down what happened in the shifts that are over, each once, whoever runs it how often. One query when there
    are none."""
    over = Shift.objects.filter(closed_at=None, ends_at__lt=database_now() - SETTLED)
    closed = []
    for shift in over.select_related("jam", "member").order_by("ends_at", "pk")[:A_TIME]:
        facts = gather(shift, shift.jam)
        with transaction.atomic():
            journal = hold(shift)
            claimed = Shift.objects.filter(pk=shift.pk, closed_at=None, ends_at=shift.ends_at)
            if not claimed.update(closed_at=ClockTimestamp()):
                continue
            journal.facts = facts
            journal.save(update_fields=["facts"])
            shift_changed(journal.shift, "written")
        closed.append(Closed(shift, shift.jam))
    return closed
