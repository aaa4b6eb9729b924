"""People and roles of a jam, for who administers it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jam.access import Entry, enter
from jam.domain import doings, members, membership
from jam.domain.doings import Done
from jam.domain.errors import Refused
from jam.forms.roles import RoleForm
from jam.models import Duty, Member, Role
from jam.views.frame import jam_frame
from jam.views.refusals import refused_page

KINDS = ("role", "duties", "removed")
LEFT = "left"
WORDS_MAX = 100


def _enter(request: HttpRequest, slug: str) -> Entry:
    entry = enter(request.user, slug)
    if not entry.can_administer:
        raise Http404(gettext("There is no such page."))
    return entry


def _member(entry: Entry, member_id: int) -> Member:
    found = Member.objects.filter(jam=entry.jam, pk=member_id).first()
    if found is None:
        raise Http404(gettext("There is nobody like that in this jam."))
    found.jam = entry.jam
    return found


@require_safe
@login_required
@never_cache
def role_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in the jam and as what; `role` is a role, or “left” for those who were taken out."""
    entry = _enter(request, slug)
    frame = jam_frame(entry)
    words, chosen, after = request.GET.get("q", "")[:WORDS_MAX], request.GET.get("role", ""), _number(request, "after")
    role = chosen if chosen in Role.values else ""
    found, more = members.search(entry.jam, words=words.replace("\0", " "), role=role, left=chosen == LEFT, after=after)
    done = doings.last_done(jam=entry.jam, subjects=[one.pk for one in found], kinds=KINDS)
    runs = members.forums_run(found)
    context = {
        "rows": [
            {
                "member": one,
                "forums": runs.get(one.pk, []) if one.role == Role.FACILITATOR else [],
                "done": _said(done.get(one.pk)),
            }
            for one in found
        ],
        "more": more,
        "q": words,
        "role": chosen if role or chosen == LEFT else "",
        "roles": Role.choices,
    }
    return render(request, "jam/roles.html", frame | context)


def _said(done: Done | None) -> dict[str, Any] | None:
    """What was done last, in words."""
    if done is None:
        return None
    names = dict(Role.choices)
    was, now = (names.get(state.get("role", ""), "") for state in (done.before, done.after))
    return {"what": doings.words_for(done.kind), "was": was, "now": now, "by": done.by, "at": done.at}


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def role_edit(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """The role of one member and, of a facilitator, their forums."""
    entry = _enter(request, slug)
    member = _member(entry, member_id)
    if request.method != "POST" or member.left_at is not None:
        forums = list(Duty.objects.filter(member=member).values_list("forum", flat=True))
        return _page(request, entry, member, RoleForm(initial={"role": member.role, "forums": forums}, jam=entry.jam))
    form = RoleForm(request.POST, jam=entry.jam)
    if not form.is_valid():
        return _page(request, entry, member, form, status=422)
    try:
        _change(entry, member, form)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, entry, member, form, status=refused.status)
    messages.success(request, gettext("Saved. It holds at once, in all their tabs."))
    if entry.member is not None and entry.member.pk == member.pk and form.cleaned_data["role"] != Role.ADMIN:
        return redirect("threads:home", slug)
    return redirect("jam:role", slug, member.pk)


def _change(entry: Entry, member: Member, form: RoleForm) -> None:
    """Both or nothing."""
    assert entry.person is not None
    role, forums = form.cleaned_data["role"], list(form.cleaned_data["forums"])
    with transaction.atomic():
        # Only who administers the jam gives forums: where one steps down oneself, that comes last.
        changed = membership.change_role(member=member, role=role, by=entry.person)
        if changed.role == Role.FACILITATOR and (entry.member is None or entry.member.pk != member.pk):
            membership.assign(member=changed, forums=forums, by=entry.person)


def _page(request: HttpRequest, entry: Entry, member: Member, form: RoleForm, *, status: int = 200) -> HttpResponse:
    done = doings.last_done(jam=entry.jam, subjects=[member.pk], kinds=KINDS).get(member.pk)
    context = {
        "shown": member,
        "form": form,
        "is_me": entry.member is not None and entry.member.pk == member.pk,
        "done": _said(done),
    }
    return render(request, "jam/role.html", jam_frame(entry) | context, status=status)


@login_required
@require_POST
def role_remove(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """Takes a member out of the jam. The form has a box to say that one means it."""
    entry = _enter(request, slug)
    member = _member(entry, member_id)
    assert entry.person is not None
    if "sure" not in request.POST:
        messages.error(request, gettext("Say that you mean it: tick the box."))
        return redirect("jam:role", slug, member.pk)
    try:
        membership.remove(member=member, by=entry.person)
    except Refused as refused:
        return refused_page(request, refused)
    messages.success(request, gettext("%(name)s is no longer in this jam.") % {"name": member.name})
    if entry.member is not None and entry.member.pk == member.pk:
        return redirect("jam:list")
    return redirect("jam:roles", slug)
