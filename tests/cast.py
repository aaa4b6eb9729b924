"""The fixed cast of the tests: one open jam with two forums and its people, and a second jam to stay out of.

Windows lie around the database's real now, since it is the database's clock that decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Person
from jam.models import Door, Forum, Jam, Member, Role
from moderation.models import ModerationPolicy
from threads.domain import posting
from threads.models import Post

PASSWORD = "a-quiet-harbour-42"


def make_person(name: str, *, is_staff: bool = False) -> Person:
    email = f"{name.lower()}@example.org"
    person = Person.objects.create_user(email, PASSWORD, name=name, affiliation="Harbour Office", is_staff=is_staff)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def make_jam(slug: str, *, opens_in: timedelta = -timedelta(hours=1), lasts: timedelta = timedelta(hours=3)) -> Jam:
    """A published jam that anyone with an account may join; by default it opened an hour ago, for three hours."""
    opens_at = timezone.now() + opens_in
    jam = Jam.objects.create(
        slug=slug,
        title=f"The {slug} jam",
        question="What should we do first?",
        question_html="<p>What should we do first?</p>",
        time_zone="Europe/Berlin",
        opens_at=opens_at,
        closes_at=opens_at + lasts,
        door=Door.ACCOUNT,
        published_at=opens_at - timedelta(days=1),
    )
    # Tests say the same again and again.
    ModerationPolicy.objects.create(jam=jam, catches_duplicates=False)
    return jam


def make_forum(jam: Jam, title: str, position: int = 1) -> Forum:
    question = f"What about {title}?"
    return Forum.objects.create(
        jam=jam, title=title, question=question, question_html=f"<p>{question}</p>", position=position
    )


def make_member(jam: Jam, person: Person, role: Role = Role.PARTICIPANT) -> Member:
    return Member.objects.create(jam=jam, person=person, name=person.name, affiliation=person.affiliation, role=role)


def set_window(jam: Jam, *, opens_in: timedelta, closes_in: timedelta, reading_in: timedelta | None = None) -> Jam:
    """Moves a jam's window to lie around now without anybody being told, as time passing would."""
    now = timezone.now()
    jam.opens_at, jam.closes_at = now + opens_in, now + closes_in
    jam.reading_until = None if reading_in is None else now + reading_in
    jam.save()
    return jam


def close_by_clock(jam: Jam) -> Jam:
    """As if the window had ended a second ago."""
    return set_window(jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(seconds=1))


@dataclass
class Cast:
    """Ana and Ben take part, Fay facilitates, Ada is the jam's admin, Omar observes.

    Sid is an admin of the site and Zoe has an account; neither is a member. Ned runs another jam, `other`.
    """

    jam: Jam
    harbour: Forum
    streets: Forum
    ana: Member
    ben: Member
    fay: Member
    ada: Member
    omar: Member
    sid: Person
    zoe: Person
    other: Jam
    elsewhere: Forum
    ned: Member

    def idea(
        self, *, by: Member | None = None, forum: Forum | None = None, subject: str = "A lamp on the pier"
    ) -> Post:
        return posting.start_thread(
            member=by or self.ana, forum=forum or self.harbour, subject=subject, body="So that boats find **home**."
        )

    def reply(self, parent: Post, *, by: Member | None = None, body: str = "Yes, and one on the mole.") -> Post:
        return posting.reply(member=by or self.ben, parent=parent, body=body)


@pytest.fixture
def cast(db: None) -> Cast:
    jam, other = make_jam("tides"), make_jam("other")
    return Cast(
        jam=jam,
        harbour=make_forum(jam, "Harbour", 1),
        streets=make_forum(jam, "Streets", 2),
        ana=make_member(jam, make_person("Ana")),
        ben=make_member(jam, make_person("Ben")),
        fay=make_member(jam, make_person("Fay"), Role.FACILITATOR),
        ada=make_member(jam, make_person("Ada"), Role.ADMIN),
        omar=make_member(jam, make_person("Omar"), Role.OBSERVER),
        sid=make_person("Sid", is_staff=True),
        zoe=make_person("Zoe"),
        other=other,
        elsewhere=make_forum(other, "Elsewhere"),
        ned=make_member(other, make_person("Ned"), Role.ADMIN),
    )
