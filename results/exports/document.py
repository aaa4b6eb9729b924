"""json: the whole jam as one document, written row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

from jam.models import Jam
from results.bundle.description import described
from results.exports.tables import Table, Value, plain, tables

FORMAT = "jam-export/1"


def write(jam: Jam, path: Path) -> None:
    about = {name: value for name, value in described(jam).items() if name != "format"}
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"format": {json.dumps(FORMAT)},\n"jam": {json.dumps(about, ensure_ascii=False)}')
        for table in tables(jam):
            _write_table(table, file)
        file.write("}\n")


def _write_table(table: Table, file: TextIO) -> None:
    names = [column.name for column in table.columns]
    file.write(f",\n{json.dumps(table.name)}: [")
    separator = "\n"
    for row in table.rows():
        values = {name: _json(value) for name, value in zip(names, row, strict=True)}
        file.write(separator + json.dumps(values, ensure_ascii=False))
        separator = ",\n"
    file.write("]")


def _json(value: Value) -> str | int | list[str] | None:
    return value if isinstance(value, list) or value is None else plain(value)
