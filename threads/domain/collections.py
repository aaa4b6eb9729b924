"""Posts that somebody puts together, with a title, an order and notes of their own.

Nobody else sees a collection before it is shared, so nothing here needs an open window or makes an event.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext

from jam.domain.errors import Conflict, Invalid
from jam.domain.text import clean_line, clean_text, is_blank
from jam.models import Jam, Member
from threads.models import COLLECTION_TITLE_MAX, NOTE_MAX, Collection, CollectionItem, Post

COLLECTIONS_MAX = 100
ITEMS_MAX = 500
ITEMS_A_PAGE = 100
# 192 bits: a link that nobody can guess.
SHARE_KEY_BYTES = 24


@transaction.atomic
def make(*, member: Member, title: str, note: str = "") -> Collection:
    """A new collection without posts.

    Raises Invalid for a title or a note that does not fit, for a title that another of the member's collections has,
    and for one collection too many. Locks the member's row.
    """
    texts = _texts(title, note)
    others = _hold_all_of(member)
    if others.count() >= COLLECTIONS_MAX:
        raise Invalid(
            gettext("You can have %(count)s collections in a jam. Delete one first.") % {"count": COLLECTIONS_MAX},
            code="too_many",
        )
    _refuse_taken(others, texts["title"])
    return Collection.objects.create(jam_id=member.jam_id, member=member, **texts)


@transaction.atomic
def rename(*, collection: Collection, title: str, note: str = "") -> None:
    """Gives it another title and note. Raises Invalid as `make` does. Locks the member's row."""
    texts = _texts(title, note)
    others = _hold_all_of(collection.member).exclude(pk=collection.pk)
    _refuse_taken(others, texts["title"])
    Collection.objects.filter(pk=collection.pk).update(**texts)


def delete(*, collection: Collection) -> None:
    """Takes the collection away, and its link with it. The posts stay among the favourites."""
    Collection.objects.filter(pk=collection.pk).delete()


@transaction.atomic
def add(*, collection: Collection, post: Post) -> None:
    """Puts `post` at the end; twice is once. Raises Invalid for a post of another jam and for one too many."""
    if post.jam_id != collection.jam_id:
        raise Invalid(gettext("That post is not part of this jam."), code="post", field="post")
    items = _hold(collection)
    if items.filter(post=post).exists():
        return
    if items.count() >= ITEMS_MAX:
        raise Invalid(
            gettext("A collection can hold %(count)s posts.") % {"count": ITEMS_MAX}, code="too_many", field="post"
        )
    last = items.aggregate(last=Max("position"))["last"]
    CollectionItem.objects.create(collection=collection, post=post, position=0 if last is None else last + 1)


def drop(*, collection: Collection, post: Post) -> None:
    """Takes `post` and its note out; does nothing if it is not in there."""
    CollectionItem.objects.filter(collection=collection, post=post).delete()


def annotate(*, collection: Collection, post: Post, note: str) -> None:
    """Says something of `post`, in place of what was said before.

    Raises Invalid for a note that does not fit, Conflict if the post is not in the collection.
    """
    text = clean_text(note, field="note", name=gettext("The note"), limit=NOTE_MAX)
    if not CollectionItem.objects.filter(collection=collection, post=post).update(note=text):
        raise _gone()


@transaction.atomic
def move(*, collection: Collection, post: Post, up: bool) -> None:
    """One place up or down; what stands at that end already stays. Raises Conflict if the post is not in there."""
    items = _hold(collection)
    item = items.filter(post=post).first()
    if item is None:
        raise _gone()
    if up:
        other = items.filter(position__lt=item.position).order_by("-position").first()
    else:
        other = items.filter(position__gt=item.position).order_by("position").first()
    if other is not None:
        items.filter(pk=item.pk).update(position=other.position)
        items.filter(pk=other.pk).update(position=item.position)


def share(*, collection: Collection) -> None:
    """Gives it a link that nobody can guess; it keeps the one that it has."""
    Collection.objects.filter(pk=collection.pk, share_key=None).update(share_key=secrets.token_urlsafe(SHARE_KEY_BYTES))


def unshare(*, collection: Collection) -> None:
    """Takes the link back: it opens nothing any more, also when the collection is shared again."""
    Collection.objects.filter(pk=collection.pk).update(share_key=None)


# --- reads ---


def made_by(member: Member) -> QuerySet[Collection]:
    """The member's collections, the newest first, each with its number of posts as `size`. One query."""
    return Collection.objects.filter(member=member).annotate(size=Count("items")).order_by("-pk")


def holding(*, member: Member, post: Post) -> set[int]:
    """The ids of those of the member's collections that `post` is in. One query."""
    items = CollectionItem.objects.filter(collection__member=member, post=post)
    return set(items.values_list("collection_id", flat=True))


def shared(jam: Jam, key: str) -> Collection | None:
    """The collection of the jam that this key opens, with its member; None too if they were suspended. One query."""
    found = Collection.objects.select_related("member").filter(jam=jam, share_key=key, member__person__is_active=True)
    return found.first()


def items_of(collection: Collection) -> QuerySet[CollectionItem]:
    """What is in it, in its order, with each post's author, thread and forum. One query."""
    return CollectionItem.objects.filter(collection=collection).select_related("post__author", "post__thread__forum")


@dataclass(frozen=True)
class ItemPage:
    """`start` is the place in the collection, from 1, that the first of them has."""

    items: list[CollectionItem]
    start: int
    number: int
    pages: int
    total: int


def item_page(collection: Collection, number: int) -> ItemPage:
    """Page `number` (from 1); past the end, the last one. Two queries."""
    total = CollectionItem.objects.filter(collection=collection).count()
    pages = max(1, -(-total // ITEMS_A_PAGE))
    number = min(max(1, number), pages)
    start = (number - 1) * ITEMS_A_PAGE
    items = list(items_of(collection)[start : start + ITEMS_A_PAGE])
    return ItemPage(items=items, start=start + 1, number=number, pages=pages, total=total)


def page_of(*, collection: Collection, post: Post) -> int:
    """The page that `post` is on; the first if it is not in the collection. One query."""
    places = CollectionItem.objects.filter(collection=collection)
    before = places.filter(position__lt=places.filter(post=post).values("position"))
    return before.count() // ITEMS_A_PAGE + 1


def _texts(title: str, note: str) -> dict[str, str]:
    line = clean_line(title, field="title", name=gettext("The title"), limit=COLLECTION_TITLE_MAX)
    if is_blank(line):
        raise Invalid(gettext("Give the collection a title."), code="blank", field="title")
    return {"title": line, "note": clean_text(note, field="note", name=gettext("The note"), limit=NOTE_MAX)}


def _hold_all_of(member: Member) -> QuerySet[Collection]:
    """Of two changes to the titles of a member's collections, the second waits for the first."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    return Collection.objects.filter(member=member)


def _refuse_taken(others: QuerySet[Collection], title: str) -> None:
    if others.filter(title=title).exists():
        raise Invalid(gettext("You have a collection with this title."), code="taken", field="title")


def _hold(collection: Collection) -> QuerySet[CollectionItem]:
    """Of two changes to a collection's order, the second waits for the first."""
    if not Collection.objects.select_for_update(no_key=True).filter(pk=collection.pk).exists():
        raise Conflict(gettext("The collection was deleted meanwhile."), code="gone")
    return CollectionItem.objects.filter(collection=collection)


def _gone() -> Conflict:
    return Conflict(gettext("That post is not in the collection any more."), code="gone", field="post")
