"""What clients are told, described: each kind of event and the frame around them, from where the kinds are declared.

For the documents alone. What is sent is text already, and is not checked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from live.domain.kinds import EventData


class EventOut(BaseModel):
    """What every event has."""

    seq: int = Field(gt=0, description="Its number in the jam: one more than the event's before, whatever their rooms.")
    kind: str = Field(description="What happened. There will be more kinds: leave out those that you do not know.")
    at: datetime = Field(description="When it was logged.")


HTML = Field(
    default="",
    description="The fragment that shows the post, the same for every reader; only in the room of its thread.",
)


class FrameOut(BaseModel):
    """All that happened in your rooms after `after` and up to `seq`."""

    after: int = Field(description="The `seq` that you sent as `since`.")
    seq: int = Field(description="Send it as `since` next time.")


class ResetOut(BaseModel):
    """What came after `since` is not kept any more, or has not happened yet: start over from the jam."""

    reset: Literal[True]
    seq: int = Field(description="The number of the newest event.")


def event_out(kind: type[EventData]) -> type[EventOut]:
    """An event of this kind as it is sent."""
    fields: dict[str, Any] = {"kind": (Literal[kind.kind], EventOut.model_fields["kind"])}
    fields |= {name: (field.annotation, field) for name, field in kind.model_fields.items()}
    if kind.has_html:
        fields["html"] = (str, HTML)
    return create_model(kind.__name__, __base__=EventOut, __doc__=kind.__doc__, **fields)


def changes_out(kinds: Iterable[type[EventData]]) -> Any:
    """A frame with events of these kinds, or the reset."""
    event: Any = reduce(or_, map(event_out, kinds))
    events = list[Annotated[event, Field(discriminator="kind")]]
    frame = create_model(
        "Frame",
        __base__=FrameOut,
        __doc__=FrameOut.__doc__,
        events=(events, Field(description="In the order of their numbers.")),
    )
    return frame | ResetOut
