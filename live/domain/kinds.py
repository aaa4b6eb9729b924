"""The kinds of events: each declared once, typed, and described to the clients from the same lines.

The floors above declare theirs in their `domain/events.py`:

    @declare("forum.renamed")
    class ForumRenamed(EventData):
        "A forum has a new name."

        forum: Id = Field(description="The forum.")

What is in the log already outlives its kind: an event whose kind is no longer declared is delivered as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC
from typing import Annotated, ClassVar, TypeVar

from django.utils.module_loading import autodiscover_modules
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

NAME = re.compile(r"[a-z]+([._][a-z]+)*")
NAME_MAX = 40
RESERVED = frozenset({"seq", "kind", "html"})
"""Fields that an event has by being one. `at`, when it was logged, a kind may set itself."""

Id = Annotated[int, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]
Moment = Annotated[
    AwareDatetime,
    PlainSerializer(lambda at: at.astimezone(UTC).isoformat(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time with a zone; it is told in UTC."""


class EventPart(BaseModel):
    """A group of fields within an event."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class EventData(EventPart):
    """What an event of one kind says. Raises pydantic's ValidationError for what does not fit the kind."""

    kind: ClassVar[str] = ""
    has_html: ClassVar[bool] = False


Kind = TypeVar("Kind", bound=EventData)

KINDS: dict[str, type[EventData]] = {}


def declare(name: str, *, html: bool = False) -> Callable[[type[Kind]], type[Kind]]:
    """Makes a class the kind of event called `name`. With `html`, a fragment may come with it.

    Raises ValueError, at import, if another has the name, the name is no name, or a field is not the kind's to set.
    """

    def declared(cls: type[Kind]) -> type[Kind]:
        if name in KINDS:
            raise ValueError(f"{name!r} is declared twice: by {KINDS[name].__name__} and by {cls.__name__}.")
        if len(name) > NAME_MAX or not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a kind.")
        if taken := RESERVED & cls.model_fields.keys():
            raise ValueError(f"{sorted(taken)} are not for {name!r} to set.")
        cls.kind, cls.has_html = name, html
        KINDS[name] = cls
        return cls

    return declared


def all_kinds() -> list[type[EventData]]:
    """The kinds of all floors, by name. Imports the floors' `domain.events`, so call it when the apps are loaded."""
    autodiscover_modules("domain.events")
    return [KINDS[name] for name in sorted(KINDS)]
