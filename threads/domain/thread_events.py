"""What is appended to a jam's event log of threads as a whole: locked, pinned, moved, merged, split, connected."""

from __future__ import annotations

from pydantic import Field

from jam.domain.events import MemberName
from jam.domain.rooms import PULSE, forum_room, thread_room
from jam.models import Member
from live.domain import log
from live.domain.kinds import EventData, Id, Moment, declare
from threads.models import Thread


class ThreadEvent(EventData):
    """A thread, and the forum that it is in."""

    thread: Id = Field(description="The thread.")
    forum: Id = Field(description="The forum that it is in.")


@declare("thread.locked")
class ThreadLocked(ThreadEvent):
    """Somebody who runs the jam locked a thread, which then takes no new posts, or unlocked it."""

    locked: bool = Field(description="Whether it is locked now.")
    by: MemberName = Field(description="Who did it.")
    at: Moment = Field(description="When they did.")


@declare("thread.pinned")
class ThreadPinned(ThreadEvent):
    """Somebody who runs the jam pinned a thread, which then stands first in its forum, or unpinned it."""

    pinned: bool = Field(description="Whether it is pinned now.")
    by: MemberName = Field(description="Who did it.")
    at: Moment = Field(description="When they did.")


@declare("threads.connected")
class ThreadsConnected(EventData):
    """Somebody who runs the jam connected two threads, each of which then names the other, or took them apart."""

    threads: list[Id] = Field(description="The two threads.")
    connected: bool = Field(description="Whether they are connected now.")
    by: MemberName = Field(description="Who did it.")
    at: Moment = Field(description="When they did.")


def threads_connected(one: Thread, other: Thread, *, connected: bool, by: Member, at: Moment) -> int:
    """Appends that two threads were connected or taken apart, for those who have one of them open."""
    event = ThreadsConnected(threads=[one.pk, other.pk], connected=connected, by=_name(by), at=at)
    return log.append(jam_key=one.jam_id, event=event, rooms=[PULSE, thread_room(one.pk), thread_room(other.pk)])


def thread_locked(thread: Thread, *, locked: bool, by: Member, at: Moment) -> int:
    """Appends that `thread` was locked or unlocked."""
    event = ThreadLocked(thread=thread.pk, forum=thread.forum_id, locked=locked, by=_name(by), at=at)
    return log.append(jam_key=thread.jam_id, event=event, rooms=_rooms(thread))


def thread_pinned(thread: Thread, *, pinned: bool, by: Member, at: Moment) -> int:
    """Appends that `thread` was pinned or unpinned."""
    event = ThreadPinned(thread=thread.pk, forum=thread.forum_id, pinned=pinned, by=_name(by), at=at)
    return log.append(jam_key=thread.jam_id, event=event, rooms=_rooms(thread))


def _name(member: Member) -> MemberName:
    return MemberName(id=member.pk, name=member.name)


def _rooms(thread: Thread) -> list[str]:
    return [PULSE, forum_room(thread.forum_id), thread_room(thread.pk)]
