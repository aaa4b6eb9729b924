"""GET jams, one jam, its threads; start a thread. (Its changes: `live.api`; joining it: `threads.api.door`.)"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Query, Router, Status

from accounts.models import Person
from jam.access import enter, visible_jams
from jam.domain.errors import Invalid, NotAllowed
from jam.domain.phases import database_now
from jam.models import Forum
from live.domain.queries import seq_of
from threads.access import enter_to_read, enter_to_write
from threads.api.schemas import IdeaIn, JamOut, JamWithForums, Page, PostOut, ThreadOut
from threads.domain import posting, search
from threads.domain.listing import idea_page
from threads.domain.queries import Sort, ideas

router = Router(tags=["jams"])

JAMS_A_PAGE = 50
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key")]


def caller(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # the API lets in nobody else
    return request.user


@router.get("jams", response=Page[JamOut])
def jam_list(request: HttpRequest, after: str = "", limit: Annotated[int, Query(ge=1, le=100)] = JAMS_A_PAGE) -> Any:
    """The jams that you may see, the newest first."""
    jams = visible_jams(caller(request)).order_by("-pk")
    if after:
        if not after.isdecimal():
            raise Invalid("That is not a place in this list.", code="cursor", field="after")
        jams = jams.filter(pk__lt=int(after))
    found = list(jams[: limit + 1])
    now = database_now()
    more = str(found[limit - 1].pk) if len(found) > limit else None
    return Page[JamOut](items=[JamOut.of(jam, now) for jam in found[:limit]], next=more)


@router.get("jams/{slug}", response=JamWithForums)
def jam_detail(request: HttpRequest, slug: str) -> Any:
    """A jam with its window, the phase it is in now, and its forums."""
    entry = enter(caller(request), slug)
    return JamWithForums.of_entry(entry, seq=seq_of(entry.jam.pk))


@router.get("jams/{slug}/threads", response=Page[ThreadOut])
def thread_list(
    request: HttpRequest,
    slug: str,
    forum: int | None = None,
    sort: Sort = "hot",
    tag: str = "",
    q: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> Any:
    """A jam's threads with their ideas. `q` finds words in an idea as search does: `lamp "on the pier" -buoy`."""
    entry = enter_to_read(caller(request), slug)
    found = ideas(jam=entry.jam)
    if forum is not None:
        found = found.filter(thread__forum=forum)
    if tag:
        found = found.filter(tags__contains=[tag.casefold()])
    if q.strip():
        found = found.filter(pk__in=search.matching(entry.jam, q))
    page = idea_page(found, sort=sort, after=after, size=limit)
    return Page[ThreadOut](items=[ThreadOut.of(entry, idea) for idea in page.ideas], next=page.after)


@router.post("jams/{slug}/threads", response={201: PostOut})
def thread_start(request: HttpRequest, slug: str, idea: IdeaIn, idempotency_key: IdempotencyKey = None) -> Any:
    """Starts a thread, and answers with its first post.

    202 with the code `held` says that a facilitator looks at it first: it was taken, and need not be sent again.
    """
    entry = enter_to_write(caller(request), slug)
    if entry.member is None:
        raise NotAllowed("You are not a member of this jam. PUT its membership first.", code="not_a_member")
    forum = Forum.objects.filter(jam=entry.jam, pk=idea.forum).first()
    if forum is None:
        raise Invalid("There is no such forum in this jam.", code="forum", field="forum")
    post = posting.start_thread(
        member=entry.member,
        forum=forum,
        subject=idea.subject,
        body=idea.body,
        tags=idea.tags,
        request_key=idempotency_key,
    )
    return Status(201, PostOut.of(entry, post))
