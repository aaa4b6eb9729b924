"""The demo: a jam that is open now, with made-up jammers, and one person to sign in as for each role.

Only `manage.py up` makes it, and `--no-demo` leaves it out. The password is made at random, once for each data folder.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts.models import Person
from jam.domain import setup
from jam.domain.opening import ForumPlan
from jam.domain.phases import Phase, database_now, phase_of
from jam.domain.plans import Forums, Look, People, Schedule, TakingPart, Words
from jam.models import Door, Jam, Voting
from results.bundle.load import load
from results.bundle.source import open_path

BUNDLE = Path(__file__).parent / "bundle"
BUNDLE_OPENED_AT = datetime(2026, 1, 1, 8, tzinfo=UTC)
# The last of the bundle's posts was written a day after its opening.
OPEN_SINCE = timedelta(hours=26)
TIME = re.compile(r"\b2026-01-\d\dT\d\d:\d\d:\d\dZ")
SLUG = "demo"
NEXT_SLUG = "demo-next"


@dataclass(frozen=True)
class SignIn:
    role: str
    email: str
    password: str

    def __str__(self) -> str:
        return f"  {self.role:<12} {self.email:<26} password {self.password}"


PEOPLE = (
    ("participant", "participant@demo.example"),
    ("facilitator", "facilitator@demo.example"),
    ("admin", "admin@demo.example"),
)


def ensure_demo() -> list[SignIn]:
    """Makes what is missing of the demo, and returns how to sign in.

    A demo jam that has closed is followed by a new one. One transaction.
    """
    with transaction.atomic():
        if not any(phase_of(jam, database_now()) is Phase.OPEN for jam in Jam.objects.filter(slug__startswith=SLUG)):
            _load_jam()
        sign_ins = [_let_in(role, email, _password()) for role, email in PEOPLE]
        if not Jam.objects.filter(slug=NEXT_SLUG).exists():
            _plan_next(Person.objects.get(email=PEOPLE[1][1]))
    return sign_ins


def _password() -> str:
    """The one that this data folder's demo people share; made the first time."""
    kept = Path(settings.DATA_DIR) / "demo-password"
    if not kept.exists():
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(9))
    return kept.read_text()


def _load_jam() -> None:
    taken = set(Jam.objects.filter(slug__startswith=SLUG).values_list("slug", flat=True))
    slug = next(
        name for number in range(1, 10_000) if (name := SLUG + (f"-{number}" if number > 1 else "")) not in taken
    )
    now = database_now().replace(second=0, microsecond=0)
    with _bundle_moved_by(now - OPEN_SINCE - BUNDLE_OPENED_AT) as folder, open_path(folder) as source:
        jam = load(source, slug=slug, door=Door.ACCOUNT).jam
    # The jam was there before it closes, so its closing is asked for.
    Jam.objects.filter(pk=jam.pk).update(published_at=jam.opens_at)


@contextmanager
def _bundle_moved_by(shift: timedelta) -> Iterator[Path]:
    """A copy of the bundle in which everything happened `shift` later."""

    def moved(found: re.Match[str]) -> str:
        at = datetime.fromisoformat(found[0]) + shift
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")

    with tempfile.TemporaryDirectory() as folder:
        for file in BUNDLE.iterdir():
            (Path(folder) / file.name).write_text(TIME.sub(moved, file.read_text("utf-8")), "utf-8", newline="")
        yield Path(folder)


def _let_in(role: str, email: str, password: str) -> SignIn:
    person = Person.objects.get(email=email)
    person.is_staff = role == "admin"
    if not person.check_password(password):
        person.set_password(password)
    person.save()
    EmailAddress.objects.update_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
    return SignIn(role, email, password)


def _plan_next(person: Person) -> None:
    opens_at = database_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=5)
    plans = [
        Words(
            slug=NEXT_SLUG,
            title="What the library should lend",
            question="Books, drills, an accordion: what would you borrow if you could?\n\n*A demo of a jam to come.*",
        ),
        Schedule("Europe/Berlin", opens_at=opens_at, closes_at=opens_at + timedelta(days=2)),
        TakingPart(Voting.UPVOTE),
        People(Door.ACCOUNT),
        Look("#2f6f4f"),
        Forums([ForumPlan("Things"), ForumPlan("Places", "Where should one pick them up?")]),
    ]
    setup.publish(jam=setup.create_jam(person=person, plans=plans), by=None)
