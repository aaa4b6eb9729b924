"""What a reader saw, and the numbers of what is new to them as a page keeps them up."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jam.views.frame import home_of
from threads.access import enter_to_read
from threads.domain import reading, visits
from threads.domain.reading import SEEN_AT_ONCE, Unread
from threads.views.frame import answers_refusals, asks_json, back_or, require_member
from threads.views.writing import signed_in

THREADS_AT_ONCE = 200
DIGITS = 18


@require_POST
@signed_in
@answers_refusals
def posts_seen(request: HttpRequest, slug: str) -> HttpResponse:
    """Notes that posts were in view, or that a page of a thread was read: `post`, as often as there are.

    Takes the first 500 and passes over what is no number of a post of this jam. Answers a module with what is new now,
    and takes a browser without scripts back to its page.
    """
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    threads = reading.see(member, numbers(request.POST.getlist("post"))[:SEEN_AT_ONCE])
    if not asks_json(request):
        return redirect(back_or(request, home_of(entry.jam)))
    found = visits.arrive(member, now=entry.now)
    left = reading.unread_in_threads(member, threads)
    return unread_json(found, {thread: left.get(thread, 0) for thread in threads})


@require_safe
@login_required
@never_cache
@answers_refusals
def unread_now(request: HttpRequest, slug: str) -> HttpResponse:
    """What is new now, for a tab that may have missed it: by forum and, of the first 200 `thread`s asked for, in each.

    That a tab asks is no sign of somebody being here.
    """
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    threads = numbers(request.GET.getlist("thread"))[:THREADS_AT_ONCE]
    left = reading.unread_in_threads(member, threads)
    return unread_json(reading.unread(member), {thread: left.get(thread, 0) for thread in threads})


def numbers(sent: Iterable[str]) -> list[int]:
    """The whole numbers among what was sent, each once."""
    fit = (text for text in sent if text.isascii() and text.isdecimal() and len(text) <= DIGITS)
    return list(dict.fromkeys(map(int, fit)))


def unread_json(found: Unread, threads: dict[int, int]) -> JsonResponse:
    return JsonResponse({"all": found.all, "most": found.most, "forums": found.posts, "threads": threads})
