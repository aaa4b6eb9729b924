"""What the API takes and gives. Ids are the site's own; `key` is the id that a bundle carries."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

from ninja import Field, Schema

from jam.access import Entry
from jam.domain.phases import Phase, phase_of
from jam.models import Jam
from threads.access import can_see_body
from threads.models import Highlight, Post

Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    items: list[Item]
    next: str | None = Field(None, description="Send it as `after` for the next page; null at the end.")


class ForumOut(Schema):
    id: int
    key: str
    title: str
    question: str
    thread_count: int
    post_count: int


class JamOut(Schema):
    slug: str
    title: str
    question: str
    language: str
    timezone: str = Field(description="IANA name of the zone that the jam's times are meant in.")
    phase: Phase
    opens_at: datetime | None
    closes_at: datetime | None
    reading_until: datetime | None
    voting: str

    @classmethod
    def of(cls, jam: Jam, now: datetime) -> JamOut:
        return cls.model_validate(_jam_fields(jam, now))


class JamWithForums(JamOut):
    seq: int = Field(description="The number of the newest event: ask `changes` for what comes after it.")
    now: datetime
    role: str | None = Field(description="Yours in this jam; null if you are not a member.")
    forums: list[ForumOut]

    @classmethod
    def of_entry(cls, entry: Entry, *, seq: int) -> JamWithForums:
        forums = list(entry.jam.forums.all()) if entry.can_read else []
        own = {
            "seq": seq,
            "now": entry.now,
            "role": entry.member.role if entry.member else None,
            "forums": [ForumOut.from_orm(forum) for forum in forums],
        }
        return cls.model_validate(_jam_fields(entry.jam, entry.now) | own)


def _jam_fields(jam: Jam, now: datetime) -> dict[str, object]:
    return {
        "slug": jam.slug,
        "title": jam.title,
        "question": jam.question,
        "language": jam.language,
        "timezone": jam.time_zone,
        "phase": phase_of(jam, now),
        "opens_at": jam.opens_at,
        "closes_at": jam.closes_at,
        "reading_until": jam.reading_until,
        "voting": jam.voting,
    }


class AuthorOut(Schema):
    id: int
    name: str
    affiliation: str


class CountsOut(Schema):
    agree: int
    passed: int = Field(serialization_alias="pass")
    disagree: int


class PostOut(Schema):
    id: int
    key: str
    thread: int
    forum: int
    parent: int | None
    depth: int
    author: AuthorOut
    created_at: datetime
    status: str
    subject: str | None = Field(description="Null, as `body` and `html`, if it is hidden from you.")
    body: str | None = Field(description="Markdown, as it was written.")
    html: str | None = Field(description="The body, safe to show.")
    tags: list[str]
    highlight: Highlight.Kind | None = Field(description="How who runs the jam marked it; null if they did not.")
    is_prompt: bool = Field(description="Whether who runs the jam asks its thread something.")
    counts: CountsOut

    @classmethod
    def of(cls, entry: Entry, post: Post) -> PostOut:
        """`post` with its author, thread and highlight loaded."""
        shown = can_see_body(entry, post)
        return cls(
            id=post.pk,
            key=post.key,
            thread=post.thread_id,
            forum=post.thread.forum_id,
            parent=post.parent_id,
            depth=post.depth,
            author=AuthorOut(id=post.author_id, name=post.author.name, affiliation=post.author.affiliation),
            created_at=post.created_at,
            status=post.status,
            subject=post.subject if shown else None,
            body=post.body if shown else None,
            html=post.html if shown else None,
            tags=post.tags if shown else [],
            highlight=Highlight.Kind(post.highlighted) if shown and post.highlighted else None,
            is_prompt=post.is_prompt,
            counts=CountsOut(agree=post.agree_count, passed=post.pass_count, disagree=post.disagree_count),
        )


class ThreadOut(Schema):
    id: int
    forum: int
    created_at: datetime
    last_post_at: datetime
    reply_count: int
    locked: bool = Field(description="Whether it takes no new posts.")
    pinned: bool = Field(description="Whether it stands first in its forum, on pages; here it has its place by rank.")
    idea: PostOut

    @classmethod
    def of(cls, entry: Entry, idea: Post) -> ThreadOut:
        thread = idea.thread
        return cls(
            id=thread.pk,
            forum=thread.forum_id,
            created_at=thread.created_at,
            last_post_at=thread.last_post_at,
            reply_count=thread.reply_count,
            locked=thread.locked_at is not None,
            pinned=thread.pinned_at is not None,
            idea=PostOut.of(entry, idea),
        )


class ThreadWithPosts(Schema):
    id: int
    jam: str
    forum: int
    created_at: datetime
    last_post_at: datetime
    reply_count: int
    locked: bool = Field(description="Whether it takes no new posts.")
    posts: list[PostOut] = Field(description="In reading order: each post before what answers it.")
    next: str | None = Field(None, description="Send it as `after` for the posts that follow; null at the end.")


class IdeaIn(Schema):
    forum: int
    subject: str
    body: str
    tags: list[str] = []


class ReplyIn(Schema):
    parent: int | None = Field(None, description="The post that is answered; without it, the thread's idea.")
    subject: str = ""
    body: str


class VoteIn(Schema):
    value: int = Field(description="1 agree, 0 pass, -1 disagree; in an upvote jam only 1.")
