"""What the jam itself appends to its event log. Everybody in the jam gets it."""

from __future__ import annotations

from datetime import datetime

from jam.models import Jam
from live.domain import log
from live.gate import PULSE


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def window_changed(jam: Jam) -> int:
    """Appends the window as it is from now on. Tabs compute the phase from it themselves."""
    return log.append(
        jam_key=jam.pk,
        kind="window.changed",
        rooms=[PULSE],
        data={
            "opens_at": _text(jam.opens_at),
            "closes_at": _text(jam.closes_at),
            "reading_until": _text(jam.reading_until),
            "review_until": _text(jam.review_until),
        },
    )


def jam_changed(jam: Jam) -> int:
    """Appends that the words, the look or the forums changed; what a page shows of them is loaded afresh."""
    return log.append(jam_key=jam.pk, kind="jam.changed", rooms=[PULSE], data={"title": jam.title})


def jam_closed(jam: Jam, *, closed_at: datetime, counts: dict[str, int]) -> int:
    """Appends that what follows a close was begun, with the counts as they are now for good."""
    return log.append(
        jam_key=jam.pk, kind="jam.closed", rooms=[PULSE], data={"closed_at": closed_at.isoformat(), "counts": counts}
    )
