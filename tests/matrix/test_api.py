"""Every call of the API, by everybody in every phase, with a token."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.http import HttpResponse

from jam.api import api
from tests.matrix.pages import Way
from tests.matrix.rights import ACTORS, PHASES, Actor, may
from tests.matrix.trying import Outcome, filled, outcome_of, writing
from tests.matrix.world import Somebody, World

pytestmark = pytest.mark.django_db

REPLY = {"parent": "{post_id}", "body": "Light."}
IDEA = {"forum": "{forum_id}", "subject": "A bench", "body": "To sit on."}

CALLS: dict[str, Way] = {
    "GET /api/v1/jams": Way("person"),
    "GET /api/v1/jams/{slug}": Way("see_signed_in"),
    "GET /api/v1/jams/{slug}/threads": Way("read"),
    "POST /api/v1/jams/{slug}/threads": Way("post", IDEA),
    "PUT /api/v1/jams/{slug}/membership": Way("join", {}),
    "GET /api/v1/jams/{slug}/rules": Way("see_signed_in"),
    "PUT /api/v1/jams/{slug}/rules": Way("own", {"version": "0"}),
    "GET /api/v1/threads/{thread_id}": Way("read"),
    "POST /api/v1/threads/{thread_id}/posts": Way("post", REPLY),
    "PUT /api/v1/posts/{post_id}/vote": Way("post", {"value": "1"}),
    "DELETE /api/v1/posts/{post_id}/vote": Way("post", {}),
    "PUT /api/v1/posts/{post_id}/favourite": Way("keep", {}),
    "DELETE /api/v1/posts/{post_id}/favourite": Way("keep", {}),
    "GET /api/v1/jams/{slug}/changes": Way("hear", {"since": "0"}),
}


def call(somebody: Somebody, operation: str, numbers: dict[str, Any], data: dict[str, Any] | None) -> HttpResponse:
    method, _, path = operation.partition(" ")
    headers = {"Authorization": f"Bearer {somebody.token}"} if somebody.token else {}
    where = re.sub(r"{(\w+)}", lambda match: str(numbers[match[1]]), path)
    client = type(somebody.client)(raise_request_exception=False)
    if method == "GET":
        return client.get(where, data or {}, headers=headers)
    body = {name: int(value) if str(value).isdecimal() else value for name, value in (data or {}).items()}
    return client.generic(method, where, json.dumps(body), content_type="application/json", headers=headers)


def wrong_with(world: World, actor: Actor, phase: str, operation: str) -> str:
    way, numbers = CALLS[operation], world.numbers(actor)
    with world.during(phase, actor), writing() as written:
        response = call(world.people[actor.name], operation, numbers, filled(way.data, numbers))
    outcome = outcome_of(response)
    where = f"{actor.name}, {phase}: {operation} answers {response.status_code}"
    if may(actor, way.right, phase):
        return "" if outcome is Outcome.LET_IN else f"{where}, though they have the right “{way.right}”"
    if outcome is not Outcome.REFUSED:
        return f"{where}, without the right “{way.right}”"
    return f"{where} and writes {sorted(written)}" if written else ""


@pytest.mark.parametrize("phase", PHASES.values())
def test_a_call_answers_who_has_the_right(world: World, phase: str) -> None:
    wrong = [wrong_with(world, actor, phase, operation) for actor in ACTORS for operation in CALLS]
    assert not any(wrong), "\n".join(filter(None, wrong))


ELSEWHERE = ["participant", "facilitator", "admin"]


@pytest.mark.parametrize("who", ELSEWHERE)
def test_of_a_jam_that_one_may_not_know_of_there_is_nothing(world: World, who: str) -> None:
    """The API names a thread by its number alone: it is asked as somebody for whom the other jam is not there."""
    actor = next(actor for actor in ACTORS if actor.name == who)
    numbers = world.numbers(actor) | world.there.numbers
    world.there.jam.__class__.objects.filter(pk=world.there.jam.pk).update(door="invitation")
    found = {}
    for operation, way in CALLS.items():
        if "{" in operation:
            with world.during("open", actor), writing() as written:
                answer = call(world.people[who], operation, numbers, filled(way.data, numbers))
            found[operation] = (answer.status_code, written)
    assert found == dict.fromkeys(found, (404, set()))


@pytest.mark.parametrize("what", ["jams/nowhere", "threads/999999999", "jams/nowhere/threads"])
def test_missing_and_forbidden_look_alike(world: World, what: str) -> None:
    actor = next(actor for actor in ACTORS if actor.name == "stranger_at_shut_door")
    theirs = {"jams/nowhere": "jams/tides", "threads/999999999": "threads/{thread_id}"}
    path = theirs.get(what, "jams/tides/threads").format_map(world.here.numbers)
    with world.during("open", actor):
        there, missing = (call(world.people[actor.name], f"GET /api/v1/{one}", {}, None) for one in (path, what))
    assert there.status_code == missing.status_code == 404
    same = [{k: v for k, v in answer.json().items() if k != "instance"} for answer in (there, missing)]
    assert same[0] == same[1]


def test_every_call_is_in_the_table() -> None:
    paths = api.get_openapi_schema()["paths"]
    assert {f"{method.upper()} {path}" for path, calls in paths.items() for method in calls} == set(CALLS)
