"""Who was on duty when, and what they wrote for who came next: shifts.csv. What the site found is found again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from jam.domain.rendering import to_html
from jam.models import Jam
from moderation.domain.roster import LONGEST, REMIND_CHOICES
from moderation.models import JOURNAL_MAX, REMIND_DEFAULT, Journal, Shift
from results.bundle.layout import SHIFTS
from results.bundle.occasions import Cells, OccasionsLoader, Unfit, time_or_nothing
from results.bundle.reader import Row, rows
from results.bundle.report import shown
from results.bundle.values import Cleaner, format_time


class ShiftsLoader(OccasionsLoader):
    """Loads them after forums and people. Nobody is reminded of one that was, or told that nobody took it over."""

    def load_all(self) -> None:
        self._taken: dict[int, list[Shift]] = {}
        for row in rows(self._source, SHIFTS, self._report):
            try:
                shift, forums, journal = self._shift(row, Cleaner(self._report, SHIFTS.file, row.line))
            except Unfit as unfit:
                self._refuse(SHIFTS, row, str(unfit))
                continue
            shift.save(force_insert=True)
            shift.forums.set(forums)
            journal.shift = shift
            journal.save(force_insert=True)

    def _shift(self, row: Row, cleaner: Cleaner) -> tuple[Shift, list[int], Journal]:
        starts_at, ends_at = (self._time(row, cleaner, name) for name in ("starts_at", "ends_at"))
        if not timedelta() < ends_at - starts_at <= LONGEST:
            raise Unfit("a shift lasts a day at most, and ends after it begins")
        minutes = row.get("remind_before").strip() or str(REMIND_DEFAULT)
        if minutes not in map(str, REMIND_CHOICES):
            raise Unfit(f"remind_before is {shown(minutes)}, and not one of {', '.join(map(str, REMIND_CHOICES))}")
        over = ends_at <= self._now
        shift = Shift(
            jam=self._jam,
            member_id=self._member(row),
            starts_at=starts_at,
            ends_at=ends_at,
            remind_before=int(minutes),
            closed_at=self._now if over else None,
        )
        at = starts_at - timedelta(minutes=shift.remind_before)
        shift.remind_at = at if shift.remind_before and at > self._now else None
        self._check_free(shift)
        return shift, self._forums_of(row), self._journal(row, cleaner, over=over)

    def _check_free(self, shift: Shift) -> None:
        others = self._taken.setdefault(shift.member_id, [])
        if any(one.starts_at < shift.ends_at and one.ends_at > shift.starts_at for one in others):
            raise Unfit("the same person is on duty then already")
        others.append(shift)

    def _forums_of(self, row: Row) -> list[int]:
        keys = [key for key in row.get("forum_ids").splitlines() if key]
        missing = [key for key in keys if key not in self._forums]
        if missing:
            raise Unfit(f"there is no forum {shown(missing[0])}")
        return [self._forums[key] for key in keys]

    def _journal(self, row: Row, cleaner: Cleaner, *, over: bool) -> Journal:
        words = cleaner.text(row.get("words"), field="words")
        if len(words) > JOURNAL_MAX:
            raise Unfit(f"a journal has {JOURNAL_MAX} characters at most")
        handed_by, confirmed_by = (self._members.get(row.get(name)) for name in ("handed_by", "confirmed_by"))
        if handed_by is not None and handed_by == confirmed_by:
            raise Unfit("who hands a shift over does not confirm it")
        return Journal(
            words=words,
            html=to_html(words),
            version=1 if words else 0,
            edited_by_id=self._members.get(row.get("edited_by")),
            edited_at=self._time_or_none(row, cleaner, "edited_at"),
            handed_by_id=handed_by,
            handed_at=self._time_or_none(row, cleaner, "handed_at"),
            confirmed_by_id=confirmed_by,
            confirmed_at=self._time_or_none(row, cleaner, "confirmed_at"),
            late_told_at=self._now if over else None,
        )


def shifts(jam: Jam) -> Iterator[Cells]:
    """Two queries."""
    found = Shift.objects.filter(jam=jam).prefetch_related("forums").order_by("starts_at", "pk")
    people = ("member", "journal__edited_by", "journal__handed_by", "journal__confirmed_by")
    for shift in found.select_related(*people):
        kept = getattr(shift, "journal", None) or Journal()
        yield (
            shift.member.key,
            "\n".join(forum.key for forum in shift.forums.all()),
            format_time(shift.starts_at),
            format_time(shift.ends_at),
            shift.remind_before,
            kept.words,
            *(cell for who in ("edited", "handed", "confirmed") for cell in _by(kept, who)),
        )


def _by(kept: Journal, what: str) -> Cells:
    by = getattr(kept, f"{what}_by")
    return by.key if by else "", time_or_nothing(getattr(kept, f"{what}_at"))
