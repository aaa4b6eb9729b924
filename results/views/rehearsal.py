"""The rehearsal of a jam: beginning one, throwing its posts away, and removing it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from jam.access import Entry
from jam.domain.errors import Refused
from jam.views.frame import home_of, jam_frame
from jam.views.refusals import refused_page
from jam.views.staff import for_who_sets_up
from results.domain import rehearsals


class RehearsalForm(forms.Form):
    hours = forms.TypedChoiceField(coerce=int, label=_("How long it is open"), widget=forms.RadioSelect, initial=2)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["hours"].choices = [  # type: ignore[attr-defined]
            (one, ngettext("%(count)s hour", "%(count)s hours", one) % {"count": one}) for one in rehearsals.HOURS
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_who_sets_up
def jam_rehearsal(request: HttpRequest, entry: Entry) -> HttpResponse:
    """POST begins a rehearsal. In a rehearsal the page says what can be done with it."""
    if request.method != "POST":
        return _page(request, entry, RehearsalForm())
    assert isinstance(request.user, Person)
    form = RehearsalForm(request.POST)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    try:
        made = rehearsals.begin(jam=entry.jam, person=request.user, by=entry.member, hours=form.cleaned_data["hours"])
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, entry, form, status=refused.status)
    messages.success(request, gettext("The rehearsal is open."))
    return redirect(home_of(made))


def _page(request: HttpRequest, entry: Entry, form: RehearsalForm, *, status: int = 200) -> HttpResponse:
    there = rehearsals.of(entry.jam) if entry.jam.rehearsal_of_id is None else None
    context = {
        **jam_frame(entry),
        "form": form,
        "rehearsal": there,
        "original": entry.jam.rehearsal_of,
        "removed_at": entry.jam.created_at + rehearsals.KEPT,
    }
    return render(request, "results/rehearsal.html", context, status=status)


@require_POST
@for_who_sets_up
def rehearsal_throw_away(request: HttpRequest, entry: Entry) -> HttpResponse:
    try:
        rehearsals.throw_away(rehearsal=entry.jam)
    except Refused as refused:
        return refused_page(request, refused)
    messages.success(request, gettext("All that was written here is gone. The forums open anew."))
    return redirect(home_of(entry.jam))


@require_POST
@for_who_sets_up
def rehearsal_remove(request: HttpRequest, entry: Entry) -> HttpResponse:
    original = entry.jam.rehearsal_of
    try:
        rehearsals.remove(rehearsal=entry.jam)
    except Refused as refused:
        return refused_page(request, refused)
    messages.success(request, gettext("The rehearsal is gone."))
    assert original is not None
    return redirect("jam:setup", original.slug)
