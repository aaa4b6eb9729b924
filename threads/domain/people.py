"""Who is in a jam, and what they wrote there. Never who is online: that is told as a count alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Lower

from jam.models import Jam, Member
from threads.models import Post, PostStatus

PEOPLE_A_PAGE = 50
POSTS_A_PAGE = 25


@dataclass(frozen=True)
class Written:
    """How much a member wrote that can be read."""

    ideas: int
    replies: int


def search(
    jam: Jam, *, words: str = "", affiliation: str = "", after: int | None = None
) -> tuple[list[Member], int | None]:
    """A page of the jam's people by name, and the cursor of the next page. One query, two with `after`.

    Each of `words` is in their name or their affiliation, whatever its case; `affiliation` is theirs as it is written.
    """
    people = Member.objects.filter(jam=jam, left_at=None).annotate(by_name=Lower("name")).order_by("by_name", "pk")
    for word in words.split():
        people = people.filter(Q(name__icontains=word) | Q(affiliation__icontains=word))
    if affiliation:
        people = people.filter(affiliation=affiliation)
    if after is not None:
        last = Member.objects.filter(jam=jam, pk=after).annotate(by_name=Lower("name")).first()
        if last is not None:
            name = last.by_name
            people = people.filter(by_name__gte=name).filter(Q(by_name__gt=name) | Q(pk__gt=last.pk))
    found: list[Member] = list(people[: PEOPLE_A_PAGE + 1])
    return found[:PEOPLE_A_PAGE], found[PEOPLE_A_PAGE - 1].pk if len(found) > PEOPLE_A_PAGE else None


def posts_by(member: Member, *, before: int | None = None) -> tuple[list[Post], int | None]:
    """A page of what `member` wrote and everybody can read, the newest first, with its thread and forum, and the cursor
    of the next page. One query.
    """
    posts = Post.objects.filter(author=member, status=PostStatus.VISIBLE)
    posts = posts.select_related("author", "thread__forum").order_by("-pk")
    if before is not None:
        posts = posts.filter(pk__lt=before)
    found = list(posts[: POSTS_A_PAGE + 1])
    return found[:POSTS_A_PAGE], found[POSTS_A_PAGE - 1].pk if len(found) > POSTS_A_PAGE else None


def written_by(member: Member) -> Written:
    """One query, over the member's own posts."""
    posts = Post.objects.filter(author=member, status=PostStatus.VISIBLE)
    counts = posts.aggregate(ideas=Count("pk", filter=Q(parent=None)), all=Count("pk"))
    return Written(ideas=counts["ideas"], replies=counts["all"] - counts["ideas"])
