"""What was done to threads as a whole: threads.csv (locked, pinned) and connections.csv. An idea names its thread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from jam.models import Jam
from results.bundle import reasons
from results.bundle.layout import CONNECTIONS, THREADS, Table
from results.bundle.people import batches
from results.bundle.reader import Row, rows
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.tree import Node
from results.bundle.values import Cleaner, format_time
from threads.models import Connection, Post, Thread

AT_ONCE = 2_000


class ThreadsLoader:
    def __init__(
        self, source: Source, jam: Jam, *, posts: dict[str, Node], members: dict[str, int], report: Report
    ) -> None:
        self._source = source
        self._jam = jam
        self._posts = posts
        self._members = members
        self._report = report

    def load(self) -> None:
        for batch in batches(self._threads()):
            Thread.objects.bulk_update(batch, ["locked_at", "locked_by", "pinned_at"])
        for connections in batches(self._connections()):
            Connection.objects.bulk_create(connections)

    def _threads(self) -> Iterator[Thread]:
        seen: set[int] = set()
        for row in rows(self._source, THREADS, self._report):
            thread = self._thread(THREADS, row, "post_id")
            if thread is None:
                continue
            if thread in seen:
                self._report.refuse(THREADS.file, row.line, reasons.TWICE)
                continue
            seen.add(thread)
            locked_at = self._time(row, THREADS, "locked_at")
            by = self._members.get(row.get("locked_by")) if locked_at else None
            yield Thread(
                pk=thread, locked_at=locked_at, locked_by_id=by, pinned_at=self._time(row, THREADS, "pinned_at")
            )

    def _connections(self) -> Iterator[Connection]:
        seen: set[tuple[int, int]] = set()
        for row in rows(self._source, CONNECTIONS, self._report):
            ends = [self._thread(CONNECTIONS, row, name) for name in ("post_id", "other_id")]
            member = self._members.get(row.get("person_id"))
            if None in ends:
                continue
            one, other = sorted(end for end in ends if end is not None)
            if member is None:
                self._report.refuse(CONNECTIONS.file, row.line, reasons.NO_PERSON, shown(row.get("person_id")))
            elif one == other or (one, other) in seen:
                self._report.refuse(CONNECTIONS.file, row.line, reasons.TWICE)
            else:
                seen.add((one, other))
                at = self._time(row, CONNECTIONS, "at") or self._jam.opens_at or self._jam.created_at
                yield Connection(one_id=one, other_id=other, by_id=member, at=at)

    def _thread(self, table: Table, row: Row, column: str) -> int | None:
        idea = self._posts.get(row.get(column))
        if idea is not None and idea.parent is None:
            return idea.thread_id
        self._report.refuse(
            table.file, row.line, reasons.NO_POST if idea is None else reasons.NO_IDEA, shown(row.get(column))
        )
        return None

    def _time(self, row: Row, table: Table, column: str) -> datetime | None:
        value = row.get(column)
        at = Cleaner(self._report, table.file, row.line).time(value, field=column) if value.strip() else None
        if at is None and value.strip():
            Cleaner(self._report, table.file, row.line).mend(reasons.TIME, shown(value))
        return at


def rows_of_threads(jam: Jam) -> Iterator[tuple[object, ...]]:
    """Threads that are locked or pinned."""
    marked = Q(thread__locked_at__isnull=False) | Q(thread__pinned_at__isnull=False)
    found = Post.objects.filter(marked, jam=jam, parent=None).order_by("created_at", "pk")
    names = ("key", "thread__locked_at", "thread__locked_by__key", "thread__pinned_at")
    for idea, locked_at, by, pinned_at in found.values_list(*names).iterator(AT_ONCE):
        yield idea, format_time(locked_at) if locked_at else "", by or "", format_time(pinned_at) if pinned_at else ""


def rows_of_connections(jam: Jam) -> Iterator[tuple[object, ...]]:
    """Of threads that are there: one that was merged has its connections in the other."""
    found = Connection.objects.filter(one__jam=jam, one__moved_to=None, other__moved_to=None).order_by("at", "pk")
    ideas = {
        name: Subquery(Post.objects.filter(thread=OuterRef(name), parent=None).values("key")[:1])
        for name in ("one", "other")
    }
    for one, other, by, at in found.values_list(ideas["one"], ideas["other"], "by__key", "at").iterator(AT_ONCE):
        yield one, other, by, format_time(at)
