"""Polls that are written beforehand: a list, a form, and taking one away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from jam.access import Entry, enter_to_run
from jam.domain import planned_polls
from jam.domain.errors import Refused
from jam.forms.occasions import PlannedPollForm
from jam.models import PlannedPoll
from jam.views.frame import jam_frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def planned_poll_list(request: HttpRequest, slug: str) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    if request.method != "POST":
        return _page(request, entry, PlannedPollForm(jam=entry.jam, duties=entry.duties))
    form = PlannedPollForm(request.POST, jam=entry.jam, duties=entry.duties)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    try:
        planned_polls.plan(member=member, plan=form.plan(), starts_at=form.cleaned_data["starts_at"])
    except Refused as refused:
        form.refuse(refused)
        return _page(request, entry, form, status=refused.status)
    messages.success(request, gettext("The poll is planned. It begins by itself."))
    return redirect("jam:planned_polls", slug)


def _page(request: HttpRequest, entry: Entry, form: PlannedPollForm, *, status: int = 200) -> HttpResponse:
    context = {**jam_frame(entry), "planned": planned_polls.of(entry.jam), "form": form}
    return render(request, "jam/planned_polls.html", context, status=status)


@login_required
@require_POST
def planned_poll_remove(request: HttpRequest, slug: str, planned_id: int) -> HttpResponse:
    entry, member = enter_to_run(request.user, slug)
    planned = PlannedPoll.objects.filter(jam=entry.jam, pk=planned_id).first()
    if planned is None:
        raise Http404(gettext("There is no such poll in this jam."))
    try:
        planned_polls.remove(member=member, planned=planned)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, gettext("The poll is not planned any more."))
    return redirect("jam:planned_polls", slug)
