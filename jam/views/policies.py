"""The settings of what a jam promises its people, for its admins."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jam.access import Entry, Visitor, enter
from jam.domain import naming, naming_words, policies, rules, tracing
from jam.domain.errors import Refused
from jam.forms.policies import PolicyForm, RulesForm, TraceForm
from jam.models import Member, Naming
from jam.views.frame import jam_frame


def enter_to_administer(visitor: Visitor, slug: str) -> tuple[Entry, Member]:
    """A jam that `visitor` administers as a member of it: what is changed there is recorded in their name."""
    entry = enter(visitor, slug)
    if entry.member is None or not entry.can_administer:
        raise Http404(gettext("There is no such page."))
    return entry, entry.member


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jam_policy(request: HttpRequest, slug: str) -> HttpResponse:
    entry, member = enter_to_administer(request.user, slug)
    policy = policies.of(entry.jam)
    form = PolicyForm(request.POST or None, policy=policy, naming_fixed=naming.is_fixed(entry.jam))
    if request.method == "POST" and form.is_valid():
        try:
            policies.change(jam=entry.jam, by=member, plan=form.plan())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("Saved. The page “Names and rules” says so from now on."))
            return redirect("jam:policy", slug)
    context = {**jam_frame(entry), "form": form, "namings": [naming_words.said_of(one) for one in Naming]}
    return render(request, "jam/policy.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jam_rules_edit(request: HttpRequest, slug: str) -> HttpResponse:
    entry, member = enter_to_administer(request.user, slug)
    newest = rules.newest(entry.jam)
    initial = {"text": newest.text if newest else "", "version": entry.jam.rules_version}
    form = RulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rules.change(jam=entry.jam, by=member, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
            form.data = {"text": request.POST.get("text", ""), "version": str(entry.jam.rules_version)}
        else:
            messages.success(request, gettext("Saved. Everybody accepts these rules before their next post."))
            return redirect("jam:policy", slug)
    context = {**jam_frame(entry), "form": form, "rules": newest}
    return render(request, "jam/rules_edit.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def jam_trace(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """Asks for a reason, and then says whose account a name is, on that one page."""
    entry, member = enter_to_administer(request.user, slug)
    shown = Member.objects.filter(jam=entry.jam, pk=member_id).first()
    if shown is not None:
        shown.jam = entry.jam
    if shown is None or not tracing.can_trace(by=member, member=shown):
        raise Http404(gettext("There is no such page."))
    form, person = TraceForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            person = tracing.look_up(member=shown, by=member, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
    context = {**jam_frame(entry), "form": form, "shown": shown, "found": person}
    return render(request, "jam/trace.html", context, status=422 if form.errors else 200)
