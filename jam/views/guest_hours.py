"""The guest hours of a jam: all of them to read, and setting them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from jam.access import Entry, enter, enter_to_run, guest_hour_of
from jam.domain import guest_hours
from jam.domain.errors import Refused
from jam.forms.occasions import GuestHourForm, hour_initial
from jam.models import GuestHour, Member, Role
from jam.views.frame import jam_frame
from jam.views.refusals import refused_page

GUESTS_OFFERED = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guest_hour_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every guest hour, and for who runs the jam the form for one more."""
    if request.method == "POST":
        return _put(request, slug, None)
    entry = enter(request.user, slug)
    if not entry.can_hear:
        raise Http404(gettext("There is no such page."))
    return _page(request, entry, GuestHourForm(jam=entry.jam, duties=entry.duties))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guest_hour_edit(request: HttpRequest, slug: str, hour_id: int) -> HttpResponse:
    if request.method == "POST":
        return _put(request, slug, hour_id)
    entry, _ = enter_to_run(request.user, slug)
    hour = guest_hour_of(entry, hour_id)
    if not entry.runs(hour.forum_id):
        raise Http404(gettext("There is no such page."))
    return _edit_page(
        request, entry, GuestHourForm(initial=hour_initial(hour), jam=entry.jam, duties=entry.duties), hour
    )


def _put(request: HttpRequest, slug: str, hour_id: int | None) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    hour = None if hour_id is None else guest_hour_of(entry, hour_id)
    form = GuestHourForm(request.POST, jam=entry.jam, duties=entry.duties)
    status = 422
    if form.is_valid():
        try:
            guest_hours.put(member=member, plan=form.plan(), hour=hour)
        except Refused as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, gettext("Set. Open tabs show it, and say so when it begins."))
            return redirect("jam:guest_hours", slug)
    if hour is None:
        return _page(request, entry, form, status=status)
    return _edit_page(request, entry, form, hour, status=status)


def _page(request: HttpRequest, entry: Entry, form: GuestHourForm, *, status: int = 200) -> HttpResponse:
    frame = jam_frame(entry)
    hours = list(guest_hours.all_of(entry.jam))
    context = {
        "coming": [hour for hour in hours if hour.ends_at > entry.now],
        "past": [hour for hour in reversed(hours) if hour.ends_at <= entry.now],
        "form": form if entry.can_moderate else None,
        "guests": _guests(entry),
        "people": Member.objects.filter(jam=entry.jam, role=Role.GUEST, left_at=None).order_by("name", "pk")[:100],
    }
    return render(request, "jam/guest_hours.html", frame | context, status=status)


def _edit_page(
    request: HttpRequest, entry: Entry, form: GuestHourForm, hour: GuestHour, *, status: int = 200
) -> HttpResponse:
    context = jam_frame(entry) | {"form": form, "hour": hour, "guests": _guests(entry)}
    return render(request, "jam/guest_hour_edit.html", context, status=status)


def _guests(entry: Entry) -> list[str]:
    """The names that are offered while one is typed: those of who has the role."""
    if not entry.can_moderate:
        return []
    guests = Member.objects.filter(jam=entry.jam, role=Role.GUEST).order_by("name", "pk")
    return list(guests.values_list("name", flat=True)[:GUESTS_OFFERED])


@login_required
@require_POST
def guest_hour_remove(request: HttpRequest, slug: str, hour_id: int) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    try:
        guest_hours.remove(member=member, hour=guest_hour_of(entry, hour_id))
    except Refused as refused:
        return refused_page(request, refused)
    messages.success(request, gettext("The guest hour is gone."))
    return redirect("jam:guest_hours", slug)
