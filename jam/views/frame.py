"""What every page of a jam needs around its own content: see templates/jam/layout.html."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jam.access import Entry
from jam.domain.announcements import fresh
from jam.domain.line import Line, line_of
from jam.domain.queries import activity_columns
from jam.models import Announcement, Jam
from live.domain.queries import seq_of


@dataclass(frozen=True)
class Frame:
    seq: int
    rooms: str
    now: datetime
    live_path: str
    home: str
    line: Line | None
    accent_key: str
    announcements: Sequence[Announcement]


def jam_frame(entry: Entry, *, rooms: Iterable[str] = ()) -> dict[str, Any]:
    """The context of a page of a jam. Three queries, two for who hears no announcements.

    Call it before the page's own queries: what happens while they run must have a higher `seq` than the page carries,
    so that a tab asks for it again rather than misses it.
    """
    seq = seq_of(entry.jam.pk)
    return {
        "entry": entry,
        "jam": entry.jam,
        "member": entry.member,
        "phase": entry.phase,
        "frame": Frame(
            seq=seq,
            rooms=" ".join(rooms),
            now=entry.now,
            live_path=f"/live/{entry.jam.slug}/",
            home=home_of(entry.jam),
            line=line_for(entry.jam, entry.now),
            accent_key=accent_key([entry.jam]),
            announcements=fresh(entry.jam, entry.now) if entry.can_hear else (),
        ),
    }


def line_for(jam: Jam, now: datetime, columns: tuple[int, ...] | None = None) -> Line | None:
    """The line of a jam in the reader's days; None without a window. One query unless `columns` are given."""
    if jam.opens_at is None or jam.closes_at is None:
        return None
    if columns is None:
        columns = activity_columns([jam.pk]).get(jam.pk, ())
    return line_of(
        opens_at=jam.opens_at,
        closes_at=jam.closes_at,
        now=now,
        columns=columns,
        zone=timezone.get_current_timezone(),
    )


def accent_key(jams: Iterable[Jam]) -> str:
    """The accents of these jams as the address of their style sheet names them; empty without any."""
    return "-".join(sorted({jam.accent[1:].lower() for jam in jams if jam.accent}))


def home_of(jam: Jam) -> str:
    return reverse("threads:home", args=[jam.slug])
