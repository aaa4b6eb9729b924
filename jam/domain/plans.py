"""A jam as it is meant to be, a plan for each step of setting it up.

A plan knows how to read itself from a jam (`of`), what is wrong with it on its own (`check`), what of it cannot be had
of a jam that is there (`check_change`), and how to make the jam so (`put`). `jam.domain.setup` has the verbs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Self

from django.utils import timezone
from django.utils.translation import gettext

from jam.domain import look, opening
from jam.domain.errors import Invalid
from jam.domain.look import Picture
from jam.domain.membership import tell_apart
from jam.domain.opening import QUESTION_MAX, TITLE_MAX, ForumPlan
from jam.domain.rendering import to_html
from jam.domain.text import clean_line, clean_text, is_blank
from jam.models import Door, Jam, Member, ReminderTimes, Voting

EDIT_MINUTES, EDIT_MINUTES_MAX = 15, 7 * 24 * 60
WINDOW_FIELDS = ("opens_at", "closes_at", "reading_until", "review_until", "time_zone")
BEFORE_OPENING, BEFORE_CLOSE = (24 * 60, 60), (3 * 60,)
"""The usual reminders, in minutes before the opening and the close."""
REMINDERS_MAX = 5
REMINDER_MINUTES_MAX = 14 * 24 * 60


@dataclass(frozen=True)
class Plan:
    """One step of a jam. Plans are compared field by field."""

    step: ClassVar[str]

    @classmethod
    def of(cls, jam: Jam) -> Self:
        """The jam as it is. No query, unless a plan says so."""
        return cls(**{field.name: getattr(jam, field.name) for field in fields(cls)})

    def check(self) -> None:
        """Raises Invalid, naming the field, for what no jam can have."""

    def check_change(self, jam: Jam, *, now: datetime, written: bool) -> None:
        """Raises Invalid, naming the field, for what `jam` cannot have any more. `written`: something was posted."""

    def put(self, jam: Jam, *, by: Member | None) -> None:
        """Makes `jam` so: its own fields without saving it, and what lies in other tables. Raises Invalid."""
        for field in fields(self):
            setattr(jam, field.name, getattr(self, field.name))

    def changes_from(self, before: Self) -> Mapping[str, tuple[Any, Any]]:
        """What differs, each with what it was and what it is to be."""
        pairs = {field.name: (getattr(before, field.name), getattr(self, field.name)) for field in fields(self)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class Words(Plan):
    step = "words"
    slug: str
    title: str
    question: str = ""
    language: str = "en"

    def check(self) -> None:
        clean_line(self.title, field="title", name=gettext("The title"), limit=TITLE_MAX)
        clean_text(self.question, field="question", name=gettext("The question"), limit=QUESTION_MAX)
        if is_blank(self.title):
            raise Invalid(gettext("Give the jam a title."), code="required", field="title")

    def check_change(self, jam: Jam, *, now: datetime, written: bool) -> None:
        if jam.published_at is not None and jam.slug != self.slug:
            raise Invalid(
                gettext("The address is fixed once the jam is published: links would break."),
                code="fixed",
                field="slug",
            )

    def put(self, jam: Jam, *, by: Member | None) -> None:
        super().put(jam, by=by)
        jam.title, jam.question = self.title.strip(), self.question.strip()
        jam.question_html = to_html(jam.question)


@dataclass(frozen=True)
class Forums(Plan):
    """The forums in their order, each with its question and the idea that opens it."""

    step = "forums"
    forums: Sequence[ForumPlan]

    @classmethod
    def of(cls, jam: Jam) -> Self:
        """One query."""
        return cls(opening.plans_of(jam))

    def check(self) -> None:
        opening.check(self.forums)

    def put(self, jam: Jam, *, by: Member | None) -> None:
        opening.put(jam, self.forums, by=by)


@dataclass(frozen=True)
class Schedule(Plan):
    """Times carry a zone; `time_zone` is the one they are shown in. A draft may do without an opening and a close.

    `before_opening` and `before_close` are when members are reminded, in minutes, the longest first.
    """

    step = "schedule"
    time_zone: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reading_until: datetime | None = None
    review_until: datetime | None = None
    before_opening: Sequence[int] = BEFORE_OPENING
    before_close: Sequence[int] = BEFORE_CLOSE

    @classmethod
    def of(cls, jam: Jam) -> Self:
        """One query."""
        before_opening, before_close = reminder_times(jam)
        window = {name: getattr(jam, name) for name in WINDOW_FIELDS}
        return cls(**window, before_opening=before_opening, before_close=before_close)

    def check(self) -> None:
        for field in ("opens_at", "closes_at", "reading_until", "review_until"):
            at: datetime | None = getattr(self, field)
            if at is not None and timezone.is_naive(at):
                raise Invalid(gettext("This time has no zone."), code="naive", field=field)
        self._check_order()
        for field in ("before_opening", "before_close"):
            minutes: Sequence[int] = getattr(self, field)
            if len(minutes) > REMINDERS_MAX or any(not 0 < one <= REMINDER_MINUTES_MAX for one in minutes):
                raise Invalid(gettext("Choose up to five reminders."), code="reminders", field=field)

    def _check_order(self) -> None:
        opens, closes, reading, review = self.opens_at, self.closes_at, self.reading_until, self.review_until
        if opens is not None and closes is not None and closes <= opens:
            raise Invalid(gettext("The jam would close before it opens."), code="order", field="closes_at")
        if reading is not None and (closes is None or reading < closes):
            raise Invalid(gettext("Reading would end before the close."), code="order", field="reading_until")
        if review is not None and (reading is None or review < reading):
            raise Invalid(
                gettext("Review begins when reading ends: it cannot end before that."),
                code="order",
                field="review_until",
            )

    def check_change(self, jam: Jam, *, now: datetime, written: bool) -> None:
        if jam.published_at is not None and (self.opens_at is None or self.closes_at is None):
            field = "opens_at" if self.opens_at is None else "closes_at"
            raise Invalid(
                gettext("The jam is published: it needs an opening and a close."), code="required", field=field
            )
        if self.closes_at is not None and jam.closes_at != self.closes_at and self.closes_at <= now:
            raise Invalid(
                gettext("The close lies in the past. To end the jam, press “Close now”.")
                if jam.published_at is not None
                else gettext("The close lies in the past."),
                code="past",
                field="closes_at",
            )
        if written and jam.opens_at != self.opens_at and (self.opens_at is None or self.opens_at > now):
            raise Invalid(
                gettext("The jam has begun; its opening cannot be moved ahead."), code="fixed", field="opens_at"
            )

    def put(self, jam: Jam, *, by: Member | None) -> None:
        for name in WINDOW_FIELDS:
            setattr(jam, name, getattr(self, name))
        chosen = {"before_opening": list(self.before_opening), "before_close": list(self.before_close)}
        if (self.before_opening, self.before_close) != reminder_times(jam):
            jam.reminder_times, _ = ReminderTimes.objects.update_or_create(jam=jam, defaults=chosen)


@dataclass(frozen=True)
class TakingPart(Plan):
    """How people vote, and for how many minutes they can change what they wrote; None is the usual time."""

    step = "rules"
    voting: str = Voting.AGREE_DISAGREE
    edit_minutes: int | None = None

    def check(self) -> None:
        if self.voting not in Voting.values:
            raise Invalid(gettext("Choose how people vote."), code="required", field="voting")
        if self.edit_minutes is not None and not 0 <= self.edit_minutes <= EDIT_MINUTES_MAX:
            raise Invalid(gettext("Choose from 0 minutes to a week."), code="range", field="edit_minutes")

    def check_change(self, jam: Jam, *, now: datetime, written: bool) -> None:
        if written and jam.voting != self.voting:
            raise Invalid(gettext("How people vote is fixed once something was posted."), code="fixed", field="voting")

    def put(self, jam: Jam, *, by: Member | None) -> None:
        jam.voting = self.voting
        jam.edit_minutes = EDIT_MINUTES if self.edit_minutes is None else self.edit_minutes


@dataclass(frozen=True)
class People(Plan):
    """Who is let in, and the mail domains by which inside and outside are told apart."""

    step = "people"
    door: str
    home_domains: Sequence[str] = ()

    def check(self) -> None:
        if self.door not in Door.values:
            raise Invalid(gettext("Choose who may take part."), code="required", field="door")

    def put(self, jam: Jam, *, by: Member | None) -> None:
        domains = list(self.home_domains)
        if jam.pk is not None and jam.home_domains != domains:
            jam.home_domains = domains
            tell_apart(jam)
        jam.door, jam.home_domains = self.door, domains


@dataclass(frozen=True)
class Look(Plan):
    """The jam's own colour, as #rrggbb or empty, its logo and its cover."""

    step = "look"
    accent: str = ""
    logo: Picture | None = None
    cover: Picture | None = None

    @classmethod
    def of(cls, jam: Jam) -> Self:
        """One query."""
        pictures = look.pictures_of(jam) if jam.pk is not None else {}
        return cls(jam.accent, look.plan_of(pictures.get("logo")), look.plan_of(pictures.get("cover")))

    def check(self) -> None:
        for kind, picture in (("logo", self.logo), ("cover", self.cover)):
            look.check(kind, picture)

    def put(self, jam: Jam, *, by: Member | None) -> None:
        jam.accent = self.accent
        look.put(jam, "logo", self.logo)
        look.put(jam, "cover", self.cover)


def reminder_times(jam: Jam) -> tuple[Sequence[int], Sequence[int]]:
    """When the members are reminded, in minutes before the opening and before the close. One query, the first time."""
    times: ReminderTimes | None = getattr(jam, "reminder_times", None) if jam.pk is not None else None
    if times is None:
        return BEFORE_OPENING, BEFORE_CLOSE
    return tuple(times.before_opening), tuple(times.before_close)
