"""Inviting people: lists of addresses and their reports, sending, links to pass on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jam.access import Entry, Visitor, enter
from jam.domain import invitations, inviting, policies, shared_links
from jam.domain.cells import harmless
from jam.domain.errors import Refused
from jam.domain.invitation_links import url_of
from jam.domain.invitations import State, state_of
from jam.domain.numbers import number
from jam.domain.rows_said import words_for
from jam.forms.invitations import LinkForm, ListForm
from jam.models import Invitation, InvitationList, Jam, Member, SharedLink, Verdict
from jam.tasks import read_invitation_lists
from jam.views.frame import jam_frame
from jam.views.lines import csv_line

ROWS_A_PAGE = 100
LISTS_SHOWN = 50


def enter_to_invite(visitor: Visitor, slug: str) -> tuple[Entry, Member]:
    """A jam into which `visitor` lets people, as a member of it: that is recorded in their name."""
    entry = enter(visitor, slug)
    if entry.member is None or not entry.can_set_up:
        raise Http404(gettext("There is no such page."))
    return entry, entry.member


def _list_of(jam: Jam, list_id: int) -> InvitationList:
    found = InvitationList.objects.defer("content").select_related("by").filter(jam=jam, pk=list_id).first()
    if found is None:
        raise Http404(gettext("There is no such page."))
    found.jam = jam
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_lists(request: HttpRequest, slug: str) -> HttpResponse:
    """How far inviting is, and the forms for more. POST takes a list in; nothing is sent by that."""
    entry, member = enter_to_invite(request.user, slug)
    if request.method != "POST":
        return _page(request, entry, ListForm(member=member), LinkForm())
    form = ListForm(request.POST, request.FILES, member=member)
    if not form.is_valid():
        return _page(request, entry, form, LinkForm(), status=422)
    try:
        made = inviting.make_list(jam=entry.jam, by=member, plan=form.plan())
    except Refused as refused:
        form.refuse(refused)
        return _page(request, entry, form, LinkForm(), status=refused.status)
    if made.read_at is None:
        transaction.on_commit(lambda: read_invitation_lists.apply_async(expires=25))
    return redirect("jam:invitation_list", slug, made.pk)


def _page(
    request: HttpRequest, entry: Entry, form: ListForm, link_form: LinkForm, *, status: int = 200
) -> HttpResponse:
    lists = InvitationList.objects.defer("content").select_related("by").filter(jam=entry.jam)[:LISTS_SHOWN]
    context = {
        **jam_frame(entry),
        "form": form,
        "link_form": link_form,
        "lists": lists,
        "links": [_shown(link, entry) for link in SharedLink.objects.filter(jam=entry.jam).select_related("by")],
        "counts": invitations.counts(entry.jam),
        "remindable": invitations.to_remind(entry.jam).count(),
        "paused": policies.of(entry.jam).sending_paused_at,
    }
    return render(request, "jam/invitations.html", context, status=status)


def _shown(link: SharedLink, entry: Entry) -> dict[str, Any]:
    link.jam = entry.jam
    state = state_of(link, entry.now)
    return {"link": link, "url": url_of(link) if state is State.VALID else "", "state": state}


@login_required
@require_safe
def invitation_list(request: HttpRequest, slug: str, list_id: int) -> HttpResponse:
    """The report of a list, row by row. `verdict` shows those of one kind, `after` the page that follows a row."""
    entry, _member = enter_to_invite(request.user, slug)
    found = _list_of(entry.jam, list_id)
    verdict, after = request.GET.get("verdict", ""), request.GET.get("after", "")
    rows = found.rows.filter(number__gt=int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0)
    if verdict in Verdict.values:
        rows = rows.filter(verdict=verdict)
    shown = list(rows[: ROWS_A_PAGE + 1])
    context = {
        **jam_frame(entry),
        "list": found,
        "rows": [(row, words_for(row)) for row in shown[:ROWS_A_PAGE]],
        "more": shown[ROWS_A_PAGE - 1].number if len(shown) > ROWS_A_PAGE else None,
        "verdict": verdict,
        "verdicts": [(one, one.label, found.counts.get(one, 0)) for one in Verdict if found.counts.get(one)],
        "to_send": found.counts.get(Verdict.NEW, 0) + found.counts.get(Verdict.ODD, 0),
    }
    return render(request, "jam/invitation_list.html", context)


@login_required
@require_safe
def invitation_list_csv(request: HttpRequest, slug: str, list_id: int) -> StreamingHttpResponse:
    """The whole report as a file, written as it is read."""
    entry, _member = enter_to_invite(request.user, slug)
    found = _list_of(entry.jam, list_id)

    def lines() -> Iterator[str]:
        yield "\ufeff" + csv_line(["row", "address", "verdict", "words"])
        for row in found.rows.iterator(chunk_size=2_000):
            yield csv_line([str(row.number), harmless(row.address), row.verdict, words_for(row)])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="invitations-{found.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def invitation_list_send(request: HttpRequest, slug: str, list_id: int) -> HttpResponse:
    entry, member = enter_to_invite(request.user, slug)
    try:
        count = inviting.send(invitations=_list_of(entry.jam, list_id), by=member)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("jam:invitation_list", slug, list_id)
    words = ngettext("%(count)s mail goes out now.", "%(count)s mails go out now.", count)
    messages.success(request, words % {"count": number(count)})
    return redirect("jam:invitations", slug)


def _remind(entry: Entry, member: Member) -> str:
    count = invitations.remind(jam=entry.jam, by=member)
    words = ngettext("%(count)s mail goes out again.", "%(count)s mails go out again.", count)
    return words % {"count": number(count)}


def _revoke_all(entry: Entry, member: Member) -> str:
    count = invitations.revoke_all(jam=entry.jam, by=member)
    words = ngettext("%(count)s invitation is revoked.", "%(count)s invitations are revoked.", count)
    return words % {"count": number(count)}


def _pause(entry: Entry, member: Member) -> str:
    invitations.pause(jam=entry.jam)
    return gettext("Sending waits. The mails that are on their way now still arrive.")


def _resume(entry: Entry, member: Member) -> str:
    invitations.resume(jam=entry.jam)
    return gettext("Sending goes on.")


ACTIONS: dict[str, Callable[[Entry, Member], str]] = {
    "pause": _pause, "resume": _resume, "remind": _remind, "revoke": _revoke_all,
}  # fmt: skip


@login_required
@require_POST
def invitation_act(request: HttpRequest, slug: str) -> HttpResponse:
    """What is done to all invitations of the jam: `action` is a key of `ACTIONS`."""
    entry, member = enter_to_invite(request.user, slug)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None or (act is _revoke_all and request.POST.get("sure") != "yes"):
        messages.error(request, gettext("Tick that you are sure. Nothing was revoked."))
    else:
        messages.success(request, act(entry, member))
    return redirect("jam:invitations", slug)


@login_required
@require_safe
def invitation_people(request: HttpRequest, slug: str) -> HttpResponse:
    """The invitations one by one, the newest first; `q` finds an address by how it begins."""
    entry, _member = enter_to_invite(request.user, slug)
    words, before = request.GET.get("q", "").replace("\0", "").strip().lower()[:254], request.GET.get("before", "")
    found = Invitation.objects.filter(jam=entry.jam).select_related("member").order_by("-pk")
    if words:
        found = found.filter(email__startswith=words)
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    shown = list(found[: ROWS_A_PAGE + 1])
    for one in shown:
        one.jam = entry.jam
    context = {
        **jam_frame(entry),
        "rows": [(one, state_of(one, entry.now)) for one in shown[:ROWS_A_PAGE]],
        "more": shown[ROWS_A_PAGE - 1].pk if len(shown) > ROWS_A_PAGE else None,
        "q": words,
    }
    return render(request, "jam/invitation_people.html", context)


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    entry, member = enter_to_invite(request.user, slug)
    found = Invitation.objects.filter(jam=entry.jam, pk=invitation_id).first()
    if found is None:
        raise Http404(gettext("There is no such page."))
    try:
        invitations.revoke(invitation=found, by=member)
        messages.success(request, gettext("Revoked. Its link opens nothing any more."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("jam:invitation_people", slug)


@login_required
@require_POST
def link_make(request: HttpRequest, slug: str) -> HttpResponse:
    entry, member = enter_to_invite(request.user, slug)
    form = LinkForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            shared_links.make(jam=entry.jam, by=member, **form.chosen())
        except Refused as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, gettext("The link is made. Whoever has it can join."))
            return redirect("jam:invitations", slug)
    return _page(request, entry, ListForm(member=member), form, status=status)


@login_required
@require_POST
def link_revoke(request: HttpRequest, slug: str, link_id: int) -> HttpResponse:
    entry, member = enter_to_invite(request.user, slug)
    found = SharedLink.objects.filter(jam=entry.jam, pk=link_id).first()
    if found is None:
        raise Http404(gettext("There is no such page."))
    found.jam = entry.jam
    shared_links.revoke(link=found, by=member)
    messages.success(request, gettext("Revoked. Nobody joins by it any more; who did stays."))
    return redirect("jam:invitations", slug)
