"""The jam that is listened to: many people who could each write, forums, and threads with replies.

People come in bulk, with a session and an API token each. What is written is written through the verbs, by people of
its own, so that whoever listens may vote on all of it.
"""

from __future__ import annotations

import hashlib
import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import ApiToken, Person
from benchmarks.pages.content import words
from jam.domain import setup
from jam.domain.opening import ForumPlan
from jam.domain.plans import Forums, People, Schedule, TakingPart, Words
from jam.models import Door, Jam, Member, Voting
from moderation.models import ModerationPolicy
from threads.domain import posting

AUTHORS = 50
DEPTH = 5
CHUNK = 1_000

T = TypeVar("T")


@dataclass(frozen=True)
class ThreadRef:
    """A thread by its numbers. `posts` are its replies in the order of writing; the idea is not among them."""

    id: int
    forum: int
    idea: int
    posts: list[int]


@dataclass(frozen=True)
class Content:
    """What was made. `cookies` (whole Cookie headers) and `tokens` are of the people, in the same order."""

    slug: str
    jam_key: int
    forums: list[int]
    threads: list[ThreadRef]
    cookies: list[str]
    tokens: list[str]


def fill(*, people: int, forums: int, threads: int, replies: int, slug: str = "bench-live") -> Content:
    """Makes an open jam with `people` members, and `threads` threads of an idea and `replies` replies each.

    Ends with ANALYZE, as an autovacuum would have done on a site that grew over days.
    """
    dice = random.Random(10_000)
    jam = _jam(slug, forums)
    authors = _members(jam, _people("Author", AUTHORS))
    members = _members(jam, _people("Person", people))
    with transaction.atomic():
        written = [_thread(dice, jam, authors, number, replies) for number in range(threads)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    persons = [member.person for member in members]
    return Content(
        slug=slug,
        jam_key=jam.pk,
        forums=[forum.pk for forum in jam.forums.all()],
        threads=written,
        cookies=_sessions(persons),
        tokens=_tokens(persons),
    )


def _jam(slug: str, forums: int) -> Jam:
    now = timezone.now()
    plans = [
        Words(
            slug=slug,
            title="What should the harbour be?",
            question="The harbour is being built anew. **What should it be for**, and for whom?",
        ),
        Schedule("Europe/Berlin", opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(days=3)),
        TakingPart(Voting.AGREE_DISAGREE),
        People(Door.INVITATION),
        Forums([ForumPlan(f"Topic {number}", "What about it?") for number in range(1, forums + 1)]),
    ]
    organiser = Person.objects.create_user(f"organiser@{slug}.example", name="Organiser")
    jam = setup.publish(jam=setup.create_jam(person=organiser, plans=plans), by=None)
    ModerationPolicy.objects.create(jam=jam, catches_duplicates=False)  # what is written here is alike
    return jam


def _people(name: str, number: int) -> list[Person]:
    password = make_password(None)
    people = [
        Person(email=f"{secrets.token_hex(8)}@bench.example", name=f"{name} {index}", password=password)
        for index in range(1, number + 1)
    ]
    return Person.objects.bulk_create(people, batch_size=CHUNK)


def _members(jam: Jam, people: Sequence[Person]) -> list[Member]:
    members = [Member(jam=jam, person=person, name=person.name) for person in people]
    return Member.objects.bulk_create(members, batch_size=CHUNK)


def _thread(dice: random.Random, jam: Jam, authors: Sequence[Member], number: int, replies: int) -> ThreadRef:
    forums = jam.forums.all()
    idea = posting.start_thread(
        member=dice.choice(authors),
        forum=forums[number % len(forums)],
        subject=f"Idea {number + 1}",
        body=words(dice, 12),
    )
    posts = [idea]
    for _ in range(replies):
        parent = dice.choice([idea, *[post for post in posts[-6:] if post.depth < DEPTH]])
        posts.append(posting.reply(member=dice.choice(authors), parent=parent, body=a_reply(dice)))
    return ThreadRef(id=idea.thread_id, forum=idea.thread.forum_id, idea=idea.pk, posts=[post.pk for post in posts[1:]])


def a_reply(dice: random.Random) -> str:
    """A text as long as replies are: mostly a sentence or three, now and then eight."""
    return words(dice, dice.choice([1, 2, 2, 3, 3, 4, 8]))


def _sessions(people: Sequence[Person]) -> list[str]:
    """Signs everybody in, without the sign-in: in the table and in the cache, where a sign-in puts a session."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    empty = store()
    keys = [secrets.token_hex(16) for _ in people]
    data = [_session_of(person) for person in people]
    expires = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = (
        Session(session_key=key, session_data=empty.encode(said), expire_date=expires)
        for key, said in zip(keys, data, strict=True)
    )
    Session.objects.bulk_create(rows, batch_size=CHUNK)
    cached = ((store(key).cache_key, said) for key, said in zip(keys, data, strict=True))
    for chunk in _chunks(cached):
        caches[settings.SESSION_CACHE_ALIAS].set_many(dict(chunk), settings.SESSION_COOKIE_AGE)
    return [f"{settings.SESSION_COOKIE_NAME}={key}" for key in keys]


def _session_of(person: Person) -> dict[str, Any]:
    return {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: person.get_session_auth_hash(),
    }


def _tokens(people: Sequence[Person]) -> list[str]:
    """A token each, kept as `accounts.domain.tokens` keeps them, and used within the hour."""
    tokens = [f"jam_{secrets.token_urlsafe(32)}" for _ in people]
    now = timezone.now()
    held = (
        ApiToken(person=person, digest=hashlib.sha256(token.encode()).hexdigest(), last_used_at=now)
        for person, token in zip(people, tokens, strict=True)
    )
    ApiToken.objects.bulk_create(held, batch_size=CHUNK)
    return tokens


def _chunks(items: Iterator[T]) -> Iterator[list[T]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk
