"""Who is told what became of an idea: its author, and those who follow its thread."""

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
from threads.domain import follows
from threads.models import Outcome, Post, PostStatus

OUTCOME = "outcome"
TITLE_LENGTH = 80
EXCERPT_LENGTH = 200


def tell_outcome(data: Mapping[str, Any]) -> int:
    """Tells of an event `outcome.set`, and says how many people. Of each state of an idea they hear once; of one that
    was taken back, nobody."""
    idea = Post.objects.select_related("jam").filter(pk=data["post"], status=PostStatus.VISIBLE).first()
    if idea is None or not data["state"]:
        return 0
    told = 0
    for members in ([idea.author_id], *follows.followers(jam_id=idea.jam_id, thread=idea.thread_id)):
        told += notify(
            kind=OUTCOME,
            jam_id=idea.jam_id,
            to=members,
            about=f"outcome:{idea.thread_id}:{data['state']}",
            path=reverse("threads:detail", args=[idea.jam.slug, idea.thread_id]),
            data={"thread": idea.thread_id, "state": data["state"]},
            by=data["by"]["id"],
        )
    return told


def look(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """How it is now with the ideas that these tell of. Gone: a hidden idea, and what is said no longer. One query."""
    threads = {int(row.data["thread"]) for row in rows}
    ideas = Post.objects.filter(
        thread__in=threads, parent=None, status=PostStatus.VISIBLE, thread__outcome__isnull=False
    )
    found = {idea.thread_id: idea for idea in ideas.select_related("thread__outcome")}
    return {row.pk: _standing(found.get(int(row.data["thread"])), row.data["state"]) for row in rows}


def _standing(idea: Post | None, state: object) -> Standing:
    if idea is None or idea.thread.outcome.state != state:
        return Standing(gone=True)
    title = idea.subject or excerpt(idea.html, TITLE_LENGTH)
    return Standing(title=title, excerpt=excerpt(idea.thread.outcome.html, EXCERPT_LENGTH))


def sentence(news: News) -> str:
    words = {"title": isolated(news.title), "state": Outcome.State(str(news.data["state"])).label}
    return gettext("What became of “%(title)s”: %(state)s") % words


declare(
    OUTCOME,
    label=_("Those who run the jam say what became of your idea, or of one that you follow"),
    sentence=sentence,
    mail=Mail.DAILY,
    look=look,
    position=25,
)
