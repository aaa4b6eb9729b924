"""What became of the ideas: the list, and the page on which who runs the jam says it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from jam.access import require_runs
from jam.domain.errors import Refused
from jam.domain.rendering import excerpt
from threads.access import enter_to_read, thread_of
from threads.domain import outcomes
from threads.models import Outcome, Post
from threads.outcome_form import OutcomeForm
from threads.views.frame import answers_refusals, reader_frame, thread_url

A_PAGE = 30
TITLE_LENGTH = 90


@require_safe
@login_required
@answers_refusals
def outcome_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All ideas of which something is said; with ?state=, those of which it is this."""
    entry = enter_to_read(request.user, slug)
    frame = reader_frame(entry)
    asked = request.GET.get("state", "")
    state = asked if asked in Outcome.State.values else ""
    page = Paginator(outcomes.listed(entry.jam, [state] if state else ()), A_PAGE).get_page(request.GET.get("page"))
    follows = f"?state={state}&page=" if state else "?page="
    context = {
        "states": Outcome.State.choices,
        "state": state,
        "rows": [outcome_row(idea) for idea in page],
        "previous": f"{follows}{page.previous_page_number()}" if page.has_previous() else "",
        "next": f"{follows}{page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "threads/outcomes.html", frame | context)


def outcome_row(idea: Post) -> dict[str, object]:
    """An idea with what became of it, for templates/threads/outcome_row.html."""
    return {
        "idea": idea,
        "title": idea.subject or excerpt(idea.html, TITLE_LENGTH),
        "outcome": idea.thread.outcome,
        "said": excerpt(idea.thread.outcome.html),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@answers_refusals
def thread_outcome(request: HttpRequest, slug: str, thread_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    if entry.member is None or not entry.can_moderate:
        raise Http404(gettext("There is no such page."))
    thread = thread_of(entry, thread_id)
    require_runs(entry.member, thread.forum_id)
    before = outcomes.outcome_of(thread)
    initial = {"state": before.state, "words": before.words} if before else {}
    form = OutcomeForm(request.POST) if request.method == "POST" else OutcomeForm(initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                outcomes.set_outcome(member=entry.member, thread=thread, **form.cleaned_data)
            except Refused as refused:
                form.refuse(refused)
                status = refused.status
            else:
                return redirect(thread_url(entry, thread.pk))
    idea = Post.objects.get(thread=thread, parent=None)
    context = reader_frame(entry) | {
        "thread": thread,
        "title": idea.subject or excerpt(idea.html, TITLE_LENGTH),
        "before": before,
        "form": form,
    }
    return render(request, "threads/outcome_edit.html", context, status=status)
