"""Making a jam and changing it, its window above all, also while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import Person
from jam.domain import events
from jam.domain.errors import Conflict, Invalid
from jam.domain.membership import is_outside, tell_apart
from jam.domain.phases import Phase, database_now, hold_window, phase_of
from jam.domain.rendering import to_html
from jam.domain.text import clean_line, clean_text, is_blank
from jam.models import Door, Forum, Jam, Member, Role, Voting
from live.bus import publish_review

TITLE_MAX = 200
QUESTION_MAX = 5_000
FORUMS_MAX = 50
EDIT_MINUTES, EDIT_MINUTES_MAX = 15, 7 * 24 * 60
EXTENSION = timedelta(hours=1)
WINDOW_FIELDS = ("opens_at", "closes_at", "reading_until", "review_until", "time_zone")


@dataclass(frozen=True)
class ForumPlan:
    """A forum as it is meant to be; `id` names the one that is there already. Their order is their position."""

    title: str
    question: str = ""
    id: int | None = None


@dataclass(frozen=True)
class JamPlan:
    """A jam as it is meant to be. Times carry a zone; `time_zone` is the one they are shown in."""

    slug: str
    title: str
    question: str
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    voting: str
    door: str
    forums: Sequence[ForumPlan]
    reading_until: datetime | None = None
    review_until: datetime | None = None
    language: str = "en"
    accent: str = ""
    home_domains: Sequence[str] = ()
    edit_minutes: int | None = None


def create_jam(*, person: Person, plan: JamPlan) -> Jam:
    """Makes a draft of a jam with its forums, and `person` its admin. Raises Invalid, naming the field."""
    _check(plan)
    if plan.closes_at <= database_now():
        raise Invalid(gettext("The close lies in the past."), code="past", field="closes_at")
    with transaction.atomic():
        jam = Jam()
        _fill(jam, plan)
        _save_new_slug(jam)
        _put_forums(jam, plan.forums)
        Member.objects.create(
            jam=jam,
            person=person,
            name=person.name,
            affiliation=person.affiliation,
            role=Role.ADMIN,
            outside=is_outside(jam, person),
        )
    return jam


def change_jam(*, jam: Jam, plan: JamPlan, version: int) -> Jam:
    """Makes `jam` as `plan` says, and tells every tab. Returns the jam as it is then.

    Holds the window until the commit, which waits for posts that are being written. Raises Conflict with the code
    "stale" if the jam is not at `version` any more, and Invalid, naming the field, for what cannot be changed.
    """
    _check(plan)
    with transaction.atomic():
        held = hold_window(jam.pk)
        if held.version != version:
            raise Conflict(
                gettext("Somebody else changed this jam while you did. Look at their change, then save."), code="stale"
            )
        _check_change(held, plan)
        window_before = [getattr(held, name) for name in WINDOW_FIELDS]
        door_before, domains_before = held.door, held.home_domains
        _fill(held, plan)
        _save_new_slug(held)
        _put_forums(held, plan.forums)
        if held.home_domains != domains_before:
            tell_apart(held)
        window_changed = [getattr(held, name) for name in WINDOW_FIELDS] != window_before
        if window_changed or held.door != door_before:
            publish_review(jam_key=held.pk)
        if window_changed:
            events.window_changed(held)
        events.jam_changed(held)
    return held


def publish(*, jam: Jam) -> Jam:
    """Shows `jam` to those whom its door lets in; now the clock says its phase. Twice is once. Raises Invalid."""
    with transaction.atomic():
        held = hold_window(jam.pk)
        if held.published_at is not None:
            return held
        now = database_now()
        if held.opens_at is None or held.closes_at is None:
            raise Invalid(gettext("Set the window first."), code="window", field="opens_at")
        if held.closes_at <= now:
            raise Invalid(gettext("The close lies in the past. Move it first."), code="past", field="closes_at")
        if not held.forums.exists():
            raise Invalid(gettext("Add a forum first."), code="forums", field="forums")
        held.published_at = now
        _save(held)
        events.jam_changed(held)
    return held


def extend(*, jam: Jam, expected_close: datetime, by: timedelta = EXTENSION) -> Jam:
    """Moves the close of an open jam later, and tells every tab.

    `expected_close` is the close as the person saw it, so that a double click moves it once. Raises Conflict if it is
    not that any more or the jam is not open. Holds the window until the commit.
    """
    return _move_close(jam, expected_close=expected_close, later_by=by)


def close_now(*, jam: Jam, expected_close: datetime) -> Jam:
    """Ends an open jam at this moment by the database's clock. Raises and locks as `extend`."""
    return _move_close(jam, expected_close=expected_close, later_by=None)


def _move_close(jam: Jam, *, expected_close: datetime, later_by: timedelta | None) -> Jam:
    with transaction.atomic():
        held = hold_window(jam.pk)
        # Asked after the lock is held: every post that was let in before has been written by now.
        now = database_now()
        if phase_of(held, now) is not Phase.OPEN or held.closes_at is None:
            raise Conflict(gettext("The jam is not open, so its close cannot be moved here."), code="not_open")
        if held.closes_at != expected_close:
            raise Conflict(gettext("The close was moved meanwhile. Look at the time it has now."), code="stale")
        _set_close(held, now if later_by is None else held.closes_at + later_by)
        _save(held)
        events.window_changed(held)
    return held


def _set_close(jam: Jam, closes_at: datetime) -> None:
    """Moves the close, and what lies after it no earlier than it."""
    jam.closes_at = closes_at
    if jam.reading_until is not None:
        jam.reading_until = max(jam.reading_until, closes_at)
    if jam.review_until is not None and jam.reading_until is not None:
        jam.review_until = max(jam.review_until, jam.reading_until)


def _save(jam: Jam) -> None:
    jam.version += 1
    jam.save()


def _save_new_slug(jam: Jam) -> None:
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


def _fill(jam: Jam, plan: JamPlan) -> None:
    jam.slug, jam.title, jam.language, jam.accent = plan.slug, plan.title.strip(), plan.language, plan.accent
    jam.question, jam.question_html = plan.question.strip(), to_html(plan.question)
    jam.time_zone, jam.opens_at, jam.closes_at = plan.time_zone, plan.opens_at, plan.closes_at
    jam.reading_until, jam.review_until = plan.reading_until, plan.review_until
    jam.voting, jam.door, jam.home_domains = plan.voting, plan.door, list(plan.home_domains)
    jam.edit_minutes = EDIT_MINUTES if plan.edit_minutes is None else plan.edit_minutes


def _check(plan: JamPlan) -> None:
    for field, name, text, limit in (
        ("title", gettext("The title"), plan.title, TITLE_MAX),
        ("question", gettext("The question"), plan.question, QUESTION_MAX),
    ):
        (clean_line if field == "title" else clean_text)(text, field=field, name=name, limit=limit)
    if is_blank(plan.title):
        raise Invalid(gettext("Give the jam a title."), code="required", field="title")
    if plan.voting not in Voting.values:
        raise Invalid(gettext("Choose how people vote."), code="required", field="voting")
    if plan.edit_minutes is not None and not 0 <= plan.edit_minutes <= EDIT_MINUTES_MAX:
        raise Invalid(gettext("Choose from 0 minutes to a week."), code="range", field="edit_minutes")
    if plan.door not in Door.values:
        raise Invalid(gettext("Choose who may take part."), code="required", field="door")
    _check_times(plan)
    _check_forums(plan.forums)


def _check_times(plan: JamPlan) -> None:
    for field in ("opens_at", "closes_at", "reading_until", "review_until"):
        at: datetime | None = getattr(plan, field)
        if at is not None and timezone.is_naive(at):
            raise Invalid(gettext("This time has no zone."), code="naive", field=field)
    if plan.closes_at <= plan.opens_at:
        raise Invalid(gettext("The jam would close before it opens."), code="order", field="closes_at")
    if plan.reading_until is not None and plan.reading_until < plan.closes_at:
        raise Invalid(gettext("Reading would end before the close."), code="order", field="reading_until")
    if plan.review_until is not None and (plan.reading_until is None or plan.review_until < plan.reading_until):
        raise Invalid(
            gettext("Review begins when reading ends: it cannot end before that."), code="order", field="review_until"
        )


def _check_forums(forums: Sequence[ForumPlan]) -> None:
    if not forums:
        raise Invalid(gettext("A jam needs a forum."), code="required", field="forums")
    if len(forums) > FORUMS_MAX:
        message = ngettext("A jam can have %(count)s forum.", "A jam can have %(count)s forums.", FORUMS_MAX)
        raise Invalid(message % {"count": FORUMS_MAX}, code="too_many", field="forums")
    for index, forum in enumerate(forums):
        clean_line(forum.title, field=f"forums-{index}-title", name=gettext("The title"), limit=TITLE_MAX)
        clean_text(forum.question, field=f"forums-{index}-question", name=gettext("The question"), limit=QUESTION_MAX)
        if is_blank(forum.title):
            raise Invalid(gettext("Give the forum a title."), code="required", field=f"forums-{index}-title")


def _check_change(jam: Jam, plan: JamPlan) -> None:
    now = database_now()
    if jam.published_at is not None and jam.slug != plan.slug:
        raise Invalid(
            gettext("The address is fixed once the jam is published: links would break."), code="fixed", field="slug"
        )
    if jam.closes_at != plan.closes_at and plan.closes_at <= now:
        raise Invalid(
            gettext("The close lies in the past. To end the jam, press “Close now”."), code="past", field="closes_at"
        )
    written = jam.forums.filter(post_count__gt=0).exists()
    if written and jam.voting != plan.voting:
        raise Invalid(gettext("How people vote is fixed once something was posted."), code="fixed", field="voting")
    if written and jam.opens_at != plan.opens_at and plan.opens_at > now:
        raise Invalid(gettext("The jam has begun; its opening cannot be moved ahead."), code="fixed", field="opens_at")


def _put_forums(jam: Jam, plans: Sequence[ForumPlan]) -> None:
    """Makes the jam's forums those of `plans`. One that has threads stays: Invalid."""
    there = {forum.pk: forum for forum in jam.forums.all()}
    kept: set[int] = set()
    for position, plan in enumerate(plans, start=1):
        forum = Forum(jam=jam) if plan.id is None else there.get(plan.id)
        if forum is None or forum.pk in kept:
            raise Invalid(
                gettext("That forum is not part of this jam."), code="forum", field=f"forums-{position - 1}-title"
            )
        forum.title, forum.position = plan.title.strip(), position
        forum.question, forum.question_html = plan.question.strip(), to_html(plan.question)
        if forum._state.adding:
            forum.save()
        else:
            # not the counts: a post may be adding to them
            forum.save(update_fields=["title", "position", "question", "question_html"])
        kept.add(forum.pk)
    for forum in there.values():
        if forum.pk in kept:
            continue
        if forum.thread_count:
            raise Invalid(
                gettext("“%(title)s” has threads and cannot be removed.") % {"title": forum.title},
                code="in_use",
                field="forums",
            )
        forum.delete()
