"""The tree of posts, for every shape that parents can have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from results.bundle.report import Report
from results.bundle.tree import Node, plant

START = datetime(2026, 1, 1, tzinfo=UTC)
# For each post: which one it answers (-1 nobody, 30 somebody who is not there), its forum, when it was written.
SHAPES = st.lists(st.tuples(st.integers(-1, 30), st.sampled_from([1, 2, None]), st.integers(0, 5)), max_size=30)


def node(number: int, parent: int, forum: int | None, minutes: int) -> Node:
    return Node(
        line=number + 2,
        key=str(number),
        parent_key="" if parent < 0 else str(parent),
        forum_key=str(forum),
        forum_id=forum,
        author_id=1,
        created_at=START + timedelta(minutes=minutes),
    )


@given(SHAPES)
def test_whatever_the_rows_say_a_forest_comes_out_and_every_row_is_accounted_for(
    rows: list[tuple[int, int | None, int]],
) -> None:
    nodes = [node(number, *row) for number, row in enumerate(rows)]
    report = Report()
    planted = plant(nodes, set(), report)

    seen: set[str] = set()
    for each in planted:
        if each.parent is None:
            assert (each.root, each.depth) == (each, 0)
        else:
            assert each.parent.key in seen, "a parent stands before its replies"
            assert (each.root, each.depth) == (each.parent.root, each.parent.depth + 1)
        assert each.root is not None
        assert each.forum_id == each.root.forum_id is not None
        seen.add(each.key)
    assert len(seen) == len(planted)
    refused = report.tally("posts.csv").refused_lines
    assert {each.line for each in nodes} == {each.line for each in planted} | refused
    assert not refused & {each.line for each in planted}


@given(SHAPES)
def test_a_post_that_is_not_mended_stands_where_its_row_says(rows: list[tuple[int, int | None, int]]) -> None:
    nodes = [node(number, *row) for number, row in enumerate(rows)]
    asked = {each.key: (each.parent_key, each.forum_id) for each in nodes}
    report = Report()
    planted = plant(nodes, set(), report)

    mended = report.tally("posts.csv").mended_lines
    for each in planted:
        if each.line not in mended:
            assert asked[each.key] == (each.parent.key if each.parent else "", each.forum_id)
