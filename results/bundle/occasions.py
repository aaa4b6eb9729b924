"""What those who ran the jam put into it, and what people say of themselves: the optional files for these."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from jam.domain.phases import database_now
from jam.domain.polls import CHOICES_MAX, CHOICES_MIN
from jam.domain.rendering import to_html
from jam.domain.text import is_blank
from jam.models import (
    ABOUT_MAX,
    CHOICE_MAX,
    POLL_QUESTION_MAX,
    WORDS_MAX,
    Announcement,
    GuestHour,
    Jam,
    Member,
    Poll,
    PollChoice,
    PollVote,
)
from results.bundle import reasons
from results.bundle.layout import ANNOUNCEMENTS, GUEST_HOURS, POLL_VOTES, POLLS, PROFILES, Table
from results.bundle.people import batches, rows_with_id
from results.bundle.reader import Row, rows
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.values import Cleaner, format_time

AT_ONCE = 2_000
YES, NO = "true", "false"
TRUTHS = {YES: True, NO: False, "": None}
Made = TypeVar("Made", bound=Model)

Cells = tuple[object, ...]


class Unfit(Exception):
    """A row that cannot be kept, and why."""


class OccasionsLoader:
    """Loads them all. A row that names nobody, no forum or no poll that is there is refused, and so is told."""

    def __init__(
        self, source: Source, jam: Jam, *, forums: dict[str, int], members: dict[str, int], report: Report
    ) -> None:
        self._source = source
        self._jam = jam
        self._forums = forums
        self._members = members
        self._report = report
        self._now = database_now()

    def load(self) -> None:
        self._load_profiles()
        self._create(Announcement, ANNOUNCEMENTS, self._announcement)
        self._create(GuestHour, GUEST_HOURS, self._guest_hour)
        self._load_poll_votes(self._load_polls())

    def _load_profiles(self) -> None:
        for batch in batches(self._rows(PROFILES, self._profile)):
            Member.objects.bulk_update(batch, ["about", "outside"])

    def _create(self, model: type[Made], table: Table, make: Callable[[Row, Cleaner], Made]) -> None:
        for batch in batches(self._rows(table, make)):
            model._default_manager.bulk_create(batch)

    def _rows(self, table: Table, make: Callable[[Row, Cleaner], Made]) -> Iterator[Made]:
        for row in rows(self._source, table, self._report):
            try:
                yield make(row, Cleaner(self._report, table.file, row.line))
            except Unfit as unfit:
                self._refuse(table, row, str(unfit))

    def _refuse(self, table: Table, row: Row, why: str) -> None:
        self._report.refuse(table.file, row.line, reasons.UNFIT, why)

    # --- a row each ---------------------------------------------------------------------------------------

    def _profile(self, row: Row, cleaner: Cleaner) -> Member:
        about = cleaner.text(row.get("about"), field="about")
        if len(about) > ABOUT_MAX:
            cleaner.mend(reasons.TOO_LONG, f"has {len(about):,} characters in about, which holds {ABOUT_MAX}")
        outside = row.get("outside").strip().lower()
        if outside not in TRUTHS:
            raise Unfit(f"outside is {shown(outside)}, and not true, false or empty")
        return Member(pk=self._member(row), about=about[:ABOUT_MAX], outside=TRUTHS[outside])

    def _announcement(self, row: Row, cleaner: Cleaner) -> Announcement:
        words = cleaner.text(row.get("words"), field="words")
        if is_blank(words) or len(words) > WORDS_MAX:
            raise Unfit(f"an announcement has words, {WORDS_MAX} characters at most")
        return Announcement(
            jam=self._jam,
            forum_id=self._forum(row),
            by_id=self._member(row),
            words=words,
            html=to_html(words),
            created_at=self._time(row, cleaner, "created_at"),
            taken_back_at=self._time_or_none(row, cleaner, "taken_back_at"),
            notified_at=self._now,  # loading a bundle sends nobody anything
        )

    def _guest_hour(self, row: Row, cleaner: Cleaner) -> GuestHour:
        starts_at, ends_at = (self._time(row, cleaner, name) for name in ("starts_at", "ends_at"))
        if ends_at <= starts_at:
            raise Unfit("it ends before it begins")
        told = self._now if starts_at <= self._now else None
        return GuestHour(
            jam=self._jam,
            forum_id=self._forum(row),
            guest_id=self._member(row),
            words=cleaner.one_line(row.get("words"), field="words", limit=WORDS_MAX),
            starts_at=starts_at,
            ends_at=ends_at,
            alerted_at=told,
            notified_at=told,
        )

    def _load_polls(self) -> dict[str, dict[int, PollChoice]]:
        """The choices of each poll by their number, from 1."""
        found: dict[str, dict[int, PollChoice]] = {}
        for key, row in rows_with_id(self._source, POLLS, self._report):
            cleaner = Cleaner(self._report, POLLS.file, row.line)
            try:
                poll, choices = self._poll(key, row, cleaner)
            except Unfit as unfit:
                self._report.refuse(POLLS.file, row.line, reasons.UNFIT, str(unfit))
                continue
            poll.save(force_insert=True)
            made = [PollChoice(poll=poll, words=words, position=number) for number, words in enumerate(choices, 1)]
            found[key] = {choice.position: choice for choice in PollChoice.objects.bulk_create(made)}
        return found

    def _asked(self, row: Row, cleaner: Cleaner) -> tuple[dict[str, Any], list[str]]:
        """What a poll asks and how, as a model has it, and its choices."""
        lines = cleaner.text(row.get("choices"), field="choices").split("\n")
        choices = [cleaner.one_line(line, field="choices", limit=CHOICE_MAX) for line in lines if not is_blank(line)]
        if not CHOICES_MIN <= len(choices) <= CHOICES_MAX:
            raise Unfit(f"a poll has {CHOICES_MIN} to {CHOICES_MAX} choices, each on a line")
        question = cleaner.one_line(row.get("question"), field="question", limit=POLL_QUESTION_MAX)
        results = row.get("results").strip() or Poll.Results.ALWAYS
        multiple = row.get("multiple").strip().lower()
        if is_blank(question) or results not in Poll.Results.values or multiple not in TRUTHS:
            raise Unfit("its question is empty, or its results or multiple are not known")
        return {"question": question, "multiple": bool(TRUTHS[multiple]), "results": results}, choices

    def _poll(self, key: str, row: Row, cleaner: Cleaner) -> tuple[Poll, list[str]]:
        asked, choices = self._asked(row, cleaner)
        poll = Poll(
            jam=self._jam,
            forum_id=self._forum(row),
            by_id=self._member(row),
            key=key,
            **asked,
            created_at=self._time(row, cleaner, "created_at"),
            closes_at=self._time_or_none(row, cleaner, "closes_at"),
        )
        return poll, choices

    def _load_poll_votes(self, polls: dict[str, dict[int, PollChoice]]) -> None:
        voted: dict[tuple[str, int], set[int]] = {}
        counts: dict[int, PollChoice] = {}
        for batch in batches(self._rows(POLL_VOTES, lambda row, cleaner: self._poll_vote(row, cleaner, polls, voted))):
            for vote in batch:
                counts.setdefault(vote.choice_id, vote.choice).count += 1
            PollVote.objects.bulk_create(batch)
        PollChoice.objects.bulk_update(counts.values(), ["count"], batch_size=AT_ONCE)
        for key in polls:
            voters = sum(1 for poll, _ in voted if poll == key)
            Poll.objects.filter(jam=self._jam, key=key).update(voter_count=voters)

    def _poll_vote(
        self,
        row: Row,
        cleaner: Cleaner,
        polls: dict[str, dict[int, PollChoice]],
        voted: dict[tuple[str, int], set[int]],
    ) -> PollVote:
        key, number = row.get("poll_id"), row.get("choice").strip()
        choices = polls.get(key)
        if choices is None:
            raise Unfit(f"there is no poll {shown(key)}")
        choice = choices.get(int(number)) if number.isascii() and number.isdecimal() and len(number) < 4 else None
        if choice is None:
            raise Unfit(f"that poll has no choice {shown(number)}")
        member = self._member(row)
        mine = voted.setdefault((key, member), set())
        if mine and (choice.position in mine or not choice.poll.multiple):
            raise Unfit("an earlier row has their vote")
        mine.add(choice.position)
        cast_at = self._time_or_none(row, cleaner, "cast_at") or choice.poll.created_at
        return PollVote(choice=choice, member_id=member, cast_at=cast_at)

    # --- cells ------------------------------------------------------------------------------------------------

    def _member(self, row: Row) -> int:
        member = self._members.get(row.get("person_id"))
        if member is None:
            raise Unfit(f"there is nobody {shown(row.get('person_id'))} among the people loaded")
        return member

    def _forum(self, row: Row) -> int | None:
        key = row.get("forum_id")
        if key and key not in self._forums:
            raise Unfit(f"there is no forum {shown(key)} among those loaded")
        return self._forums[key] if key else None

    def _time(self, row: Row, cleaner: Cleaner, column: str) -> datetime:
        at = cleaner.time(row.get(column), field=column)
        if at is None:
            raise Unfit(f"{column} is {shown(row.get(column))}, which is no time")
        return at

    def _time_or_none(self, row: Row, cleaner: Cleaner, column: str) -> datetime | None:
        return self._time(row, cleaner, column) if row.get(column).strip() else None


# --- out again, in the order in which they were made ----------------------------------------------------------


def profiles(jam: Jam) -> Iterator[Cells]:
    told = Member.objects.filter(jam=jam).exclude(about="", outside=None).order_by("pk")
    for key, about, outside in told.values_list("key", "about", "outside").iterator(AT_ONCE):
        yield key, about, "" if outside is None else truth(outside)


def announcements(jam: Jam) -> Iterator[Cells]:
    made = Announcement.objects.filter(jam=jam).order_by("pk")
    for forum, by, at, words, taken_back_at in made.values_list(
        "forum__key", "by__key", "created_at", "words", "taken_back_at"
    ).iterator(AT_ONCE):
        yield forum or "", by, format_time(at), words, time_or_nothing(taken_back_at)


def guest_hours(jam: Jam) -> Iterator[Cells]:
    hours = GuestHour.objects.filter(jam=jam).order_by("starts_at", "pk")
    for guest, forum, starts_at, ends_at, words in hours.values_list(
        "guest__key", "forum__key", "starts_at", "ends_at", "words"
    ).iterator(AT_ONCE):
        yield guest, forum or "", format_time(starts_at), format_time(ends_at), words


def polls(jam: Jam) -> Iterator[Cells]:
    made = Poll.objects.filter(jam=jam).select_related("forum", "by").prefetch_related("choices").order_by("pk")
    for poll in made.iterator(AT_ONCE):
        yield (
            poll.key,
            poll.forum.key if poll.forum else "",
            poll.by.key,
            format_time(poll.created_at),
            time_or_nothing(poll.closes_at),
            poll.question,
            "\n".join(choice.words for choice in poll.choices.all()),
            truth(poll.multiple),
            poll.results,
        )


def poll_votes(jam: Jam) -> Iterator[Cells]:
    votes = PollVote.objects.filter(choice__poll__jam=jam).order_by("pk")
    for poll, member, number, at in votes.values_list(
        "choice__poll__key", "member__key", "choice__position", "cast_at"
    ).iterator(AT_ONCE):
        yield poll, member, number, format_time(at)


def truth(value: bool) -> str:
    """A truth as a cell."""
    return YES if value else NO


def time_or_nothing(at: datetime | None) -> str:
    """A time as a cell, empty for none."""
    return "" if at is None else format_time(at)
