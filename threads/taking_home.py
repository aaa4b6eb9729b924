"""Posts as a file to take home: Markdown, a page that stands alone, or a table.

Each post says who wrote it, when, and where it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain.cells import harmless
from jam.domain.rendering import with_addresses, with_links, without_html
from jam.models import Jam
from jam.templatetags.counted import posts
from threads.collected import Shown
from threads.domain import images
from threads.models import Post, PostStatus, Vote

NAME_LENGTH = 60
STYLE = Path(__file__).with_name("taking_home.css")
COLUMNS = (
    "number", "title", "text", "author", "affiliation", "written_at", "jam", "forum", "under", "tags", "status", "note",
    "url",
)  # fmt: skip

# What Markdown would take for its own anywhere in a line, and at its beginning.
MARKS = re.compile(r"[\\`*_\[\]<>#|~&]")
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
START = re.compile(r"^((?:\d+(?=[.)]))?)([-+=.)])", re.MULTILINE)
BREAK = re.compile(r"(?<=\S)\n(?=\S)")


@dataclass(frozen=True)
class Sheaf:
    """What is taken home. `credit` says what it is and whose: “A collection by Ana”."""

    jam: Jam
    title: str
    note: str
    credit: str
    posts: list[Shown]


def markdown(sheaf: Sheaf) -> str:
    """Each post is a quotation, so that its headings and lists stay its own."""
    with _times_of(sheaf.jam):
        head = [f"# {_plain(sheaf.title)}", _plain(sheaf.note), f"*{_about(sheaf, _plain)}*"]
        parts = head + [part for number, shown in enumerate(sheaf.posts, 1) for part in _quoted(sheaf, number, shown)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _quoted(sheaf: Sheaf, number: int, shown: Shown) -> Iterator[str]:
    post = shown.post
    yield f"## {number}. {_plain(shown.heading)}"
    if shown.reads:
        # A tab reaches less far behind the mark of a quotation: code would not be code any more.
        body = without_html(_with_links(sheaf.jam, post.body).expandtabs(4))
        yield "\n".join(f"> {line}".rstrip() for line in body.split("\n"))
        yield _attributed(sheaf, shown)
    yield f"<{address_of(sheaf.jam, post)}>"
    if shown.note:
        yield "**" + gettext("Note:") + f"** {_plain(shown.note)}"


def _attributed(sheaf: Sheaf, shown: Shown) -> str:
    """Who wrote the post, when and where."""
    post = shown.post
    said = gettext("in %(jam)s, %(forum)s, under “%(subject)s”") if shown.under else gettext("in %(jam)s, %(forum)s")
    places = {"jam": sheaf.jam.title, "forum": post.thread.forum.title, "subject": shown.under}
    where = said % {name: _plain(text) for name, text in places.items()}
    who = [_plain(text) for text in (post.author.name, post.author.affiliation) if text]
    hidden = f" {post.why_unread}" if shown.hidden else ""
    return ", ".join([*who, _moment(post.created_at), where]) + f".{hidden}"


def _plain(text: str) -> str:
    """Plain text as Markdown that shows it to the letter, line for line."""
    escaped = MARKS.sub(r"\\\g<0>", INDENT.sub("", text))
    return BREAK.sub("\\\\\n", START.sub(r"\1\\\2", escaped))


def page(sheaf: Sheaf) -> str:
    """HTML in one file, with no script and nothing from elsewhere."""
    style = mark_safe(STYLE.read_text(encoding="utf-8"))  # noqa: S308 - a file of ours
    rows = [
        {
            "shown": shown,
            "post": shown.post,
            "html": with_links(shown.post.html, settings.SITE_URL),
            "url": address_of(sheaf.jam, shown.post),
        }
        for shown in sheaf.posts
    ]
    with _times_of(sheaf.jam):
        context = {
            "sheaf": sheaf,
            "jam": sheaf.jam,
            "about": _about(sheaf, str),
            "rows": rows,
            "style": format_html("<style>{}</style>", style),
        }
        return render_to_string("threads/taking_home.html", context)


def table(sheaf: Sheaf) -> str:
    """CSV with a byte order mark: it is people who open this one, and their spreadsheets ask for it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, shown in enumerate(sheaf.posts, 1):
        writer.writerow([number, *(harmless(cell) for cell in _cells(sheaf, shown))])
    return "\ufeff" + file.getvalue()


def _cells(sheaf: Sheaf, shown: Shown) -> Iterator[str]:
    post = shown.post
    author = post.author
    yield shown.heading
    yield from (_with_links(sheaf.jam, post.body), author.name, author.affiliation) if shown.reads else ("", "", "")
    yield _utc(post.created_at)
    yield from (sheaf.jam.title, post.thread.forum.title, shown.under)
    yield from (";".join(post.tags) if shown.reads else "", post.status, shown.note, address_of(sheaf.jam, post))


@dataclass(frozen=True)
class Format:
    title: str | Promise
    suffix: str
    media_type: str
    write: Callable[[Sheaf], str]


FORMATS = {
    "markdown": Format("Markdown", ".md", "text/markdown", markdown),
    "html": Format(_("Page"), ".html", "text/html", page),
    "csv": Format(_("Table"), ".csv", "text/csv", table),
}


def download(sheaf: Sheaf, name: str) -> HttpResponse:
    """The file, named by what is in it. Raises Http404 for a format that there is not."""
    chosen = FORMATS.get(name)
    if chosen is None:
        raise Http404(gettext("There is no such format."))
    stem = slugify(f"{sheaf.jam.slug} {sheaf.title}")[:NAME_LENGTH].rstrip("-")
    response = HttpResponse(chosen.write(sheaf), content_type=f"{chosen.media_type}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, stem + chosen.suffix) or "attachment"
    return response


VOTE_COLUMNS = ("number", "vote", "cast_at", "title", "text", "author", "written_at", "jam", "forum", "status", "url")


def download_votes(jam: Jam, votes: Iterable[Vote], name: str) -> HttpResponse:
    """Votes, with their posts, authors and forums, as a table. Raises Http404 for a format that there is not.

    A hidden post is named by its address alone.
    """
    if name != "csv":
        raise Http404(gettext("There is no such format."))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(VOTE_COLUMNS)
    for number, vote in enumerate(votes, 1):
        writer.writerow(
            [number, vote.value, _utc(vote.cast_at), *(harmless(cell) for cell in _voted_on(jam, vote.post))]
        )
    stem = slugify(f"{jam.slug} votes")[:NAME_LENGTH]
    response = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{stem}.csv") or "attachment"
    return response


def _voted_on(jam: Jam, post: Post) -> Iterator[str]:
    reads = post.status == PostStatus.VISIBLE
    yield from (post.subject, post.body, post.author.name) if reads else ("", "", "")
    yield from (_utc(post.created_at), jam.title, post.thread.forum.title, post.status, address_of(jam, post))


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def address_of(jam: Jam, post: Post) -> str:
    """The permanent link of a post, with the site's name before it."""
    return f"{settings.SITE_URL}{reverse('threads:post', args=[jam.slug, post.pk])}"


def _with_links(jam: Jam, body: str) -> str:
    """A picture is on the site, behind its door: the text at home has a link to it."""
    return with_addresses(body, lambda key: settings.SITE_URL + images.address(jam, key))


def _about(sheaf: Sheaf, shown: Callable[[str], str]) -> str:
    return gettext(
        "%(credit)s, from “%(jam)s”: %(posts)s, as they stood on %(moment)s. Times are those of %(zone)s."
    ) % {
        "credit": shown(sheaf.credit),
        "jam": shown(sheaf.jam.title),
        "posts": posts(len(sheaf.posts)),
        "moment": _moment(timezone.now()),
        "zone": shown(sheaf.jam.time_zone),
    }


def _times_of(jam: Jam) -> timezone.override:
    return timezone.override(ZoneInfo(jam.time_zone))


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")
