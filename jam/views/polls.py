"""The polls of a jam: each on a page of its own, all of them on one, and making one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.redirects import inside
from jam.access import Entry, enter, enter_to_run, poll_of
from jam.domain import polls
from jam.domain.errors import Invalid, Refused
from jam.forms.occasions import PollForm
from jam.models import Poll
from jam.shown_occasions import shown_polls
from jam.views.frame import jam_frame
from jam.views.refusals import refused_answer


def _enter_to_read(request: HttpRequest, slug: str) -> Entry:
    entry = enter(request.user, slug)
    if not entry.can_read:
        raise Http404(gettext("There is no such page."))
    return entry


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def poll_list(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "POST":
        return _make(request, slug)
    entry = _enter_to_read(request, slug)
    initial = {"forum": request.GET.get("forum", "")}
    return _page(request, entry, PollForm(initial=initial, jam=entry.jam, duties=entry.duties))


def _make(request: HttpRequest, slug: str) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    form = PollForm(request.POST, jam=entry.jam, duties=entry.duties)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    try:
        poll = polls.make(member=member, plan=form.plan())
    except Refused as refused:
        form.refuse(refused)
        return _page(request, entry, form, status=refused.status)
    messages.success(request, gettext("The poll is there, in every open tab that shows its place."))
    return redirect("jam:poll", slug, poll.pk)


def _page(request: HttpRequest, entry: Entry, form: PollForm, *, status: int = 200) -> HttpResponse:
    frame = jam_frame(entry)
    before = request.GET.get("before", "")
    found, more = polls.polls_of(
        entry.jam, before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    )
    makes = entry.can_moderate and entry.phase in ("draft", "scheduled", "open")
    context = {"polls": shown_polls(entry, found), "more": more, "form": form if makes else None}
    return render(request, "jam/polls.html", frame | context, status=status)


@login_required
@require_safe
def poll_detail(request: HttpRequest, slug: str, poll_id: int) -> HttpResponse:
    entry = _enter_to_read(request, slug)
    frame = jam_frame(entry)
    poll = poll_of(entry, poll_id)
    return render(request, "jam/poll_detail.html", frame | _shown(entry, poll))


def _shown(entry: Entry, poll: Poll) -> dict[str, Any]:
    (shown,) = shown_polls(entry, [poll])
    return {"poll": shown}


@login_required
@require_POST
def poll_vote(request: HttpRequest, slug: str, poll_id: int) -> HttpResponse:
    """Takes `poll-ID` with the number of a choice, or several; or `none`. Answers a script with the poll as it is."""
    entry = enter(request.user, slug)
    if not entry.can_hear or entry.member is None:
        raise Http404(gettext("There is no such page."))
    poll = poll_of(entry, poll_id)
    chosen = request.POST.getlist(f"poll-{poll.pk}")
    takes_back = "none" in request.POST
    try:
        if not chosen and not takes_back:
            raise Invalid(gettext("Choose something first."), code="required", field="choice")
        wanted = [] if takes_back else [_number(text) for text in chosen]
        polls.vote(member=entry.member, poll=poll, choices=wanted)
    except Refused as refused:
        return refused_answer(request, refused)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"html": _fragment(request, entry, poll_of(entry, poll_id))})
    back = inside(request, request.POST.get("back", ""), otherwise=request.path.removesuffix("vote/"))
    return redirect(f"{back.split('#')[0]}#poll-{poll.pk}")


def _number(text: str) -> int:
    """0, which is the number of no choice, for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _fragment(request: HttpRequest, entry: Entry, poll: Poll) -> str:
    context = {"entry": entry, "jam": entry.jam, "member": entry.member, **_shown(entry, poll)}
    return render_to_string("jam/poll.html", context, request)


@login_required
@require_POST
def poll_close(request: HttpRequest, slug: str, poll_id: int) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    try:
        polls.close(member=member, poll=poll_of(entry, poll_id))
    except Refused as refused:
        return refused_answer(request, refused)
    messages.success(request, gettext("The poll has ended."))
    return redirect("jam:poll", slug, poll_id)


@login_required
@require_POST
def poll_remove(request: HttpRequest, slug: str, poll_id: int) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    try:
        polls.remove(member=member, poll=poll_of(entry, poll_id))
    except Refused as refused:
        return refused_answer(request, refused)
    messages.success(request, gettext("The poll is gone."))
    return redirect("jam:polls", slug)
