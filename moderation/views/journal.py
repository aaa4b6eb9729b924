"""The journal of a shift: what happened in it, and handing it over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from jam.access import Entry, enter, enter_to_run
from jam.domain.errors import Refused
from jam.models import Member
from jam.views.frame import jam_frame
from jam.views.refusals import refused_answer, refused_page
from moderation.domain import handover, journal
from moderation.domain.roster import PLANNERS
from moderation.domain.shown_journal import shown
from moderation.models import Journal, Shift
from moderation.shift_forms import JournalForm
from moderation.views.shifts import shift_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shift_page(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    """The journal, to read and to write. A module sends what is typed as it is typed; without it there is a button."""
    if request.method == "POST":
        return _write(request, slug, shift_id)
    entry = enter(request.user, slug)
    if not entry.can_facilitate:
        raise Http404(gettext("There is no such page."))
    shift = shift_of(entry, shift_id)
    return _page(request, entry, shift, _form_of(getattr(shift, "journal", None)))


def _form_of(kept: Journal | None) -> JournalForm:
    return JournalForm(initial={"words": kept.words if kept else "", "version": kept.version if kept else 0})


def _write(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    shift = shift_of(entry, shift_id)
    form = JournalForm(request.POST)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return _write_as_typed(request, member, shift, form)
    if (wrong := _keep(request, entry, member, shift, form)) is not None:
        return wrong
    messages.success(request, gettext("The journal is saved."))
    return redirect("moderation:shift", slug, shift.pk)


def _write_as_typed(request: HttpRequest, member: Member, shift: Shift, form: JournalForm) -> HttpResponse:
    if not form.is_valid():
        return JsonResponse({"message": gettext("That could not be read."), "code": "invalid"}, status=422)
    try:
        kept = journal.write(member=member, shift=shift, **form.cleaned_data)
    except Refused as refused:
        return refused_answer(request, refused)
    return JsonResponse({"version": kept.version, "html": kept.html})


def _keep(request: HttpRequest, entry: Entry, member: Member, shift: Shift, form: JournalForm) -> HttpResponse | None:
    """Writes what the form has; if that will not do, the page with all of it and what is wrong."""
    status, theirs = 422, None
    if form.is_valid():
        try:
            journal.write(member=member, shift=shift, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
            status = refused.status
            theirs = refused.journal if isinstance(refused, journal.Newer) else None
        else:
            return None
    if theirs is not None:  # the next save goes on from the text that stands above
        form = JournalForm({"words": request.POST["words"], "version": theirs.version})
        form.add_error("words", journal.Newer(theirs).message)
    return _page(request, entry, shift, form, status=status, theirs=theirs)


def _page(
    request: HttpRequest,
    entry: Entry,
    shift: Shift,
    form: JournalForm,
    *,
    status: int = 200,
    theirs: Journal | None = None,
) -> HttpResponse:
    frame = jam_frame(entry)
    kept = getattr(shift, "journal", None)
    context: dict[str, Any] = frame | {
        "shift": shift,
        "form": form if entry.member and entry.can_moderate else None,
        "theirs": theirs,
        "journal": theirs or kept,
        "found": shown(journal.facts_of(shift, entry.jam), shift=shift, entry=entry),
        "follows": handover.next_of(shift),
        "may_hand_over": _may_hand_over(entry, shift, kept),
        "may_confirm": _may_confirm(entry, shift, kept),
        "is_over": shift.ends_at <= entry.now,
        "has_begun": shift.starts_at <= entry.now,
    }
    return render(request, "moderation/shift.html", context, status=status)


def _may_hand_over(entry: Entry, shift: Shift, kept: Journal | None) -> bool:
    if entry.member is None or not entry.can_moderate or (kept and kept.handed_at):
        return False
    theirs = shift.member_id == entry.member.pk or entry.member.role in PLANNERS
    return theirs and entry.now >= shift.ends_at - handover.EARLIEST


def _may_confirm(entry: Entry, shift: Shift, kept: Journal | None) -> bool:
    if entry.member is None or not entry.can_moderate or (kept and kept.confirmed_at):
        return False
    if entry.member.pk in (shift.member_id, kept.handed_by_id if kept else None):
        return False
    return bool(kept and kept.handed_at) or shift.ends_at <= entry.now


@login_required
@require_POST
def shift_hand_over(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    """What stands in the form of the journal is handed over with it."""
    entry, member = enter_to_run(request.user, slug)
    shift = shift_of(entry, shift_id)
    form = JournalForm(request.POST)
    if "words" in request.POST and (wrong := _keep(request, entry, member, shift, form)) is not None:
        return wrong
    said = gettext("Handed over. Whoever comes next confirms it.")
    return _press(request, member, shift, handover.hand_over, said)


@login_required
@require_POST
def shift_confirm(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    return _press(request, member, shift_of(entry, shift_id), handover.confirm, gettext("You have taken over."))


def _press(request: HttpRequest, member: Member, shift: Shift, verb: Callable[..., object], said: str) -> HttpResponse:
    try:
        verb(member=member, shift=shift)
    except Refused as refused:
        return refused_page(request, refused)
    messages.success(request, said)
    return redirect("moderation:shift", member.jam.slug, shift.pk)
