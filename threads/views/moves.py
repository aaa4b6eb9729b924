"""What was moved in a jam, undoing it, and which threads are connected: for who runs it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from jam.access import Entry, enter_to_run
from jam.domain.errors import Refused
from threads.access import thread_of
from threads.domain import connecting
from threads.domain.undoing import undo
from threads.models import Moved, Post
from threads.views.choosing import choice_of, idea_of, post_of_number
from threads.views.frame import reader_frame, thread_url
from threads.views.moving import title_of

A_PAGE = 30
RELATED = (
    "post__author",
    "by",
    "undone_by",
    "from_forum",
    "to_forum",
    "from_thread__moved_to",
    "to_thread__moved_to",
)


@require_safe
@login_required
def move_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest first, each with a way to undo it."""
    entry, _member = enter_to_run(request.user, slug)
    moves = Moved.objects.filter(jam=entry.jam).select_related(*RELATED).order_by("-pk")
    page = Paginator(moves, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": _rows(entry, page.object_list),
        "previous": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "threads/moves.html", reader_frame(entry) | context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move_undo(request: HttpRequest, slug: str, move_id: int) -> HttpResponse:
    """What undoing it will do; and, sent, does it."""
    entry, member = enter_to_run(request.user, slug)
    move = Moved.objects.filter(jam=entry.jam, pk=move_id).select_related(*RELATED).first()
    if move is None:
        raise Http404(gettext("There is no such move in this jam."))
    problem, status = "", 200
    if request.method == "POST":
        try:
            undo(member=member, move=move)
        except Refused as refused:
            problem, status = refused.message, refused.status
        else:
            messages.success(request, gettext("Undone: it is back where it was."))
            return redirect("threads:post", slug, move.post_id)
    (row,) = _rows(entry, [move])
    return render(
        request, "threads/move_undo.html", reader_frame(entry) | {"row": row, "problem": problem}, status=status
    )


def _rows(entry: Entry, moves: Iterable[Moved]) -> list[dict[str, Any]]:
    """For templates/threads/move_words.html. One query."""
    shown = list(moves)
    threads = {thread for move in shown for thread in (move.from_thread_id, move.to_thread_id)}
    ideas = {idea.thread_id: idea for idea in Post.objects.filter(thread__in=threads, parent=None)}
    rows = []
    for move in shown:
        before = ideas.get(move.from_thread_id) or move.from_thread.moved_to
        after = ideas.get(move.to_thread_id) or move.to_thread.moved_to
        rows.append(
            {
                "move": move,
                "title": title_of(move.post),
                "before": title_of(before) if before else "",
                "after": title_of(after) if after else "",
                "same_forum": move.from_forum_id == move.to_forum_id,
                "same_thread": move.from_thread_id == move.to_thread_id,
                "runs": all(entry.runs(forum) for forum in (move.from_forum_id, move.to_forum_id) if forum),
            }
        )
    return rows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thread_connect(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    """What a thread is connected with: another is chosen and added (`to`), or taken away (`apart`)."""
    entry, member = enter_to_run(request.user, slug)
    thread = thread_of(entry, thread_id)
    idea = idea_of(entry, thread.pk)
    if idea is None or not entry.runs(thread.forum_id):
        raise Http404(gettext("There is no such page."))
    problem, status = "", 200
    if request.method == "POST":
        apart = "apart" in request.POST
        number = request.POST.get("apart" if apart else "to", "")
        other = post_of_number(entry, int(number)) if number.isascii() and number.isdecimal() else None
        if other is None:
            raise Http404(gettext("There is no such thread in this jam."))
        try:
            act = connecting.take_apart if apart else connecting.connect
            act(member=member, thread=thread, other=other.thread)
        except Refused as refused:
            problem, status = refused.message, refused.status
        else:
            said = gettext("They are taken apart.") if apart else gettext("They are connected: each names the other.")
            messages.success(request, said)
            return redirect(thread_url(entry, thread.pk))
    choice = choice_of(request, entry, ideas=True)
    chosen = idea_of(entry, choice.chosen.thread_id) if choice.chosen else None
    context = {
        "idea": idea,
        "title": title_of(idea),
        "choice": choice,
        "chosen": chosen,
        "chosen_title": title_of(chosen) if chosen else "",
        "connected": [{"idea": one, "title": title_of(one)} for one in connecting.connected_with(thread)],
        "problem": problem,
    }
    return render(request, "threads/connect.html", reader_frame(entry) | context, status=status)
