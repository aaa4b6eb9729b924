"""Whose post was highlighted is told so."""

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
from threads.models import Highlight, Post, PostStatus

HIGHLIGHT = "highlight"
TITLE_LENGTH = 80
EXCERPT_LENGTH = 200


def tell_highlight(data: Mapping[str, Any]) -> int:
    """Tells the author of an event `post.highlighted`, once of each mark, and says how many people: of one that was
    taken back, nobody."""
    post = Post.objects.select_related("jam").filter(pk=data["post"], status=PostStatus.VISIBLE).first()
    if post is None or not data["highlight"]:
        return 0
    return notify(
        kind=HIGHLIGHT,
        jam_id=post.jam_id,
        to=[post.author_id],
        about=f"highlight:{post.pk}:{data['highlight']}",
        path=reverse("threads:post", args=[post.jam.slug, post.pk]),
        data={"post": post.pk, "highlight": data["highlight"]},
        by=data["by"]["id"],
    )


def look(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """How it is now with the marks that these tell of. Gone: one of a hidden post, and one that is another now. One
    query."""
    wanted = {int(row.data["post"]) for row in rows}
    posts = Post.objects.filter(pk__in=wanted, status=PostStatus.VISIBLE, highlight__isnull=False)
    found = {post.pk: post for post in posts.select_related("highlight")}
    return {row.pk: _standing(found.get(int(row.data["post"])), row.data["highlight"]) for row in rows}


def _standing(post: Post | None, kind: object) -> Standing:
    if post is None or post.highlight.kind != kind:
        return Standing(gone=True)
    return Standing(
        title=post.subject or excerpt(post.html, TITLE_LENGTH),
        excerpt=excerpt(post.html, EXCERPT_LENGTH),
    )


def sentence(news: News) -> str:
    words = {"title": isolated(news.title)}
    if news.data["highlight"] == Highlight.Kind.BEST:
        return gettext("Your post “%(title)s” was highlighted as one of the best") % words
    return gettext("Your post “%(title)s” was highlighted as emerging") % words


declare(
    HIGHLIGHT,
    label=_("Those who run the jam highlight what you wrote"),
    sentence=sentence,
    mail=Mail.DAILY,
    look=look,
    position=27,
)
