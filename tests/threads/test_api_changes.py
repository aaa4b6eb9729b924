"""`changes` of the HTTP API: what a program reads that follows a jam, and what it is told of that beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from inspect import cleandoc
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pydantic import TypeAdapter

from accounts.domain import tokens
from jam.domain import announcements, events
from jam.domain.phases import database_now
from jam.models import GuestHour, Member, Poll
from live.domain.kinds import all_kinds
from live.domain.queries import events_after
from live.models import Event
from live.schemas import changes_out, event_out
from moderation.domain import flags, handling, posts, roster
from notifications.domain.events import notified
from results.domain.closing import final_counts
from tests.cast import Cast
from threads.domain import connecting, editing, highlights, locking, moving, outcomes, pinning, undoing
from threads.models import Post

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(client: Client) -> Read:
    """read(cast.ana, since=3, room="thread:1"): the frame."""

    def read(member: Member, **query: Any) -> dict[str, Any]:
        token = tokens.make_token(person=member.person)
        answer = client.get("/api/v1/jams/tides/changes", query, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        frame: dict[str, Any] = answer.json()
        return frame

    return read


def test_changes_are_what_happened_in_order(cast: Cast, read: Read) -> None:
    idea = cast.idea()
    cast.reply(idea)
    frame = read(cast.ana, since=0)
    assert (frame["after"], frame["seq"]) == (0, 2)
    assert [(event["seq"], event["kind"], event["post"]) for event in frame["events"]] == [
        (1, "post.created", idea.pk),
        (2, "post.created", idea.pk + 1),
    ]
    assert read(cast.ana, since=2) == {"after": 2, "seq": 2, "events": []}


def test_fragments_come_to_who_asks_for_the_thread(cast: Cast, read: Read) -> None:
    idea = cast.idea()
    seen = [read(cast.ana, since=0, **room)["events"] for room in ({}, {"room": f"thread:{idea.thread_id}"})]
    assert [["html" in event for event in events] for events in seen] == [[False], [True]]


@pytest.mark.parametrize("since", [0, 99])
def test_changes_that_cannot_be_told_say_start_over(cast: Cast, read: Read, since: int) -> None:
    cast.reply(cast.idea())
    Event.objects.filter(seq=1).delete()
    assert read(cast.ana, since=since) == {"reset": True, "seq": 2}


def change_and_withdraw(idea: Post) -> None:
    idea.refresh_from_db()
    author = idea.author
    edited = editing.edit(member=author, post=idea, body="Two lamps.", version=editing.version_of(idea))
    editing.withdraw(member=author, post=edited)


def occasions(cast: Cast) -> None:
    """What those who run a jam make happen beside its posts."""
    said = announcements.make(member=cast.fay, words="The tide is in.")
    announcements.take_back(member=cast.fay, announcement=said)
    poll = Poll.objects.create(jam=cast.jam, by=cast.fay, question="Which lamp?")
    events.poll_changed(poll)
    events.poll_counted(poll)
    events.poll_removed(jam_id=cast.jam.pk, poll_id=poll.pk)
    now = database_now()
    hour = GuestHour.objects.create(
        jam=cast.jam, guest=cast.ada, words="Ask", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    events.guest_hours_changed(cast.jam.pk, [hour])
    events.guest_on(hour)


def what_the_staff_does(cast: Cast) -> None:
    """On posts of its own: moved here and there, connected, highlighted, flagged, taken up and planned."""
    lamp, boat, ferry = cast.idea(), cast.idea(subject="A boat"), cast.idea(subject="A ferry")
    rope, oar = cast.reply(boat), cast.reply(boat, body="And an oar.")
    moves = [
        moving.move_thread(member=cast.fay, thread=lamp.thread, forum=cast.streets),
        moving.split(member=cast.fay, post=rope, subject="A rope"),
        moving.move_branch(member=cast.fay, post=oar, under=lamp),
        moving.merge(member=cast.fay, thread=ferry.thread, other=boat.thread),
    ]
    undoing.undo(member=cast.fay, move=moves[0])
    boat.thread.refresh_from_db()
    locking.lock(member=cast.fay, thread=boat.thread)
    pinning.pin(member=cast.fay, thread=boat.thread)
    connecting.connect(member=cast.fay, thread=boat.thread, other=lamp.thread)
    highlights.highlight(member=cast.fay, post=boat, kind="best")
    handling.claim(member=cast.fay, matter=handling.Matter.of_thread(boat))
    flags.flag(member=cast.ben, post=lamp, kind="spam")
    begins = timezone.now() + timedelta(hours=1)
    roster.put(member=cast.ada, plan=roster.ShiftPlan(cast.fay, begins, begins + timedelta(hours=1)))
    events.requests_changed(cast.jam, 1)


def test_every_kind_of_event_is_as_it_is_described(cast: Cast, read: Read) -> None:
    idea = cast.idea()
    posts.hide(member=cast.fay, post=idea, reason="It sells lamps.")
    posts.restore(member=cast.fay, post=idea, reason="It does not.")
    events.window_changed(cast.jam)
    events.jam_changed(cast.jam)
    events.jam_closed(cast.jam, closed_at=database_now(), counts=final_counts(cast.jam))
    events.member_changed(cast.fay)
    change_and_withdraw(idea)
    occasions(cast)
    outcomes.set_outcome(member=cast.fay, thread=idea.thread, state="planned", words="Next spring.")
    notified(cast.jam.pk, [cast.ana.person_id])
    what_the_staff_does(cast)
    described = {kind.kind: event_out(kind) for kind in all_kinds()}
    told = [json.loads(entry.whole) for entry in events_after(cast.jam.pk, 0, 100)]
    assert {event["kind"] for event in told} == set(described)
    for event in told:
        fields = described[event["kind"]].model_fields
        # The words of what was taken back are out of the log.
        assert set(fields) - set(event) <= ({"html"} if event["kind"] == "announcement.made" else set())
        assert set(event) <= set(fields)
    frame = read(cast.fay, since=0, room=f"thread:{idea.thread_id}")
    taken = TypeAdapter(changes_out(all_kinds())).validate_json(json.dumps(frame))
    heard = [(event["seq"], event["kind"]) for event in frame["events"]]
    assert [(event.seq, event.kind) for event in taken.events] == heard
    assert {"post.created", "post.hidden", "post.restored", "jam.closed"} <= {kind for _, kind in heard}


def test_the_api_describes_the_kinds_of_events_where_they_are_declared(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    schemas = described["components"]["schemas"]
    answer = described["paths"]["/api/v1/jams/{slug}/changes"]["get"]["responses"]["200"]
    choices = [choice["$ref"].rsplit("/", 1)[1] for choice in answer["content"]["application/json"]["schema"]["anyOf"]]
    assert choices == ["Frame", "ResetOut"]
    kinds = schemas["Frame"]["properties"]["events"]["items"]["discriminator"]["mapping"]
    assert kinds == {kind.kind: f"#/components/schemas/{kind.__name__}" for kind in all_kinds()}
    for kind in all_kinds():
        assert schemas[kind.__name__]["description"] == cleandoc(kind.__doc__ or "")
    assert schemas["PostCreated"]["properties"]["replies"]["description"] == "Replies in the thread, with this one."
    assert schemas["PostCreated"]["properties"]["kind"]["const"] == "post.created"
