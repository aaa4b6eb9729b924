"""The account of an import: for every row, what became of it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from results.bundle.errors import BundleRefused
from results.bundle.reasons import Reason

SHOWN_MAX = 60
STRICT = "A strict import takes no row that it has to mend or leave out."


class Fate(enum.StrEnum):
    MENDED = "mended"
    REFUSED = "refused"
    KEPT = "kept as it is"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done with one row, and why. A row has one entry for each reason."""

    file: str
    line: int | None
    fate: Fate
    reason: Reason
    detail: str

    @property
    def place(self) -> str:
        return f"{self.file} line {self.line}" if self.line else self.file

    @property
    def text(self) -> str:
        return self.reason.of_row(self.detail)

    def __str__(self) -> str:
        return f"{self.place}: {self.fate}: {self.text}"


@dataclass
class Tally:
    """The rows of one file. Always `read == loaded + superseded + refused`; those mended are among the loaded."""

    file: str
    read: int = 0
    superseded: int = 0
    refused_lines: set[int] = field(default_factory=set)
    mended_lines: set[int] = field(default_factory=set)

    @property
    def refused(self) -> int:
        return len(self.refused_lines)

    @property
    def mended(self) -> int:
        return len(self.mended_lines - self.refused_lines)

    @property
    def loaded(self) -> int:
        return self.read - self.superseded - self.refused


@dataclass(frozen=True)
class Group:
    """All rows of one file to which the same happened for the same reason."""

    file: str
    fate: Fate
    reason: Reason
    entries: list[Entry]

    def __str__(self) -> str:
        return f"{self.file}: {self.reason.of_sum(len(self.entries))}"


class Report:
    """Collects entries while a bundle is read. If `strict`, the first mended or refused row raises BundleRefused."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._entries: list[Entry] = []
        self._tallies: dict[str, Tally] = {}
        self.warnings: list[str] = []

    def tally(self, file: str) -> Tally:
        return self._tallies.setdefault(file, Tally(file))

    def tallies(self) -> list[Tally]:
        return list(self._tallies.values())

    def count_read(self, file: str) -> None:
        self.tally(file).read += 1

    def count_superseded(self, file: str, number: int) -> None:
        self.tally(file).superseded += number

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def mend(self, file: str, line: int | None, reason: Reason, detail: str = "") -> None:
        self._add(Entry(file, line, Fate.MENDED, reason, detail))
        if line is not None:
            self.tally(file).mended_lines.add(line)

    def refuse(self, file: str, line: int, reason: Reason, detail: str = "") -> None:
        self._add(Entry(file, line, Fate.REFUSED, reason, detail))
        self.tally(file).refused_lines.add(line)

    def keep(self, file: str, line: int, reason: Reason, detail: str = "") -> None:
        """Tells of a row that is odd and loaded as it is. Never stops a strict import."""
        self._entries.append(Entry(file, line, Fate.KEPT, reason, detail))

    def entries(self) -> list[Entry]:
        """In the order of files and lines. What was mended in a row that was refused in the end is not told."""
        told = (entry for entry in self._entries if entry.fate is Fate.REFUSED or not self._is_refused(entry))
        order = {file: index for index, file in enumerate(self._tallies)}
        return sorted(told, key=lambda entry: (order.get(entry.file, -1), entry.line or 0))

    def groups(self) -> list[Group]:
        found: dict[tuple[str, Fate, Reason], list[Entry]] = {}
        for entry in self.entries():
            found.setdefault((entry.file, entry.fate, entry.reason), []).append(entry)
        return [Group(file, fate, reason, entries) for (file, fate, reason), entries in found.items()]

    def _add(self, entry: Entry) -> None:
        if self._strict:
            raise BundleRefused(f"{entry.text}. ({STRICT})", file=entry.file, line=entry.line)
        self._entries.append(entry)

    def _is_refused(self, entry: Entry) -> bool:
        return entry.line is not None and entry.line in self._tallies[entry.file].refused_lines


def shown(value: str) -> str:
    """`value` in quotes, short, and without what could play with the terminal or page that shows it."""
    text = value if len(value) <= SHOWN_MAX else value[: SHOWN_MAX - 1] + "…"
    return "“" + "".join(c if c.isprintable() else "�" for c in text) + "”" if value else "nothing"


def lines(report: Report) -> Iterator[str]:
    """The report as text: each row, then the sums, then a count per table."""
    for entry in report.entries():
        yield str(entry)
    for warning in report.warnings:
        yield f"warning: {warning}"
    groups = report.groups()
    if groups:
        yield ""
        yield from (str(group) for group in groups)
    yield ""
    yield from _table(report)


def _table(report: Report) -> Iterator[str]:
    columns = ("read", "loaded", "mended", "superseded", "refused")
    yield f"{'file':<16}" + "".join(f"{name:>12}" for name in columns)
    for tally in report.tallies():
        yield f"{tally.file:<16}" + "".join(f"{getattr(tally, name):>12,}" for name in columns)


def fates(report: Report) -> Counter[Fate]:
    """How many entries there are of each fate."""
    return Counter(entry.fate for entry in report.entries())
