"""A forum, and starting a thread in it."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jam.access import Entry
from jam.domain.errors import Refused
from jam.domain.rooms import forum_room
from jam.models import Forum
from jam.shown_occasions import polls_here
from jam.views.frame import jam_frame
from threads.access import enter_to_read, enter_to_write, forum_of
from threads.domain import drafts, posting, tags
from threads.forms import IdeaForm
from threads.views.composing import preview_of
from threads.views.frame import answers_refusals, asks_json, reader_frame, require_member, thread_url
from threads.views.images import with_picture
from threads.views.lists import idea_list
from threads.views.writing import invalid_form, refused_form, signed_in

TAGS_SHOWN = 20


@require_safe
@login_required
@answers_refusals
def forum_detail(request: HttpRequest, slug: str, forum_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    frame = reader_frame(entry, rooms=[forum_room(forum_id)])
    forum = forum_of(entry, forum_id)
    context = {
        **frame,
        **polls_here(entry, forum),
        **idea_list(request, entry, forum=forum),
        "forum": forum,
        "tags": tags.cloud(jam=entry.jam, forum=forum, limit=TAGS_SHOWN),
        "form": _start_form(entry, forum),
    }
    return render(request, "threads/forum.html", context)


def _start_form(entry: Entry, forum: Forum) -> IdeaForm | None:
    """With what the member was writing there before. One query."""
    if entry.member is None or not entry.can_post:
        return None
    return IdeaForm(draft=drafts.find(member=entry.member, place=drafts.forum_place(forum)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@answers_refusals
def thread_start(request: HttpRequest, slug: str, forum_id: int) -> HttpResponse:
    entry = enter_to_write(request.user, slug) if request.method == "POST" else enter_to_read(request.user, slug)
    member = require_member(entry)
    forum = forum_of(entry, forum_id)
    place = drafts.forum_place(forum)
    if request.method != "POST":
        kept = drafts.find(member=member, place=place)
        return _start_page(entry, forum, IdeaForm(draft=kept), request=request)
    form = IdeaForm(request.POST)
    if "add_picture" in request.POST:
        return _start_page(entry, forum, with_picture(request, form, member), request=request)
    page = partial(_start_page, entry, forum, form, request=request)
    if "preview" in request.POST:
        return page(preview=preview_of(form, member=member))
    if not form.is_valid():
        return invalid_form(request, form, page=page)
    try:
        idea = posting.start_thread(
            member=member,
            forum=forum,
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            tags=form.tag_list(),
            request_key=form.key(),
            picked=form.picked(),
        )
    except Refused as refused:
        return refused_form(request, refused, form, member=member, place=place, thing="idea", page=page)
    url = thread_url(entry, idea.thread_id)
    return JsonResponse({"post": idea.pk, "url": url}, status=201) if asks_json(request) else redirect(url)


def _start_page(
    entry: Entry,
    forum: Forum,
    form: IdeaForm,
    *,
    request: HttpRequest,
    status: int = 200,
    notice: str = "",
    preview: str = "",
) -> HttpResponse:
    context = {**jam_frame(entry), "forum": forum, "form": form, "notice": notice, "preview": preview}
    return render(request, "threads/start.html", context, status=status)
