"""From what stands in a file to what the database keeps; what had to change on the way is told to the report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from results.bundle import reasons
from results.bundle.report import Report, shown

ID_MAX = 100
YEARS = range(1900, 2200)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
BREAKS = re.compile("[\t\n\r]+")


def parse_time(text: str) -> tuple[datetime | None, bool]:
    """The moment that `text` names, in UTC, and whether it had to be taken for UTC. None if it names none."""
    try:
        at = datetime.fromisoformat(text.strip())
        is_naive = at.tzinfo is None
        at = at.replace(tzinfo=UTC) if is_naive else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None, False
    return (at, is_naive) if at.year in YEARS else (None, False)


def format_time(at: datetime) -> str:
    """ISO 8601 in UTC, with as much of the second as there is."""
    at = at.astimezone(UTC).replace(tzinfo=None)
    precision = "seconds" if not at.microsecond else "microseconds" if at.microsecond % 1000 else "milliseconds"
    return at.isoformat(timespec=precision) + "Z"


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Cleans the values of one row and tells the report, in the name of that row."""

    report: Report
    file: str
    line: int | None

    def mend(self, reason: reasons.Reason, detail: str = "") -> None:
        self.report.mend(self.file, self.line, reason, detail)

    def text(self, value: str, *, field: str) -> str:
        """Text of many lines. Line ends become \\n, as everywhere on the site; that alone is no mend."""
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        cleaned = CONTROL.sub("", value)
        if cleaned != value:
            self.mend(reasons.CONTROLS, field)
        return cleaned

    def one_line(self, value: str, *, field: str, limit: int) -> str:
        cleaned = self.text(value, field=field)
        line = BREAKS.sub(" ", cleaned)
        if line != cleaned:
            self.mend(reasons.ONE_LINE, field)
        if len(line) > limit:
            self.mend(reasons.TOO_LONG, f"has {len(line):,} characters in {field}, which holds {limit}")
            line = line[:limit]
        return line

    def time(self, value: str, *, field: str) -> datetime | None:
        """The moment, or None if `value` names none, which is for the caller to mend."""
        at, is_naive = parse_time(value)
        if is_naive:
            self.mend(reasons.NAIVE, f"{field} {shown(value)}")
        return at


def id_problem(value: str) -> tuple[reasons.Reason, str] | None:
    """Why `value` cannot be the id of a row; None if it can. An id is kept to the letter, so it is never mended."""
    if not value.strip():
        return reasons.NO_ID, ""
    if len(value) > ID_MAX:
        return reasons.BAD_ID, f"{len(value)} characters, {ID_MAX} are kept"
    if CONTROL.search(value) or BREAKS.search(value):
        return reasons.BAD_ID, f"{shown(value)} holds control characters"
    return None
