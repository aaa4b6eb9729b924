"""A thread, and the permanent link of a post."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from jam.domain.rendering import excerpt
from jam.domain.rooms import thread_room
from jam.views.frame import jam_frame
from threads.access import enter_to_read, post_of, thread_of
from threads.domain import listing, queries
from threads.forms import ReplyForm
from threads.fragments import FIELDS
from threads.views.frame import thread_url
from threads.views.tree import NEST_MAX, tree_rows


@require_safe
@login_required
def thread_detail(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    frame = jam_frame(entry, rooms=[thread_room(thread_id)])
    thread = thread_of(entry, thread_id)
    page = listing.post_page(thread, number=_page_number(request), fields=FIELDS)
    mine = queries.mine(entry.member, [post["id"] for post in page.posts])
    rows = tree_rows(entry, page, mine)
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
            "title": idea["post"]["subject"] or excerpt(idea["post"]["html"], 80),
            "replies": rows[1:],
            "reply_form": ReplyForm() if entry.can_post else None,
            "nest_max": NEST_MAX,
            "moderates": entry.can_moderate,
        },
    )


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
