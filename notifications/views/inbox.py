"""What somebody was told, in all their jams."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from accounts.redirects import inside
from notifications.domain import inbox


@require_safe
@never_cache
@login_required
def notification_list(request: HttpRequest) -> HttpResponse:
    before = _number(request.GET.get("before", ""))
    found = inbox.inbox(_person(request), before=before)
    return render(
        request,
        "notifications/list.html",
        {
            "lines": found.lines,
            "more": found.more,
            "upto": max((line.newest.pk for line in found.lines), default=0),
            "has_unseen": any(not line.seen for line in found.lines),
            "is_first_page": before is None,
        },
    )


@require_safe
@never_cache
@login_required
def notification_open(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Leads to what it tells of, and takes note that it was seen; not for a browser that looks ahead."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "") or request.method == "HEAD"
    path = inbox.open_one(_person(request), notification_id, note=not ahead)
    if path is None:
        raise Http404("There is no such page.")
    return redirect(path)


@require_POST
@login_required
def all_seen(request: HttpRequest) -> HttpResponse:
    """All that the page showed, and what is older, counts as seen."""
    upto = _number(request.POST.get("upto", ""))
    if upto is not None:
        inbox.mark_all_seen(_person(request), upto=upto)
    return redirect(inside(request, request.POST.get("back", ""), otherwise="notifications:list"))


@require_safe
@never_cache
def unseen(request: HttpRequest) -> JsonResponse:
    """For an open page that was told that there is news: how much, and the newest in words."""
    if not request.user.is_authenticated:
        return JsonResponse({"message": "signed out"}, status=401)
    person = _person(request)
    newest = next((line for line in inbox.inbox(person, limit=1).lines if not line.seen), None)
    count = inbox.unseen_count(person)
    return JsonResponse(
        {
            "count": count,
            "label": inbox.capped(count) if count else "",
            "words": inbox.bell_words(count),
            "newest": newest.sentence if newest else "",
            "number": newest.newest.pk if newest else 0,
        }
    )


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
