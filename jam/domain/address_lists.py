"""A list of addresses as somebody pastes or uploads it, taken apart into rows. It knows no jam."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from jam.domain.addresses import Address, NotAnAddress, read_address

COLUMNS = {
    "email": "email", "e-mail": "email", "mail": "email", "address": "email", "e-mail address": "email",
    "email address": "email", "mail address": "email",
    "name": "name", "full name": "name",
    "affiliation": "affiliation", "organisation": "affiliation", "organization": "affiliation",
    "company": "affiliation", "role": "role",
}  # fmt: skip
BY_PLACE = ("email", "name", "affiliation", "role")
DELIMITERS = ",;\t"
LINES_OF_A_CELL = 10
NUL_SHARE = 0.2


@dataclass(frozen=True)
class Row:
    """`number` counts from 1, with the heading. Either `address` or what is wrong: `fault` and its `detail`."""

    number: int
    written: str
    address: Address | None = None
    name: str = ""
    affiliation: str = ""
    role: str = ""
    fault: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Layout:
    """How a list is written: its delimiter, and which column is what; `unknown` are headings that are left out."""

    delimiter: str
    columns: Sequence[str]
    has_heading: bool
    unknown: Sequence[str] = field(default_factory=tuple)


def decode(content: bytes) -> tuple[str, str]:
    """The text, and the encoding it was read as: utf-8, utf-16, or latin-1 where it is neither, which always works and
    may be wrong. A byte that breaks UTF-16 becomes U+FFFD."""
    if content.startswith(codecs.BOM_UTF8):
        content = content.removeprefix(codecs.BOM_UTF8)
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "utf-16"
    start = content[:2_000]
    if start.count(0) > NUL_SHARE * len(start):
        is_little = start[1::2].count(0) > start[0::2].count(0)
        return content.decode("utf-16-le" if is_little else "utf-16-be", "replace"), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # Windows writes its own variant of Latin-1; the few bytes that it leaves out are controls in the other.
        try:
            return content.decode("cp1252"), "latin-1"
        except UnicodeDecodeError:
            return content.decode("latin-1"), "latin-1"


def layout_of(text: str) -> Layout:
    """How the list is written, from its first row that is not empty."""
    first = next((line for line in io.StringIO(text[:20_000]) if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    cells = [cell.strip().casefold() for cell in _cells(first, delimiter)]
    if "email" not in {COLUMNS.get(cell) for cell in cells}:
        return Layout(delimiter, BY_PLACE, has_heading=False)
    known = [COLUMNS.get(cell, "") for cell in cells]
    # Of two columns that mean the same the first is taken.
    columns = [name if name not in known[:at] else "" for at, name in enumerate(known)]
    unknown = tuple(cell for cell, name in zip(cells, columns, strict=True) if not name and cell)
    return Layout(delimiter, columns, has_heading=True, unknown=unknown)


def rows_of(text: str, layout: Layout) -> Iterator[Row]:
    """Every row of the list but its heading, broken ones too. Reads as it goes, and holds one row at a time."""
    number = 0
    heading = layout.has_heading
    for record in _records(text, layout.delimiter):
        cells = [cell.strip() for cell in _cells(record, layout.delimiter)]
        if heading and any(cells):
            heading, number = False, number + 1
            continue
        several = not layout.has_heading and sum("@" in cell for cell in cells) > 1
        for group in [[cell] for cell in cells if cell] if several else [cells]:
            number += 1
            yield _row(number, group, layout)


def _row(number: int, cells: Sequence[str], layout: Layout) -> Row:
    if not any(cells):
        return Row(number, "", fault="empty")
    named = {name: cell for name, cell in zip(layout.columns, cells, strict=False) if name}
    written = named.get("email", "") or layout.delimiter.join(cells)
    if any(cells[len(layout.columns) :]):
        return Row(number, written, fault="columns", detail=f"{len(cells)}/{len(layout.columns)}")
    try:
        address = read_address(named.get("email", ""))
    except NotAnAddress as error:
        return Row(number, written, fault="not-an-address", detail=error.reason)
    return Row(
        number,
        written,
        address=address,
        name=_plain(named.get("name") or address.name),
        affiliation=_plain(named.get("affiliation", "")),
        role=named.get("role", "").casefold(),
    )


def _plain(text: str) -> str:
    return " ".join("".join(one for one in text if one.isprintable()).split())[:120]


def _records(text: str, delimiter: str) -> Iterator[str]:
    """The rows: lines, but for a cell in quotation marks that goes on over the next ones. One that is never closed, or
    not where a cell ends, ends with its line, so that it does not swallow the list."""
    lines = (line.rstrip("\n") for line in io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")))
    ahead: deque[str] = deque()
    while True:
        line = ahead.popleft() if ahead else next(lines, None)
        if line is None:
            return
        if line.count('"') % 2:
            ahead.extend(islice(lines, LINES_OF_A_CELL - len(ahead)))
            more = _lines_that_belong(line, ahead, delimiter)
            line = "\n".join([line, *(ahead.popleft() for _ in range(more))])
        yield line


def _lines_that_belong(line: str, ahead: Iterable[str], delimiter: str) -> int:
    """How many of the lines `ahead` go on with a cell that is open at the end of `line`; 0 if it is just broken."""
    joined = line
    for count, one in enumerate(ahead, 1):
        joined += f"\n{one}"
        if joined.count('"') % 2 == 0:
            try:
                next(csv.reader([joined], delimiter=delimiter, strict=True))
            except csv.Error:
                return 0
            return count
    return 0


def _cells(record: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([record.replace("\0", " ")], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return [record[:320]]
