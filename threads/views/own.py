"""What is a member's own in a jam: the posts they keep, those they wrote, and their drafts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jam.access import Entry, enter
from jam.domain.errors import Invalid
from jam.domain.phases import Phase
from jam.domain.rendering import excerpt
from jam.models import Member, Voting
from jam.views.frame import jam_frame
from threads import taking_home
from threads.access import can_see_body, enter_to_read, forum_of, post_of
from threads.collected import show
from threads.domain import drafts, listing, mine
from threads.forms import DraftForm
from threads.views.frame import answers_refusals, asks_json, refusal_json, require_member
from threads.views.writing import draft_json, state_json

KEPT_LINE = 280
WRITTEN_A_PAGE = 50


@require_safe
@login_required
@answers_refusals
def favourite_list(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    if "format" in request.GET:
        return _take_kept_home(entry, member, request.GET["format"])
    frame = jam_frame(entry)
    kept, more = listing.kept_by(member, before=before_of(request))
    rows = [
        {
            "post": favourite.post,
            "line": excerpt(favourite.post.html, KEPT_LINE) if can_see_body(entry, favourite.post) else "",
        }
        for favourite in kept
    ]
    return render(request, "threads/favourites.html", {**frame, "rows": rows, "more": more})


def _take_kept_home(entry: Entry, member: Member, name: str) -> HttpResponse:
    shown = show((favourite.post, "") for favourite in mine.kept_by(member))
    title = gettext("Kept by %(name)s") % {"name": member.name}
    credit = gettext("What was kept by %(name)s") % {"name": member.name}
    sheaf = taking_home.Sheaf(entry.jam, title, "", credit, shown)
    return taking_home.download(sheaf, name)


def before_of(request: HttpRequest) -> int | None:
    """Where a page of a list goes on: the number of the last row before it; None for what is none."""
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None


@require_safe
@login_required
@never_cache
@answers_refusals
def own_posts(request: HttpRequest, slug: str) -> HttpResponse:
    """What a member wrote; with ?format=, as a file. After reading ended it is open to them, without others' words."""
    entry = enter(request.user, slug)
    member = require_member(entry)
    written = listing.written_by(member)
    if "format" in request.GET:
        shown = show(((post, "") for post in written), writer=member, with_ideas=entry.can_read)
        title = gettext("Posts by %(name)s") % {"name": member.name}
        credit = gettext("What was written by %(name)s") % {"name": member.name}
        sheaf = taking_home.Sheaf(entry.jam, title, "", credit, shown)
        return taking_home.download(sheaf, request.GET["format"])
    frame = jam_frame(entry)
    before = before_of(request)
    found = list((written if before is None else written.filter(pk__lt=before))[: WRITTEN_A_PAGE + 1])
    page = found[:WRITTEN_A_PAGE]
    context = {
        "rows": show(((post, "") for post in page), writer=member, with_ideas=entry.can_read),
        "answers": mine.replies_to(page),
        "upvote": entry.jam.voting == Voting.UPVOTE,
        "more": page[-1].pk if len(found) > len(page) else None,
        "formats": taking_home.FORMATS,
    }
    return render(request, "threads/mine.html", frame | context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@answers_refusals
def draft_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Stays open to a member after reading ended: what they wrote is theirs."""
    entry = enter(request.user, slug)
    member = require_member(entry)
    if request.method == "POST":
        return _keep_draft(request, slug)
    frame = jam_frame(entry)
    return render(request, "threads/drafts.html", {**frame, "drafts": listing.drafts_of(member)})


def _keep_draft(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter(request.user, slug)
    member = require_member(entry)
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Invalid(
            gettext("That draft cannot be kept: %(why)s") % {"why": next(iter(form.errors.values()))[0]}, code="draft"
        )
    kind, number = form.target()
    if kind == "forum":
        place = drafts.forum_place(forum_of(entry, number))
    else:
        place = drafts.reply_place(post_of(entry, number))
    late = entry.phase not in (Phase.DRAFT, Phase.SCHEDULED, Phase.OPEN)
    texts = {name: form.cleaned_data[name] for name in ("subject", "body", "tags")}
    try:
        if "base" in request.POST:
            kept = drafts.keep(member=member, place=place, late=late, base=form.cleaned_data["base"], **texts)
        else:
            kept = drafts.save(member=member, place=place, late=late, **texts)
    except drafts.NewerDraft as newer:
        if not asks_json(request):
            raise
        return refusal_json(newer, draft=draft_json(newer.draft))
    if asks_json(request):
        return JsonResponse({"kept": kept is not None} | (state_json(kept) if kept else {"version": ""}))
    return redirect("threads:drafts", slug=slug)


@require_POST
@login_required
@answers_refusals
def draft_discard(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    entry = enter(request.user, slug)
    drafts.discard(member=require_member(entry), draft_id=draft_id)
    return redirect("threads:drafts", slug=slug)
