"""What the site holds of a person: declared once for each table, by the floor that it is on.

A floor says it in its `domain/holdings.py`, which is imported when the site starts. From these lines come the page of
what is kept, the file in which people take their data home (`taking_out`) and the deletion of an account (`leaving`).
A test holds them to the models: every foreign key to a person or a member, every e-mail address and every IP address is
in a table that somebody declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from accounts.models import Person

Words = str | Promise
Row = Mapping[str, Any]
AT_ONCE = 500


class Leaving(StrEnum):
    """What becomes of a person's rows when their account is deleted."""

    REMOVE = "remove"
    ANONYMISE = "anonymise"
    """They stay, and nothing says any more whose they were."""
    KEEP = "keep"
    """They stay as they are, for the reason that `leaving_why` gives."""


@dataclass(frozen=True)
class Picture:
    """A file of the person's own that goes into the zip under `name`; `path` is its name in the default storage."""

    name: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What a table, and those that only hang on it (`with_it`), hold of a person.

    `purpose`, `kept` and `seen_by` stand on the page of what is kept: what for, how long, who sees it. `owner` is the
    lookup that leads from a row to the person; `also` names further foreign keys to people in the same row, which
    `forget` or the anonymised member takes care of.

    `fields` is what the zip says of each row: its name there, and the lookup that it is read by. Where a lookup cannot,
    `read` answers the rows instead; `pictures` are the files that belong to them. With neither, the zip leaves it out.

    `mask`, of all floors, comes first at the deletion and takes names away; then from the top down `forget`, instead of
    deleting the rows or letting them be. Both are called with a person whose members are still theirs, may be called
    again after they were cut off, and open their own transactions.
    """

    name: str
    model: type[Model]
    title: Words
    purpose: Words
    kept: Words | Callable[[], str]
    seen_by: Words
    on_leaving: Leaving
    owner: str = "member__person"
    also: Sequence[str] = ()
    with_it: Sequence[type[Model]] = ()
    leaving_why: Words = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    read: Callable[[Person], Iterable[Row]] | None = None
    pictures: Callable[[Person], Iterable[Picture]] | None = None
    mask: Callable[[Person], None] | None = None
    forget: Callable[[Person], None] | None = None

    def how_long(self) -> str:
        """In words; asked each time, as a setting may say it."""
        return self.kept() if callable(self.kept) else str(self.kept)

    def of(self, person: Person) -> QuerySet[Any]:
        """The rows of `person`, in the order in which they were written."""
        return self.model._default_manager.filter(**{self.owner: person.pk}).order_by("pk")

    def rows(self, person: Person) -> Iterator[Row]:
        """What the zip says of them. One query, read in pieces."""
        if self.read is not None:
            yield from self.read(person)
        elif self.fields:
            names, lookups = list(self.fields), list(self.fields.values())
            for row in self.of(person).values_list(*lookups).iterator(chunk_size=AT_ONCE):
                yield dict(zip(names, row, strict=True))

    def leave(self, person: Person) -> None:
        """Does to the rows what `on_leaving` says. Twice is once."""
        if self.forget is not None:
            self.forget(person)
        elif self.on_leaving is Leaving.REMOVE:
            remove_all(self.of(person))


HOLDINGS: dict[str, Holding] = {}
"""By name, in the order of the floors, the lowest first: who leaves is forgotten from the top down."""


def declare(name: str, **options: Any) -> Holding:
    """Says what a table holds of a person; the options are those of `Holding`. Raises ValueError, at import, for a name
    that is taken and for what is kept without a reason."""
    holding = Holding(name=name, **options)
    if name in HOLDINGS:
        raise ValueError(f"{name!r} is declared twice.")
    if holding.on_leaving is Leaving.KEEP and not holding.leaving_why:
        raise ValueError(f"{name!r} is kept when somebody leaves: say why.")
    HOLDINGS[name] = holding
    return holding


def remove_all(rows: QuerySet[Any]) -> None:
    """Deletes `rows`, a few hundred in a transaction, so that nobody waits for one who has a hundred thousand."""
    while batch := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=batch).delete()
