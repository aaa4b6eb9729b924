"""What those on the roster are told: that a shift of theirs begins, is asked of them, or waits to be taken over.

Everything here may run late, twice or on two machines at once: who is told is told once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain import time_words
from jam.domain.phases import database_now
from jam.models import Jam
from moderation.domain import handover, journal
from moderation.domain.roster import PLANNERS, staff_of
from moderation.models import Shift
from notifications.domain.kinds import TIMELY, News, Standing, declare, isolated
from notifications.domain.sending import notify
from notifications.models import Mail, Notification

SHIFT = "shift"
BEGINS, OFFERED, READ, LATE = "begins", "offered", "read", "late"
REMINDED_AT_ONCE = 200


def run() -> None:
    """All that is due: reminders, journals of shifts that ended, hand-overs that nobody confirmed."""
    remind()
    for closed in journal.close_ended():
        ask_next(closed.shift, closed.jam)
    for shift in handover.find_late():
        admins = staff_of(shift.jam).filter(role__in=PLANNERS).values_list("pk", flat=True)
        _tell(shift, shift.jam, LATE, to=admins)


def remind() -> int:
    """Reminds of the shifts whose time has come, and says how many. One query when there are none."""
    now = database_now()
    due = Shift.objects.filter(remind_at__lte=now).select_related("jam", "member").order_by("remind_at", "pk")
    reminded = 0
    for shift in due[:REMINDED_AT_ONCE]:
        if shift.starts_at > now:
            reminded += _tell(shift, shift.jam, BEGINS, to=[shift.member_id])
        Shift.objects.filter(pk=shift.pk, remind_at=shift.remind_at).update(remind_at=None)
    return reminded


def tell_offered(shift: Shift, jam: Jam) -> int:
    """Tells those who could take over an offered shift: everybody who runs the jam, or whom the swap is with."""
    if shift.swap_for is not None:
        return _tell(shift, jam, OFFERED, to=[shift.swap_for.member_id], by=shift.member_id)
    return _tell(shift, jam, OFFERED, to=staff_of(jam).values_list("pk", flat=True), by=shift.member_id)


def ask_next(shift: Shift, jam: Jam) -> int:
    """Asks who comes next to read the journal of `shift`, if nobody has."""
    follows = handover.next_of(shift)
    return _tell(shift, jam, READ, to=[follows.shift.member_id], by=shift.member_id) if follows else 0


def _tell(shift: Shift, jam: Jam, what: str, *, to: Iterable[int], by: int | None = None) -> int:
    """A shift that was moved, or is offered anew, is another one to hear of."""
    at = shift.offered_at if what == OFFERED else shift.starts_at
    assert at is not None
    name = "moderation:roster" if what == OFFERED else "moderation:shift"
    return notify(
        kind=SHIFT,
        jam_id=jam.pk,
        to=to,
        about=f"shift:{shift.pk}:{what}:{at:%Y%m%dT%H%M%S}",
        path=reverse(name, args=[jam.slug] if what == OFFERED else [jam.slug, shift.pk]),
        data={
            "shift": shift.pk,
            "what": what,
            "starts": shift.starts_at.isoformat(),
            "ends": shift.ends_at.isoformat(),
        },
        by=by,
    )


# --- what is said -------------------------------------------------------------------------------------------------


def look(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """Gone when the shift was moved, taken over or has begun, and when its journal was confirmed. Two queries."""
    now = database_now()
    shifts = Shift.objects.select_related("member", "journal").in_bulk([row.data["shift"] for row in rows])
    found = {}
    for row in rows:
        shift = shifts.get(row.data["shift"])
        if shift is None:
            found[row.pk] = Standing(gone=True)
        else:
            found[row.pk] = Standing(gone=_is_gone(row, shift, now), title=shift.member.name)
    return found


def _is_gone(row: Notification, shift: Shift, now: datetime) -> bool:
    what = row.data["what"]
    if what == BEGINS:
        moved = shift.starts_at.isoformat() != row.data["starts"] or shift.member_id != row.member_id
        return moved or shift.starts_at <= now
    if what == OFFERED:
        return shift.offered_at is None or shift.ends_at <= now
    kept = getattr(shift, "journal", None)
    return kept is not None and kept.confirmed_at is not None


def sentence(news: News) -> str:
    words = {
        BEGINS: gettext("Your shift in “%(jam)s” begins: %(start)s"),
        OFFERED: gettext("%(name)s asks in “%(jam)s” who takes over their shift: %(start)s to %(end)s"),
        READ: gettext("Take over from %(name)s in “%(jam)s”: read what happened from %(start)s to %(end)s"),
        LATE: gettext("Nobody has taken over from %(name)s in “%(jam)s”: %(start)s to %(end)s"),
    }
    return words[news.data["what"]] % {
        "jam": isolated(news.jam),
        "name": isolated(news.title),
        "start": _when(news.data["starts"]),
        "end": _when(news.data["ends"]),
    }


def _when(at: str) -> str:
    return time_words.full(timezone.localtime(datetime.fromisoformat(at)))


declare(
    SHIFT,
    label=_("Your shifts, if you run a jam: one begins, is offered, or is handed over to you"),
    sentence=sentence,
    mail=Mail.ONCE,
    mails=TIMELY,
    push=True,
    look=look,
    before_reading=True,
    position=95,
)
