"""What follows when a window ends: final counts, word to the tabs, a digest for each member.

None of it closes the jam: the clock did. It may run late, twice or on two machines at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils import timezone

from jam.domain import events
from jam.domain.phases import closed_jams, database_now, hold_window
from jam.domain.rendering import excerpt
from jam.models import Forum, Jam
from results.models import Closing
from threads.domain.queries import ideas, in_order
from threads.models import Post, PostStatus, Vote

# A closing that was begun and not finished for this long was dropped by a worker that died; another takes it up.
LEASE = timedelta(minutes=5)
BEST_IDEAS = 5


def due() -> QuerySet[Jam]:
    """Jams that have closed and whose closing is not finished. One that was published after its close never is due."""
    finished = Closing.objects.filter(jam=OuterRef("pk"), closed_at=OuterRef("closes_at"), finished_at__isnull=False)
    return closed_jams().filter(~Exists(finished), published_at__lt=F("closes_at"))


def claim(jam: Jam) -> Closing | None:
    """Takes the closing of `jam` on, if nobody else has it: freezes the counts and tells the tabs.

    Holds the window, so every post that was let in before the close is counted. Returns None if the jam is open
    again or another worker holds the closing.
    """
    with transaction.atomic():
        held = hold_window(jam.pk)
        now = database_now()
        if held.closes_at is None or held.published_at is None or held.closes_at > now:
            return None
        closing, is_new = Closing.objects.get_or_create(
            jam=held, closed_at=held.closes_at, defaults={"claimed_at": now}
        )
        if is_new:
            closing.counts, closing.summary = final_counts(held), summary(held)
            closing.save(update_fields=["counts", "summary"])
            events.jam_closed(held, closed_at=closing.closed_at, counts=closing.counts)
            return closing
    return _take_up(closing)


def _take_up(closing: Closing) -> Closing | None:
    now = timezone.now()
    taken = Closing.objects.filter(
        pk=closing.pk, finished_at__isnull=True, claimed_at=closing.claimed_at, claimed_at__lt=now - LEASE
    ).update(claimed_at=now)
    return closing if taken == 1 else None


def renew(closing: Closing) -> None:
    """Says that the closing is still being worked on."""
    Closing.objects.filter(pk=closing.pk).update(claimed_at=timezone.now())


def finish(closing: Closing) -> None:
    Closing.objects.filter(pk=closing.pk, finished_at__isnull=True).update(finished_at=timezone.now())


def lately_finished() -> QuerySet[Closing]:
    """Closings finished in the last day, and long enough ago that their mails should have gone out."""
    now = timezone.now()
    return Closing.objects.filter(finished_at__gt=now - timedelta(days=1), finished_at__lt=now - timedelta(minutes=10))


def final_counts(jam: Jam) -> dict[str, int]:
    """The numbers of a jam, counted from the rows. Hidden posts are left out, and votes on them."""
    posts = Post.objects.filter(jam=jam, status=PostStatus.VISIBLE)
    votes = Vote.objects.filter(post__in=posts)
    counted = posts.aggregate(posts=Count("pk"), authors=Count("author", distinct=True))
    return {
        "members": jam.members.count(),
        "authors": counted["authors"],
        "voters": votes.aggregate(voters=Count("member", distinct=True))["voters"],
        "ideas": posts.filter(parent=None).count(),
        "replies": posts.filter(parent__isnull=False).count(),
        "posts": counted["posts"],
        "votes": votes.count(),
    }


def summary(jam: Jam) -> dict[str, Any]:
    """What stood out, as it was at the close: the ideas agreed with most, those answered most, each forum's counts."""
    listed = ideas(jam=jam)
    return {
        "most_agreed": [idea_card(idea) for idea in in_order(listed, "top").filter(agree_count__gt=0)[:BEST_IDEAS]],
        "most_answered": [
            idea_card(idea)
            for idea in listed.filter(thread__reply_count__gt=0).order_by("-thread__reply_count", "thread_id")[
                :BEST_IDEAS
            ]
        ],
        "forums": [
            {"id": forum.pk, "title": forum.title, "ideas": forum.thread_count, "posts": forum.post_count}
            for forum in Forum.objects.filter(jam=jam)
        ],
    }


def idea_card(idea: Post) -> dict[str, Any]:
    """A post as a digest shows it."""
    return {
        "post": idea.pk,
        "thread": idea.thread_id,
        "title": idea.subject or excerpt(idea.html, 80),
        "excerpt": excerpt(idea.html, 160),
        "author": idea.author.name,
        "replies": idea.thread.reply_count,
        "agree": idea.agree_count,
        "pass": idea.pass_count,
        "disagree": idea.disagree_count,
    }
