"""images.csv with the files it names, and revisions.csv: what posts show and what they said before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, QuerySet

from jam.domain.errors import Invalid
from jam.domain.reencode import check_made
from jam.domain.rendering import Picture, picture_keys, to_html
from jam.models import Jam
from results.bundle import reasons
from results.bundle.layout import IMAGE_SUFFIX, IMAGES, IMAGES_FOLDER, REVISIONS, TAG_SEPARATOR
from results.bundle.people import batches, rows_with_id
from results.bundle.reader import Row, rows
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.tree import Node
from results.bundle.values import Cleaner, format_time
from results.exports.sinks import Sink
from threads.domain import images
from threads.models import ALT_MAX, SUBJECT_MAX, Image, Post, PostImage, Revision

AT_ONCE = 2_000
KEY = re.compile(r"[a-z0-9]{8,40}")
# Far above what the site makes of any picture.
BYTES_MAX = 16 * 1024**2

Cells = Sequence[object]


def name_of(key: str) -> str:
    return f"{IMAGES_FOLDER}/{key}{IMAGE_SUFFIX}"


def posted(jam: Jam) -> QuerySet[Image]:
    """The pictures that posts show or showed. What was sent and never posted was never part of the jam."""
    return Image.objects.filter(Exists(PostImage.objects.filter(image=OuterRef("pk"))), jam=jam)


def rows_of_images(jam: Jam) -> Iterator[Cells]:
    for image in posted(jam).select_related("member").order_by("created_at", "key").iterator(AT_ONCE):
        yield image.key, image.member.key, format_time(image.created_at), image.alt


def rows_of_revisions(jam: Jam) -> Iterator[Cells]:
    found = Revision.objects.filter(post__jam=jam).order_by("replaced_at", "pk")
    for post, at, subject, body, tags in found.values_list(
        "post__key", "replaced_at", "subject", "body", "tags"
    ).iterator(AT_ONCE):
        yield post, format_time(at), subject, body, TAG_SEPARATOR.join(tags)


def write_files(pictures: QuerySet[Image], sink: Sink) -> None:
    """The files of these pictures. One that is gone from MEDIA_ROOT stays away; loading the bundle tells of its row."""
    for image in pictures.order_by("created_at", "key").iterator(AT_ONCE):
        try:
            with image.file.open("rb") as file:
                data = file.read()
        except FileNotFoundError:
            continue
        with sink.open_bytes(name_of(image.key)) as copy:
            copy.write(data)


class PicturesLoader:
    """Loads pictures before the posts that show them, and links the two after. `files` are those it put into storage:
    they go again if the rest cannot be loaded."""

    def __init__(self, source: Source, jam: Jam, *, members: dict[str, int], report: Report, files: list[str]) -> None:
        self._source = source
        self._jam = jam
        self._members = members
        self._report = report
        self._files = files
        self.found: dict[str, Picture] = {}

    def load(self) -> None:
        for batch in batches(self._images(), 100):
            Image.objects.bulk_create(batch)

    def in_text(self, body: str) -> dict[str, Picture]:
        return {key: self.found[key] for key in picture_keys(body) if key in self.found}

    def load_revisions(self, posts: dict[str, Node]) -> None:
        for batch in batches(self._revisions(posts)):
            Revision.objects.bulk_create(batch)

    def link(self) -> None:
        """Says which posts show which pictures, now or in an earlier version."""
        if not self.found:
            return
        texts = Post.objects.filter(jam=self._jam, body__contains="](image:").values_list("pk", "body")
        earlier = Revision.objects.filter(post__jam=self._jam, body__contains="](image:").values_list("post", "body")
        numbers = dict(Image.objects.filter(jam=self._jam).values_list("key", "pk"))
        for batch in batches(self._links((*texts, *earlier), numbers)):
            PostImage.objects.bulk_create(batch, ignore_conflicts=True)

    def _links(self, texts: Iterable[tuple[int, str]], numbers: dict[str, int]) -> Iterator[PostImage]:
        for post, body in texts:
            for key in self.in_text(body):
                yield PostImage(post_id=post, image_id=numbers[key])

    def _images(self) -> Iterator[Image]:
        for key, row in rows_with_id(self._source, IMAGES, self._report):
            member = self._members.get(row.get("person_id"))
            if member is None:
                self._report.refuse(IMAGES.file, row.line, reasons.NO_PERSON, shown(row.get("person_id")))
                continue
            image = self._image(key, row, member)
            if image is not None:
                self.found[key] = Picture(images.address(self._jam, key), image.width, image.height)
                yield image

    def _image(self, key: str, row: Row, member: int) -> Image | None:
        data = self._data(key)
        try:
            width, height = check_made(data)
        except Invalid:
            self._report.refuse(IMAGES.file, row.line, reasons.NO_PICTURE, shown(key))
            return None
        cleaner = Cleaner(self._report, IMAGES.file, row.line)
        name = default_storage.save(f"images/{self._jam.pk}/{key}.webp", ContentFile(data))
        self._files.append(name)
        return Image(
            jam=self._jam,
            member_id=member,
            key=key,
            file=name,
            alt=cleaner.one_line(row.get("alt"), field="alt", limit=ALT_MAX),
            width=width,
            height=height,
            size=len(data),
            created_at=self._moment(row, "created_at", cleaner, self._jam.opens_at or self._jam.created_at),
        )

    def _data(self, key: str) -> bytes:
        """Empty where there is no such file, or it is too large to be one of ours."""
        if not KEY.fullmatch(key) or name_of(key) not in self._source.names:
            return b""
        with self._source.open(name_of(key)) as file:
            data = file.read(BYTES_MAX + 1)
        return data if len(data) <= BYTES_MAX else b""

    def _revisions(self, posts: dict[str, Node]) -> Iterator[Revision]:
        for row in rows(self._source, REVISIONS, self._report):
            post = posts.get(row.get("post_id"))
            if post is None:
                self._report.refuse(REVISIONS.file, row.line, reasons.NO_POST, shown(row.get("post_id")))
                continue
            cleaner = Cleaner(self._report, REVISIONS.file, row.line)
            body = cleaner.text(row.get("body"), field="body")
            yield Revision(
                post_id=post.post_id,
                subject=cleaner.one_line(row.get("subject"), field="subject", limit=SUBJECT_MAX),
                body=body,
                html=to_html(body, images=self.in_text(body)),
                tags=[tag for tag in row.get("tags").split(TAG_SEPARATOR) if tag],
                replaced_at=self._moment(row, "replaced_at", cleaner, post.created_at),
            )

    @staticmethod
    def _moment(row: Row, column: str, cleaner: Cleaner, otherwise: datetime) -> datetime:
        value = row.get(column)
        at = cleaner.time(value, field=column) if value.strip() else otherwise
        if at is None:
            cleaner.mend(reasons.TIME, shown(value))
        return at or otherwise
