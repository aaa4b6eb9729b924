"""Writing a bundle. The same jam gives the same bytes, and so does what was loaded from them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from jam.models import Forum, Jam, Member
from moderation.models import Action
from results.bundle.description import described
from results.bundle.layout import ACTIONS, DESCRIPTION, FAVOURITES, FORUMS, PEOPLE, POSTS, TAG_SEPARATOR, VOTES, Table
from results.bundle.values import format_time
from results.exports.sinks import Sink
from threads.models import Favourite, Post, Vote

AT_ONCE = 2_000

Cells = Sequence[object]


def write(jam: Jam, sink: Sink) -> None:
    """Writes the whole of `jam`, row by row. Drafts stay behind: they were never part of the jam."""
    with sink.open(DESCRIPTION) as file:
        json.dump(described(jam), file, ensure_ascii=False, indent=2)
        file.write("\n")
    _write(sink, FORUMS, _forums(jam))
    _write(sink, PEOPLE, _people(jam))
    _write(sink, POSTS, _posts(jam))
    _write(sink, VOTES, _votes(jam))
    # A jam where nobody kept or hid a post is the contract's five files and no more.
    for table, found in ((FAVOURITES, _favourites(jam)), (ACTIONS, _actions(jam))):
        first = next(found, None)
        if first is not None:
            _write(sink, table, chain([first], found))


def _write(sink: Sink, table: Table, cells: Iterable[Cells]) -> None:
    with sink.open(table.file) as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.columns)
        writer.writerows(cells)


# Rows are in the order in which loading them makes them again: posts by time, the rest as they came.


def _forums(jam: Jam) -> Iterator[Cells]:
    return (
        Forum.objects.filter(jam=jam)
        .order_by("position", "pk")
        .values_list("key", "title", "question", "position")
        .iterator(AT_ONCE)
    )


def _people(jam: Jam) -> Iterator[Cells]:
    found = Member.objects.filter(jam=jam).order_by("pk")
    for key, name, email, *rest in found.values_list("key", "name", "person__email", "affiliation", "role").iterator(
        AT_ONCE
    ):
        yield key, name, (email or "").lower(), *rest


def _posts(jam: Jam) -> Iterator[Cells]:
    found = Post.objects.filter(jam=jam).order_by("created_at", "pk")
    for key, forum, parent, author, at, subject, body, tags, status in found.values_list(
        "key", "thread__forum__key", "parent__key", "author__key", "created_at", "subject", "body", "tags", "status"
    ).iterator(AT_ONCE):
        yield key, forum, parent or "", author, format_time(at), subject, body, TAG_SEPARATOR.join(tags), status


def _votes(jam: Jam) -> Iterator[Cells]:
    found = Vote.objects.filter(post__jam=jam).order_by("pk")
    for post, member, value, at in found.values_list("post__key", "member__key", "value", "cast_at").iterator(AT_ONCE):
        yield post, member, value, format_time(at)


def _favourites(jam: Jam) -> Iterator[Cells]:
    found = Favourite.objects.filter(post__jam=jam).order_by("pk")
    for post, member, at in found.values_list("post__key", "member__key", "kept_at").iterator(AT_ONCE):
        yield post, member, format_time(at)


def _actions(jam: Jam) -> Iterator[Cells]:
    found = Action.objects.filter(jam=jam).order_by("pk")
    for post, member, kind, reason, at in found.values_list(
        "post__key", "member__key", "kind", "reason", "at"
    ).iterator(AT_ONCE):
        yield post, member, kind, reason, format_time(at)
