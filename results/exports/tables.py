"""A jam as flat tables with names beside the ids: what csv, xlsx and json hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from jam.domain.naming import EMAIL_IN_FILES
from jam.models import Forum, Jam, Member
from results.bundle.values import format_time
from threads.models import Post, PostStatus, Vote

AT_ONCE = 2_000

# id: text of somebody's making that names a row. text: what a person wrote. tags: a list of text.
Kind = Literal["id", "text", "number", "time", "tags"]
Value = str | int | datetime | list[str] | None

# The columns of each table: name, and kind if it is not text.
FORUMS = "forum_id:id title question position:number threads:number posts:number"
PEOPLE = "person_id:id name email affiliation role posts:number votes:number"
POSTS = (
    "post_id:id thread_id:id parent_id:id depth:number forum_id:id forum person_id:id author created_at:time "
    "subject body tags:tags status agree:number pass:number disagree:number replies:number highlight url"
)
VOTES = "post_id:id person_id:id voter value:number cast_at:time"


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """`rows` may be called once for each time the table is written."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Sequence[Value]]]


def tables(jam: Jam) -> tuple[Table, ...]:
    return (
        Table("forums", _columns(FORUMS), _forums(jam)),
        Table("people", _columns(PEOPLE), _people(jam)),
        Table("posts", _columns(POSTS), _posts(jam)),
        Table("votes", _columns(VOTES), _votes(jam)),
    )


def plain(value: Value) -> str | int:
    """A value as one cell of text, or a number."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return format_time(value)
    return ";".join(value) if isinstance(value, list) else value


def _columns(names: str) -> tuple[Column, ...]:
    parts = (name.partition(":") for name in names.split())
    return tuple(Column(name, kind or "text") for name, _, kind in parts)  # type: ignore[arg-type]


def _rows(found: QuerySet[Any], *names: str) -> Callable[[], Iterator[Sequence[Value]]]:
    return lambda: found.values_list(*names).iterator(AT_ONCE)


def _forums(jam: Jam) -> Callable[[], Iterator[Sequence[Value]]]:
    found = Forum.objects.filter(jam=jam).order_by("position", "pk")
    return _rows(found, "key", "title", "question", "position", "thread_count", "post_count")


def _people(jam: Jam) -> Callable[[], Iterator[Sequence[Value]]]:
    found = (
        Member.objects.filter(jam=jam)
        .annotate(written=_count(Post, "author"), cast=_count(Vote, "member"), email=EMAIL_IN_FILES)
        .order_by("pk")
    )
    return _rows(found, "key", "name", "email", "affiliation", "role", "written", "cast")


def _posts(jam: Jam) -> Callable[[], Iterator[Sequence[Value]]]:
    idea = Post.objects.filter(thread=OuterRef("thread"), parent=None)
    found = (
        Post.objects.filter(jam=jam)
        .annotate(idea_key=Subquery(idea.values("key")[:1]), answers=_count(Post, "parent"))
        .order_by("created_at", "pk")
    )
    names = (
        "key", "idea_key", "parent__key", "depth", "thread__forum__key", "thread__forum__title", "author__key",
        "author__name", "created_at", "subject", "body", "tags", "status", "agree_count", "pass_count",
        "disagree_count", "answers", "highlight__kind", "pk",
    )  # fmt: skip
    subject, body, tags, status = (names.index(name) for name in ("subject", "body", "tags", "status"))
    address = (settings.SITE_URL + reverse("threads:post", args=[jam.slug, 0])).removesuffix("0/")

    def rows() -> Iterator[Sequence[Value]]:
        for *cells, pk in found.values_list(*names).iterator(AT_ONCE):
            # A file is made to be passed on: what was hidden or withdrawn is counted in it, and not quoted.
            if cells[status] != PostStatus.VISIBLE:
                cells[subject], cells[body], cells[tags] = "", "", []
            yield *cells, f"{address}{pk}/"

    return rows


def _votes(jam: Jam) -> Callable[[], Iterator[Sequence[Value]]]:
    found = Vote.objects.filter(post__jam=jam).order_by("pk")
    return _rows(found, "post__key", "member__key", "member__name", "value", "cast_at")


def _count(model: type[Post] | type[Vote], column: str) -> Coalesce:
    """How many rows of `model` point here with `column`, without joining them in."""
    counted = model.objects.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)
