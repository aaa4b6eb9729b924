"""What a form asks for while somebody writes in it: a preview, names, tags, ideas like theirs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jam.access import Entry
from jam.domain.errors import Invalid, Refused
from jam.domain.rendering import excerpt
from jam.models import Member
from jam.views.frame import home_of
from threads.access import enter_to_read
from threads.domain import mentions, search, tags, written
from threads.forms import ReplyForm
from threads.pace import require_pace
from threads.views.frame import answers_refusals, require_member, thread_url

PREVIEWS_A_MINUTE = 60
ASKED_A_MINUTE = 240
ASKED_MAX = 200
SIMILAR = 4
TITLE_LENGTH = 90


def preview_of(form: ReplyForm, *, member: Member, thread_id: int | None = None) -> SafeString:
    """The HTML that posting the form would give; empty if it would be refused, which the form then says."""
    if not form.is_valid():
        return SafeString("")
    try:
        text = written.check(
            member=member,
            body=form.cleaned_data["body"],
            tags=form.tag_list(),
            thread_id=thread_id,
            picked=form.picked(),
        )
    except Refused as refused:
        form.refuse(refused)
        return SafeString("")
    return mark_safe(text.html)  # noqa: S308  (made safe by the renderer)


@require_POST
@login_required
@answers_refusals
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The HTML that a text would get, as JSON. Nothing is kept, so it needs no open window."""
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    require_pace(member, what="preview", a_minute=PREVIEWS_A_MINUTE)
    form = ReplyForm({**request.POST.dict(), "tags": ""})
    html = preview_of(form, member=member, thread_id=_number(request.POST.get("thread", "")))
    if form.errors:
        raise Invalid(form.first_error(), field="body")
    return JsonResponse({"html": html})


@require_safe
@login_required
@never_cache
@answers_refusals
def people_suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Members whose name begins as was typed, for those who may name them: who reads along but is no member may not."""
    entry, typed = _asked(request, slug)
    member = require_member(entry)
    found = mentions.suggest(entry.jam, typed, member=member, thread_id=_number(request.GET.get("thread", "")))
    people = [{"id": who.id, "name": who.name, "from": who.affiliation, "here": who.here} for who in found]
    return JsonResponse({"people": people})


@require_safe
@login_required
@never_cache
@answers_refusals
def tags_suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Tags of the jam that begin as was typed, the ones with most ideas first."""
    entry, typed = _asked(request, slug)
    return JsonResponse({"tags": tags.beginning(jam=entry.jam, typed=typed)})


@require_safe
@login_required
@never_cache
@answers_refusals
def similar_ideas(request: HttpRequest, slug: str) -> HttpResponse:
    """Ideas like the one that is being typed."""
    entry, typed = _asked(request, slug)
    found = search.similar(entry.jam, typed, limit=SIMILAR)
    return JsonResponse({"ideas": [_idea(entry, idea) for idea in found]})


def _idea(entry: Entry, idea: Any) -> dict[str, Any]:
    return {
        "id": idea.pk,
        "title": idea.subject or excerpt(idea.html, TITLE_LENGTH),
        "author": idea.author.name,
        "replies": idea.thread.reply_count,
        "url": thread_url(entry, idea.thread_id),
        "reply": f"{home_of(entry.jam)}posts/{idea.pk}/reply/",
    }


def _asked(request: HttpRequest, slug: str) -> tuple[Entry, str]:
    """The jam as a member finds it, and what they typed so far."""
    entry = enter_to_read(request.user, slug)
    require_pace(require_member(entry), what="suggest", a_minute=ASKED_A_MINUTE)
    return entry, request.GET.get("q", "")[:ASKED_MAX].replace("\0", "").strip()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
