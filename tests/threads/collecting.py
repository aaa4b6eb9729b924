"""Collections, made for tests."""

from __future__ import annotations

from jam.models import Member
from tests.cast import Cast
from tests.threads.test_views import at
from threads.domain import collections
from threads.models import Collection, Post


def make(cast: Cast, *posts: Post, by: Member | None = None, title: str = "For the mayor") -> Collection:
    collection = collections.make(member=by or cast.ben, title=title)
    for post in posts:
        collections.add(collection=collection, post=post)
    return collection


def order(collection: Collection) -> list[int]:
    return [item.post_id for item in collections.items_of(collection)]


def link_of(collection: Collection) -> str:
    collections.share(collection=collection)
    collection.refresh_from_db()
    return at(collection.jam, "shared", collection.share_key)
