"""Objects from SQL that is written once.

The ORM puts a query together anew each time, which for one row takes ten times as long as asking it. What every request
asks, and every vote, is asked like this. It lies on the lowest floor that asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model

ID_MAX = 2**63 - 1


@dataclass(frozen=True)
class Part:
    """Some fields of a model: the others are left out of the query, and are read when something wants them."""

    model: type[Model]
    fields: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> dict[str, str]:
        """The names of the fields in an object, and in the table."""
        fields = self.model._meta.concrete_fields
        return {field.attname: str(field.column) for field in fields if not self.fields or field.attname in self.fields}


def only(model: type[Model], *fields: str) -> Part:
    """These fields of a model, by the names they have in an object (`jam_id`). The id must be one of them."""
    return Part(model, fields)


class Fetch:
    """A query for one row, whose answer is objects of the ORM and plain values.

    In `sql`, `{name}` stands for the columns of the model that `models` has under that name, which is also what its
    table must be called there: `SELECT {jam}, clock_timestamp() FROM jam_jam AS jam WHERE jam.id = %(jam)s`. The models
    come first and in the order of `models`, other columns after them. What one object refers to is not set in it to
    another of the same row: who asks does that.
    """

    def __init__(self, sql: str, **models: type[Model] | Part) -> None:
        self._template = sql
        self._parts = {name: part if isinstance(part, Part) else Part(part) for name, part in models.items()}

    def first(self, **parameters: Any) -> list[Any] | None:
        """The answer, None without a row. An outer join that found nothing gives None for its object. One query.

        A number that is larger than any id finds nothing, as with the ORM.
        """
        if any(isinstance(value, int) and value > ID_MAX for value in parameters.values()):
            return None
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            row = cursor.fetchone()
        if row is None:
            return None
        answer: list[Any] = []
        start = 0
        for part in self._parts.values():
            values = row[start : start + len(part.columns)]
            answer.append(None if values[0] is None else part.model.from_db(connection.alias, part.columns, values))
            start += len(part.columns)
        return answer + list(row[start:])

    # Not before the first use: a module is imported before all models are known.
    @cached_property
    def _sql(self) -> str:
        return self._template.format(
            **{
                name: ", ".join(f"{name}.{column}" for column in part.columns.values())
                for name, part in self._parts.items()
            }
        )
