"""The roster of a jam: who is on duty when, where nobody is, and passing a shift on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jam.access import Entry, enter, enter_to_run
from jam.domain.errors import Refused
from jam.domain.phases import database_now
from jam.models import Forum, Member
from jam.views.frame import jam_frame
from jam.views.refusals import refused_page
from moderation import tasks
from moderation.domain import handover, passing, roster
from moderation.domain.shift_calendar import calendar_of
from moderation.models import Shift
from moderation.shift_forms import ShiftForm, shift_initial


@login_required
@require_safe
def roster_page(request: HttpRequest, slug: str) -> HttpResponse:
    """For all who run the jam. An admin of the site who is no member of it looks, and plans nothing."""
    entry = enter(request.user, slug)
    if not entry.can_facilitate:
        raise Http404(gettext("There is no such page."))
    context = jam_frame(entry)
    shifts = list(roster.all_of(entry.jam))
    context |= {
        "days": days_of([shift for shift in shifts if shift.ends_at > entry.now]),
        "past": list(reversed([shift for shift in shifts if shift.ends_at <= entry.now]))[:50],
        "gaps": _gaps(entry) if entry.can_administer else None,
        "waiting": handover.unconfirmed(entry.jam, entry.now),
        "asked": list(passing.asked_of(entry.member, entry.now)) if entry.member else [],
        "planners": roster.PLANNERS,
    }
    return render(request, "moderation/roster.html", context)


def days_of(shifts: list[Shift]) -> list[tuple[datetime, list[Shift]]]:
    """By the day, in the reader's zone, on which they begin."""

    def day(shift: Shift) -> datetime:
        return timezone.localtime(shift.starts_at).replace(hour=12, minute=0, second=0, microsecond=0)

    return [(at, list(group)) for at, group in groupby(shifts, key=day)]


def _gaps(entry: Entry) -> list[tuple[Any, list[str]]]:
    """What of the gaps is yet to come, with the titles of the forums; no titles where it is all of them."""
    titles = dict(Forum.objects.filter(jam=entry.jam).values_list("pk", "title"))
    return [
        (gap, [] if len(gap.forums) == len(titles) else [titles[pk] for pk in sorted(gap.forums)])
        for gap in roster.gaps(entry.jam)
        if gap.ends > entry.now
    ]


def shift_of(entry: Entry, shift_id: int) -> Shift:
    """A shift of the jam, with whose it is. Raises Http404."""
    found = Shift.objects.select_related("member", "journal", "swap_for__member").filter(jam=entry.jam, pk=shift_id)
    shift = found.first()
    if shift is None:
        raise Http404(gettext("There is no such shift in this jam."))
    return shift


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shift_new(request: HttpRequest, slug: str) -> HttpResponse:
    return _plan(request, slug, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shift_edit(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    return _plan(request, slug, shift_id)


def _plan(request: HttpRequest, slug: str, shift_id: int | None) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    shift = None if shift_id is None else shift_of(entry, shift_id)
    initial = shift_initial(shift) if shift else None
    form = ShiftForm(request.POST or None, initial=initial, jam=entry.jam, planner=member)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                roster.put(member=member, plan=form.plan(), shift=shift)
            except Refused as refused:
                form.refuse(refused)
                status = refused.status
            else:
                messages.success(request, gettext("The roster is saved."))
                return redirect("moderation:roster", slug)
    may_remove = shift is not None and shift.starts_at > entry.now
    context = jam_frame(entry) | {"form": form, "shift": shift, "may_remove": may_remove}
    return render(request, "moderation/shift_edit.html", context, status=status)


@login_required
@require_safe
def shift_pass(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    """How somebody passes on a shift of theirs."""
    entry, member = enter_to_run(request.user, slug)
    shift = shift_of(entry, shift_id)
    if shift.member_id != member.pk or shift.ends_at <= entry.now:
        raise Http404(gettext("There is no such page."))
    context = jam_frame(entry) | {"shift": shift, "others": passing.swappable(member, shift, entry.now)}
    return render(request, "moderation/shift_pass.html", context)


@login_required
@require_POST
def shift_offer(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    shift = shift_of(entry, shift_id)
    number = request.POST.get("swap_for", "")
    swap_for = shift_of(entry, int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else None
    try:
        passing.offer(member=member, shift=shift, swap_for=swap_for)
    except Refused as refused:
        return refused_page(request, refused)
    tasks.tell_offered.delay(shift.pk)
    messages.success(request, gettext("Offered. It stays yours until somebody takes it over."))
    return redirect("moderation:roster", slug)


@login_required
@require_POST
def shift_keep(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    return _press(request, slug, shift_id, passing.keep, gettext("You keep this shift."))


@login_required
@require_POST
def shift_take(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    return _press(request, slug, shift_id, passing.take, gettext("The shift is yours."))


@login_required
@require_POST
def shift_remove(request: HttpRequest, slug: str, shift_id: int) -> HttpResponse:
    return _press(request, slug, shift_id, roster.remove, gettext("The shift is taken away."))


def _press(request: HttpRequest, slug: str, shift_id: int, verb: Callable[..., object], done: str) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    try:
        verb(member=member, shift=shift_of(entry, shift_id))
    except Refused as refused:
        return refused_page(request, refused)
    messages.success(request, done)
    return redirect("moderation:roster", slug)


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def my_shifts(request: HttpRequest, slug: str) -> HttpResponse:
    """A calendar file with the reader's own shifts in this jam."""
    entry, member = enter_to_run(request.user, slug)
    address = settings.SITE_URL + reverse("moderation:roster", args=[slug])
    file = calendar_of(_mine(member), jam=entry.jam, address=address, now=database_now())
    headers = {"Content-Disposition": f'attachment; filename="{slug}-shifts.ics"'}
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers)


def _mine(member: Member) -> list[Shift]:
    return list(Shift.objects.filter(member=member).prefetch_related("forums").order_by("starts_at", "pk"))
