"""posts.csv, read twice: first who answers whom, then what they say. Never all texts at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from jam.domain.rendering import to_html
from jam.domain.text import is_blank
from jam.models import Jam
from results.bundle import reasons
from results.bundle.errors import BundleRefused
from results.bundle.layout import POSTS, TAG_SEPARATOR
from results.bundle.people import batches, rows_with_id
from results.bundle.pictures import PicturesLoader
from results.bundle.reader import Row, rows
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.tree import Node, plant
from results.bundle.values import CONTROL, Cleaner
from threads.domain import paths
from threads.models import SUBJECT_MAX, TAG_MAX, Post, PostStatus, Thread

BATCH = 500


class PostsLoader:
    def __init__(
        self,
        source: Source,
        jam: Jam,
        *,
        forums: dict[str, int],
        members: dict[str, int],
        pictures: PicturesLoader,
        report: Report,
    ) -> None:
        self._source = source
        self._jam = jam
        self._forums = forums
        self._members = members
        self._pictures = pictures
        self._fallback_time = jam.opens_at or jam.created_at
        self._report = report
        self.refused_keys: set[str] = set()

    def load(self) -> dict[str, Node]:
        """The posts by their ids in the bundle, with their database ids."""
        nodes = self._scan()
        planted = plant(nodes.values(), self.refused_keys, self._report)
        loaded = {node.key: node for node in planted}
        self.refused_keys |= nodes.keys() - loaded.keys()
        self._number(planted)
        self._make_threads([node for node in planted if node.parent is None])
        for batch in batches(self._posts({node.line: node for node in planted}), BATCH):
            Post.objects.bulk_create(batch)
        return loaded

    def _scan(self) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        for key, row in rows_with_id(self._source, POSTS, self._report):
            author_id = self._members.get(row.get("person_id"))
            if author_id is None:
                self._report.refuse(POSTS.file, row.line, reasons.NO_AUTHOR, shown(row.get("person_id")))
                self.refused_keys.add(key)
                continue
            nodes[key] = Node(
                line=row.line,
                key=key,
                parent_key=row.get("parent_id"),
                forum_key=row.get("forum_id"),
                forum_id=self._forums.get(row.get("forum_id")),
                author_id=author_id,
                created_at=self._created_at(row),
            )
        return nodes

    def _created_at(self, row: Row) -> datetime:
        cleaner = Cleaner(self._report, POSTS.file, row.line)
        at = cleaner.time(row.get("created_at"), field="created_at")
        if at is None:
            cleaner.mend(reasons.CREATED_AT, shown(row.get("created_at")))
            return self._fallback_time
        return at

    def _number(self, planted: list[Node]) -> None:
        """Ids rise with time, whatever the order of the file: the order of siblings follows from them."""
        by_age = sorted(planted, key=lambda node: node.age)
        for node, post_id in zip(by_age, paths.take_post_ids(len(by_age)), strict=True):
            node.post_id = post_id
        for node in planted:
            node.path = paths.path_under(node.parent.path if node.parent else "", node.post_id)

    def _make_threads(self, roots: list[Node]) -> None:
        for batch in batches(sorted(roots, key=lambda node: node.age)):
            threads = Thread.objects.bulk_create(self._thread(node) for node in batch)
            for node, thread in zip(batch, threads, strict=True):
                node.thread_id = thread.pk

    def _thread(self, root: Node) -> Thread:
        assert root.forum_id is not None, "a thread was planted in a forum that is there"
        return Thread(jam=self._jam, forum_id=root.forum_id, created_at=root.created_at, last_post_at=root.created_at)

    def _posts(self, by_line: dict[int, Node]) -> Iterator[Post]:
        for row in rows(self._source, POSTS):
            node = by_line.pop(row.line, None)
            if node is None:
                continue
            if node.key != row.get("post_id"):
                raise BundleRefused("The file changed while it was read.", file=POSTS.file, line=row.line)
            yield self._post(row, node)
        if by_line:
            raise BundleRefused("The file changed while it was read.", file=POSTS.file)

    def _post(self, row: Row, node: Node) -> Post:
        assert node.root is not None
        cleaner = Cleaner(self._report, POSTS.file, row.line)
        subject, body = _words(row, cleaner)
        if is_blank(subject) and is_blank(body):
            self._report.keep(POSTS.file, row.line, reasons.EMPTY)
        return Post(
            pk=node.post_id,
            jam=self._jam,
            thread_id=node.root.thread_id,
            parent_id=node.parent.post_id if node.parent else None,
            author_id=node.author_id,
            key=node.key,
            path=node.path,
            depth=node.depth,
            subject=subject,
            body=body,
            html=to_html(body, images=self._pictures.in_text(body)),
            tags=_tags(row.get("tags"), cleaner),
            status=_status(row.get("state").strip() or row.get("status"), cleaner),
            created_at=node.created_at,
            edited_at=_moment(row, "edited_at", cleaner),
            withdrawn_at=_moment(row, "withdrawn_at", cleaner),
            is_prompt=row.get("prompt").strip().lower() == "true",
        )


def _moment(row: Row, column: str, cleaner: Cleaner) -> datetime | None:
    value = row.get(column)
    at = cleaner.time(value, field=column) if value.strip() else None
    if at is None and value.strip():
        cleaner.mend(reasons.TIME, shown(value))
    return at


def _words(row: Row, cleaner: Cleaner) -> tuple[str, str]:
    """Subject and body. A subject that is too long loses nothing: it is said whole in the body."""
    body = cleaner.text(row.get("body"), field="body")
    subject = row.get("subject")
    if len(subject) <= SUBJECT_MAX:
        return cleaner.one_line(subject, field="subject", limit=SUBJECT_MAX), body
    whole = cleaner.one_line(subject, field="subject", limit=len(subject))
    cleaner.mend(reasons.SUBJECT_LONG, f"{len(subject):,}")
    return whole[: SUBJECT_MAX - 1] + "…", f"{whole}\n\n{body}" if body else whole


def _tags(value: str, cleaner: Cleaner) -> list[str]:
    given = [tag.strip() for tag in value.split(TAG_SEPARATOR) if tag.strip()]
    tags: list[str] = []
    for tag in given:
        folded = " ".join(CONTROL.sub("", tag).replace("#", " ").casefold().split())[:TAG_MAX].strip()
        if folded and not is_blank(folded) and folded not in tags:
            tags.append(folded)
    if tags != given:
        cleaner.mend(reasons.TAGS, shown(TAG_SEPARATOR.join(tags)))
    return tags


def _status(value: str, cleaner: Cleaner) -> PostStatus:
    status = value.strip().lower() or PostStatus.VISIBLE
    if status in PostStatus.values:
        return PostStatus(status)
    cleaner.mend(reasons.STATUS, shown(value))
    return PostStatus.HIDDEN
