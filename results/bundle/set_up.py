"""What was set up beforehand, and how the jam looks: the optional files for these."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from jam.domain.errors import Invalid
from jam.domain.plans import REMINDER_MINUTES_MAX, REMINDERS_MAX
from jam.domain.reencode import check_made
from jam.domain.text import is_blank
from jam.models import (
    PICTURE_ALT_MAX,
    PROMPT_BODY_MAX,
    PROMPT_SUBJECT_MAX,
    Jam,
    LookPicture,
    OpeningPrompt,
    PlannedPoll,
    ReminderTimes,
)
from jam.models.setup import new_picture_key
from results.bundle.layout import IMAGE_SUFFIX, IMAGES_FOLDER, LOOK, OPENING_PROMPTS, PLANNED_POLLS, REMINDERS
from results.bundle.occasions import Cells, OccasionsLoader, Unfit, time_or_nothing, truth
from results.bundle.pictures import BYTES_MAX
from results.bundle.reader import Row, rows
from results.bundle.report import shown
from results.bundle.values import Cleaner, format_time
from results.exports.sinks import Sink

BEFORE = {"opening": "before_opening", "close": "before_close"}


def file_of(kind: str) -> str:
    return f"{IMAGES_FOLDER}/look-{kind}{IMAGE_SUFFIX}"


class SetUpLoader(OccasionsLoader):
    """Loads it after forums and people. A file that was put into storage is among `files`: it goes again if the rest
    cannot be loaded."""

    def load_all(self, files: list[str]) -> None:
        self._create(PlannedPoll, PLANNED_POLLS, self._planned_poll)
        self._prompted: set[int] = set()
        self._create(OpeningPrompt, OPENING_PROMPTS, self._prompt)
        self._load_reminders()
        self._kinds: set[str] = set()
        self._create(LookPicture, LOOK, lambda row, cleaner: self._picture(row, cleaner, files))

    def _planned_poll(self, row: Row, cleaner: Cleaner) -> PlannedPoll:
        asked, choices = self._asked(row, cleaner)
        starts_at, ends_at = self._time(row, cleaner, "starts_at"), self._time_or_none(row, cleaner, "ends_at")
        if ends_at is not None and ends_at <= starts_at:
            raise Unfit("it ends before it begins")
        return PlannedPoll(
            jam=self._jam,
            forum_id=self._forum(row),
            by_id=self._member(row) if row.get("person_id") else None,
            choices=choices,
            starts_at=starts_at,
            ends_at=ends_at,
            **asked,
        )

    def _prompt(self, row: Row, cleaner: Cleaner) -> OpeningPrompt:
        forum, subject = (
            self._forum(row),
            cleaner.one_line(row.get("subject"), field="subject", limit=PROMPT_SUBJECT_MAX),
        )
        body = cleaner.text(row.get("body"), field="body")
        if forum is None or forum in self._prompted or is_blank(subject) or is_blank(body):
            raise Unfit("an opening prompt has words and a forum of its own")
        if len(body) > PROMPT_BODY_MAX:
            raise Unfit(f"an opening prompt has {PROMPT_BODY_MAX} characters at most")
        self._prompted.add(forum)
        return OpeningPrompt(
            forum_id=forum,
            by_id=self._member(row) if row.get("person_id") else None,
            subject=subject,
            body=body,
            posted_at=self._time_or_none(row, cleaner, "posted_at"),
        )

    def _load_reminders(self) -> None:
        times = dict(self._rows_of_reminders())
        if times:
            ReminderTimes.objects.create(jam=self._jam, **times)

    def _rows_of_reminders(self) -> Iterator[tuple[str, list[int]]]:
        for row in rows(self._source, REMINDERS, self._report):
            name, cells = BEFORE.get(row.get("before").strip()), [one for one in row.get("minutes").split(";") if one]
            fit = all(one.isascii() and one.isdecimal() and 0 < int(one) <= REMINDER_MINUTES_MAX for one in cells)
            if name is None or not fit or len(cells) > REMINDERS_MAX:
                said = "it is before opening or close, and minutes are up to five numbers"
                self._refuse(REMINDERS, row, said)
                continue
            yield name, sorted((int(one) for one in cells), reverse=True)

    def _picture(self, row: Row, cleaner: Cleaner, files: list[str]) -> LookPicture:
        kind = row.get("kind").strip()
        if kind not in LookPicture.Kind.values or kind in self._kinds or file_of(kind) not in self._source.names:
            raise Unfit(f"there is no file for {shown(kind)}, or it is neither logo nor cover, or there are two")
        with self._source.open(file_of(kind)) as file:
            data = file.read(BYTES_MAX + 1)
        try:
            width, height = check_made(data)
        except Invalid as error:
            raise Unfit(f"{file_of(kind)} is not a picture that a site made") from error
        self._kinds.add(kind)
        key = new_picture_key()
        name = default_storage.save(f"look/{self._jam.pk}/{key}.webp", ContentFile(data))
        files.append(name)
        alt = cleaner.one_line(row.get("alt"), field="alt", limit=PICTURE_ALT_MAX)
        return LookPicture(jam=self._jam, kind=kind, key=key, file=name, alt=alt, width=width, height=height)


# --- out again ------------------------------------------------------------------------------------------------


def planned_polls(jam: Jam) -> Iterator[Cells]:
    for poll in PlannedPoll.objects.filter(jam=jam, begun_at=None).select_related("forum", "by").order_by("pk"):
        yield (
            poll.forum.key if poll.forum else "",
            poll.by.key if poll.by else "",
            format_time(poll.starts_at),
            time_or_nothing(poll.ends_at),
            poll.question,
            "\n".join(poll.choices),
            truth(poll.multiple),
            poll.results,
        )


def opening_prompts(jam: Jam) -> Iterator[Cells]:
    found = OpeningPrompt.objects.filter(forum__jam=jam).order_by("forum__position", "forum")
    names = ("forum__key", "by__key", "subject", "body", "posted_at")
    for forum, by, subject, body, posted_at in found.values_list(*names):
        yield forum, by or "", subject, body, time_or_nothing(posted_at)


def reminders(jam: Jam) -> Iterator[Cells]:
    times = ReminderTimes.objects.filter(jam=jam).first()
    if times is not None:
        for before, name in BEFORE.items():
            yield before, ";".join(str(one) for one in getattr(times, name))


def look(jam: Jam) -> Iterator[Cells]:
    yield from LookPicture.objects.filter(jam=jam).order_by("kind").values_list("kind", "alt")


def write_look(jam: Jam, sink: Sink) -> None:
    """The files of logo and cover. One that is gone stays away; loading the bundle tells of its row."""
    for picture in LookPicture.objects.filter(jam=jam).order_by("kind"):
        try:
            with picture.file.open("rb") as file:
                data = file.read()
        except FileNotFoundError:
            continue
        with sink.open_bytes(file_of(picture.kind)) as copy:
            copy.write(data)
