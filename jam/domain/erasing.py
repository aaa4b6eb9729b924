"""Taking rows of one jam away for good, in whatever table of whatever floor they lie.

Which tables are a jam's is not listed anywhere: it is what leads to a jam by foreign keys, so that a new table is
erased with the others. A jam that was held is never erased; what may be is for the caller to know.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import SET_NULL, FileField, ForeignKey, Model

from jam.models import Jam

Path = str
"""From a model to its jam, as a filter has it: `thread__jam`."""


def erase_rows(jam: Jam, *, which: Callable[[type[Model]], bool]) -> int:
    """Deletes the rows of `jam` in every table that `which` wants, their files after the commit, and says how many.

    Call it in a transaction, with nobody writing in the jam. It leaves counts as they are. The log of what was done
    lets only the rows of a rehearsal go.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jam.erasing', %s, true)", [str(jam.pk)])
    erased = 0
    for model, path in tables():
        if which(model):
            rows = model._base_manager.filter(**{path: jam.pk})
            for field in model._meta.concrete_fields:
                if isinstance(field, FileField):
                    _delete_files(list(rows.exclude(**{field.name: ""}).values_list(field.name, flat=True)))
            erased += rows._raw_delete(rows.db)
    return erased


def _delete_files(names: list[str]) -> None:
    for name in names:
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]


@cache
def tables() -> tuple[tuple[type[Model], Path], ...]:
    """Every model that leads to a jam, with the shortest way there. What a way leads over comes after where it begins.

    More order is not needed: the database looks whether what is referred to is there when the transaction commits.
    """
    ways: dict[type[Model], Path] = {Jam: ""}
    reached: list[type[Model]] = [Jam]
    while reached:
        reached = [
            model
            for above in reached
            for model, field in _referring_to(above)
            if model not in ways and ways.setdefault(model, f"{field}__{ways[above]}".removesuffix("__"))
        ]
    del ways[Jam]
    return tuple(reversed(ways.items()))


def _referring_to(target: type[Model]) -> list[tuple[type[Model], str]]:
    """The models whose rows go with a row of `target`, and the fields that say so."""
    return [
        (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and field.related_model is target
        and model is not target
        and field.remote_field.on_delete is not SET_NULL
    ]
