"""Coming in: what the door of a jam wants, joining, its rules and the names in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.signed_in import how
from accounts.redirects import inside
from jam.access import Entry, enter
from jam.domain import door, membership, naming, naming_words, policies, rules
from jam.domain.door import Knock
from jam.domain.errors import Refused
from jam.domain.phases import Phase
from jam.forms.policies import JoinForm
from jam.models import Policy, Role
from jam.views.frame import home_of, jam_frame
from jam.views.refusals import refused_page


def knock_of(request: HttpRequest, entry: Entry) -> Knock:
    provider = how(request).provider
    return Knock(entry.person, (provider,) if provider else ())


def role_at_the_door(entry: Entry) -> str:
    return Role.ADMIN if entry.is_site_admin else Role.PARTICIPANT


@require_http_methods(["GET", "HEAD", "POST"])
def jam_join(request: HttpRequest, slug: str) -> HttpResponse:
    """What the door wants and what the jam promises; POST goes in. `next` is where that leads."""
    entry = enter(request.user, slug)
    goal = inside(request, request.POST.get("next") or request.GET.get("next", ""), otherwise=home_of(entry.jam))
    if entry.member is not None:
        return redirect(goal)
    policy = policies.of(entry.jam)
    masked = naming.is_masked(policy.naming, role_at_the_door(entry))
    form = JoinForm(request.POST if request.method == "POST" else None, policy=policy, masked=masked)
    if request.method != "POST":
        return _join_page(request, entry, policy, form, goal)
    if entry.person is None:
        return redirect_to_login(request.get_full_path())
    if not form.is_valid():
        return _join_page(request, entry, policy, form, goal, status=422)
    try:
        _join(request, entry, form)
    except Refused as refused:
        if refused.code == "phase":
            return refused_page(request, refused)
        form.refuse(refused)
        return _join_page(request, entry, policy, form, goal, status=refused.status)
    return redirect(goal)


def _join(request: HttpRequest, entry: Entry, form: JoinForm) -> None:
    assert entry.person is not None
    member = membership.join(
        jam=entry.jam,
        person=entry.person,
        pseudonym=form.cleaned_data.get("name", ""),
        providers=knock_of(request, entry).providers,
    )
    if form.cleaned_data.get("rules"):
        rules.accept(member=member, version=_number(request.POST.get("version", "")))
    messages.success(request, gettext("You are in, as %(name)s.") % {"name": member.name})


def _join_page(
    request: HttpRequest, entry: Entry, policy: Policy, form: JoinForm, goal: str, *, status: int = 200
) -> HttpResponse:
    context = {
        **jam_frame(entry),
        **promises_of(policy),
        "answer": door.answer(policy, knock_of(request, entry)),
        "form": form,
        "goal": goal,
    }
    return render(request, "jam/join.html", context, status=status)


def door_here(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """What the door says to who is no member, for templates/threads/home_door.html. At most two queries.

    `one_press` says that there is nothing to choose or to read first.
    """
    if entry.member is not None or entry.phase not in (Phase.SCHEDULED, Phase.OPEN, Phase.READING):
        return {}
    policy = policies.of(entry.jam)
    plain = not naming.is_masked(policy.naming, role_at_the_door(entry)) and entry.jam.rules_version == 0
    return {"answer": door.answer(policy, knock_of(request, entry)), "one_press": plain}


def promises_of(policy: Policy) -> dict[str, Any]:
    """What a jam says beforehand, for templates/jam/promises.html. One query if it has rules."""
    return {
        "naming": naming_words.said_of(policy.naming),
        "leaving": naming_words.said_of_leaving(policy.on_deletion),
        "rules": rules.newest(policy.jam),
    }


@require_http_methods(["GET", "HEAD"])
def jam_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """“Names and rules”: for who may know of the jam, also before they join."""
    entry = enter(request.user, slug)
    goal = inside(request, request.GET.get("next", ""), otherwise="")
    context = {
        **jam_frame(entry),
        **promises_of(policies.of(entry.jam)),
        "accepted": entry.member is not None and rules.are_accepted(entry.jam, entry.member),
        "goal": goal,
    }
    return render(request, "jam/rules.html", context)


@require_POST
def jam_rules_accept(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter(request.user, slug)
    if entry.member is None:
        raise Http404(gettext("There is no such page."))
    goal = inside(request, request.POST.get("next", ""), otherwise=home_of(entry.jam))
    try:
        rules.accept(member=entry.member, version=_number(request.POST.get("version", "")))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("jam:rules", slug)
    messages.success(request, gettext("You accepted the rules. What you were writing is where you left it."))
    return redirect(goal)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
