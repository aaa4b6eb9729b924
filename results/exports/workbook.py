"""xlsx: the flat tables as sheets of one workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from jam.models import Jam
from results.exports.tables import Table, Value, plain, tables

# What the format can hold.
ROWS_MAX = 1_048_576 - 1
CELL_MAX = 32_767
CUT = " […]"
WIDTHS = {"number": 10, "id": 14, "time": 24, "text": 28, "tags": 20}
# Text stays text, whatever it begins with.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(jam: Jam, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        # Otherwise the workbook carries the time of its making.
        book.set_properties({"title": jam.title, "created": jam.created_at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        _write_about(jam, book, bold)
        for table in tables(jam):
            _write_table(table, book, bold)


def _write_about(jam: Jam, book: Any, bold: Any) -> None:
    sheet = book.add_worksheet("jam")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    facts: dict[str, Value] = {
        "slug": jam.slug,
        "title": jam.title,
        "question": jam.question,
        "language": jam.language,
        "timezone": jam.time_zone,
        "opens_at": jam.opens_at,
        "closes_at": jam.closes_at,
        "reading_until": jam.reading_until,
        "voting": jam.voting,
    }
    for index, (name, value) in enumerate(facts.items()):
        sheet.write_string(index, 0, name, bold)
        sheet.write_string(index, 1, _fit(str(plain(value))))


def _write_table(table: Table, book: Any, bold: Any) -> None:
    """A sheet, and as many more as the rows need."""
    rows = table.rows()
    number = 1
    while True:
        sheet = book.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(table.columns):
            sheet.set_column(index, index, WIDTHS[column.kind])
            sheet.write_string(0, index, column.name, bold)
        _write_rows(sheet, islice(rows, ROWS_MAX))
        following = next(rows, None)
        if following is None:
            return
        rows = chain([following], rows)
        number += 1


def _write_rows(sheet: Any, rows: Iterator[Sequence[Value]]) -> None:
    for index, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            cell = plain(value)
            if isinstance(cell, int):
                sheet.write_number(index, place, cell)
            elif cell:
                sheet.write_string(index, place, _fit(cell))


def _fit(text: str) -> str:
    return text if len(text) <= CELL_MAX else text[: CELL_MAX - len(CUT)] + CUT
