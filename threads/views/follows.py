"""Following a thread, a person or a tag, and what somebody follows."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jam.access import Entry
from jam.views.frame import jam_frame
from threads.access import enter_to_read, person_of, thread_of
from threads.domain import follows
from threads.domain.follows import Thing
from threads.views.frame import answers_refusals, asks_json, back_or, require_member


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@answers_refusals
def follow_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What a member follows. `follow` or `unfollow` of a POST is "thread:7", "person:3" or "tag:lamps"."""
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    if request.method == "POST":
        wants = "follow" in request.POST
        thing = _thing(entry, request.POST.get("follow" if wants else "unfollow", ""))
        (follows.follow if wants else follows.unfollow)(member=member, thing=thing)
        if asks_json(request):
            return JsonResponse({"following": wants})
        return redirect(back_or(request, reverse("threads:follows", args=[slug])))
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    frame = jam_frame(entry)
    followed = follows.follows_of(member, before=number)
    return render(request, "threads/follows.html", {**frame, "followed": followed, "is_first_page": number is None})


def _thing(entry: Entry, words: str) -> Thing:
    """What "thread:7", "person:3" or "tag:lamps" names in this jam. Raises Http404 if it names nothing there."""
    kind, _, rest = words.partition(":")
    if kind == "tag":
        return Thing.of_tag(rest)
    if kind not in ("thread", "person") or not (rest.isascii() and rest.isdecimal() and len(rest) < 19):
        raise Http404("There is nothing like that to follow.")
    if kind == "thread":
        return Thing(thread=thread_of(entry, int(rest)))
    return Thing(person=person_of(entry, int(rest)))
