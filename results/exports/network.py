"""graphml: who answered whom, for programs that draw and measure networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from django.db.models import Count, F, Q

from jam.models import Jam, Member
from threads.models import Post, PostStatus

AT_ONCE = 2_000
NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
# What XML 1.0 cannot hold.
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The attributes of nodes and edges: id of the key, what it is of, its name, its type.
KEYS = (
    ("person_id", "node", "string"),
    ("name", "node", "string"),
    ("affiliation", "node", "string"),
    ("role", "node", "string"),
    ("posts", "node", "int"),
    ("weight", "edge", "int"),
)


def write(jam: Jam, path: Path) -> None:
    """Every member is a node; an edge says how many visible replies went from one to another, never to oneself."""
    root = ElementTree.Element("graphml", xmlns=NAMESPACE)
    for name, of, kind in KEYS:
        ElementTree.SubElement(root, "key", {"id": name, "for": of, "attr.name": name, "attr.type": kind})
    graph = ElementTree.SubElement(root, "graph", id=jam.slug, edgedefault="directed")
    nodes: dict[int, str] = {}
    for number, (pk, *values) in enumerate(_people(jam)):
        nodes[pk] = f"n{number}"
        node = ElementTree.SubElement(graph, "node", id=nodes[pk])
        for (name, *_), value in zip(KEYS, values, strict=False):
            _put(node, name, value)
    for source, target, count in _replies(jam):
        edge = ElementTree.SubElement(graph, "edge", source=nodes[source], target=nodes[target])
        _put(edge, "weight", count)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _put(element: ElementTree.Element, name: str, value: object) -> None:
    ElementTree.SubElement(element, "data", key=name).text = NO_XML.sub("�", str(value))


def _people(jam: Jam) -> Iterator[tuple[int, str, str, str, str, int]]:
    visible = Count("posts", filter=Q(posts__status=PostStatus.VISIBLE))
    found = Member.objects.filter(jam=jam).annotate(visible_posts=visible).order_by("pk")
    return found.values_list("pk", "key", "name", "affiliation", "role", "visible_posts").iterator(AT_ONCE)


def _replies(jam: Jam) -> Iterator[tuple[int, int, int]]:
    found = (
        Post.objects.filter(jam=jam, status=PostStatus.VISIBLE, parent__status=PostStatus.VISIBLE)
        .exclude(author=F("parent__author"))
        .order_by("author", "parent__author")
        .values("author", "parent__author")
        .annotate(count=Count("pk"))
    )
    return found.values_list("author", "parent__author", "count").iterator(AT_ONCE)
