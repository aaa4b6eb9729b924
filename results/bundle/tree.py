"""Who answers whom, once every row of posts.csv was seen: a parent may stand further down in the file, or nowhere.

Works on ids alone, without what the posts say, so that a large jam fits in memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from results.bundle import reasons
from results.bundle.layout import POSTS
from results.bundle.report import Report, shown
from threads.models import DEPTH_MAX


@dataclass(slots=True, eq=False)
class Node:
    """A post as it stands in the tree. `forum_id` is None for a forum that is not there."""

    line: int
    key: str
    parent_key: str
    forum_key: str
    forum_id: int | None
    author_id: int
    created_at: datetime
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    depth: int = 0
    root: Node | None = None
    post_id: int = 0
    thread_id: int = 0
    path: str = ""

    @property
    def age(self) -> tuple[datetime, int]:
        return self.created_at, self.line


def plant(nodes: Collection[Node], refused_keys: Collection[str], report: Report) -> list[Node]:
    """The posts that can be loaded, each with parent, depth and root, a parent before its replies.

    Every node that is left out or moved is told to `report`.
    """
    _link(nodes, refused_keys, report)
    _break_cycles(nodes, report)
    ordered = _from_the_roots(nodes, report)
    for node in ordered:
        _settle(node, report)
    return ordered


def _link(nodes: Collection[Node], refused_keys: Collection[str], report: Report) -> None:
    by_key = {node.key: node for node in nodes}
    for node in nodes:
        if not node.parent_key:
            continue
        node.parent = by_key.get(node.parent_key)
        if node.parent is not None:
            node.parent.children.append(node)
        else:
            reason = reasons.PARENT_REFUSED if node.parent_key in refused_keys else reasons.NO_PARENT
            report.mend(POSTS.file, node.line, reason, shown(node.parent_key))


def _break_cycles(nodes: Iterable[Node], report: Report) -> None:
    """Cuts each ring of posts that answer each other at the oldest of them."""
    seen: dict[Node, Node] = {}
    for start in nodes:
        node: Node | None = start
        while node is not None and node not in seen:
            seen[node] = start
            node = node.parent
        if node is not None and seen[node] is start:
            _cut(min(_ring(node), key=lambda member: member.age), report)


def _ring(node: Node) -> list[Node]:
    ring = [node]
    above = node.parent
    while above is not None and above is not node:
        ring.append(above)
        above = above.parent
    return ring


def _cut(node: Node, report: Report) -> None:
    assert node.parent is not None
    node.parent.children.remove(node)
    node.parent = None
    report.mend(POSTS.file, node.line, reasons.CYCLE)


def _from_the_roots(nodes: Iterable[Node], report: Report) -> list[Node]:
    """Every node that has a thread to be in, a parent before its replies. A thread needs a forum that is there."""
    ordered = []
    waiting = deque(node for node in nodes if node.parent is None)
    while waiting:
        node = waiting.popleft()
        if node.parent is None and node.forum_id is None:
            report.refuse(POSTS.file, node.line, reasons.NO_FORUM, shown(node.forum_key))
            for child in node.children:
                child.parent = None
                report.mend(POSTS.file, child.line, reasons.PARENT_REFUSED, shown(node.key))
        else:
            ordered.append(node)
        waiting.extend(node.children)
    return ordered


def _settle(node: Node, report: Report) -> None:
    """Gives `node` its root and depth; its parent has them already."""
    parent = node.parent
    if parent is None:
        node.root, node.depth = node, 0
        return
    if parent.depth == DEPTH_MAX:
        parent = node.parent = parent.parent
        assert parent is not None
        report.mend(POSTS.file, node.line, reasons.TOO_DEEP, shown(parent.key))
    root = node.root = parent.root
    assert root is not None
    node.depth = parent.depth + 1
    if node.forum_id != root.forum_id:
        report.mend(POSTS.file, node.line, reasons.OTHER_FORUM, shown(node.forum_key))
        node.forum_id = root.forum_id
