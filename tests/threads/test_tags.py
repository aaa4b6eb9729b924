"""Tags: how many ideas have which, kept true in every way that changes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from moderation.domain import posts as moderation
from tests.cast import Cast
from tests.threads.finding import write
from threads.domain import counts, posting, tags
from threads.models import Post, TagCount

pytestmark = pytest.mark.django_db


def kept(cast: Cast) -> set[tuple[int | None, str, int]]:
    rows = TagCount.objects.filter(jam=cast.jam, count__gt=0)
    return set(rows.values_list("forum", "tag", "count"))


def test_counts_are_kept_for_each_forum_and_the_jam(cast: Cast) -> None:
    idea = write(cast, "A lamp", tags=("light", "night"))
    other = write(cast, "A ferry", tags=("night",), forum=cast.streets)
    posting.reply(member=cast.ben, parent=idea, body="Yes.", tags=["light", "reply"])
    harbour, streets = cast.harbour.pk, cast.streets.pk
    both = {(None, "light", 1), (None, "night", 2), (harbour, "light", 1), (harbour, "night", 1), (streets, "night", 1)}
    assert kept(cast) == both
    moderation.hide(member=cast.fay, post=other, reason="Twice.")
    assert kept(cast) == {(None, "light", 1), (None, "night", 1), (harbour, "light", 1), (harbour, "night", 1)}
    moderation.restore(member=cast.fay, post=other, reason="Not twice.")
    assert kept(cast) == both


def test_what_is_kept_is_what_is_counted_anew(cast: Cast) -> None:
    for number in range(5):
        idea = write(cast, f"Idea {number}", tags=("light", "night", f"tag {number}")[: 1 + number % 3])
    moderation.hide(member=cast.fay, post=idea, reason="Twice.")
    before = kept(cast)
    TagCount.objects.filter(jam=cast.jam).update(count=7)
    counts.recount(cast.jam.pk)
    assert kept(cast) == before


def test_tags_that_changed_are_moved(cast: Cast) -> None:
    idea = write(cast, "A lamp", tags=("light", "night"))
    was = tags.listed(idea)
    idea.tags = ["night", "sea"]
    tags.move(idea, was=was, now=tags.listed(idea))
    assert {tag for forum, tag, _ in kept(cast) if forum is None} == {"night", "sea"}


def test_a_cloud_is_the_most_used_by_the_alphabet_in_five_sizes(cast: Cast) -> None:
    for number in range(6):
        write(cast, f"Idea {number}", tags=tuple("abcdef"[number:]))
    found = tags.cloud(jam=cast.jam)
    assert [(tag.name, tag.count) for tag in found] == [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5), ("f", 6)]
    assert [tag.size for tag in found] == [1, 1, 2, 3, 4, 5]
    assert [tag.name for tag in tags.cloud(jam=cast.jam, forum=cast.harbour, limit=2)] == ["e", "f"]
    assert tags.cloud(jam=cast.jam, forum=cast.streets) == []


def test_as_many_queries_for_one_tag_as_for_three(cast: Cast, django_assert_num_queries: Any) -> None:
    idea = write(cast, "A lamp", tags=("light",))
    for now in (["a"], ["b", "c", "d"]):
        with django_assert_num_queries(1, connection=connection):
            tags.move(idea, now=now)
    with django_assert_num_queries(0):
        tags.move(idea, was=["light"], now=["light"])
        tags.move(idea, now=tags.listed(Post(parent_id=idea.pk, tags=["light"])))
    with django_assert_num_queries(1):
        tags.cloud(jam=cast.jam)
