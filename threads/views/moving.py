"""Moving a thread and what is in it: pages that say beforehand what will happen, and lead to undoing it after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jam.access import Entry, enter_to_run
from jam.domain.errors import Refused
from jam.domain.rendering import excerpt
from jam.models import Member
from threads.access import post_of, thread_of
from threads.domain import moving, moving_preview
from threads.models import Moved, Post, Thread
from threads.moving_forms import ForumMoveForm, MovingForm, PlaceForm, SplitForm
from threads.views.choosing import choice_of, idea_of, post_of_number
from threads.views.frame import reader_frame

TITLE_LENGTH = 90


def title_of(post: Post) -> str:
    """For who runs the jam, who reads hidden posts too."""
    return post.subject or excerpt(post.html, TITLE_LENGTH)


def _idea(entry: Entry, thread_id: int) -> Post:
    """The idea of a thread that is there still and that they run the forum of."""
    thread = thread_of(entry, thread_id)
    idea = idea_of(entry, thread.pk)
    if idea is None or not entry.runs(thread.forum_id):
        raise Http404(gettext("There is no such page."))
    return idea


def _forums(entry: Entry) -> list[int]:
    return [forum.pk for forum in entry.jam.forums.all() if entry.runs(forum.pk)]


def _finish(request: HttpRequest, slug: str, move: Moved, words: str) -> HttpResponse:
    """To where it is now, with a way back."""
    link = reverse("threads:undo_move", args=[slug, move.pk])
    messages.success(request, format_html('{} <a href="{}">{}</a>', words, link, gettext("Undo")))
    return redirect("threads:post", slug, move.post_id)


def _try(form: MovingForm, act: Callable[[dict[str, Any]], Moved]) -> tuple[Moved | None, int]:
    """What the verb did, or why it did not: in the form, with the status of the answer."""
    if not form.is_valid():
        return None, 422
    try:
        return act(form.cleaned_data), 302
    except Refused as refused:
        form.refuse(refused)
        return None, refused.status


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thread_move(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    """To another forum."""
    entry, member = enter_to_run(request.user, slug)
    idea = _idea(entry, thread_id)
    forums = [forum for forum in _forums(entry) if forum != idea.thread.forum_id]
    form = ForumMoveForm(request.POST or None, forums=forums)
    status = 200
    if request.method == "POST":
        move, status = _try(form, lambda sent: moving.move_thread(member=member, thread=idea.thread, **sent))
        if move is not None:
            return _finish(request, slug, move, gettext("The thread is in the other forum now."))
    context = {"idea": idea, "title": title_of(idea), "form": form, "forums": forums}
    return render(request, "threads/move_thread.html", reader_frame(entry) | context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thread_merge(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    """With another thread: chosen first, then what will happen, then done."""
    entry, member = enter_to_run(request.user, slug)
    idea = _idea(entry, thread_id)
    form, status = None, 200
    if request.method == "POST":
        form = PlaceForm(request.POST)
        move, status = _try(form, lambda sent: _merge(entry, member, idea.thread, sent))
        if move is not None:
            return _finish(request, slug, move, gettext("The threads are merged. Everybody who wrote in it is told."))
    choice = choice_of(request, entry, ideas=True)
    other = _other_idea(entry, request, choice.chosen)
    context: dict[str, Any] = {"idea": idea, "title": title_of(idea), "choice": choice}
    if other is not None and other.thread_id != idea.thread_id:
        into = request.POST.get("into") or request.GET.get("into", "")
        preview = moving_preview.of_merge(idea, other, into=int(into) if into.isascii() and into.isdigit() else None)
        form = form or PlaceForm(initial={"to": other.pk, "into": preview.under.thread_id})
        context |= {"preview": preview, "other": other}
    elif other is not None:
        context["same"] = True
        status = 422
    context["form"] = form
    return render(request, "threads/merge.html", reader_frame(entry) | context, status=status)


def _other_idea(entry: Entry, request: HttpRequest, chosen: Post | None) -> Post | None:
    """The idea of the thread that was chosen, by whichever of its posts."""
    number = request.POST.get("to", "")
    if number.isascii() and number.isdecimal() and len(number) < 19:
        chosen = post_of_number(entry, int(number))
    return idea_of(entry, chosen.thread_id) if chosen else None


def _merge(entry: Entry, member: Member, thread: Thread, sent: dict[str, Any]) -> Moved:
    other = post_of_number(entry, sent["to"])
    if other is None:
        raise Http404(gettext("There is no such thread in this jam."))
    into = next((one for one in (thread, other.thread) if one.pk == sent["into"]), None)
    return moving.merge(member=member, thread=thread, other=other.thread, into=into, reason=sent["reason"])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_move(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """A reply with all under it: under another post, or to a thread of its own (`post_split`)."""
    entry, member = enter_to_run(request.user, slug)
    post = _reply(entry, post_id)
    form, status = None, 200
    if request.method == "POST":
        form = PlaceForm(request.POST)
        move, status = _try(form, lambda sent: _branch(entry, member, post, sent))
        if move is not None:
            return _finish(request, slug, move, gettext("It stands in its new place, with all that is under it."))
    return _move_page(request, entry, post, form=form, status=status)


def _branch(entry: Entry, member: Member, post: Post, sent: dict[str, Any]) -> Moved:
    under = post_of_number(entry, sent["to"])
    if under is None:
        raise Http404(gettext("There is no such post in this jam."))
    return moving.move_branch(member=member, post=post, under=under, reason=sent["reason"])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_split(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Makes a reply a thread of its own; its form stands on the page of `post_move` too."""
    entry, member = enter_to_run(request.user, slug)
    post = _reply(entry, post_id)
    form, status = _split_form(request, entry, post), 200
    if request.method == "POST":
        move, status = _try(form, lambda sent: moving.split(member=member, post=post, **sent))
        if move is not None:
            return _finish(request, slug, move, gettext("It is a thread of its own now."))
    return _move_page(request, entry, post, split=form, status=status)


def _split_form(request: HttpRequest, entry: Entry, post: Post) -> SplitForm:
    sent = request.POST if request.method == "POST" and "subject" in request.POST else None
    initial = {"subject": title_of(post), "forum": post.thread.forum_id}
    return SplitForm(sent, forums=_forums(entry), initial=initial)


def _reply(entry: Entry, post_id: int) -> Post:
    post = post_of(entry, post_id)
    if post.parent_id is None or not entry.runs(post.thread.forum_id):
        raise Http404(gettext("There is no such page."))
    return post


def _move_page(
    request: HttpRequest,
    entry: Entry,
    post: Post,
    *,
    form: PlaceForm | None = None,
    split: SplitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    choice = choice_of(request, entry, ideas=False)
    number = request.POST.get("to", "")
    known = number.isascii() and number.isdecimal() and len(number) < 19
    under = post_of_number(entry, int(number)) if known else choice.chosen
    context: dict[str, Any] = {
        "post": post,
        "title": title_of(post),
        "choice": choice,
        "split": split or _split_form(request, entry, post),
        "form": form,
        "posts": moving_preview.posts_in(post),
    }
    if under is not None:
        context |= {"under": under, "form": form or PlaceForm(initial={"to": under.pk})}
        context["under_title"] = title_of(under)
    return render(request, "threads/move_post.html", reader_frame(entry) | context, status=status)
