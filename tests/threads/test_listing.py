"""Lists that go on."""

from __future__ import annotations

from typing import get_args

import pytest

from jam.access import enter
from jam.domain.errors import Invalid
from tests.cast import Cast
from threads.domain import listing, queries, voting
from threads.domain.queries import Mine
from threads.fragments import FIELDS
from threads.models import Thread
from threads.views.tree import NEST_MAX, tree_rows


@pytest.mark.parametrize("sort", get_args(queries.Sort))
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_ideas_show_each_once_in_order(cast: Cast, sort: str, size: int) -> None:
    ideas = [cast.idea(subject=f"Idea {number}") for number in range(7)]
    for idea in ideas[::2]:
        voting.cast(member=cast.ben, post=idea, value=1)
    voting.cast(member=cast.fay, post=ideas[0], value=-1)
    for idea in ideas[1:3]:
        cast.reply(idea)
    whole = [idea.pk for idea in queries.in_order(queries.ideas(forum=cast.harbour), sort)]
    found: list[int] = []
    after: str | None = ""
    while after is not None:
        page = listing.idea_page(queries.ideas(forum=cast.harbour), sort=sort, after=after, size=size)
        assert len(page.ideas) <= size
        found += [idea.pk for idea in page.ideas]
        after = page.after
    assert found == whole


def test_a_cursor_is_for_one_order(cast: Cast) -> None:
    for number in range(2):
        cast.idea(subject=f"Idea {number}")
    after = listing.idea_page(queries.ideas(forum=cast.harbour), sort="new", size=1).after
    assert after
    with pytest.raises(Invalid) as refused:
        listing.idea_page(queries.ideas(forum=cast.harbour), sort="needs_reply", after=after)
    assert refused.value.code == "cursor"


def tangle(cast: Cast, posts: int) -> Thread:
    """A thread of `posts` replies, each to one of the last few before it, so that branches begin and end everywhere."""
    idea = cast.idea()
    written = [idea]
    for number in range(posts):
        parent = written[-1 - (number * 7) % min(4, len(written))]
        written.append(cast.reply(parent, by=(cast.ana, cast.ben)[number % 2], body=f"Turn {number}"))
    return Thread.objects.get(pk=idea.thread_id)


def test_pages_of_a_thread_hold_each_post_once_and_what_is_above_them(cast: Cast) -> None:
    thread = tangle(cast, 30)
    whole = list(thread.posts.order_by("path").values_list("pk", "path"))
    found: list[tuple[int, str]] = []
    for number in range(1, 9):
        page = listing.post_page(thread, number=number, fields=FIELDS, size=4)
        assert (page.number, page.pages, page.total) == (number, 8, 31)
        found += [(post["id"], post["path"]) for post in page.posts]
        first = page.posts[0]["path"]
        above = [path for _, path in whole if first.startswith(path) and path != first] if number > 1 else []
        assert [post["path"] for post in page.above] == above
    assert found == whole
    assert listing.post_page(thread, number=99, fields=FIELDS, size=4).number == 8
    for pk, path in whole:
        post = thread.posts.select_related("thread").get(pk=pk)
        assert listing.page_of(post, size=4) == whole.index((pk, path)) // 4 + 1


@pytest.mark.parametrize("number", range(1, 9))
def test_a_page_of_a_tree_opens_and_closes_every_branch(cast: Cast, number: int) -> None:
    thread = tangle(cast, 30)
    page = listing.post_page(thread, number=number, fields=FIELDS, size=4)
    rows = tree_rows(enter(cast.ana.person, cast.jam.slug), page, Mine())
    open_branches, deepest = 0, 0
    replies = rows[1:]
    for row in replies:
        if row["branch"]:
            open_branches += 1
        open_branches -= len(row["closes"])
        deepest = max(deepest, open_branches)
    assert open_branches == 0
    assert deepest <= NEST_MAX
    for row in rows:
        path = row["post"]["path"]
        under = [other for other in rows if other["post"]["path"].startswith(path) and other is not row]
        if row["post"]["depth"] <= NEST_MAX:
            assert row["branch"] == len(under)
