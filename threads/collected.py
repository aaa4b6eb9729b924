"""Posts taken out of their threads, as a page or a file of them shows them: a collection, or what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jam.domain.rendering import excerpt
from jam.models import Member
from threads.models import Post, PostStatus

TITLE_LENGTH = 90
LINE_LENGTH = 280


@dataclass(frozen=True)
class Shown:
    """A post and what was said of it. Unless `reads`, nothing of what the post says.

    `under` is the idea that a reply stands under; empty for an idea, and where that is not to be told.
    """

    post: Post
    note: str
    hidden: bool
    reads: bool
    title: str
    under: str

    @property
    def heading(self) -> str:
        """What stands above its words, and so does not say them."""
        if not self.reads or self.post.subject:
            return self.title
        return "A reply" if self.post.parent_id else "An idea"

    @property
    def line(self) -> str:
        """The first words, unless the title says them."""
        return excerpt(self.post.html, LINE_LENGTH) if self.reads and self.post.subject else ""


def show(posts: Iterable[tuple[Post, str]], *, writer: Member | None = None, with_ideas: bool = True) -> list[Shown]:
    """Posts (with author, thread and forum), each with a note. One query, none without `with_ideas`.

    The words of a hidden post are shown to nobody but its author, if that is `writer`: what is put together here is
    passed on.
    """
    found = list(posts)
    ideas = _ideas_of(post for post, _ in found) if with_ideas else {}
    return [_shown(post, note, writer, ideas) for post, note in found]


def _shown(post: Post, note: str, writer: Member | None, ideas: dict[int, str]) -> Shown:
    hidden = not post.is_visible
    reads = not hidden or (writer is not None and writer.pk == post.author_id)
    words = post.subject or excerpt(post.html, TITLE_LENGTH) or "A post without words"
    title = words if reads else post.why_unread
    return Shown(post, note, hidden, reads, title, ideas.get(post.thread_id, "") if post.parent_id else "")


def _ideas_of(posts: Iterable[Post]) -> dict[int, str]:
    threads = {post.thread_id for post in posts if post.parent_id}
    ideas = Post.objects.filter(thread__in=threads, parent=None).values_list("thread", "subject", "html", "status")
    return {
        thread: (subject or excerpt(html, TITLE_LENGTH)) if status == PostStatus.VISIBLE else "a hidden idea"
        for thread, subject, html, status in (ideas if threads else ())
    }
