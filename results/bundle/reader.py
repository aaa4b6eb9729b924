"""The rows of one file, with the line that each begins on."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import count
from typing import IO, NamedTuple

from results.bundle import reasons
from results.bundle.errors import BundleRefused
from results.bundle.layout import Table
from results.bundle.report import Report, shown
from results.bundle.source import Source

# Far above what anybody writes; what is longer is a quote that was never closed, or no text at all.
FIELD_MAX = 4 * 1024**2
LINE_MAX = 16 * 1024**2


class Row(NamedTuple):
    line: int
    values: dict[str, str]

    def get(self, column: str) -> str:
        """The value in `column`; "" where the file has no such column."""
        return self.values.get(column, "")


def rows(source: Source, table: Table, report: Report | None = None) -> Iterator[Row]:
    """The rows of `table`, checked for their shape and counted in `report`; without one, those that fit.

    No rows if the table is optional and its file not there. Raises BundleRefused where the rest of the file could not
    be trusted: encoding, quoting, header.
    """
    if table.file not in source.names:
        if not table.optional:
            raise BundleRefused(f"There is no {table.file} in the bundle.")
        return
    csv.field_size_limit(max(csv.field_size_limit(), FIELD_MAX))
    with source.open(table.file) as stream:
        records = _records(stream, table.file)
        header = _header(records, table)
        if report is not None:
            _tell_of_unknown(header, table, report)
        known = [(index, name) for index, name in enumerate(header) if name in table.columns]
        for line, record in records:
            if report is not None:
                report.count_read(table.file)
            if len(record) == len(header):
                yield Row(line, {name: record[index] for index, name in known})
            elif report is not None:
                detail = f"{len(record)} where the header names {len(header)}"
                report.refuse(table.file, line, reasons.COLUMNS, detail)


def _records(stream: IO[bytes], file: str) -> Iterator[tuple[int, list[str]]]:
    parser = csv.reader(_lines(stream, file), strict=True)
    while True:
        line = parser.line_num + 1
        try:
            record = next(parser)
        except StopIteration:
            return
        except csv.Error as error:
            raise BundleRefused(_what_is_broken(error), file=file, line=line) from error
        if record:
            yield line, record


def _lines(stream: IO[bytes], file: str) -> Iterator[str]:
    """Lines of text that end in \\n. Decoded one by one, so that a byte that is no UTF-8 can be told with its place."""
    for number in count(1):
        raw = stream.readline(LINE_MAX + 1)
        if not raw:
            return
        if len(raw) > LINE_MAX:
            raise BundleRefused(f"The line is longer than {LINE_MAX // 1024**2} MB.", file=file, line=number)
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"This is not UTF-8: byte 0x{raw[error.start]:02X} at place {error.start + 1} of the line."
            raise BundleRefused(message, file=file, line=number) from error


def _what_is_broken(error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text:
        return f"A field is longer than {FIELD_MAX // 1024**2} MB; a quote may not be closed."
    if "unexpected end" in text:
        return "A quote is opened in this row and never closed."
    if "new-line" in text:
        return "There is a line break inside a field that is not in quotes."
    return f"The quoting of this row is broken ({text})."


def _header(records: Iterator[tuple[int, list[str]]], table: Table) -> list[str]:
    line, record = next(records, (1, []))
    header = [name.strip() for name in record]
    missing = [name for name in table.columns if name in table.required and name not in header]
    if missing:
        names = ", ".join(missing)
        raise BundleRefused(f"The header lacks {names}.", file=table.file, line=line)
    twice = sorted({name for name in header if name in table.columns and header.count(name) > 1})
    if twice:
        raise BundleRefused(f"The header names {', '.join(twice)} twice.", file=table.file, line=line)
    return header


def _tell_of_unknown(header: list[str], table: Table, report: Report) -> None:
    unknown = [shown(name) for name in header if name not in table.columns]
    if unknown:
        report.warn(f"{table.file}: kept out, since this site does not know the column: {', '.join(unknown)}.")
