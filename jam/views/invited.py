"""Following an invitation. Looking joins nobody: programs that check mails follow links as well."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from accounts.views.signing_up import suggest
from jam.domain import invitation_links, invitations, membership, naming, policies, rules, shared_links
from jam.domain.errors import Refused
from jam.domain.invitations import State, state_of
from jam.domain.phases import database_now
from jam.forms.policies import JoinForm
from jam.models import Invitation, Member, Policy, Role, SharedLink
from jam.views.door import promises_of
from jam.views.frame import home_of

Thing = Invitation | SharedLink
OVER = frozenset(State) - {State.VALID}
STATUS = {State.VALID: 200, State.USED: 410, State.EXPIRED: 410, State.FULL: 410, State.GONE: 404}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link is, for whoever follows it; POST joins. One that is unknown and one that was revoked look alike."""
    thing = invitation_links.find(token)
    if thing is None or state_of(thing, database_now()) is State.GONE:
        return render(request, "jam/invitation_gone.html", status=404)
    person = request.user if isinstance(request.user, Person) else None
    if person is not None and membership.member_of(thing.jam, person) is not None:
        return redirect(home_of(thing.jam))
    state = state_of(thing, database_now())
    if state is not State.VALID:
        return render(request, "jam/invitation_over.html", {"state": state, "jam": thing.jam}, status=STATUS[state])
    policy = policies.of(thing.jam)
    form = _form(request, thing, policy)
    if request.method == "POST" and person is None:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST" and person is not None and form.is_valid():
        try:
            return _join(request, thing, person, form)
        except Refused as refused:
            if refused.code in OVER:
                return redirect("jam:invitation", token)
            form.refuse(refused)
    if isinstance(thing, Invitation):
        invitations.note_opened(thing)
    return _page(request, thing, policy, form, person, token)


def _form(request: HttpRequest, thing: Thing, policy: Policy) -> JoinForm:
    data = request.POST if request.method == "POST" else None
    return JoinForm(data, policy=policy, masked=naming.is_masked(policy.naming, _role(thing)))


def _role(thing: Thing) -> str:
    return thing.role if isinstance(thing, Invitation) else Role.PARTICIPANT


def _join(request: HttpRequest, thing: Thing, person: Person, form: JoinForm) -> HttpResponse:
    pseudonym = form.cleaned_data.get("name", "")
    member: Member
    if isinstance(thing, Invitation):
        member = invitations.join(invitation=thing, person=person, pseudonym=pseudonym)
    else:
        member = shared_links.join(link=thing, person=person, pseudonym=pseudonym)
    version = request.POST.get("version", "")
    if form.cleaned_data.get("rules") and version.isascii() and version.isdecimal() and len(version) < 10:
        try:
            rules.accept(member=member, version=int(version))
        except Refused as refused:
            messages.warning(request, refused.message)
    messages.success(request, gettext("You are in, as %(name)s.") % {"name": member.name})
    return redirect(home_of(thing.jam))


def _page(
    request: HttpRequest, thing: Thing, policy: Policy, form: JoinForm, person: Person | None, token: str
) -> HttpResponse:
    context: dict[str, Any] = {
        **promises_of(policy),
        "jam": thing.jam,
        "thing": thing,
        "form": form,
        "token": token,
        "by": thing.list.by if isinstance(thing, Invitation) else thing.by,
        "ends": thing.expires_at or thing.jam.closes_at,
        "role": Role(_role(thing)),
    }
    if isinstance(thing, Invitation):
        context["address"] = invitations.masked(thing.email)
        context["for_other"] = person is not None and not invitations.is_for(thing, person)
    return render(request, "jam/invitation.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def invitation_sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to the form for an account, filled in with what the list says. The address then counts as confirmed: who
    has the link has the mail."""
    thing = invitation_links.find(token)
    back = reverse("jam:invitation", args=[token])
    if isinstance(thing, Invitation) and state_of(thing, database_now()) is State.VALID:
        if request.user.is_authenticated:
            return redirect(back)
        get_adapter(request).stash_verified_email(request, thing.email)
        suggest(request, name=thing.name, affiliation=thing.affiliation)
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': back})}")
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': back})}" if thing else back)
