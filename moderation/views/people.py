"""What is known of somebody in a jam to those who run it, and what they can do: slow down, suspend, let in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from jam.access import is_suspended
from jam.domain.errors import Refused
from jam.models import Member
from jam.views.frame import jam_frame
from moderation.domain import people, queue, slowing
from moderation.forms import LENGTHS, ReasonForm, SlowForm, SuspendForm
from moderation.views.doors import enter_to_moderate
from threads.access import person_of
from threads.views.frame import answers_refusals


def _slow(by: Member, member: Member, given: dict[str, Any]) -> str:
    slowing.slow(by=by, thing=member, **given)
    return gettext("Saved. It holds from now on.")


def _suspend(by: Member, member: Member, given: dict[str, Any]) -> str:
    people.suspend(by=by, member=member, reason=given["reason"], length=LENGTHS[given["length"]])
    return gettext("Suspended from this jam. Their tabs are closed.")


def _suspend_site(by: Member, member: Member, given: dict[str, Any]) -> str:
    people.suspend_from_site(by=by, member=member, reason=given["reason"], length=LENGTHS[given["length"]])
    return gettext("Suspended from the site. They are signed out everywhere.")


def _lift(by: Member, member: Member, given: dict[str, Any]) -> str:
    people.lift(by=by, member=member, reason=given["reason"])
    return gettext("They are in the jam again.")


def _lift_site(by: Member, member: Member, given: dict[str, Any]) -> str:
    people.lift_from_site(by=by, member=member, reason=given["reason"])
    return gettext("They can sign in again.")


class LiftForm(ReasonForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = False


ACTS: dict[str, tuple[type[forms.Form], Callable[[Member, Member, dict[str, Any]], str]]] = {
    "slow": (SlowForm, _slow),
    "suspend": (SuspendForm, _suspend),
    "suspend_site": (SuspendForm, _suspend_site),
    "lift": (LiftForm, _lift),
    "lift_site": (LiftForm, _lift_site),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def person_page(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    entry, by = enter_to_moderate(request.user, slug)
    member = person_of(entry, member_id)
    chosen = request.POST.get("act", "")
    shown = {name: form(auto_id=f"id_{name}_%s") for name, (form, _) in ACTS.items()}
    status = 200
    if request.method == "POST" and chosen in ACTS:
        make, verb = ACTS[chosen]
        form = shown[chosen] = make(request.POST, auto_id=f"id_{chosen}_%s")
        status = 422
        if form.is_valid():
            try:
                messages.success(request, verb(by, member, form.cleaned_data))
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
                status = refused.status
            else:
                return redirect("moderation:person", slug, member.pk)
    context = jam_frame(entry) | {
        "whose": member,
        "forms": shown,
        "failed": shown.get(chosen) if status != 200 else None,
        "history": queue.history_of(member),
        "is_suspended": is_suspended(member, entry.now),
        "is_site_suspended": not member.person.is_active,
        "is_me": member.pk == by.pk,
    }
    return render(request, "moderation/person.html", context, status=status)
