"""Having one's account deleted: asked for, thought over, done.

It is done some days after it was asked for (`ACCOUNT_DELETION_DAYS`), because it cannot be taken back, and because
whoever got at somebody else's open browser must not be able to do it before a mail has told the owner. Until then
everything works as it did, and one press keeps the account. The page asks for the password or the second factor
once more; somebody who has neither, and comes in by a code or a provider, has the mail and the days alone.

It is done by a task, in steps that are each written down when they are over: `mask` of all floors first, so that the
name is gone from the site at once; then each floor, from the top down, does what it declared (`personal`); last the row
of the person. A foreign key that nobody declared stops that row from going, and so is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.domain.holdings import end_sessions
from accounts.domain.personal import HOLDINGS, Leaving
from accounts.models import Departure, Person
from live.bus import publish_review

LEASE = timedelta(minutes=10)
"""A step that was begun and not finished for this long was dropped by a worker that died; another takes it up."""


@dataclass(frozen=True)
class Obstacle:
    """Why somebody cannot leave yet, and what to do. `path` is the page where they do it."""

    words: str
    path: str = ""


@dataclass(frozen=True)
class Consequence:
    """What becomes of what somebody left in one place, which has a `title`."""

    title: str
    words: str


_obstacles: list[Callable[[Person], Iterable[Obstacle]]] = []
_consequences: list[Callable[[Person], Iterable[Consequence]]] = []


def add_obstacles(function: Callable[[Person], Iterable[Obstacle]]) -> None:
    """Has a floor above say why somebody cannot leave yet. Twice is once."""
    if function not in _obstacles:
        _obstacles.append(function)


def add_consequences(function: Callable[[Person], Iterable[Consequence]]) -> None:
    """Has a floor above say what becomes of what somebody leaves there. Twice is once."""
    if function not in _consequences:
        _consequences.append(function)


class CannotLeave(Exception):
    """Something has to be done first. Carries what."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(" ".join(one.words for one in obstacles))
        self.obstacles = obstacles


def obstacles_of(person: Person) -> list[Obstacle]:
    """What `person` has to do before they can leave. A query for admins of the site, and those of the floors above."""
    found = [one for function in _obstacles for one in function(person)]
    others = Person.objects.filter(is_staff=True, is_active=True).exclude(pk=person.pk)
    if person.is_staff and not others.exists():
        words = gettext("You are the only admin of this site. Make somebody else one first.")
        found.append(Obstacle(words))
    return found


def consequences_for(person: Person) -> list[Consequence]:
    return [one for function in _consequences for one in function(person)]


def departure_of(person: Person) -> Departure | None:
    """That they leave, if they asked for it. One query."""
    return Departure.objects.filter(person=person).first()


def ask(person: Person) -> Departure:
    """Has the account deleted when the days to think are over; asked again, it stays as it was. Raises CannotLeave.

    Locks the row of the person.
    """
    with transaction.atomic():
        held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if obstacles := obstacles_of(held):
            raise CannotLeave(obstacles)
        now = timezone.now()
        due_at = now + timedelta(days=settings.ACCOUNT_DELETION_DAYS)
        departure, _ = Departure.objects.get_or_create(person=held, defaults={"asked_at": now, "due_at": due_at})
    return departure


def keep(person: Person) -> bool:
    """Keeps the account after all, and says whether it was to go. Once it is being deleted it cannot be kept."""
    kept, _ = Departure.objects.filter(person=person, begun_at=None).delete()
    return bool(kept)


def due() -> list[int]:
    """Who is to go now: the numbers of those whose days are over and whom nobody is at. One query."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    return list(Departure.objects.filter(free, due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:100])


def leave(person_id: int) -> bool:
    """Deletes the account of somebody whose time has come, and says whether it did; goes on where another stopped.

    Does nothing if they kept it, if it is not time, if somebody else is at it, or while something is in the way: then
    it is tried again after the lease.
    """
    departure = _claim(person_id)
    if departure is None:
        return False
    person = departure.person
    if departure.begun_at is None:
        if obstacles_of(person):
            return False
        _begin(departure)
    for name, step in _steps():
        if name not in departure.done:
            step(person)
            departure.done.append(name)
            departure.claimed_at = timezone.now()
            departure.save(update_fields=["done", "claimed_at"])
    person.delete()
    return True


def _claim(person_id: int) -> Departure | None:
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    if not Departure.objects.filter(free, person=person_id, due_at__lte=now).update(claimed_at=now):
        return None
    return Departure.objects.select_related("person").filter(person=person_id).first()


def _begin(departure: Departure) -> None:
    """From now on nobody is signed in as them, and nothing new is written in their name."""
    person = departure.person
    with transaction.atomic():
        departure.begun_at = timezone.now()
        departure.save(update_fields=["begun_at"])
        person.is_active, person.suspended_until = False, None
        person.save(update_fields=["is_active", "suspended_until"])
        publish_review(person=person.pk)
    end_sessions(person)


def _steps() -> Iterator[tuple[str, Callable[[Person], None]]]:
    holdings = list(HOLDINGS.values())
    for holding in holdings:
        if holding.mask is not None:
            yield f"mask {holding.name}", holding.mask
    for holding in reversed(holdings):
        if holding.forget is not None or holding.on_leaving is Leaving.REMOVE:
            yield holding.name, holding.leave
