"""The announcements of a jam: all of them to read, and making one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.redirects import inside
from jam.access import Entry, announcement_of, enter, enter_to_run
from jam.domain import announcements
from jam.domain.errors import Refused
from jam.forms.occasions import AnnouncementForm
from jam.templatetags.occasions import DISMISSED
from jam.views.frame import home_of, jam_frame
from jam.views.refusals import refused_page

DISMISSED_FOR = 7 * 24 * 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def announcement_list(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "POST":
        return _make(request, slug)
    entry = enter(request.user, slug)
    if not entry.can_hear:
        raise Http404(gettext("There is no such page."))
    return _page(request, entry, AnnouncementForm(jam=entry.jam, duties=entry.duties))


def _make(request: HttpRequest, slug: str) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    form = AnnouncementForm(request.POST, jam=entry.jam, duties=entry.duties)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    try:
        announcements.make(member=member, words=form.cleaned_data["words"], forum=form.cleaned_data["forum"])
    except Refused as refused:
        form.refuse(refused)
        return _page(request, entry, form, status=refused.status)
    messages.success(request, gettext("Announced. Every open tab that it is for shows it now."))
    return redirect("jam:announcements", slug)


def _page(request: HttpRequest, entry: Entry, form: AnnouncementForm, *, status: int = 200) -> HttpResponse:
    frame = jam_frame(entry)
    before = request.GET.get("before", "")
    made, more = announcements.made_in(
        entry.jam,
        with_taken_back=entry.can_facilitate,
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
    )
    context = {"announcements": made, "more": more, "form": form if entry.can_moderate else None}
    return render(request, "jam/announcements.html", frame | context, status=status)


@login_required
@require_POST
def announcement_take_back(request: HttpRequest, slug: str, announcement_id: int) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    try:
        announcements.take_back(member=member, announcement=announcement_of(entry, announcement_id))
    except Refused as refused:
        return refused_page(request, refused)
    messages.success(request, gettext("Taken back. No tab shows it any more."))
    return redirect("jam:announcements", slug)


@require_POST
def announcement_dismiss(request: HttpRequest, slug: str, announcement_id: int) -> HttpResponse:
    """Shows this browser that announcement and those before it no more. What a script does by itself: callouts.js."""
    entry = enter(request.user, slug)
    home = home_of(entry.jam)
    response = redirect(inside(request, request.POST.get("back", ""), otherwise=home))
    response.set_cookie(
        DISMISSED, str(announcement_id), max_age=DISMISSED_FOR, path=home, samesite="Lax", secure=request.is_secure()
    )
    return response
