"""Asking to take part in a jam, and deciding about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from jam.domain import invitation_links, invitations, membership, naming, policies, requests, rules
from jam.domain.errors import Refused
from jam.domain.invitations import State, state_of
from jam.domain.phases import database_now
from jam.domain.rooms import STAFF
from jam.forms.policies import JoinForm
from jam.forms.requests import DecisionForm, RequestForm
from jam.models import Decision, Door, Invitation, Jam, JoinRequest, Role
from jam.views.door import promises_of
from jam.views.frame import home_of, jam_frame
from jam.views.invitations import enter_to_invite
from jam.views.refusals import refused_page

REQUESTS_A_PAGE = 50


def _jam_to_ask(person: Person, slug: str) -> tuple[Jam, JoinRequest | None]:
    """A published jam that takes requests, or that they asked before; to others it is not there. Two queries."""
    jam = Jam.objects.filter(slug=slug, published_at__isnull=False).first()
    asked = requests.of(jam, person) if jam else None
    if jam is None or (asked is None and jam.door != Door.REQUEST):
        raise Http404(gettext("There is no such jam."))
    return jam, asked


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jam_request(request: HttpRequest, slug: str) -> HttpResponse:
    """Asking, how that stands, and joining once one is let in."""
    assert isinstance(request.user, Person)
    jam, asked = _jam_to_ask(request.user, slug)
    if membership.member_of(jam, request.user) is not None:
        return redirect(home_of(jam))
    if asked is not None and asked.decision == Decision.APPROVED:
        return _join(request, jam, asked, request.user)
    form = RequestForm(request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            requests.ask(
                jam=jam, person=request.user, invited_as=asked.invited_as if asked else "", **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, gettext("Your request is with those who run the jam."))
            return redirect("jam:request", slug)
    return _page(request, jam, asked, form=form, status=status)


def _join(request: HttpRequest, jam: Jam, asked: JoinRequest, person: Person) -> HttpResponse:
    policy = policies.of(jam)
    masked = naming.is_masked(policy.naming, Role.PARTICIPANT)
    form = JoinForm(request.POST if request.method == "POST" else None, policy=policy, masked=masked)
    if request.method == "POST" and form.is_valid():
        try:
            member = requests.join(jam=jam, person=person, pseudonym=form.cleaned_data.get("name", ""))
            version = request.POST.get("version", "")
            if form.cleaned_data.get("rules") and version == str(jam.rules_version):
                rules.accept(member=member, version=jam.rules_version)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("You are in, as %(name)s.") % {"name": member.name})
            return redirect(home_of(jam))
    return _page(request, jam, asked, status=422 if form.errors else 200, join_form=form)


def _page(request: HttpRequest, jam: Jam, asked: JoinRequest | None, *, status: int, **more: Any) -> HttpResponse:
    may_ask = asked is None or requests.may_ask_again(asked)
    context = {**promises_of(policies.of(jam)), "jam": jam, "asked": asked, "may_ask": may_ask, **more}
    return render(request, "jam/request.html", context, status=status)


@login_required
@require_POST
def invitation_ask(request: HttpRequest, token: str) -> HttpResponse:
    """Asks to be let in by somebody who followed an invitation that was sent to another address."""
    assert isinstance(request.user, Person)
    thing = invitation_links.find(token)
    if not isinstance(thing, Invitation) or state_of(thing, database_now()) is not State.VALID:
        return redirect("jam:invitation", token)
    form = RequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Write a few words, so that they know who asks."))
        return redirect("jam:invitation", token)
    masked = invitations.masked(thing.email)
    try:
        requests.ask(jam=thing.jam, person=request.user, words=form.cleaned_data["words"], invited_as=masked)
    except Refused as refused:
        return refused_page(request, refused)
    messages.success(request, gettext("Your request is with those who run the jam."))
    return redirect("jam:request", thing.jam.slug)


@login_required
@require_safe
def request_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who asks to take part, the longest waiting first; then those that were decided, the newest first."""
    entry, _member = enter_to_invite(request.user, slug)
    return _list_page(request, entry)


def _list_page(
    request: HttpRequest, entry: Any, *, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    found = JoinRequest.objects.filter(jam=entry.jam).select_related("person", "by")
    waiting = list(found.filter(decision=Decision.OPEN).order_by("pk")[: REQUESTS_A_PAGE + 1])
    context = {
        **jam_frame(entry, rooms=[STAFF]),
        "waiting": waiting[:REQUESTS_A_PAGE],
        "open": requests.open_count(entry.jam),
        "decided": found.exclude(decision=Decision.OPEN).order_by("-decided_at")[:REQUESTS_A_PAGE],
        "form": form,
    }
    return render(request, "jam/requests.html", context, status=status)


@login_required
@require_POST
def request_decide(request: HttpRequest, slug: str, request_id: int) -> HttpResponse:
    entry, member = enter_to_invite(request.user, slug)
    asked = JoinRequest.objects.filter(jam=entry.jam, pk=request_id).first()
    if asked is None:
        raise Http404(gettext("There is no such page."))
    form = DecisionForm(request.POST)
    if form.is_valid():
        approve = form.cleaned_data["decision"] == "approve"
        try:
            requests.decide(request=asked, by=member, approve=approve, answer=form.cleaned_data["answer"])
        except Refused as refused:
            form.refuse(refused)
            return _list_page(request, entry, form=form, status=refused.status)
        messages.success(
            request,
            gettext("Let in. They are told, and join by a press of their own.")
            if approve
            else gettext("Declined. They are told."),
        )
        return redirect("jam:requests", slug)
    return _list_page(request, entry, form=form, status=422)
