"""The one door to each object of a jam: fetch and authorise together.

What is missing and what is forbidden raise Http404.
"""

from __future__ import annotations

from django.http import Http404

from jam.access import Entry, Visitor, enter
from jam.domain.phases import Phase
from jam.models import Forum, Member
from threads.models import Post, Thread


def enter_to_read(visitor: Visitor, slug: str) -> Entry:
    """A jam whose posts `visitor` may read."""
    entry = enter(visitor, slug)
    if not entry.can_read:
        raise Http404("There is no such page.")
    return entry


def enter_to_write(visitor: Visitor, slug: str) -> Entry:
    """A jam that `visitor` may send something to.

    A member whose reading ended meanwhile gets in, to be told by the verb that they are late and to have their text
    kept; a page must not show them then what others wrote.
    """
    entry = enter(visitor, slug)
    if not entry.can_read and not (entry.can_write and entry.phase in (Phase.REVIEW, Phase.ARCHIVED)):
        raise Http404("There is no such page.")
    return entry


def forum_of(entry: Entry, forum_id: int) -> Forum:
    forum = Forum.objects.filter(jam=entry.jam, pk=forum_id).first()
    if forum is None:
        raise Http404("There is no such forum in this jam.")
    forum.jam = entry.jam
    return forum


def thread_of(entry: Entry, thread_id: int) -> Thread:
    thread = Thread.objects.select_related("forum").filter(jam=entry.jam, pk=thread_id).first()
    if thread is None:
        raise Http404("There is no such thread in this jam.")
    thread.jam = entry.jam
    return thread


def post_of(entry: Entry, post_id: int) -> Post:
    post = Post.objects.select_related("thread__forum", "author").filter(jam=entry.jam, pk=post_id).first()
    if post is None:
        raise Http404("There is no such post in this jam.")
    post.jam = entry.jam
    return post


def can_see_body(entry: Entry, post: Post) -> bool:
    """A hidden post is read by who runs the jam and by who wrote it."""
    return post.status == "visible" or entry.can_facilitate or _is(entry.member, post.author_id)


def _is(member: Member | None, member_id: int) -> bool:
    return member is not None and member.pk == member_id
