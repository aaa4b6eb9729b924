"""Every address of the site, got and sent to by everybody in every phase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from tests.matrix.furniture import picture
from tests.matrix.pages import ANYTHING, PAGES, PICTURE, Way
from tests.matrix.rights import ACTORS, OF_THE_SITE, PHASES, Actor, may
from tests.matrix.trying import Outcome, filled, outcome_of, writing
from tests.matrix.world import Somebody, World

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Address:
    name: str
    route: str

    def path(self, numbers: dict[str, Any], way: Way) -> str:
        """Filled in; what has no number is a dash, and then not there."""

        def number(match: re.Match[str]) -> str:
            return str(numbers.get(way.numbers.get(match[1], match[1]), "-"))

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", number, self.route)


def addresses() -> Iterator[Address]:
    def walk(patterns: list[URLPattern | URLResolver], route: str, space: str) -> Iterator[Address]:
        for one in patterns:
            here = route + str(one.pattern).removeprefix("^").removesuffix("$")
            if isinstance(one, URLPattern):
                yield Address(f"{space}{one.name}", here)
            elif not here.startswith("api/"):
                yield from walk(one.url_patterns, here, f"{one.namespace}:" if one.namespace else space)

    return walk(get_resolver().url_patterns, "", "")


def is_tried(address: Address, method: str, actor: Actor, phase: str) -> bool:
    """What the site gives without a jam is so in each phase; what is not served is so for who may most."""
    way = PAGES.get(address.name, {}).get(method)
    if way is None:
        return phase == "open" and actor.name in ("admin", "site_admin")
    return phase == "open" or (way.right not in OF_THE_SITE and way.right != ANYTHING)


def send(somebody: Somebody, method: str, path: str, data: dict[str, Any] | None) -> HttpResponse:
    if method == "GET":
        return somebody.client.get(path, data or {})
    sent = {name: picture() if value == PICTURE else value for name, value in (data or {}).items()}
    return somebody.client.post(path, sent)


def wrong_with(world: World, actor: Actor, phase: str, address: Address, method: str) -> str:
    """What happens otherwise than the tables say, in a line; empty if nothing does."""
    way = PAGES[address.name].get(method)
    numbers = world.numbers(actor)
    path = address.path(numbers, way or Way(""))
    data = filled(way.data, numbers) if way else None
    with world.during(phase, actor), writing() as written, world.people[actor.name].as_they_were():
        response = send(world.people[actor.name], method, path, data)
    outcome = outcome_of(response)
    where = f"{actor.name}, {phase}: {method} {address.name} ({path}) answers {response.status_code}"
    if way is None:
        return "" if outcome in (Outcome.NOT_SERVED, Outcome.REFUSED) else f"{where}, and is not in the table"
    if way.right == ANYTHING or (way.right == "not_signed_out" and may(actor, way.right, phase)):
        return f"{where}: it broke" if outcome is Outcome.FAILED else ""
    if may(actor, way.right, phase):
        if outcome is Outcome.LET_IN or (way.data is None and outcome is Outcome.LOOKED_AT):
            return ""
        return f"{where}, though they have the right “{way.right}”"
    # What is sent will do for who has the right: for who has not, that it will not do is a refusal.
    if outcome is not Outcome.REFUSED and (outcome is not Outcome.LOOKED_AT or way.data is None):
        return f"{where}, without the right “{way.right}”"
    kept = {table for table in written if table != way.keeps}
    return f"{where} and writes {sorted(kept)}" if kept else ""


@pytest.mark.parametrize("phase", PHASES.values())
@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
def test_an_address_answers_who_has_the_right(world: World, actor: Actor, phase: str) -> None:
    wrong = [
        wrong_with(world, actor, phase, address, method)
        for address in addresses()
        for method in METHODS
        if is_tried(address, method, actor, phase)
    ]
    assert not any(wrong), "\n".join(filter(None, wrong))


ELSEWHERE = ("participant", "facilitator", "admin", "site_admin")
OF_A_JAM = re.compile(r"<int:(?!person_id|notification_id)\w+>")
"""What in an address is the number of something in a jam."""


HARMLESS = {
    "jam:announcement_dismiss",  # a cookie with a number, of whatever
    "threads:discard",  # of one's own drafts the one with this number: none is none
}


@pytest.mark.parametrize("who", ELSEWHERE)
def test_another_jams_numbers_are_no_numbers_here(world: World, who: str) -> None:
    """With each number of an address of this jam being the other jam's, as with one that there is not."""
    actor = next(actor for actor in ACTORS if actor.name == who)
    theirs, missing = world.numbers(actor, elsewhere=True), dict.fromkeys(world.there.numbers, 999_999_999)
    wrong = []
    for address in addresses():
        for method, way in PAGES.get(address.name, {}).items():
            if not OF_A_JAM.search(address.route) or "slug:slug" not in address.route or address.name in HARMLESS:
                continue
            found = []
            for numbers in (theirs, missing | {"slug": "tides"}):
                path = address.path(numbers, Way("", numbers={name: name for name in way.numbers} | way.numbers))
                with world.during("open", actor), writing() as written, world.people[who].as_they_were():
                    answer = send(world.people[who], method, path, filled(way.data, numbers))
                found.append((answer.status_code, written))
            if found[0] != found[1] or found[0][0] not in (403, 404) or found[0][1]:
                wrong.append(f"{who}: {method} {address.name} answers {found}")
    assert not wrong, "\n".join(wrong)


def test_the_matrix_has_its_cases(capsys: pytest.CaptureFixture[str]) -> None:
    """How many there are: a table that lost its rows must not pass by being empty."""
    tried = sum(
        is_tried(address, method, actor, phase)
        for address in addresses()
        for method in METHODS
        for actor in ACTORS
        for phase in PHASES.values()
    )
    with capsys.disabled():
        print(
            f"\nthe matrix: {tried:,} tries of {len(PAGES)} addresses, by {len(ACTORS)} people in {len(PHASES)} phases"
        )
    assert tried > 15_000


def test_every_address_is_in_the_table() -> None:
    assert {address.name for address in addresses()} == set(PAGES)
