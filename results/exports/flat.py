"""csv: the flat tables as CSV files, safe to open in a spreadsheet."""

from __future__ import annotations

import csv

from jam.domain.cells import harmless
from jam.models import Jam
from results.exports.sinks import Sink
from results.exports.tables import Column, Value, plain, tables


def write(jam: Jam, sink: Sink) -> None:
    """No byte order mark: programs read these files. For a spreadsheet there is xlsx."""
    for table in tables(jam):
        with sink.open(f"{table.name}.csv") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(column.name for column in table.columns)
            for row in table.rows():
                writer.writerow(_cell(column, value) for column, value in zip(table.columns, row, strict=True))


def _cell(column: Column, value: Value) -> str | int:
    """A cell. Ids are left to the letter, since other files name them; what people wrote cannot become a formula."""
    cell = plain(value)
    if column.kind in ("text", "tags") and isinstance(cell, str):
        return harmless(cell)
    return cell
