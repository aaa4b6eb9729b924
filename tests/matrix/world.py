"""One jam with everything in it, another to stay out of, and everybody who tries. Made once for all cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.domain import tokens
from accounts.models import Person
from jam.models import Duty, Jam, Member, Role
from tests.cast import make_forum, make_member, make_person
from tests.matrix.furniture import HOUR, Place, furnish, own_things
from tests.matrix.rights import ACTORS, Actor
from threads.models import Post

# Around now: opens, closes, ends to be read, ends to be reviewed.
WINDOWS = {
    "draft": (-1, 3, 5, 7),
    "scheduled": (1, 3, 5, 7),
    "open": (-1, 3, 5, 7),
    "reading": (-5, -1, 3, 7),
    "review": (-5, -3, -1, 7),
    "archived": (-7, -5, -3, -1),
}
ROLES = {
    "participant": Role.PARTICIPANT,
    "guest": Role.GUEST,
    "observer": Role.OBSERVER,
    "facilitator": Role.FACILITATOR,
    "facilitator_here": Role.FACILITATOR,
    "facilitator_there": Role.FACILITATOR,
    "admin": Role.ADMIN,
    "suspended": Role.PARTICIPANT,
    "suspended_facilitator": Role.FACILITATOR,
    "former": Role.PARTICIPANT,
}


@dataclass
class Somebody:
    actor: Actor
    client: Client
    person: Person | None = None
    member: Member | None = None
    token: str = ""
    numbers: dict[str, Any] = field(default_factory=dict)
    """Of what is their own."""

    @contextmanager
    def as_they_were(self) -> Iterator[None]:
        """Signed in afterwards as before, whatever they were sent: in the database that is undone by itself."""
        cookies = deepcopy(self.client.cookies)
        yield
        self.client.cookies = cookies


@dataclass
class World:
    here: Place
    there: Place
    people: dict[str, Somebody]

    def numbers(self, actor: Actor, *, elsewhere: bool = False) -> dict[str, Any]:
        """What fills in the addresses for `actor`; with `elsewhere`, this jam's slug and the other jam's numbers."""
        own = self.people[actor.name].numbers
        if elsewhere:
            return self.here.numbers | own | self.there.numbers | {"slug": self.here.jam.slug}
        return self.here.numbers | own

    @contextmanager
    def during(self, phase: str, actor: Actor) -> Iterator[None]:
        """With the jam in `phase` and its door as the actor finds it. Whatever is written meanwhile is undone."""
        now = timezone.now()
        opens, closes, reading, review = (now + hours * HOUR for hours in WINDOWS[phase])
        with transaction.atomic():
            Jam.objects.filter(pk=self.here.jam.pk).update(
                published_at=None if phase == "draft" else now - 9 * HOUR,
                opens_at=opens,
                closes_at=closes,
                reading_until=reading,
                review_until=review,
                door=actor.door,
            )
            yield
            transaction.set_rollback(True)


def make_world() -> World:
    here, there = furnish("tides", "Harbour"), furnish("other", "Elsewhere")
    here.numbers["other_forum_id"] = make_forum(here.jam, "Streets", 2).pk
    people = {actor.name: settle(actor, here, there) for actor in ACTORS}
    Person.objects.filter(name="banned").update(is_active=False)
    suspended = Member.objects.filter(jam=here.jam, person__name__startswith="suspended")
    suspended.update(suspended_at=timezone.now() - HOUR)
    Member.objects.filter(jam=here.jam, person__name="former").update(left_at=timezone.now() - HOUR)
    return World(here=here, there=there, people=people)


def settle(actor: Actor, here: Place, there: Place) -> Somebody:
    """Makes who tries, signs them in, and gives members something of their own: written while they could."""
    somebody = Somebody(actor, Client(raise_request_exception=False))
    if actor.name.startswith("visitor"):
        return somebody
    person = somebody.person = make_person(actor.name, is_staff=actor.name == "site_admin")
    somebody.client.force_login(person)
    somebody.token = tokens.make_token(person=person)
    if actor.name == "admin_elsewhere":
        make_member(there.jam, person, Role.ADMIN)
    if actor.name in ROLES:
        somebody.member = make_member(here.jam, person)
        parent = Post.objects.get(pk=here.numbers["post_id"])
        somebody.numbers = own_things(somebody.member, parent, here.runner)
        Member.objects.filter(pk=somebody.member.pk).update(role=ROLES[actor.name])
    for name, forum in (("facilitator_here", "forum_id"), ("facilitator_there", "other_forum_id")):
        if actor.name == name:
            Duty.objects.create(member=somebody.member, forum_id=here.numbers[forum])
    return somebody
