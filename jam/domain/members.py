"""Reading who is in a jam, for those who say what they may there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.db.models.functions import Lower

from jam.models import Duty, Jam, Member

A_PAGE = 50


def search(
    jam: Jam, *, words: str = "", role: str = "", left: bool = False, after: int | None = None
) -> tuple[list[Member], int | None]:
    """A page of the members by name, and the cursor of the next page; with `left`, of those who were taken out.

    Each of `words` is in the name that they have in the jam or in their affiliation. One query, two with `after`.
    """
    people = Member.objects.filter(jam=jam, left_at__isnull=not left).annotate(by_name=Lower("name"))
    people = people.order_by("by_name", "pk")
    for word in words.split():
        people = people.filter(Q(name__icontains=word) | Q(affiliation__icontains=word))
    if role:
        people = people.filter(role=role)
    last = Member.objects.filter(jam=jam, pk=after).annotate(by_name=Lower("name")).first() if after else None
    if last is not None:
        name = last.by_name
        people = people.filter(by_name__gte=name).filter(Q(by_name__gt=name) | Q(pk__gt=last.pk))
    found: list[Member] = list(people[: A_PAGE + 1])
    return found[:A_PAGE], found[A_PAGE - 1].pk if len(found) > A_PAGE else None


def forums_run(members: Sequence[Member]) -> dict[int, list[str]]:
    """The titles of the forums that each of these facilitators runs; nothing of who runs all. One query."""
    found: dict[int, list[str]] = {}
    duties = Duty.objects.filter(member__in=members).select_related("forum").order_by("forum__position", "forum")
    for duty in duties:
        found.setdefault(duty.member_id, []).append(duty.forum.title)
    return found
