"""A thread, and the permanent link of a post."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from jam.access import Entry
from jam.domain.rendering import excerpt
from jam.domain.rooms import thread_room
from threads.access import enter_to_read, post_of, thread_of
from threads.domain import connecting, drafts, follows, listing, queries, reading
from threads.domain.follows import Thing
from threads.domain.listing import PostPage
from threads.domain.paths import STEP
from threads.forms import ReplyForm
from threads.fragments import FIELDS
from threads.models import Thread
from threads.views.frame import answers_refusals, reader_frame, require_member, thread_url
from threads.views.tree import NEST_MAX, tree_rows
from threads.views.writing import draft_json


@require_safe
@login_required
def thread_detail(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    frame = reader_frame(entry, rooms=[thread_room(thread_id)])
    thread = thread_of(entry, thread_id)
    if thread.pk != thread_id:
        # Merged into another: to where its idea is now. Not for good, since it can be undone.
        return redirect("threads:post", slug, Thread.objects.values_list("moved_to", flat=True).get(pk=thread_id))
    page = listing.post_page(thread, number=_page_number(request), fields=FIELDS)
    mine = queries.mine(entry.member, [post["id"] for post in page.posts])
    new = reading.unread_posts(entry.member, thread, [post["id"] for post in page.posts])
    moderates = entry.moderates(thread.forum_id)
    rows = tree_rows(entry, page, mine, new, moderates=moderates)
    idea = rows[0]
    return render(
        request,
        "threads/detail.html",
        {
            **frame,
            "thread": thread,
            "forum": thread.forum,
            "page": page,
            "page_numbers": range(1, page.pages + 1),
            "idea": idea,
            "title": _title(idea["post"]),
            "replies": rows[1:],
            "connected": [
                {"idea": one, "title": one.subject or excerpt(one.html, 80)}
                for one in (connecting.connected_with(thread) if thread.is_connected else ())
            ],
            "runs": entry.member is not None and entry.runs(thread.forum_id),
            "reply_form": ReplyForm() if entry.can_post else None,
            "drafts": _drafts(entry, page),
            "nest_max": NEST_MAX,
            "moderates": moderates,
            "following": follows.follows_one(entry.member, Thing(thread=thread)),
            "new": sorted(new),
            "first_unread": _first_unread(entry, page, thread, new),
        },
    )


def _drafts(entry: Entry, page: PostPage) -> dict[str, Any]:
    """What the member was writing in answer to a post of this page, by its place. One query."""
    if entry.member is None or not entry.can_post:
        return {}
    places = [f"post:{post['id']}" for post in page.posts]
    return {draft.place: draft_json(draft) for draft in drafts.found(member=entry.member, places=places)}


def _title(idea: dict[str, Any]) -> str:
    """For everybody alike: of an idea that is hidden or withdrawn it says so."""
    if idea["withdrawn"]:
        return gettext("The author withdrew this idea.")
    if idea["hidden"]:
        return gettext("This idea is hidden.")
    return idea["subject"] or excerpt(idea["html"], 80)


def _first_unread(entry: Entry, page: PostPage, thread: Thread, new: set[int]) -> str:
    """The address of the first new post of the thread, in the order of reading; empty without one."""
    if page.pages == 1:
        first = next((post["id"] for post in page.posts if post["id"] in new), None)
        return f"#post-{first}" if first else ""
    found = reading.first_unread(entry.member, thread)
    return thread_url(entry, thread.pk, page=listing.page_of(found), post_id=found.pk) if found else ""


@require_safe
@login_required
def thread_unread(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    """Where a list leads: to the first post of the thread that is new, or to its top."""
    entry = enter_to_read(request.user, slug)
    thread = thread_of(entry, thread_id)
    found = reading.first_unread(entry.member, thread)
    # An idea is the top of its thread.
    if found is None or len(found.path) == STEP:
        return redirect(thread_url(entry, thread.pk))
    return redirect(thread_url(entry, thread.pk, page=listing.page_of(found), post_id=found.pk))


@require_safe
@login_required
@answers_refusals
def thread_next(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    """On to the next thread with something new, at its first new post; to the catch-up page if nothing is."""
    entry = enter_to_read(request.user, slug)
    following = reading.next_unread(require_member(entry), thread_of(entry, thread_id))
    if following is None:
        return redirect("threads:catch_up", slug)
    return redirect("threads:first_unread", slug, following)


@require_safe
@login_required
def post_detail(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """The permanent link of a post: its place on the page of its thread."""
    entry = enter_to_read(request.user, slug)
    post = post_of(entry, post_id)
    return redirect(thread_url(entry, post.thread_id, page=listing.page_of(post), post_id=post.pk))


def _page_number(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
