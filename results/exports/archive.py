"""html: the jam as pages that open from the disk, with no server, no script and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from jam.domain import look
from jam.domain.rendering import excerpt, without_mentions
from jam.models import Forum, Jam, Voting
from results.bundle.pictures import write_files
from results.bundle.set_up import write_look
from results.exports.sinks import Sink
from threads.models import Image, Post, PostImage

AT_ONCE = 1_000
TITLE_LENGTH = 90
# Deeper replies do not move further to the right; they say whom they answer.
INDENTS = 6
STYLE = Path(__file__).with_name("archive.css")


@dataclass(frozen=True)
class Shown:
    """A post as a page of the archive shows it. Of a hidden one, nothing that it says."""

    post: Post
    title: str
    hidden: bool
    indent: int
    answers: str

    @classmethod
    def of(cls, post: Post, *, answers: str = "") -> Shown:
        hidden = not post.is_visible
        words = post.subject or excerpt(post.html, TITLE_LENGTH) or "An idea without words"
        title = "A hidden idea" if hidden else words
        return cls(post, title, hidden, min(post.depth, INDENTS), answers if post.depth > 1 else "")

    def html(self) -> str:
        """Its words. Nobody has a page here, so who is named there is text; pictures lie beside the pages."""
        words = without_mentions(self.post.html)
        return words.replace(f'src="/jams/{self.post.jam.slug}/images/', 'src="../images/')


def write(jam: Jam, sink: Sink) -> None:
    with timezone.override(ZoneInfo(jam.time_zone)):
        with sink.open("style.css") as file:
            file.write(STYLE.read_text(encoding="utf-8"))
        forums = list(Forum.objects.filter(jam=jam).order_by("position", "pk"))
        _page(sink, "index.html", jam, root="", forums=forums, look=look.pictures_of(jam))
        _write_forums(jam, forums, sink)
        _write_threads(jam, {forum.pk: forum for forum in forums}, sink)
        write_files(_pictures(jam), sink)
        write_look(jam, sink)


def _pictures(jam: Jam) -> QuerySet[Image]:
    """Those of posts that everybody may read."""
    visible = PostImage.objects.filter(post__in=Post.objects.visible().filter(jam=jam))
    return Image.objects.filter(pk__in=visible.values("image"))


def _write_forums(jam: Jam, forums: list[Forum], sink: Sink) -> None:
    """A page a forum, with its ideas in the order they were written."""
    ideas = _posts(jam).filter(parent=None).order_by("thread__forum__position", "thread__forum", "created_at", "pk")
    pages = groupby(ideas.iterator(AT_ONCE), key=lambda idea: idea.thread.forum_id)
    by_forum = next(pages, None)
    for forum in forums:
        shown: Iterator[Shown] = iter(())
        if by_forum is not None and by_forum[0] == forum.pk:
            shown = (Shown.of(idea) for idea in by_forum[1])
        _page(sink, f"forums/{forum.pk}.html", jam, root="../", forum=forum, ideas=list(shown))
        if by_forum is not None and by_forum[0] == forum.pk:
            by_forum = next(pages, None)


def _write_threads(jam: Jam, forums: dict[int, Forum], sink: Sink) -> None:
    posts = _posts(jam).order_by("thread", "path").iterator(AT_ONCE)
    for thread_id, group in groupby(posts, key=lambda post: post.thread_id):
        idea, *replies = _with_answered(group)
        forum = forums[idea.post.thread.forum_id]
        _page(sink, f"threads/{thread_id}.html", jam, root="../", forum=forum, idea=idea, replies=replies)


def _with_answered(posts: Iterator[Post]) -> Iterator[Shown]:
    names: dict[int, str] = {}
    for post in posts:
        names[post.pk] = post.author.name
        yield Shown.of(post, answers=names.get(post.parent_id or 0, ""))


def _posts(jam: Jam) -> Any:
    return Post.objects.filter(jam=jam).select_related("author", "thread", "jam")


def _page(sink: Sink, name: str, jam: Jam, **context: Any) -> None:
    kind = name.split("/")[0].removesuffix(".html").removesuffix("s")
    everything = {"jam": jam, "upvote": jam.voting == Voting.UPVOTE, **context}
    with sink.open(name) as file:
        file.write(render_to_string(f"results/archive/{kind}.html", everything))
