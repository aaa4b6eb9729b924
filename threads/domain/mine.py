"""What a member has in a jam: how much they wrote, voted on, keep, and what their posts were answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet

from jam.models import Member
from threads.domain.listing import written_by
from threads.models import Favourite, Post, PostStatus, Vote

__all__ = ["Numbers", "kept_by", "numbers_of", "replies_to", "votes_of", "written_by"]

NUMBERS = """
    SELECT
        (SELECT count(*) FROM threads_post WHERE author_id = %(member)s),
        (SELECT count(*) FROM threads_vote WHERE member_id = %(member)s),
        (SELECT count(*) FROM threads_favourite WHERE member_id = %(member)s),
        (SELECT count(*) FROM threads_collection WHERE member_id = %(member)s),
        (SELECT count(*) FROM threads_draft WHERE member_id = %(member)s)
"""


@dataclass(frozen=True)
class Numbers:
    posts: int
    votes: int
    kept: int
    collections: int
    drafts: int


def numbers_of(member: Member) -> Numbers:
    """How much there is of each. One query, which counts the member's own rows by their indexes."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, {"member": member.pk})
        return Numbers(*cursor.fetchone())


def votes_of(member: Member, *, before: int | None = None) -> QuerySet[Vote]:
    """What `member` voted, the post voted on last first, each with its post, author, thread and forum. One query."""
    votes = Vote.objects.filter(member=member).select_related("post__author", "post__thread__forum").order_by("-pk")
    return votes if before is None else votes.filter(pk__lt=before)


def kept_by(member: Member) -> QuerySet[Favourite]:
    """Everything that `member` keeps, the last first, each with its post, author, thread and forum. One query."""
    kept = Favourite.objects.filter(member=member)
    return kept.select_related("post__author", "post__thread__forum").order_by("-pk")


def replies_to(posts: Iterable[Post]) -> dict[int, int]:
    """How many visible replies each of these posts got, those with none left out. One query, none for no posts."""
    asked = [post.pk for post in posts]
    if not asked:
        return {}
    found = Post.objects.filter(parent__in=asked, status=PostStatus.VISIBLE).order_by().values_list("parent")
    return dict(found.annotate(number=Count("pk")))
