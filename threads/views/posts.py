"""What is done to one post: answer it, vote on it, keep it."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from jam.access import Entry
from jam.domain.errors import Invalid, Refused
from jam.views.frame import jam_frame
from threads.access import bare_post_of, can_see_body, enter_to_read, enter_to_write, post_of
from threads.domain import drafts, favourites, listing, posting, voting
from threads.domain.locking import why_locked
from threads.domain.quoting import quotation
from threads.forms import KeepForm, ReplyForm, VoteForm
from threads.fragments import post_fragment
from threads.models import Post
from threads.views.composing import preview_of
from threads.views.frame import answers_refusals, asks_json, back_or, require_member, thread_url
from threads.views.images import with_picture
from threads.views.writing import invalid_form, refused_form, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@answers_refusals
def post_reply(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    entry = enter_to_write(request.user, slug) if request.method == "POST" else enter_to_read(request.user, slug)
    member = require_member(entry)
    parent = post_of(entry, post_id)
    place = drafts.reply_place(parent)
    if request.method != "POST":
        kept = drafts.find(member=member, place=place)
        return _reply_page(entry, parent, ReplyForm(draft=kept), request=request)
    form = ReplyForm(request.POST)
    if "add_picture" in request.POST:
        return _reply_page(entry, parent, with_picture(request, form, member), request=request)
    page = partial(_reply_page, entry, parent, form, request=request)
    if "quote" in request.POST and can_see_body(entry, parent):
        return _reply_page(entry, parent, _with_quotation(entry, form, parent), request=request)
    if "preview" in request.POST:
        return page(preview=preview_of(form, member=member, thread_id=parent.thread_id))
    if not form.is_valid():
        return invalid_form(request, form, page=page)
    try:
        post = posting.reply(
            member=member,
            parent=parent,
            body=form.cleaned_data["body"],
            tags=form.tag_list(),
            request_key=form.key(),
            picked=form.picked(),
            is_prompt="prompt" in request.POST,
        )
    except Refused as refused:
        return refused_form(request, refused, form, member=member, place=place, thing="reply", page=page)
    url = thread_url(entry, post.thread_id, page=listing.page_of(post), post_id=post.pk)
    if not asks_json(request):
        return redirect(url)
    return JsonResponse({"post": post.pk, "url": url, "html": post_fragment(post=post, author=member)}, status=201)


def _with_quotation(entry: Entry, form: ReplyForm, parent: Post) -> ReplyForm:
    """The form with all that was typed, and the post that is answered quoted after it."""
    typed = form.typed()
    address = settings.SITE_URL + reverse("threads:post", args=[entry.jam.slug, parent.pk])
    quoted = quotation(body=parent.body, author=parent.author.name, address=address)
    before = f"{typed['body'].rstrip()}\n\n".lstrip()
    return ReplyForm(initial={**typed, "body": before + quoted})


def _reply_page(
    entry: Entry,
    parent: Post,
    form: ReplyForm,
    *,
    request: HttpRequest,
    status: int = 200,
    notice: str = "",
    preview: str = "",
) -> HttpResponse:
    context = {
        **jam_frame(entry),
        "parent": parent,
        "forum": parent.thread.forum,
        "shows_parent": entry.can_read and can_see_body(entry, parent),
        "form": form,
        "notice": notice or (why_locked() if parent.thread.locked_at else ""),
        "preview": preview,
        "asks": "prompt" in (request.POST or request.GET) if entry.moderates(parent.thread.forum_id) else None,
    }
    return render(request, "threads/reply.html", context, status=status)


@require_POST
@login_required
@answers_refusals
def post_vote(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    post = bare_post_of(entry, post_id)
    form = VoteForm(request.POST)
    if not form.is_valid():
        raise Invalid(str(form.errors["value"][0]), code="value", field="value")
    value = form.vote()
    if value is None:
        tally = voting.withdraw(member=member, post=post)
    else:
        tally = voting.cast(member=member, post=post, value=value)
    if asks_json(request):
        return JsonResponse({"post": post.pk, "mine": value, "counts": tally.as_json()})
    return redirect(_back(request, entry, post))


@require_POST
@login_required
@answers_refusals
def post_favourite(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    post = bare_post_of(entry, post_id)
    form = KeepForm(request.POST)
    if not form.is_valid():
        raise Invalid(gettext("Keep is 1 or 0."), code="keep", field="keep")
    kept = form.cleaned_data["keep"] == "1"
    if kept:
        favourites.keep(member=member, post=post)
    else:
        favourites.drop(member=member, post=post)
    if asks_json(request):
        return JsonResponse({"post": post.pk, "kept": kept})
    return redirect(_back(request, entry, post))


def _back(request: HttpRequest, entry: Entry, post: Post) -> str:
    return back_or(request, reverse("threads:post", args=[entry.jam.slug, post.pk]), anchor=f"post-{post.pk}")
