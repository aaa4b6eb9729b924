"""People of the site as its admins find them, and who is one of those."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain.errors import Conflict, NotAllowed
from jam.models import Member

A_PAGE = 50
log = logging.getLogger(__name__)


def search(*, words: str = "", admins: bool = False, after: int | None = None) -> tuple[list[Person], int | None]:
    """A page of people who can sign in, by name, each with `jam_count`, and the cursor of the next page.

    Each of `words` is in their name, affiliation or address. One query, two with `after`. It looks through all of
    them: a site has thousands, and this is asked by hand.
    """
    here = Count("memberships", filter=Q(memberships__left_at=None))
    people = Person.objects.filter(email__isnull=False).annotate(by_name=Lower("name"), jam_count=here)
    people = people.order_by("by_name", "pk")
    for word in words.split():
        in_name = Q(name__icontains=word) | Q(affiliation__icontains=word)
        people = people.filter(in_name | Q(email__icontains=word))
    if admins:
        people = people.filter(is_staff=True)
    last = Person.objects.filter(pk=after).annotate(by_name=Lower("name")).first() if after else None
    if last is not None:
        name = last.by_name
        people = people.filter(by_name__gte=name).filter(Q(by_name__gt=name) | Q(pk__gt=last.pk))
    found: list[Person] = list(people[: A_PAGE + 1])
    return found[:A_PAGE], found[A_PAGE - 1].pk if len(found) > A_PAGE else None


def jams_of(person: Person) -> list[Member]:
    """What somebody is in the jams of the site, the newest jam first, each with its jam. One query."""
    return list(Member.objects.filter(person=person, left_at=None).select_related("jam").order_by("-jam_id"))


def appoint(*, person: Person, by: Person) -> None:
    """Makes `person` an admin of the site. Twice is once.

    Raises NotAllowed unless `by` is one, and Conflict for who cannot sign in. Locks their rows until the commit.
    """
    with transaction.atomic():
        held = _hold(person, by)
        if not held.is_active or not held.email:
            raise Conflict(gettext("This account cannot sign in."), code="inactive")
        if not held.is_staff:
            held.is_staff = True
            held.save(update_fields=["is_staff"])
            log.warning("Person %s made person %s an admin of the site.", by.pk, held.pk)


def dismiss(*, person: Person, by: Person) -> None:
    """Ends that `person` is an admin of the site; what they are in jams stays. Twice is once.

    Raises NotAllowed unless `by` is one, and Conflict for the last one. Locks the rows of all, so that two cannot
    dismiss each other.
    """
    with transaction.atomic():
        held = _hold(person, by)
        if not held.is_staff:
            return
        others = Person.objects.filter(is_staff=True, is_active=True).exclude(pk=held.pk)
        if not others.exists():
            raise Conflict(gettext("A site needs an admin: make somebody else one first."), code="last_admin")
        held.is_staff = held.is_superuser = False
        held.save(update_fields=["is_staff", "is_superuser"])
        log.warning("Person %s ended that person %s is an admin of the site.", by.pk, held.pk)


def _hold(person: Person, by: Person) -> Person:
    """The person, with all admins of the site as they stay until the commit, of whom `by` must be one."""
    concerned = Q(pk=person.pk) | Q(is_staff=True)
    held = {one.pk: one for one in Person.objects.filter(concerned).order_by("pk").select_for_update(no_key=True)}
    doer = held.get(by.pk)
    if doer is None or not doer.is_staff or not doer.is_active:
        raise NotAllowed(gettext("Only an admin of the site can do that."), code="role")
    if person.pk not in held:
        raise Conflict(gettext("This account is gone."), code="gone")
    return held[person.pk]
