"""The console: all that a facilitator on duty needs on one page, and what they do there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jam.access import Entry, enter_to_run
from jam.domain.errors import Refused
from jam.models import Forum, Member
from jam.views.frame import jam_frame
from moderation.domain import acts, console, handling
from moderation.domain.console import Filters
from moderation.domain.growing import WINDOWS
from moderation.views.console_rows import Marks, case_row, handled_rows, post_row
from threads.access import post_of
from threads.forms import ReplyForm
from threads.models import Post
from threads.views.frame import answers_refusals, asks_json, reader_frame, refusal_json

FILTERS = {
    "ideas": _("Ideas only"),
    "newcomers": _("First posts"),
    "outsiders": _("From outside"),
    "guests": _("Guests"),
    "flagged": _("Flagged"),
    "mine": _("I handle"),
}


@require_safe
@login_required
@never_cache
def console_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What is new, what waits, what grows, what is flagged and who is here, over the forums that the member runs.

    With `?part=1` the columns alone, as an open page asks for them when it hears that something happened.
    """
    entry, member = enter_to_run(request.user, slug)
    frame = reader_frame(entry)
    context = frame | _columns(entry, member, request.GET)
    if "part" in request.GET:
        return render(request, "moderation/console_columns.html", context)
    context["reply_form"] = ReplyForm() if entry.can_post else None
    return render(request, "moderation/console.html", context)


def _columns(entry: Entry, member: Member, asked: QueryDict) -> dict[str, Any]:
    jam = entry.jam
    forums = [forum for forum in jam.forums.all() if entry.runs(forum.pk)]
    run = None if entry.duties is None else [forum.pk for forum in forums]
    chosen = _chosen(forums, asked.get("forum", ""))
    among = run if chosen is None else [chosen.pk]
    handled = handling.of(jam)
    window = WINDOWS[asked.get("grow") == "60"]
    stream = console.stream(jam, forums=among, filters=_filters(asked, member, handled))
    waits = console.waiting(jam, forums=among)
    grown = console.grown(jam, forums=among, window=window)
    cases = console.open_cases(jam, forums=run)
    flags = console.flags_of([*stream, *waits.ideas, *(idea for _growth, idea in grown)])
    above = console.titles_above([*stream, *(case.post for case in cases if case.post)])
    marks = Marks(handled, flags, member, above)
    busy = console.busy_forums(jam)
    return {
        "forums": forums,
        "chosen": chosen,
        "filters": [{"key": key, "name": name, "on": key in asked} for key, name in FILTERS.items()],
        "is_filtered": any(key in asked for key in FILTERS),
        "minutes": _minutes(window),
        "windows": [_window(asked, one) for one in WINDOWS],
        "stream": [post_row(post, marks) for post in stream],
        "waiting": [post_row(idea, marks) for idea in waits.ideas],
        "waiting_total": waits.total,
        "grown": [post_row(idea, marks, growth) for growth, idea in grown],
        "cases": [case_row(case, marks) for case in cases],
        "handled": handled_rows(handled.values(), handling.titles(handled.values())),
        "staff": console.staff(jam, handled.values()),
        "busy": [{"forum": forum, "busy": busy.get(forum.pk, console.Busy())} for forum in forums],
        "people_here": console.people_here(jam),
        "rows_max": console.ROWS,
        "counted_max": console.COUNTED,
    }


def _minutes(window: timedelta) -> int:
    return int(window.total_seconds()) // 60


def _window(asked: QueryDict, window: timedelta) -> dict[str, Any]:
    """The way to what grows in another window, with the filters as they are."""
    query = asked.copy()
    query["grow"] = str(_minutes(window))
    query.pop("part", None)
    words = ngettext("%(count)s minute", "%(count)s minutes", _minutes(window)) % {"count": _minutes(window)}
    return {"minutes": _minutes(window), "words": words, "url": f"?{query.urlencode()}#column-growing"}


def _chosen(forums: list[Forum], number: str) -> Forum | None:
    """The forum that is asked for; None for one that is not theirs too, which shows all that are."""
    return next((forum for forum in forums if str(forum.pk) == number), None)


def _filters(asked: QueryDict, member: Member, handled: dict[console.Key, Any]) -> Filters:
    mine = [key for key, one in handled.items() if one.member_id == member.pk]
    return Filters(
        **{key: key in asked for key in FILTERS if key != "mine"},
        handled=mine if "mine" in asked else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@answers_refusals
def console_post(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """All that can be done to one post: a page of buttons, and where each of them, and the console's keys, is sent."""
    entry, member = enter_to_run(request.user, slug)
    post = post_of(entry, post_id)
    if request.method != "POST":
        return _post_page(request, entry, member, post)
    try:
        said = acts.act(member=member, post=post, do=request.POST.get("do", ""), given=request.POST.dict())
    except Refused as refused:
        if asks_json(request):
            return refusal_json(refused)
        return _post_page(request, entry, member, post, refused=refused)
    if asks_json(request):
        return JsonResponse({"said": said})
    return _back(request, said, slug, post_id)


def _back(request: HttpRequest, said: str, slug: str, post_id: int) -> HttpResponse:
    messages.success(request, said)
    if request.POST.get("do") == "hide":
        return redirect("moderation:console", slug)
    return redirect("moderation:console_post", slug, post_id)


def _post_page(
    request: HttpRequest, entry: Entry, member: Member, post: Post, *, refused: Refused | None = None
) -> HttpResponse:
    handled = handling.of(entry.jam)
    marks = Marks(handled, console.flags_of([post]), member, console.titles_above([post]))
    context = {
        **jam_frame(entry),
        "row": post_row(post, marks),
        "refused": refused,
        "given": request.POST.dict(),
        "runs": entry.moderates(post.thread.forum_id),
    }
    return render(request, "moderation/console_post.html", context, status=refused.status if refused else 200)
