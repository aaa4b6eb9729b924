"""What the clock says of a jam.

A phase is computed from the jam's times and a moment; nothing stores it. The moment that counts is the database's,
asked inside the transaction that writes, so every web process and worker agrees on it, and none is needed to close a
jam.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Func
from django.db.models.fields import DateTimeField
from django.utils.translation import gettext

from accounts.rows import Fetch
from jam.domain.errors import NotAllowed, OutsideWindow
from jam.models import Jam

# Advisory locks are numbered for the whole database; those of windows are from here on.
WINDOW_LOCKS = int.from_bytes(b"window") << 15

# In one message, and still two statements: the second, which may have waited for a close, sees what that changed.
HOLD_WINDOW_AND_LOOK = Fetch(
    """
    SELECT pg_advisory_xact_lock_shared(%(window)s);
    SELECT {jam}, clock_timestamp(), EXISTS (
        SELECT FROM jam_member AS member JOIN accounts_person AS person ON person.id = member.person_id
        WHERE member.id = %(member)s AND (
            (member.suspended_at IS NOT NULL AND coalesce(member.suspended_until > clock_timestamp(), true))
            OR (NOT person.is_active AND coalesce(person.suspended_until > clock_timestamp(), true))
        )
    ) FROM jam_jam AS jam WHERE jam.id = %(jam)s
    """,
    jam=Jam,
)


class Phase(enum.StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    READING = "reading"
    REVIEW = "review"
    ARCHIVED = "archived"


class ClockTimestamp(Func):
    """PostgreSQL's clock as it stands when the row is read, not when the transaction began."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def database_now() -> datetime:
    """The database's clock, in UTC. Moves within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]


def phase_of(jam: Jam, now: datetime) -> Phase:
    """The phase of `jam` at `now`.

    The window holds its first moment and not its last: at `closes_at` the jam is closed. Without `reading_until`,
    reading has no end; without `review_until`, there is no review.
    """
    if jam.published_at is None or jam.opens_at is None or jam.closes_at is None:
        return Phase.DRAFT
    if now < jam.opens_at:
        return Phase.SCHEDULED
    if now < jam.closes_at:
        return Phase.OPEN
    if jam.reading_until is None or now < jam.reading_until:
        return Phase.READING
    if jam.review_until is not None and now < jam.review_until:
        return Phase.REVIEW
    return Phase.ARCHIVED


@dataclass(frozen=True)
class OpenWindow:
    """That a jam is open, and the database's time at which that was found."""

    jam: Jam
    now: datetime


def require_open(jam_id: int, *, member_id: int | None = None) -> OpenWindow:
    """Finds that the jam is open and the member not suspended, and keeps both so until the transaction ends.

    Takes the jam's window lock shared: writers do not wait for each other, and a change of the window waits for the
    writers that were let in under the old one. Whether the member is suspended, from the jam or the site, their row
    says, however long ago they were fetched; who suspends them waits likewise. Must be called in a transaction. Raises
    OutsideWindow, NotAllowed and Jam.DoesNotExist. One query.
    """
    jam, now, suspended = _stay(jam_id, member_id)
    phase = phase_of(jam, now)
    if phase is not Phase.OPEN:
        raise OutsideWindow(
            gettext("The jam is not open.")
            if phase in (Phase.DRAFT, Phase.SCHEDULED)
            else gettext("The jam has closed."),
            phase=phase,
            opens_at=jam.opens_at,
            closes_at=jam.closes_at,
            now=now,
        )
    _refuse_suspended(suspended)
    return OpenWindow(jam=jam, now=now)


def stay_in_phase(jam_id: int, *, member_id: int | None) -> tuple[Jam, datetime]:
    """The jam and the database's time, for what those who run it do in any phase: as `require_open`, but that the jam
    need not be open. What is counted at a close then has all of it or nothing. One query.
    """
    jam, now, suspended = _stay(jam_id, member_id)
    _refuse_suspended(suspended)
    return jam, now


def _stay(jam_id: int, member_id: int | None) -> tuple[Jam, datetime, bool]:
    found = HOLD_WINDOW_AND_LOOK.first(window=WINDOW_LOCKS + jam_id, jam=jam_id, member=member_id)
    if found is None:
        raise Jam.DoesNotExist
    jam, now, suspended = found
    return jam, now, suspended


def _refuse_suspended(suspended: bool) -> None:
    if suspended:
        raise NotAllowed(gettext("You are suspended from this jam."), code="suspended")


def hold_window(jam_id: int) -> Jam:
    """The jam, for whoever changes it or counts what came of it, with nobody writing in it until the transaction ends.

    Takes the jam's window lock for itself, and so waits for the writers that were let in before; those who come later
    wait for it. Locks the jam's row. Must be called in a transaction. Raises Jam.DoesNotExist.
    """
    # An advisory lock and not the row's: it keeps a queue, so that a stream of writers cannot hold up a close for ever,
    # and taking it writes nothing, though every vote takes it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WINDOW_LOCKS + jam_id])
    return Jam.objects.select_for_update().get(pk=jam_id)


def closed_jams() -> QuerySet[Jam]:
    """Published jams whose window has ended by the database's clock, whatever was done about it."""
    return Jam.objects.filter(Q(published_at__isnull=False), closes_at__lte=ClockTimestamp()).order_by(
        F("closes_at"), "pk"
    )
