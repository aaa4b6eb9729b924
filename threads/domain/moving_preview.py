"""What a move will do, in numbers, before it is done. Nothing is locked: the verb counts again."""

from __future__ import annotations

from dataclasses import dataclass

from threads.domain.moving import goes_on
from threads.models import Follow, Outcome, Post


@dataclass(frozen=True)
class MergePreview:
    """Of two ideas, which becomes a branch (`top`) and under which (`under`)."""

    top: Post
    under: Post
    followers: int
    """Who follow the one and not yet the other."""
    writers: int
    """Who wrote in the one, and are told."""
    outcome: str
    """What becomes of what is said of the merged idea: "goes" along, "stays" behind, or empty if nothing is said."""

    @property
    def posts(self) -> int:
        return self.top.thread.reply_count + 1

    @property
    def replies_after(self) -> int:
        return self.under.thread.reply_count + self.posts


def of_merge(one: Post, other: Post, *, into: int | None = None) -> MergePreview:
    """What merging the threads of two ideas will do; `into` is the number of the thread that goes on. Three queries."""
    threads = {idea.thread_id: idea for idea in (one, other)}
    kept = into if into in threads else goes_on(one.thread, other.thread).pk
    under = threads[kept]
    top = other if under is one else one
    followers = Follow.objects.filter(thread=top.thread).exclude(
        member__in=Follow.objects.filter(thread=under.thread).values("member")
    )
    said = set(Outcome.objects.filter(thread__in=threads).values_list("thread", flat=True))
    outcome = ("stays" if under.thread_id in said else "goes") if top.thread_id in said else ""
    return MergePreview(
        top=top,
        under=under,
        followers=followers.count(),
        writers=Post.objects.filter(thread=top.thread).values("author").distinct().count(),
        outcome=outcome,
    )


def posts_in(top: Post) -> int:
    """How many posts a branch has, with its top. One query."""
    return Post.objects.filter(thread=top.thread_id, path__startswith=top.path).count()
