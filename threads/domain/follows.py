"""Following: wanting to hear of a thread, a person or a tag. It needs no open window, and nobody else sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from jam.domain.errors import Conflict, Invalid
from jam.domain.rendering import excerpt
from jam.models import Member
from threads.domain.written import clean_tags
from threads.models import Follow, Post, PostStatus, Thread

FOLLOWS_MAX = 2_000
A_PAGE = 50
AT_ONCE = 500
"""How many followers are read at a time."""


@dataclass(frozen=True)
class Thing:
    """What can be followed: exactly one of the three is set."""

    thread: Thread | None = None
    person: Member | None = None
    tag: str = ""

    @classmethod
    def of_tag(cls, tag: str) -> Thing:
        """A tag as posts have it: folded, without its #. Raises Invalid for what cannot be one."""
        tags = clean_tags([tag])
        if not tags:
            raise Invalid(gettext("Name the tag that you want to follow."), code="tag", field="tag")
        return cls(tag=tags[0])

    @property
    def fields(self) -> dict[str, Any]:
        return {"thread": self.thread, "person": self.person, "tag": self.tag}


def follow(*, member: Member, thing: Thing) -> None:
    """Follows `thing`; twice is once. Raises Invalid for what is not of the member's jam and for oneself, and Conflict
    for more than `FOLLOWS_MAX` things."""
    there = thing.thread or thing.person
    if there is not None and there.jam_id != member.jam_id:
        raise Invalid(gettext("That is not part of this jam."), code="jam")
    if thing.person is not None and thing.person.pk == member.pk:
        raise Invalid(gettext("You cannot follow yourself."), code="self")
    if follows_one(member, thing):
        return
    if Follow.objects.filter(member=member).count() >= FOLLOWS_MAX:
        raise Conflict(
            gettext("You follow as much as one can. Follow something else no longer first."), code="too_many"
        )
    Follow.objects.get_or_create(member=member, **thing.fields)


def unfollow(*, member: Member, thing: Thing) -> None:
    """Follows `thing` no longer; does nothing if it was not followed."""
    Follow.objects.filter(member=member, **thing.fields).delete()


def follows_one(member: Member | None, thing: Thing) -> bool:
    """Whether `member` follows it. One query, none without a member."""
    return member is not None and Follow.objects.filter(member=member, **thing.fields).exists()


FOLLOW_THREAD = """
    INSERT INTO threads_follow (member_id, thread_id, tag, since) VALUES (%s, %s, '', clock_timestamp())
    ON CONFLICT DO NOTHING
"""


def follow_what_one_writes_in(post: Post) -> None:
    """Has the author of `post` follow its thread. Every post asks for it, so it is SQL that is written once."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_THREAD, [post.author_id, post.thread_id])


# --- what somebody follows ---


@dataclass(frozen=True)
class FollowedThread:
    follow: Follow
    title: str
    """Empty if the idea is not there to be read."""


@dataclass(frozen=True)
class Followed:
    """What a member follows, the newest first: every person and tag, and a page of threads."""

    people: Sequence[Follow]
    tags: Sequence[Follow]
    threads: Sequence[FollowedThread]
    more: int | None
    """The cursor of the next page of threads."""


def follows_of(member: Member, *, before: int | None = None) -> Followed:
    """What `member` follows. Three queries."""
    mine = Follow.objects.filter(member=member).order_by("-pk")
    others = list(mine.filter(thread=None).select_related("person"))
    # Of a thread that was merged they follow the one that it is in now.
    threads = mine.filter(thread__isnull=False, thread__moved_to=None).select_related("thread__forum")
    if before is not None:
        threads = threads.filter(pk__lt=before)
    found = list(threads[: A_PAGE + 1])
    shown = found[:A_PAGE]
    ideas = Post.objects.filter(
        thread__in=[follow.thread_id for follow in shown], parent=None, status=PostStatus.VISIBLE
    )
    titles: dict[int | None, str] = {idea.thread_id: idea.subject or excerpt(idea.html, 80) for idea in ideas}
    return Followed(
        people=[follow for follow in others if follow.person_id],
        tags=[follow for follow in others if follow.tag],
        threads=[FollowedThread(follow, titles.get(follow.thread_id, "")) for follow in shown],
        more=shown[-1].pk if len(found) > A_PAGE else None,
    )


# --- who follows ---


def followers(
    *, jam_id: int, thread: int | None = None, person: int | None = None, tags: Sequence[str] = ()
) -> Iterator[list[int]]:
    """The ids of the members who follow one of these, `AT_ONCE` at a time and in their order. A query each time."""
    if thread is not None:
        asked = Follow.objects.filter(thread=thread)
    elif person is not None:
        asked = Follow.objects.filter(person=person)
    else:
        asked = Follow.objects.filter(tag__in=tags, member__jam=jam_id)
    members = asked.order_by("member").values_list("member", flat=True).distinct()
    after = 0
    while batch := list(members.filter(member__gt=after)[:AT_ONCE]):
        yield batch
        after = batch[-1]
