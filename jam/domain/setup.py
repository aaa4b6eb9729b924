"""Making a jam and changing it step by step, its window above all, also while it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain import checklist, doings, events
from jam.domain.errors import Conflict, Invalid
from jam.domain.look import Picture
from jam.domain.membership import is_outside
from jam.domain.opening import ForumPlan
from jam.domain.phases import Phase, database_now, hold_window, phase_of
from jam.domain.plans import WINDOW_FIELDS, Plan, Words
from jam.models import Jam, Member, Role
from live.bus import publish_review

EXTENSION = timedelta(hours=1)


def create_jam(*, person: Person, plans: Sequence[Plan]) -> Jam:
    """Makes a draft, and `person` its admin. Its `Words` are needed; what no plan says can be said later.

    Raises Invalid, naming the field.
    """
    for plan in plans:
        plan.check()
    with transaction.atomic():
        jam, now = Jam(), database_now()
        words, *more = sorted(plans, key=lambda plan: not isinstance(plan, Words))
        words.put(jam, by=None)
        save_new_slug(jam)
        admin = Member.objects.create(
            jam=jam,
            person=person,
            name=person.name,
            affiliation=person.affiliation,
            role=Role.ADMIN,
            outside=is_outside(jam, person),
        )
        for plan in more:
            plan.check_change(jam, now=now, written=False)
            plan.put(jam, by=admin)
        jam.save()
    return jam


def change_jam(*, jam: Jam, plan: Plan, version: int, by: Member | None) -> Jam:
    """Makes one step of `jam` as `plan` says, tells every tab, and records who did it. Returns the jam as it is then.

    A plan that changes nothing does nothing. Holds the window until the commit, which waits for posts that are being
    written. Raises Conflict with the code "stale" if the jam is not at `version` any more, and Invalid, naming the
    field, for what cannot be had.
    """
    plan.check()
    with transaction.atomic():
        held = hold_window(jam.pk)
        if held.version != version:
            raise Conflict(
                gettext("Somebody else changed this jam while you did. Look at their change, then save."), code="stale"
            )
        before = type(plan).of(held)
        if plan == before:
            return held
        plan.check_change(held, now=database_now(), written=was_written_in(held))
        was = {name: getattr(held, name) for name in (*WINDOW_FIELDS, "door")}
        plan.put(held, by=by)
        save_new_slug(held)
        # Read anew, since what was put may have been tidied; and only of what this step is about.
        _record(held, by, plan.step, type(plan).of(held).changes_from(before))
        _tell(held, was)
    return held


def was_written_in(jam: Jam) -> bool:
    """Whether something was posted: then some of it is fixed. One query."""
    return jam.forums.filter(post_count__gt=0).exists()


def publish(*, jam: Jam, by: Member | None) -> Jam:
    """Shows `jam` to those whom its door lets in; now the clock says its phase. Twice is once.

    Raises Invalid for the first line of the checklist without which there would be no jam.
    """
    with transaction.atomic():
        held = hold_window(jam.pk)
        if held.published_at is not None:
            return held
        now = database_now()
        for line in checklist.of(held, now):
            if line.stops:
                raise Invalid(line.words, code=line.code, field=line.field)
        held.published_at = now
        _save(held)
        doings.did(jam=held, by=by, kind="jam", after={"published_at": now.isoformat()})
        events.jam_changed(held)
    return held


def extend(*, jam: Jam, expected_close: datetime, by: timedelta = EXTENSION, member: Member | None = None) -> Jam:
    """Moves the close of an open jam later, tells every tab, and records that `member` did it.

    `expected_close` is the close as the person saw it, so that a double click moves it once. Raises Conflict if it is
    not that any more or the jam is not open. Holds the window until the commit.
    """
    return _move_close(jam, expected_close=expected_close, later_by=by, member=member)


def close_now(*, jam: Jam, expected_close: datetime, member: Member | None = None) -> Jam:
    """Ends an open jam at this moment by the database's clock. Raises, records and locks as `extend`."""
    return _move_close(jam, expected_close=expected_close, later_by=None, member=member)


def _move_close(jam: Jam, *, expected_close: datetime, later_by: timedelta | None, member: Member | None) -> Jam:
    with transaction.atomic():
        held = hold_window(jam.pk)
        # Asked after the lock is held: every post that was let in before has been written by now.
        now = database_now()
        if phase_of(held, now) is not Phase.OPEN or held.closes_at is None:
            raise Conflict(gettext("The jam is not open, so its close cannot be moved here."), code="not_open")
        if held.closes_at != expected_close:
            raise Conflict(gettext("The close was moved meanwhile. Look at the time it has now."), code="stale")
        closes_at = now if later_by is None else held.closes_at + later_by
        _set_close(held, closes_at)
        _save(held)
        _record(held, member, "window", {"closes_at": (expected_close, closes_at)})
        events.window_changed(held)
    return held


def _set_close(jam: Jam, closes_at: datetime) -> None:
    """Moves the close, and what lies after it no earlier than it."""
    jam.closes_at = closes_at
    if jam.reading_until is not None:
        jam.reading_until = max(jam.reading_until, closes_at)
    if jam.review_until is not None and jam.reading_until is not None:
        jam.review_until = max(jam.review_until, jam.reading_until)


def _tell(jam: Jam, was: Mapping[str, Any]) -> None:
    """Tells the tabs what changed, and asks the door again for them where it may be another one now."""
    window_changed = any(getattr(jam, name) != was[name] for name in WINDOW_FIELDS)
    if window_changed or jam.door != was["door"]:
        publish_review(jam_key=jam.pk)
    if window_changed:
        events.window_changed(jam)
    events.jam_changed(jam)


def _record(jam: Jam, by: Member | None, step: str, changes: Mapping[str, tuple[Any, Any]]) -> None:
    if changes:
        doings.did(
            jam=jam,
            by=by,
            kind="window" if step in ("window", "schedule") else "jam",
            before={name: shown(was) for name, (was, _) in changes.items()},
            after={name: shown(is_now) for name, (_, is_now) in changes.items()},
        )


def shown(value: Any) -> Any:
    """A field of a plan as the log keeps it: JSON that somebody can read."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [shown(one) for one in value]
    if isinstance(value, ForumPlan):
        return f"{value.title}: {value.question}" if value.question else value.title
    if isinstance(value, Picture):
        return value.alt or value.key
    return value


def _save(jam: Jam) -> None:
    jam.version += 1
    jam.save()


def save_new_slug(jam: Jam) -> None:
    """Saves a jam as another version. Raises Invalid where another jam has its address."""
    try:
        with transaction.atomic():
            if jam._state.adding:
                jam.save()
            else:
                _save(jam)
    except IntegrityError as error:
        if "slug" in str(error):
            raise Invalid(gettext("Another jam has this address."), code="taken", field="slug") from None
        raise
