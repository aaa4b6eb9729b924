"""An author's own post: changing it, withdrawing it, putting it back; and for everybody, what it said before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jam.access import Entry
from jam.domain.errors import Refused
from jam.models import Member
from threads.access import can_see_body, enter_to_read, enter_to_write, post_of
from threads.domain import editing, listing
from threads.domain.versions import Version, compare, versions_of
from threads.forms import EditForm, EditIdeaForm
from threads.models import Post, PostStatus
from threads.views.frame import answers_refusals, reader_frame, refusal_text, require_member, thread_url
from threads.views.images import with_picture
from threads.views.writing import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@answers_refusals
def post_edit(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    entry, member, post = _own(request, slug, post_id)
    kind = EditForm if post.parent_id else EditIdeaForm
    if request.method != "POST":
        editing.check_may_edit(member=member, post=post)
        return _edit_page(entry, post, kind(initial=_words(post)), request=request)
    form = kind(request.POST)
    if "add_picture" in request.POST:
        return _edit_page(entry, post, with_picture(request, form, member), request=request)
    if not form.is_valid():
        return _edit_page(entry, post, form, request=request, status=422)
    try:
        changed = editing.edit(member=member, post=post, **form.changes())
    except Refused as refused:
        refused.message = refusal_text(refused)
        form.refuse(refused)
        if refused.code == "changed":
            # Saved once more, it takes the place of the other.
            form.follow(editing.version_of(post_of(entry, post_id)))
        return _edit_page(entry, post, form, request=request, status=refused.status)
    return redirect(_place(entry, changed))


def _own(request: HttpRequest, slug: str, post_id: int) -> tuple[Entry, Member, Post]:
    """Another's post, to be changed, is not there."""
    enter = enter_to_write if request.method == "POST" else enter_to_read
    entry = enter(request.user, slug)
    member = require_member(entry)
    post = post_of(entry, post_id)
    if post.author_id != member.pk:
        raise Http404("There is no such page.")
    return entry, member, post


def _words(post: Post) -> dict[str, str]:
    return {
        "subject": post.subject,
        "body": post.body,
        "tags": ", ".join(post.tags),
        "version": editing.version_of(post),
    }


def _edit_page(entry: Entry, post: Post, form: EditForm, *, request: HttpRequest, status: int = 200) -> HttpResponse:
    context = {
        **reader_frame(entry),
        "post": post,
        "form": form,
        "until": editing.editable_until(entry.jam, post.created_at),
    }
    return render(request, "threads/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@answers_refusals
def post_withdraw(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """A page that asks first."""
    entry, member, post = _own(request, slug, post_id)
    if request.method != "POST":
        if post.status != PostStatus.VISIBLE:
            return redirect(_place(entry, post))
        return render(request, "threads/withdraw.html", {**reader_frame(entry), "post": post})
    editing.withdraw(member=member, post=post)
    messages.success(request, gettext("You withdrew your post. While the jam is open you can put it back."))
    return redirect(_place(entry, post))


@require_POST
@login_required
@answers_refusals
def post_put_back(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    entry, member, post = _own(request, slug, post_id)
    editing.put_back(member=member, post=post)
    messages.success(request, gettext("Your post is shown again."))
    return redirect(_place(entry, post))


def _place(entry: Entry, post: Post) -> str:
    return thread_url(entry, post.thread_id, page=listing.page_of(post), post_id=post.pk)


@require_safe
@login_required
@answers_refusals
def post_history(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """One version with what it changed; ?version= chooses another than the newest. Gone where the post's words are."""
    entry = enter_to_read(request.user, slug)
    frame = reader_frame(entry)
    post = post_of(entry, post_id)
    if not can_see_body(entry, post):
        raise Http404("There is no such page.")
    versions = versions_of(post)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else len(versions)
    if not 1 <= number <= len(versions):
        raise Http404("There is no such version.")
    context = {**frame, "post": post, "versions": versions[::-1], "shown": versions[number - 1]}
    return render(request, "threads/history.html", context | _changes(versions, number))


def _changes(versions: list[Version], number: int) -> dict[str, Any]:
    shown = versions[number - 1]
    before = versions[number - 2] if number > 1 else shown
    return {
        "subject": compare(before.subject, shown.subject),
        "body": compare(before.body, shown.body),
        "tags_added": [tag for tag in shown.tags if tag not in before.tags],
        "tags_removed": [tag for tag in before.tags if tag not in shown.tags],
        "tags_kept": [tag for tag in shown.tags if tag in before.tags],
    }
