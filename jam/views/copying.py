"""A jam as the template of the next."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from jam.access import Entry, can_create_jam
from jam.domain import copying
from jam.domain.errors import NotAllowed, Refused
from jam.forms.copying import CopyForm
from jam.models import Jam
from jam.views.frame import jam_frame
from jam.views.refusals import refused_page
from jam.views.staff import for_who_sets_up


@require_http_methods(["GET", "HEAD", "POST"])
@for_who_sets_up
def jam_copy(request: HttpRequest, entry: Entry) -> HttpResponse:
    assert isinstance(request.user, Person)
    if entry.jam.rehearsal_of_id is not None or not can_create_jam(request.user):
        return refused_page(request, NotAllowed(gettext("A rehearsal is no template: copy the jam that it is of.")))
    if request.method != "POST":
        return _page(request, entry, CopyForm(initial={"title": entry.jam.title}, like=entry.jam))
    form = CopyForm(request.POST, like=entry.jam)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    data = form.cleaned_data
    shift = data["opens_at"] - entry.jam.opens_at if data["opens_at"] and entry.jam.opens_at else timedelta()
    try:
        made = copying.copy_jam(
            jam=entry.jam,
            person=request.user,
            title=data["title"],
            slug=data["slug"],
            staff=list(data["staff"]),
            when=lambda at: at + shift,
        )
    except Refused as refused:
        form.refuse(refused)
        return _page(request, entry, form, status=refused.status)
    messages.success(request, gettext("The draft is made. Look through its steps, and publish it."))
    return redirect("jam:setup", made.slug)


def _page(request: HttpRequest, entry: Entry, form: CopyForm, *, status: int = 200) -> HttpResponse:
    jam: Jam = entry.jam
    return render(request, "jam/copy.html", {**jam_frame(entry), "form": form, "jam": jam}, status=status)
