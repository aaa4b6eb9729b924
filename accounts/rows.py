"""Objects from SQL that is written once.

The ORM puts a query together anew each time, which for one row takes ten times as long as asking it. What every request
asks, and every vote, is asked like this.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model

ID_MAX = 2**63 - 1


class Fetch:
    """A query for one row, whose answer is objects of the ORM and plain values.

    In `sql`, `{name}` stands for the columns of the model that `models` has under that name, which is also what its
    table must be called there: `SELECT {jam}, clock_timestamp() FROM jam_jam AS jam WHERE jam.id = %(jam)s`. The models
    come first and in the order of `models`, other columns after them. What one object refers to is not set in it to
    another of the same row: who asks does that.
    """

    def __init__(self, sql: str, **models: type[Model]) -> None:
        self._template = sql
        self._models = models

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
        for model, names in self._fields:
            values = row[start : start + len(names)]
            answer.append(None if values[0] is None else model.from_db(connection.alias, names, values))
            start += len(names)
        return answer + list(row[start:])

    # Both wait for the first use: a module is imported before all models are known.
    @cached_property
    def _fields(self) -> list[tuple[type[Model], list[str]]]:
        return [(model, [field.attname for field in model._meta.concrete_fields]) for model in self._models.values()]

    @cached_property
    def _sql(self) -> str:
        return self._template.format(
            **{
                name: ", ".join(f"{name}.{field.column}" for field in model._meta.concrete_fields)
                for name, model in self._models.items()
            }
        )
