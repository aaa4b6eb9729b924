"""What the jam itself appends to its event log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import Field

from jam.domain.rooms import PULSE, STAFF, person_room
from jam.models import Announcement, GuestHour, Jam, Member, Poll, Role
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


@declare("requests.changed")
class RequestsChanged(EventData):
    """Somebody asked to take part, or it was decided. Who asked is not told: fetch the page."""

    open: Count = Field(description="How many requests wait for a decision.")


@declare("member.changed")
class MemberChanged(EventData):
    """You have another role in this jam, and so may do more or less than before. Only you hear of it."""

    member: Id = Field(description="You, as a member of this jam: the `author` of your posts.")
    role: Role = Field(description="Your role from now on.")


@declare("announcement.made", html=True)
class AnnouncementMade(EventData):
    """Those who run the jam announce something. The fragment holds its words.

    Everybody in the jam hears it; with `forum` it is for those who have that forum or one of its threads open.
    """

    announcement: Id = Field(description="The announcement.")
    forum: Id | None = Field(description="The forum that it is for; null for the whole jam.")
    at: Moment = Field(description="When it was made.")


@declare("announcement.taken_back")
class AnnouncementTakenBack(EventData):
    """An announcement is not to be shown any more."""

    announcement: Id = Field(description="The announcement.")


class ChoiceCount(EventPart):
    """A choice of a poll."""

    id: Id = Field(description="The choice.")
    words: str = Field(description="What it says.")
    count: Count = Field(description="How many chose it.")


@declare("poll.changed")
class PollChanged(EventData):
    """There is a new poll, or one ends at another time than it did."""

    poll: Id = Field(description="The poll.")
    forum: Id | None = Field(description="The forum that it is shown in; null for the jam's home.")
    question: str = Field(description="What it asks.")
    multiple: bool = Field(description="Whether one may choose more than one.")
    results: str = Field(description="Who is shown how it stands: everybody (`always`) or who voted (`after-vote`).")
    closes_at: Moment | None = Field(description="When it ends; null with the jam.")
    voters: Count = Field(description="How many voted.")
    choices: list[ChoiceCount] = Field(description="Its choices, in their order.")


@declare("poll.counted")
class PollCounted(EventData):
    """People voted in a poll. Comes at most every two seconds a poll, with the newest counts."""

    poll: Id = Field(description="The poll.")
    voters: Count = Field(description="How many voted.")
    counts: dict[str, int] = Field(description="How many chose each choice, by its number as text.")


@declare("poll.removed")
class PollRemoved(EventData):
    """A poll that nobody had voted in was taken away."""

    poll: Id = Field(description="The poll.")


class Hour(EventPart):
    """A guest hour."""

    id: Id = Field(description="The guest hour.")
    guest: MemberName = Field(description="Who the guest is.")
    forum: Id | None = Field(description="The forum in which they take part; null for the whole jam.")
    words: str = Field(description="What it is about; may be empty.")
    starts_at: Moment = Field(description="When it begins.")
    ends_at: Moment = Field(description="When it ends.")


@declare("guest_hours.changed")
class GuestHoursChanged(EventData):
    """A guest hour was set, moved or taken away: these are now to come, or on."""

    hours: list[Hour] = Field(description="The next of them, the first first.")


@declare("guest.on")
class GuestOn(EventData):
    """A guest hour began. It is on by its times, and not by this."""

    hour: Hour = Field(description="The guest hour.")


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


def announcement_made(made: Announcement) -> int:
    """Appends an announcement, for everybody in the jam: a tab knows which forum it shows."""
    event = AnnouncementMade(announcement=made.pk, forum=made.forum_id, at=made.created_at)
    return log.append(jam_key=made.jam_id, event=event, rooms=[PULSE], html=made.html, html_room=PULSE)


def announcement_taken_back(announcement: Announcement) -> int:
    """Appends that an announcement was taken back, and takes its words out of what is told from now on."""
    about = {"announcement": announcement.pk}
    log.amend(jam_key=announcement.jam_id, kinds=[AnnouncementMade], about=about, data={}, html="")
    event = AnnouncementTakenBack(announcement=announcement.pk)
    return log.append(jam_key=announcement.jam_id, event=event, rooms=[PULSE])


def poll_changed(poll: Poll) -> int:
    """Appends a poll as it is now. One query for its choices unless they are there."""
    event = PollChanged(
        poll=poll.pk,
        forum=poll.forum_id,
        question=poll.question,
        multiple=poll.multiple,
        results=poll.results,
        closes_at=poll.closes_at,
        voters=poll.voter_count,
        choices=[ChoiceCount(id=choice.pk, words=choice.words, count=choice.count) for choice in poll.choices.all()],
    )
    return log.append(jam_key=poll.jam_id, event=event, rooms=[PULSE])


def poll_counted(poll: Poll) -> int:
    """Appends the newest counts of a poll. One query more."""
    counts = {str(choice.pk): choice.count for choice in poll.choices.all()}
    event = PollCounted(poll=poll.pk, voters=poll.voter_count, counts=counts)
    return log.append(jam_key=poll.jam_id, event=event, rooms=[PULSE])


def poll_removed(*, jam_id: int, poll_id: int) -> int:
    """Appends that a poll was taken away."""
    return log.append(jam_key=jam_id, event=PollRemoved(poll=poll_id), rooms=[PULSE])


def guest_hours_changed(jam_id: int, hours: Iterable[GuestHour]) -> int:
    """Appends the guest hours that are to come, each with its guest."""
    event = GuestHoursChanged(hours=[_hour(hour) for hour in hours])
    return log.append(jam_key=jam_id, event=event, rooms=[PULSE])


def guest_on(hour: GuestHour) -> int:
    """Appends that a guest hour began."""
    return log.append(jam_key=hour.jam_id, event=GuestOn(hour=_hour(hour)), rooms=[PULSE])


def _hour(hour: GuestHour) -> Hour:
    return Hour(
        id=hour.pk,
        guest=MemberName(id=hour.guest_id, name=hour.guest.name),
        forum=hour.forum_id,
        words=hour.words,
        starts_at=hour.starts_at,
        ends_at=hour.ends_at,
    )


def requests_changed(jam: Jam, open_count: int) -> int:
    """For those who run the jam."""
    return log.append(jam_key=jam.pk, event=RequestsChanged(open=open_count), rooms=[STAFF])
