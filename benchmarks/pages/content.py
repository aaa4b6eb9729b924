"""The jam that is read: open, with one thread of 50 posts by as many people, and other threads around it.

Written through the verbs, so that every count, event and fragment is as the site makes it. The lengths follow those of
real civic threads: an idea of 900 characters, replies of 200 in the median and 700 at the 90th percentile, up to five
levels deep.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.models import Person
from jam.domain import setup
from jam.domain.membership import join
from jam.domain.opening import ForumPlan
from jam.domain.plans import Forums, People, Schedule, TakingPart, Words
from jam.models import Door, Forum, Jam, Member, Voting
from threads.domain import favourites, posting, voting
from threads.models import Post

POSTS = 50
OTHER_THREADS = 30
VOTES_A_POST = 6
DEPTH = 5
SENTENCES = """
The bridge is closed from October to March, and everybody drives round by the ring road.
I measured it on three mornings: the bus is full at the second stop.
Who pays for it after the first two years?
We tried this in our street and it worked, but *only* because somebody swept the leaves every week.
Start with the school: 400 children cross there between 7:40 and 8:00.
That is what the survey of 2019 said too, and nothing came of it.
Two benches, some shade and a tap would change more than a new square.
I do not agree, because the shops at the corner live from the people who stop there.
Could the library lend the keys in the evening?
**Lower the kerb** first; it costs little and helps everyone with wheels.
The clinic would lose its only parking spaces for people who cannot walk far.
See the drawing at https://example.org/plans/harbour-2 on page 4.
A year's trial with posts and paint, then count again.
My neighbour is 84 and goes to the river every day, so please keep the handrail.
We should ask the people who work at night, as they are never at the meetings.
It needs a name on the door, somebody to call when the lamp is broken.
""".strip().splitlines()


@dataclass(frozen=True)
class Content:
    jam: Jam
    forum: Forum
    idea: Post
    readers: list[Member]


def fill(*, readers: int, posts: int = POSTS, other_threads: int = OTHER_THREADS) -> Content:
    """Makes the jam. Its readers have voted on much of the thread and keep a post of it; they wrote none."""
    dice = random.Random(50)
    jam = _jam()
    forum = jam.forums.all()[0]
    writers = [_member(jam, f"Writer {number}") for number in range(posts)]
    watching = [_member(jam, f"Reader {number}") for number in range(readers)]
    idea = posting.start_thread(
        member=writers[0],
        forum=forum,
        subject="A bridge one can walk",
        body=words(dice, 12),
        tags=["bridge", "walking"],
    )
    thread = [idea]
    for writer in writers[1:]:
        parent = dice.choice([idea, *[post for post in thread[-6:] if post.depth < DEPTH]])
        thread.append(posting.reply(member=writer, parent=parent, body=words(dice, dice.choice([1, 2, 2, 3, 3, 4, 8]))))
    for number in range(other_threads):
        writer = dice.choice(writers)
        posting.start_thread(member=writer, forum=forum, subject=f"Idea {number + 2}", body=words(dice, 6))
    for post in thread:
        voters = [
            member for member in [*dice.sample(writers, min(VOTES_A_POST, posts)), *watching] if dice.random() < 0.7
        ]
        for voter in voters:
            if voter.pk != post.author_id:
                voting.cast(member=voter, post=post, value=dice.choice([1, 1, 1, 0, -1]))
    for member in watching:
        favourites.keep(member=member, post=dice.choice(thread))
    return Content(jam=jam, forum=forum, idea=idea, readers=watching)


def cookies(content: Content, *paths: str, host: str) -> list[str]:
    """The cookies of each reader's browser, signed in and after a first look at each path."""
    jars = []
    for member in content.readers:
        client = Client(headers={"host": host})
        client.force_login(member.person)
        for path in paths:
            assert client.get(path).status_code == 200, path
        client.cookies["jam_tz"] = "Europe%2FBerlin"
        jars.append("; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()))
    return jars


def _jam() -> Jam:
    now = timezone.now()
    plans = [
        Words(
            slug="bench",
            title="What should the harbour be?",
            question="The harbour is being built anew. **What should it be for**, and for whom?",
        ),
        Schedule("Europe/Berlin", opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(days=3)),
        TakingPart(Voting.AGREE_DISAGREE),
        People(Door.ACCOUNT),
        Forums([ForumPlan(name, f"What about {name}?") for name in ("Ways", "Water", "Work", "Evenings")]),
    ]
    organiser = Person.objects.create_user("organiser@bench.example", name="Organiser")
    return setup.publish(jam=setup.create_jam(person=organiser, plans=plans), by=None)


def _member(jam: Jam, name: str) -> Member:
    email = f"{name.lower().replace(' ', '.')}@bench.example"
    return join(jam=jam, person=Person.objects.create_user(email, name=name, affiliation="Harbour Office"))


def words(dice: random.Random, sentences: int) -> str:
    """Some Markdown, in paragraphs of three sentences."""
    chosen = [dice.choice(SENTENCES) for _ in range(sentences)]
    return "\n\n".join(" ".join(chosen[start : start + 3]) for start in range(0, sentences, 3))
