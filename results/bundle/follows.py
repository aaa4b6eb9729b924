"""What people follow: follows.csv. A thread is named by the id of its idea."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jam.domain.errors import Invalid
from jam.models import Jam
from results.bundle import reasons
from results.bundle.layout import FOLLOWS
from results.bundle.people import batches
from results.bundle.reader import Row, rows
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.tree import Node
from results.bundle.values import Cleaner, format_time
from threads.domain.follows import Thing
from threads.models import Follow, Post

AT_ONCE = 2_000


class FollowsLoader:
    def __init__(
        self, source: Source, jam: Jam, *, posts: dict[str, Node], members: dict[str, int], report: Report
    ) -> None:
        self._source = source
        self._jam = jam
        self._posts = posts
        self._members = members
        self._report = report

    def load(self) -> None:
        for batch in batches(self._follows()):
            Follow.objects.bulk_create(batch)

    def _follows(self) -> Iterator[Follow]:
        seen: set[tuple[object, ...]] = set()
        for row in rows(self._source, FOLLOWS, self._report):
            member = self._members.get(row.get("person_id"))
            if member is None:
                self._report.refuse(FOLLOWS.file, row.line, reasons.NO_PERSON, shown(row.get("person_id")))
                continue
            thing = self._thing(row)
            if thing is None or thing == {"person_id": member}:
                self._report.refuse(FOLLOWS.file, row.line, reasons.FOLLOWS_NOTHING)
                continue
            same = (member, *thing.items())
            if same in seen:
                self._report.refuse(FOLLOWS.file, row.line, reasons.TWICE)
                continue
            seen.add(same)
            yield Follow(member_id=member, since=self._since(row), **thing)

    def _thing(self, row: Row) -> dict[str, Any] | None:
        """The one field of three that the row sets; None if what it names is not there, or it names not one."""
        named = [name for name in ("post_id", "followed_id", "tag") if row.get(name)]
        if named == ["post_id"]:
            idea = self._posts.get(row.get("post_id"))
            return {"thread_id": idea.thread_id} if idea is not None and idea.parent is None else None
        if named == ["followed_id"]:
            person = self._members.get(row.get("followed_id"))
            return {"person_id": person} if person is not None else None
        try:
            return {"tag": Thing.of_tag(row.get("tag")).tag} if named else None
        except Invalid:
            return None

    def _since(self, row: Row) -> Any:
        """The opening of the jam stands for a time that is missing, or none."""
        value = row.get("since")
        cleaner = Cleaner(self._report, FOLLOWS.file, row.line)
        at = cleaner.time(value, field="since") if value.strip() else None
        if at is None and value.strip():
            cleaner.mend(reasons.SINCE, shown(value))
        return at or self._jam.opens_at or self._jam.created_at


def rows_of_follows(jam: Jam) -> Iterator[tuple[object, ...]]:
    """Two queries for so many follows."""
    found = Follow.objects.filter(member__jam=jam, thread__moved_to=None).order_by("pk")
    names = ("pk", "member__key", "thread", "person__key", "tag", "since")
    after = 0
    while batch := list(found.filter(pk__gt=after).values_list(*names)[:AT_ONCE]):
        after = batch[-1][0]
        threads = {thread for _, _, thread, _, _, _ in batch if thread is not None}
        ideas = dict(Post.objects.filter(thread__in=threads, parent=None).values_list("thread", "key"))
        for _, member, thread, person, tag, since in batch:
            yield member, ideas.get(thread, ""), person or "", tag, format_time(since)
