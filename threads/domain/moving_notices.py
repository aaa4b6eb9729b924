"""Whose words were moved is told so: of a merge all who wrote in the thread that was merged, else who wrote its top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain.rendering import excerpt
from notifications.domain.kinds import News, Standing, declare, isolated
from notifications.domain.sending import notify
from notifications.models import Mail, Notification
from threads.models import Moved, Post, PostStatus

MOVED = "moved"
TITLE_LENGTH = 80
EXCERPT_LENGTH = 200
AT_ONCE = 500


def tell_move(data: Mapping[str, Any]) -> int:
    """Tells of an event of `moving_events`, and says how many people: each once of each move. Of one that was undone by
    now nobody is told."""
    move = Moved.objects.select_related("post", "jam").filter(pk=data["move"], undone_at=None).first()
    if move is None:
        return 0
    told = 0
    writers = _concerned(move)
    for start in range(0, len(writers), AT_ONCE):
        told += notify(
            kind=MOVED,
            jam_id=move.jam_id,
            to=writers[start : start + AT_ONCE],
            about=f"move:{move.pk}",
            path=reverse("threads:post", args=[move.jam.slug, move.post_id]),
            data={"move": move.pk},
            by=data["by"]["id"],
        )
    return told


def _concerned(move: Moved) -> list[int]:
    if move.kind != Moved.Kind.MERGE:
        return [move.post.author_id]
    branch = Post.objects.filter(thread=move.post.thread_id, path__startswith=move.post.path)
    return list(branch.order_by("author").values_list("author", flat=True).distinct())


def look(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """How it is now with these moves. Gone: one that was undone, and of a hidden post. Two queries."""
    wanted = {int(row.data["move"]) for row in rows}
    moves = Moved.objects.filter(pk__in=wanted, undone_at=None, post__status=PostStatus.VISIBLE).select_related("post")
    found = {move.pk: move for move in moves}
    threads = {move.post.thread_id for move in found.values()}
    ideas = Post.objects.filter(thread__in=threads, parent=None, status=PostStatus.VISIBLE)
    titles = {idea.thread_id: _title(idea) for idea in ideas}
    return {row.pk: _standing(found.get(int(row.data["move"])), titles) for row in rows}


def _standing(move: Moved | None, titles: Mapping[int, str]) -> Standing:
    if move is None:
        return Standing(gone=True)
    title = titles.get(move.post.thread_id, "")
    return Standing(title=title or gettext("an idea that was hidden"), excerpt=excerpt(move.post.html, EXCERPT_LENGTH))


def _title(post: Post) -> str:
    return post.subject or excerpt(post.html, TITLE_LENGTH)


def sentence(news: News) -> str:
    return gettext("What you wrote was moved. It stands in “%(title)s” now") % {"title": isolated(news.title)}


declare(
    MOVED,
    label=_("Those who run the jam move or merge what you wrote"),
    sentence=sentence,
    mail=Mail.DAILY,
    look=look,
    position=28,
)
