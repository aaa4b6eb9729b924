"""The one door to each object of a jam: fetch and authorise together.

What is missing and what is forbidden raise Http404.
"""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext

from accounts.rows import Fetch, only
from jam.access import PHASES_TO_READ, Entry, Visitor, enter
from jam.domain.phases import Phase
from jam.models import Door, Forum, Member
from threads.domain import collections, connecting, images
from threads.domain.images import FoundImage
from threads.domain.whole import FetchPost
from threads.models import Collection, Post, Thread

POST = FetchPost("WHERE post.jam_id = %(jam)s AND post.id = %(post)s")
BARE = only(Post, "id", "jam_id", "thread_id", "parent_id", "author_id")
BARE_POST = Fetch("SELECT {post} FROM threads_post AS post WHERE post.id = %(post)s", post=BARE)
BARE_IDEA = Fetch(
    "SELECT {post} FROM threads_post AS post WHERE post.thread_id = %(thread)s AND post.parent_id IS NULL", post=BARE
)


def enter_to_read(visitor: Visitor, which: str | int) -> Entry:
    """A jam, by its slug or number, whose posts `visitor` may read."""
    entry = enter(visitor, which)
    if not entry.can_read:
        raise Http404(gettext("There is no such page."))
    return entry


def enter_to_write(visitor: Visitor, which: str | int) -> Entry:
    """A jam, by its slug or number, that `visitor` may send something to.

    A member whose reading ended meanwhile gets in, to be told by the verb that they are late and to have their text
    kept; a page must not show them then what others wrote.
    """
    entry = enter(visitor, which)
    if not entry.can_read and not (entry.can_write and entry.phase in (Phase.REVIEW, Phase.ARCHIVED)):
        raise Http404(gettext("There is no such page."))
    return entry


def forum_of(entry: Entry, forum_id: int) -> Forum:
    forum = Forum.objects.filter(jam=entry.jam, pk=forum_id).first()
    if forum is None:
        raise Http404(gettext("There is no such forum in this jam."))
    forum.jam = entry.jam
    return forum


def person_of(entry: Entry, member_id: int) -> Member:
    member = Member.objects.filter(jam=entry.jam, pk=member_id).first()
    if member is None:
        raise Http404(gettext("There is nobody like that in this jam."))
    member.jam = entry.jam
    return member


def thread_of(entry: Entry, thread_id: int) -> Thread:
    """With its forum, what became of its idea, who locked it, and whether it is connected with another. One query.

    Of a thread that was merged, the one that its idea is in now: three queries.
    """
    threads = Thread.objects.select_related("forum", "outcome__by", "locked_by").annotate(
        has_others=connecting.HAS_OTHERS
    )
    thread = threads.filter(jam=entry.jam, pk=thread_id).first()
    if thread is None:
        raise Http404(gettext("There is no such thread in this jam."))
    if thread.moved_to_id is not None:
        return thread_of(entry, post_of(entry, thread.moved_to_id).thread_id)
    thread.jam, thread.is_connected = entry.jam, thread.has_others
    return thread


def post_of(entry: Entry, post_id: int) -> Post:
    """With its thread, forum and author. One query."""
    post = POST.first(jam=entry.jam.pk, post=post_id)
    if post is None:
        raise Http404(gettext("There is no such post in this jam."))
    post.jam = entry.jam
    return post


def bare_post_of(entry: Entry, post_id: int) -> Post:
    """Its numbers alone, for a verb that reads the row itself: what else it says is read when something wants it."""
    post = find_post(post_id)
    if post.jam_id != entry.jam.pk:
        raise Http404(gettext("There is no such post in this jam."))
    post.jam = entry.jam
    return post


def find_post(post_id: int) -> Post:
    """A bare post where nothing names its jam. Whether they may know of it was not asked: enter the jam next."""
    found = BARE_POST.first(post=post_id)
    if found is None:
        raise Http404(gettext("There is no such post."))
    post: Post = found[0]
    return post


def find_parent(thread: Thread, post_id: int | None) -> Post | None:
    """A bare post of the thread; without a number, its idea."""
    found = BARE_IDEA.first(thread=thread.pk) if post_id is None else BARE_POST.first(post=post_id)
    post: Post | None = found[0] if found else None
    return post if post and post.thread_id == thread.pk else None


def enter_to_see(visitor: Visitor, which: str, key: str) -> FoundImage:
    """A picture of a jam that `visitor` may see.

    That is who may read a post that shows it, or showed it before it was changed: everybody who may read the jam, or
    finds the post in a collection whose link opens signed out; of posts that are hidden or withdrawn, who runs the jam.
    Who sent it always may. Two or three queries.
    """
    entry = enter(visitor, which)
    image = images.find(entry.jam, key)
    if image is None or not _may_see(entry, image):
        raise Http404(gettext("There is no such page."))
    return image


def _may_see(entry: Entry, image: FoundImage) -> bool:
    if _is(entry.member, image.member_id):
        return True
    if entry.can_read:
        return image.is_visible or (image.is_posted and entry.can_facilitate)
    return opens_by_link(entry) and images.is_collected(image)


def collection_of(entry: Entry, collection_id: int) -> Collection:
    """One of the member's own, whether or not it is shared."""
    collection = Collection.objects.filter(jam=entry.jam, member=entry.member, pk=collection_id).first()
    if collection is None or entry.member is None:
        raise Http404(gettext("There is no such collection."))
    collection.jam, collection.member = entry.jam, entry.member
    return collection


def enter_by_link(visitor: Visitor, which: str, key: str) -> tuple[Entry, Collection]:
    """A shared collection, and its jam as `visitor` finds it.

    The link opens no more than the jam does: where anyone with an account may read, it opens signed out too, for as
    long as the jam can be read; else only for who may read the jam. Two queries.
    """
    entry = enter(visitor, which)
    collection = collections.shared(entry.jam, key) if opens_by_link(entry) or entry.can_read else None
    if collection is None:
        raise Http404(gettext("There is no such page."))
    collection.jam = entry.jam
    return entry, collection


def opens_by_link(entry: Entry) -> bool:
    """Whether a link that a member shared opens to anyone who has it."""
    return entry.jam.door == Door.ACCOUNT and entry.phase in PHASES_TO_READ


def can_see_body(entry: Entry, post: Post) -> bool:
    """A post that is hidden or withdrawn is read by who runs the jam and by who wrote it."""
    return post.is_visible or entry.can_facilitate or _is(entry.member, post.author_id)


def _is(member: Member | None, member_id: int) -> bool:
    return member is not None and member.pk == member_id
