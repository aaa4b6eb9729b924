"""Every live room, asked for by everybody in every phase: by a session and by a token."""

from __future__ import annotations

import pytest

from jam.domain import rooms
from live.door import Caller, come_in
from live.gate import PULSE, Admission
from tests.matrix.rights import ACTORS, PHASES, Actor, may
from tests.matrix.world import World

pytestmark = pytest.mark.django_db

ROOMS = {
    "pulse": "hear",
    "forum:{forum_id}": "read",
    "thread:{thread_id}": "read",
    "staff": "staff",
    "person:{own_person_id}": "hear",
    "person:{person_id}": "nobody",
    "forum:{forum_elsewhere}": "nobody",
    "thread:{thread_elsewhere}": "nobody",
    "forum:999999999": "nobody",
    "cellar:1": "nobody",
}
"""Which right each needs. Of another jam, and of another person, nobody hears anything."""


def admission(world: World, actor: Actor, room: str, *, by_token: bool) -> Admission | None:
    somebody = world.people[actor.name]
    session = somebody.client.cookies.get("jam_session")
    token = somebody.token if by_token else None
    caller = Caller(slug="tides", rooms=(room,), session=session.value if session else "", token=token)
    answer = come_in(caller)
    return answer if isinstance(answer, Admission) else None


@pytest.mark.parametrize("phase", PHASES.values())
@pytest.mark.parametrize("by_token", [False, True], ids=["session", "token"])
def test_a_room_is_heard_by_who_has_the_right(world: World, phase: str, by_token: bool) -> None:
    elsewhere = {f"{name}_elsewhere": world.there.numbers[f"{name}_id"] for name in ("forum", "thread")}
    wrong = []
    for actor in ACTORS:
        person = world.people[actor.name].person
        numbers = world.numbers(actor) | elsewhere | {"own_person_id": person.pk if person else 0}
        for room, right in ROOMS.items():
            with world.during(phase, actor):
                found = admission(world, actor, room.format_map(numbers), by_token=by_token)
            if (found is not None) != may(actor, right, phase):
                wrong.append(f"{actor.name}, {phase}: {room} {'is' if found else 'is not'} heard")
            wrong += [f"{actor.name}, {phase}: hears {one} with {room}" for one in unasked(found, actor, phase, person)]
    assert not wrong, "\n".join(wrong)


def unasked(found: Admission | None, actor: Actor, phase: str, person: object) -> list[str]:
    """Rooms that were added and are not theirs."""
    if found is None:
        return []
    own = {PULSE, rooms.person_room(getattr(person, "pk", 0))}
    if may(actor, "staff", phase):
        own.add(rooms.STAFF)
    return [room for room in found.rooms if room not in own and not room.startswith(("forum:", "thread:"))]


def test_every_kind_of_room_is_in_the_table() -> None:
    named = {"pulse", rooms.STAFF} | {
        make(1).partition(":")[0] for name, make in vars(rooms).items() if "_room" in name
    }
    assert named == {room.partition(":")[0] for room in ROOMS} - {"cellar"}
