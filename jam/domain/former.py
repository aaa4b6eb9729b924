"""What becomes, in its jams, of somebody whose account is deleted: "a former jammer".

Their member rows stay, since posts, votes and what was done hang on them, and lose all that says whose they were. Each
gets a person of its own that has nothing and can do nothing, so that not even two jams can be put together.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.domain import leaving
from accounts.domain.leaving import Consequence, Obstacle
from accounts.models import Person
from jam.domain import policies
from jam.domain.naming_words import said_of_leaving
from jam.domain.phases import database_now
from jam.models import Jam, Member, Role, new_key
from live.bus import publish_review


def former_name(jam: Jam) -> str:
    """What somebody who left is called, in the language of the jam: it is stored, and so the same for everybody."""
    with translation.override(jam.language):
        return gettext("A former jammer")


def members_of(person: Person) -> QuerySet[Member]:
    return Member.objects.filter(person=person).select_related("jam").order_by("pk")


def mask(person: Person) -> None:
    """Takes the name, the words and the role from all that `person` is in jams. A query for each jam, and one."""
    for member in members_of(person):
        member.name, member.alias, member.affiliation, member.about = former_name(member.jam), None, "", ""
        member.role, member.key, member.left_at = Role.PARTICIPANT, new_key(), database_now()
        member.save(update_fields=["name", "alias", "affiliation", "about", "role", "key", "left_at"])
        publish_review(person=person.pk, jam_key=member.jam_id)


def part(person: Person) -> None:
    """Parts all that `person` was in jams from their account. Three queries for each jam."""
    for member in members_of(person):
        with transaction.atomic():
            nobody = Person(name=member.name, is_active=False)
            nobody.set_unusable_password()
            nobody.save()
            member.person = nobody
            member.save(update_fields=["person"])


def obstacles(person: Person) -> Iterator[Obstacle]:
    """The jams that would be left without an admin. One query."""
    others = Member.objects.filter(jam=OuterRef("jam"), role=Role.ADMIN, person__is_active=True)
    alone = members_of(person).filter(role=Role.ADMIN).exclude(Exists(others.exclude(person=person)))
    for member in alone.filter(Exists(Member.objects.filter(jam=OuterRef("jam")).exclude(person=person))):
        words = gettext("You are the only admin of “%(jam)s”. Make somebody else its admin first.")
        path = reverse("jam:roles", args=[member.jam.slug])
        yield Obstacle(words % {"jam": member.jam.title}, path)


def consequences(person: Person) -> Iterator[Consequence]:
    """What each jam says of it. A query, and one for each jam."""
    for member in members_of(person):
        yield Consequence(member.jam.title, said_of_leaving(policies.of(member.jam).on_deletion))


leaving.add_obstacles(obstacles)
leaving.add_consequences(consequences)
