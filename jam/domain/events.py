"""What the jam itself appends to its event log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from jam.domain.rooms import PULSE, person_room
from jam.models import Jam, Member, Role
from live.domain import log
from live.domain.kinds import Count, EventData, EventPart, Id, Moment, declare


class MemberName(EventPart):
    """A member, by the name that they have in this jam."""

    id: Id = Field(description="The member.")
    name: str = Field(description="Their name in this jam.")


@declare("window.changed")
class WindowChanged(EventData):
    """The jam opens or closes at another time. The phase follows from these times and the clock."""

    opens_at: Moment | None = Field(description="Null while it is not set.")
    closes_at: Moment | None = Field(description="Null while it is not set.")
    reading_until: Moment | None = Field(description="Until when the closed jam can be read; null for good.")
    review_until: Moment | None = Field(description="Until when its staff and observers can; null without a review.")


@declare("jam.changed")
class JamChanged(EventData):
    """The jam's words, its look or its forums changed. Fetch what you show of them."""

    title: str = Field(description="The jam's title now.")


class FinalCounts(EventPart):
    """The numbers of a jam at its close, without hidden posts and the votes on them."""

    members: Count = Field(description="Members of the jam.")
    authors: Count = Field(description="Members who wrote a post.")
    voters: Count = Field(description="Members who voted.")
    ideas: Count = Field(description="Posts that started a thread.")
    replies: Count = Field(description="Posts that answer another.")
    posts: Count = Field(description="Ideas and replies.")
    votes: Count = Field(description="Votes on these posts.")


@declare("jam.closed")
class JamClosed(EventData):
    """What follows a close was begun. The jam was closed by its clock, at `closed_at`, and not by this."""

    closed_at: Moment = Field(description="When the window ended.")
    counts: FinalCounts = Field(description="The jam's numbers, final.")


@declare("member.changed")
class MemberChanged(EventData):
    """You have another role in this jam, and so may do more or less than before. Only you hear of it."""

    member: Id = Field(description="You, as a member of this jam: the `author` of your posts.")
    role: Role = Field(description="Your role from now on.")


def window_changed(jam: Jam) -> int:
    """Appends the window as it is from now on. Tabs compute the phase from it themselves."""
    event = WindowChanged(
        opens_at=jam.opens_at,
        closes_at=jam.closes_at,
        reading_until=jam.reading_until,
        review_until=jam.review_until,
    )
    return log.append(jam_key=jam.pk, event=event, rooms=[PULSE])


def jam_changed(jam: Jam) -> int:
    """Appends that the words, the look or the forums changed; what a page shows of them is loaded afresh."""
    return log.append(jam_key=jam.pk, event=JamChanged(title=jam.title), rooms=[PULSE])


def jam_closed(jam: Jam, *, closed_at: datetime, counts: Mapping[str, int]) -> int:
    """Appends that what follows a close was begun, with the counts as they are now for good."""
    event = JamClosed(closed_at=closed_at, counts=FinalCounts(**counts))
    return log.append(jam_key=jam.pk, event=event, rooms=[PULSE])


def member_changed(member: Member) -> int:
    """Appends, for the person alone, that `member` has the role that it has now."""
    event = MemberChanged(member=member.pk, role=Role(member.role))
    return log.append(jam_key=member.jam_id, event=event, rooms=[person_room(member.person_id)])
