"""What the bell appends to a jam's event log."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from jam.domain.rooms import person_room
from live.domain import log
from live.domain.kinds import Count, EventData, declare


@declare("notified")
class Notified(EventData):
    """You were told of something: ask `/notifications/unseen/`. Only you hear of it, and it says nothing of what it is.

    It is appended once for many people, so the log of a jam grows by one event and not by one a person, and no words
    lie in it that would have to be taken out if a post is hidden.
    """

    among: Count = Field(description="How many people are told with you. Spread your asking over the more time.")


def notified(jam_id: int, person_ids: Sequence[int]) -> int:
    """Appends that these people were told of something. The last statement of its transaction."""
    return log.append(
        jam_key=jam_id,
        event=Notified(among=len(person_ids)),
        rooms=[person_room(person) for person in person_ids],
    )
