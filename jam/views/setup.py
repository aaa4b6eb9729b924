"""Making a jam and changing it: one page, one form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from jam.access import Entry, can_create_jam, enter
from jam.domain import setup
from jam.domain.errors import NotAllowed, Refused
from jam.forms.forums import ForumRows
from jam.forms.jams import JamForm, jam_initial
from jam.models import Jam, Voting
from jam.views.frame import home_of, jam_frame
from jam.views.refusals import refused_page

REARRANGING = ("add", "move")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jam_create(request: HttpRequest) -> HttpResponse:
    if not can_create_jam(request.user):
        return refused_page(
            request, NotAllowed(gettext("Only admins of the site and people who run a jam here can make one."))
        )
    if request.method != "POST":
        initial = {"time_zone": timezone.get_current_timezone_name(), "voting": Voting.AGREE_DISAGREE, "language": "en"}
        return _page(request, JamForm(initial=initial), ForumRows.of([]))
    if any(name in request.POST for name in REARRANGING):
        return _page(request, JamForm(initial=request.POST.dict()), ForumRows.rearranged(request.POST))
    form, forums = JamForm(request.POST), ForumRows.sent(request.POST)
    assert isinstance(request.user, Person)
    if _is_valid(form, forums):
        try:
            jam = setup.create_jam(person=request.user, plan=form.plan(forums.plans()))
        except Refused as error:
            _refuse(error, form, forums)
        else:
            messages.success(request, gettext("The draft is saved. Only you see it until you publish it."))
            return redirect("jam:edit", jam.slug)
    return _page(request, form, forums, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jam_edit(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter(request.user, slug)
    if not entry.can_set_up:
        return refused_page(request, NotAllowed(gettext("Only its facilitators change a jam.")))
    jam = entry.jam
    if request.method != "POST":
        return _page(request, JamForm(initial=jam_initial(jam), jam=jam), ForumRows.of(list(jam.forums.all())), entry)
    if any(name in request.POST for name in REARRANGING):
        return _page(request, JamForm(initial=request.POST.dict(), jam=jam), ForumRows.rearranged(request.POST), entry)
    form, forums = JamForm(request.POST, jam=jam), ForumRows.sent(request.POST)
    if not _is_valid(form, forums):
        return _page(request, form, forums, entry, status=422)
    try:
        changed = setup.change_jam(jam=jam, plan=form.plan(forums.plans()), version=form.cleaned_data["version"] or 0)
    except Refused as error:
        _refuse(error, form, forums)
        if error.code == "stale":
            form, changes = _renewed(request, form, jam)
            return _page(request, form, forums, entry, status=error.status, changes=changes)
        return _page(request, form, forums, entry, status=error.status)
    return _saved(request, changed)


def _saved(request: HttpRequest, jam: Jam) -> HttpResponse:
    if jam.published_at is None:
        messages.success(request, gettext("The draft is saved."))
        return redirect("jam:edit", jam.slug)
    messages.success(request, gettext("Saved. Every open tab has been told."))
    return redirect(home_of(jam))


def _is_valid(form: JamForm, forums: ForumRows) -> bool:
    # Both are asked, so that every mistake is told at once.
    return all([form.is_valid(), forums.is_valid()])


def _refuse(error: Refused, form: JamForm, forums: ForumRows) -> None:
    """Puts what the verb said beside the field it means."""
    if error.field.startswith("forums-"):
        forums.refuse(error.field, error.message)
    else:
        form.add_error(error.field if error.field in form.fields else None, error.message)


def _renewed(request: HttpRequest, form: JamForm, jam: Jam) -> tuple[JamForm, list[tuple[str, str]]]:
    """The form as it was sent, now against the jam as it is; and what the other person saved, where it differs."""
    now = jam_initial(Jam.objects.get(pk=jam.pk))
    changes = [
        (str(form.fields[name].label or name.capitalize()), str(now.get(name, "")))
        for name in form.fields
        if name != "version" and not name.endswith("_fold") and str(now.get(name, "")) != str(form.data.get(name, ""))
    ]
    data = request.POST.copy()
    data["version"] = str(now["version"])
    renewed = JamForm(data, jam=jam)
    renewed.is_valid()
    for message in form.non_field_errors():
        renewed.add_error(None, message)
    return renewed, changes


def _page(
    request: HttpRequest, form: JamForm, forums: ForumRows, entry: Entry | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    frame = jam_frame(entry) if entry else {}
    context = {**frame, "form": form, "forums": forums, "forums_max": setup.FORUMS_MAX, **more}
    return render(request, "jam/edit.html" if entry else "jam/create.html", context, status=status)
