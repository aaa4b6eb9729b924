"""A jam of any number of posts, written past the verbs: by COPY and a few statements, a million in some minutes.

Two jams of different sizes have the same forums, the same number of posts a thread, the same texts and, each, twenty
posts with a rare word. So their pages show the same, and what differs is how much lies around it.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import Person
from benchmarks.pages.content import words
from jam.domain.rendering import to_html
from jam.models import Door, Forum, Jam, Member
from threads.domain import counts, paths, search_index
from threads.models import Follow, Post, SearchDocument, Thread, Visit, Vote

A_THREAD = 8
THE_THREAD = 50
FORUMS = ("Ways", "Water")
LASTED = timedelta(hours=20)
TO_COME = timedelta(hours=20)
AWAY = timedelta(hours=8)
TEXTS = 1_000
RARE, RARE_POSTS = "zeppelin", 20
RARE_TAG, RARE_TAGS = "low tide", 40
VOTES_AN_IDEA = 2
FOLLOWED = 5
TAGS = 60
AT_ONCE = 20_000


@dataclass(frozen=True)
class Sized:
    """A jam of `posts` posts, an idea with 49 replies, and a member who was away for eight hours."""

    posts: int
    jam: Jam
    forum: Forum
    idea: Post
    reader: Member


def make(*, posts: int, people: int, dice: random.Random) -> Sized:
    """Fills a jam. It is to be the only one that writes meanwhile: it drops the index of search and makes it anew."""
    now = timezone.now()
    jam = _jam(posts, opens_at=now - LASTED)
    forums = [Forum.objects.create(jam=jam, title=title, position=place) for place, title in enumerate(FORUMS)]
    members = _members(jam, people)
    texts = [Text.made(dice) for _ in range(TEXTS)]
    with transaction.atomic():
        _without_triggers()
        _posts(jam, forums, members, texts, posts=posts, dice=dice)
        counts.recount(jam.pk)
    _search(jam)
    idea = Post.objects.filter(jam=jam, parent=None).earliest("pk")
    reader = Member.objects.get(jam=jam, pk=members[0])
    _was_away(reader, now)
    return Sized(posts=posts, jam=jam, forum=forums[0], idea=idea, reader=reader)


@dataclass(frozen=True)
class Text:
    subject: str
    body: str
    html: str

    @classmethod
    def made(cls, dice: random.Random) -> Text:
        body = words(dice, dice.choice([1, 2, 2, 3, 3, 4, 8]))
        return cls(subject=words(dice, 1)[:60], body=body, html=to_html(body))


def copy(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Writes rows of a table, named by attribute; what a row does not name is the field's default."""
    fields = model._meta.concrete_fields
    defaults = {field.attname: field.get_default() for field in fields}
    names = ", ".join(f'"{field.column}"' for field in fields if field.attname in defaults)
    sql = f"COPY {model._meta.db_table} ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
    lines = ([_cell((defaults | row)[field.attname]) for field in fields] for row in rows)
    with connection.cursor() as cursor:
        for part in _parts(lines):
            cursor.copy_expert(sql, part)


def _cell(value: Any) -> Any:
    if value is None:
        return "\\N"
    return "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else value


def _parts(lines: Iterator[list[Any]]) -> Iterator[io.StringIO]:
    part = io.StringIO()
    writer = csv.writer(part)
    for number, line in enumerate(lines, start=1):
        writer.writerow(line)
        if number % AT_ONCE == 0:
            part.seek(0)
            yield part
            part.seek(0)
            part.truncate()
    part.seek(0)
    yield part


def _jam(posts: int, *, opens_at: datetime) -> Jam:
    return Jam.objects.create(
        slug=f"posts-{posts}",
        title="What should the harbour be?",
        question="The harbour is being built anew. What should it be for?",
        question_html="<p>The harbour is being built anew. What should it be for?</p>",
        time_zone="Europe/Berlin",
        opens_at=opens_at,
        closes_at=opens_at + LASTED + TO_COME,
        door=Door.ACCOUNT,
        published_at=opens_at,
    )


def _members(jam: Jam, people: int) -> list[int]:
    names = [f"{word} {number}" for number in range(people) for word in ("Person",)]
    persons = Person.objects.bulk_create(
        [Person(email=f"{number}@{jam.slug}.example", name=name, password="!") for number, name in enumerate(names)]
    )
    members = Member.objects.bulk_create(
        [Member(jam=jam, person=person, name=person.name, affiliation="Harbour Office") for person in persons]
    )
    return [member.pk for member in members]


def _without_triggers() -> None:
    """What is written holds together; checking each row's neighbours takes longer than writing it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


def _posts(
    jam: Jam, forums: list[Forum], members: list[int], texts: list[Text], *, posts: int, dice: random.Random
) -> None:
    """Each eighth post starts a thread, and those after it answer one of the last ones. Half of the ideas wait for a
    reply; the first has 49.
    """
    first_post, first_thread = _next_number(Post, posts), _next_number(Thread, posts // A_THREAD + 1)
    assert jam.opens_at is not None
    begin, pace = jam.opens_at, LASTED / posts
    threads: list[dict[str, Any]] = []
    ideas: list[dict[str, Any]] = []
    rare = set(range(0, posts, posts // RARE_POSTS))
    rare_tags = set(range(1, posts // A_THREAD, max(1, posts // A_THREAD // RARE_TAGS)))

    def post(number: int) -> dict[str, Any]:
        text = texts[number % TEXTS]
        at = begin + pace * number
        starts = number == 0 or (number >= THE_THREAD and number % A_THREAD == 0)
        row: dict[str, Any] = {
            "id": first_post + number,
            "jam_id": jam.pk,
            "author_id": members[1 + dice.randrange(len(members) - 1)],
            "key": f"{number}",
            "body": text.body,
            "html": text.html + (f"<p>{RARE}</p>" if number in rare else ""),
            "created_at": at,
        }
        if starts:
            thread = {
                "id": first_thread + len(threads),
                "jam_id": jam.pk,
                "forum_id": forums[len(threads) // 2 % len(forums)].pk,
            }
            threads.append(thread | {"created_at": at, "last_post_at": at})
            row |= {"thread_id": thread["id"], "path": paths.step(row["id"]), "subject": f"{text.subject} {number}"}
            row |= {
                "tags": [f"tag {len(threads) % TAGS}", "harbour", *([RARE_TAG] if len(threads) in rare_tags else [])]
            }
            ideas.append({"id": row["id"], "thread_id": thread["id"], "path": row["path"]})
            return row
        if number < THE_THREAD:
            parent = ideas[0]
        else:
            newest = (len(ideas) - 1) // 2 * 2  # of those with an even number
            parent = ideas[max(newest - 2 * dice.randrange(3), 0)]
        path = paths.path_under(parent["path"], row["id"])
        return row | {"thread_id": parent["thread_id"], "parent_id": parent["id"], "depth": 1, "path": path}

    copy(Post, map(post, range(posts)))
    copy(Thread, threads)
    first_vote = _next_number(Vote, VOTES_AN_IDEA * len(ideas))
    copy(
        Vote,
        (
            {"id": first_vote + number * VOTES_AN_IDEA + which, "post_id": idea["id"], "value": 1}
            | {"member_id": members[1 + (number + which) % (len(members) - 1)]}
            for number, idea in enumerate(ideas)
            for which in range(VOTES_AN_IDEA)
        ),
    )


def _next_number(model: type[models.Model], count: int) -> int:
    """The first of `count` numbers that nobody else will have."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")
        (first,) = cursor.fetchone()
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", [first + count])
    return int(first)


def _search(jam: Jam) -> None:
    """The documents of a million posts go into a table without its index, which is then made in one go."""
    (index,) = SearchDocument._meta.indexes
    with connection.schema_editor() as editor:
        editor.remove_index(SearchDocument, index)
    search_index.fill(jam.pk)
    with connection.schema_editor() as editor:
        editor.add_index(SearchDocument, index)


def _was_away(reader: Member, now: datetime) -> None:
    """Follows some threads, and left eight hours ago, having seen all that there was."""
    seen = Post.objects.filter(jam=reader.jam_id, created_at__lte=now - AWAY).latest("created_at").pk
    Visit.objects.create(member=reader, last_at=now - AWAY, left_at=None, caught_up_to=seen)
    newest = Thread.objects.filter(jam=reader.jam_id).order_by("-pk")[:FOLLOWED]
    Follow.objects.bulk_create([Follow(member=reader, thread=thread) for thread in newest])


def analyse() -> None:
    """As autovacuum would have done by itself some time after."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
