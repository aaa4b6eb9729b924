"""GET a thread, reply in it, vote on its posts and keep them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Status

from accounts.rows import Fetch
from jam.access import Entry, Visitor
from jam.domain.errors import Invalid, NotAllowed
from jam.models import Member
from threads.access import enter_to_read, enter_to_write, find_parent, find_post
from threads.api.jams import IdempotencyKey, caller
from threads.api.schemas import CountsOut, PostOut, ReplyIn, ThreadWithPosts, VoteIn
from threads.domain import favourites, posting, voting
from threads.models import Post, Thread

router = Router(tags=["threads"])

POSTS_A_PAGE = 200
THREAD = Fetch("SELECT {thread} FROM threads_thread AS thread WHERE thread.id = %(thread)s", thread=Thread)


def _thread(thread_id: int) -> Thread:
    """Whether they may know of it was not asked: enter its jam next."""
    found = THREAD.first(thread=thread_id)
    if found is None:
        raise Http404("There is no such thread.")
    thread: Thread = found[0]
    return thread


def _where_it_is(thread: Thread) -> tuple[Thread, int | None]:
    """The thread; of one that was merged the one that its idea is in now, and the post that this became."""
    if thread.moved_to_id is None:
        return thread, None
    return _thread(find_post(thread.moved_to_id).thread_id), thread.moved_to_id


def _post(request: HttpRequest, post_id: int, enter: Callable[[Visitor, int], Entry]) -> tuple[Entry, Post]:
    """The post, and the jam it is in as the caller finds it: for a vote to write to, as the verb says what is late."""
    post = find_post(post_id)
    entry = enter(caller(request), post.jam_id)
    post.jam = entry.jam
    return entry, post


def _member(entry: Entry) -> Member:
    if entry.member is None:
        raise NotAllowed("You are not a member of this jam. PUT its membership first.", code="not_a_member")
    return entry.member


@router.get("threads/{int:thread_id}", response=ThreadWithPosts)
def thread_detail(
    request: HttpRequest, thread_id: int, after: str = "", limit: Annotated[int, Query(ge=1, le=500)] = POSTS_A_PAGE
) -> Any:
    """A thread with its posts in reading order. One that was merged into another answers 307 with the other's place:
    it may be undone."""
    thread = _thread(thread_id)
    entry = enter_to_read(caller(request), thread.jam_id)
    now, became = _where_it_is(thread)
    if became is not None:
        return HttpResponse(status=307, headers={"Location": f"/api/v1/threads/{now.pk}"})
    posts = (
        Post.objects.filter(thread=thread, path__gt=after)
        .order_by("path")
        .select_related("author", "thread", "highlight")
    )
    found = list(posts[: limit + 1])
    return ThreadWithPosts(
        id=thread.pk,
        jam=entry.jam.slug,
        forum=thread.forum_id,
        created_at=thread.created_at,
        last_post_at=thread.last_post_at,
        reply_count=thread.reply_count,
        locked=thread.locked_at is not None,
        posts=[PostOut.of(entry, post) for post in found[:limit]],
        next=found[limit - 1].path if len(found) > limit else None,
    )


@router.post("threads/{int:thread_id}/posts", response={201: PostOut})
def post_reply(request: HttpRequest, thread_id: int, reply: ReplyIn, idempotency_key: IdempotencyKey = None) -> Any:
    """Replies to a post of the thread. Of one that was merged into another, to the post where it is now.

    202 with the code `held` says that a facilitator looks at it first: it was taken, and need not be sent again.
    """
    thread = _thread(thread_id)
    entry = enter_to_write(caller(request), thread.jam_id)
    member = _member(entry)
    now, became = _where_it_is(thread)
    parent = find_parent(now, reply.parent or became)
    if parent is None:
        raise Invalid("There is no such post in this thread.", code="parent", field="parent")
    post = posting.reply(
        member=member, parent=parent, subject=reply.subject, body=reply.body, request_key=idempotency_key
    )
    return Status(201, PostOut.of(entry, post))


@router.put("posts/{int:post_id}/vote", response=CountsOut, by_alias=True)
def post_vote(request: HttpRequest, post_id: int, vote: VoteIn) -> Any:
    """Makes this your vote on the post, and answers with its counts."""
    entry, post = _post(request, post_id, enter_to_write)
    return _counts(voting.cast(member=_member(entry), post=post, value=vote.value))


@router.delete("posts/{int:post_id}/vote", response=CountsOut, by_alias=True)
def post_vote_withdraw(request: HttpRequest, post_id: int) -> Any:
    """Takes your vote on the post back."""
    entry, post = _post(request, post_id, enter_to_write)
    return _counts(voting.withdraw(member=_member(entry), post=post))


@router.put("posts/{int:post_id}/favourite", response={204: None})
def post_keep(request: HttpRequest, post_id: int) -> Any:
    """Keeps the post among your favourites."""
    entry, post = _post(request, post_id, enter_to_read)
    favourites.keep(member=_member(entry), post=post)
    return Status(204, None)


@router.delete("posts/{int:post_id}/favourite", response={204: None})
def post_drop(request: HttpRequest, post_id: int) -> Any:
    """Keeps the post no longer."""
    entry, post = _post(request, post_id, enter_to_read)
    favourites.drop(member=_member(entry), post=post)
    return Status(204, None)


def _counts(tally: voting.Tally) -> CountsOut:
    return CountsOut(agree=tally.agree, passed=tally.passed, disagree=tally.disagree)
