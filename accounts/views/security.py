"""“Sign-in and security”: what allauth has no page for."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.domain import second_factor as factors
from accounts.domain import sessions as signed_in
from accounts.domain import tokens as api_tokens
from accounts.forms import TokenForm
from accounts.models import Person
from accounts.redirects import inside

# Taking a token home, or throwing others out, is asked of somebody who has just shown who they are.
confirmed = reauthentication_required(app="allauth.account")


@login_required
@never_cache
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where an admin is led who must show a second factor: sets one up, or shows the one there is."""
    assert isinstance(request.user, Person)
    onwards = inside(request, request.GET.get("next", ""), otherwise="/")
    if request.user.second_factor:
        return redirect(onwards)
    ways = get_adapter().get_reauthentication_methods(request.user)
    context = {
        "ways": [way for way in ways if way["id"].startswith("mfa_")] if factors.has_one(request.user) else [],
        "next": onwards,
    }
    return render(request, "accounts/second_factor.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    if request.method == "POST" and "end" in request.POST:
        number = request.POST["end"]
        if number.isdecimal():
            api_tokens.end_token(person=request.user, token_id=int(number))
        messages.success(request, gettext("The token has ended."))
        return redirect("accounts:tokens")
    if request.method == "POST":
        answer: HttpResponse = make_token(request)
        return answer
    return _show_tokens(request, TokenForm())


@confirmed
def make_token(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    form = TokenForm(request.POST, count=api_tokens.tokens_of(request.user).count())
    if not form.is_valid():
        return _show_tokens(request, form, status=422)
    token = api_tokens.make_token(person=request.user, name=form.cleaned_data["name"])
    return _show_tokens(request, TokenForm(), made=token)


def _show_tokens(request: HttpRequest, form: TokenForm, *, status: int = 200, **more: Any) -> HttpResponse:
    assert isinstance(request.user, Person)
    context = {"form": form, "tokens": list(api_tokens.tokens_of(request.user)), **more}
    return render(request, "accounts/tokens.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        answer: HttpResponse = end_sessions(request)
        return answer
    assert isinstance(request.user, Person)
    found = [
        {
            "session": session,
            "device": signed_in.device(session.user_agent),
            "is_this": session.session_key == request.session.session_key,
        }
        for session in signed_in.sessions_of(request.user)
    ]
    others = sum(not one["is_this"] for one in found)
    return render(request, "accounts/sessions.html", {"sessions": found, "others": others})


def end_sessions(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    number = request.POST.get("end", "")
    if number.isdecimal():
        signed_in.end_session(person=request.user, session_id=int(number))
        messages.success(request, gettext("You are signed out there."))
    else:
        count = signed_in.end_others(person=request.user, but=request.session.session_key or "")
        words = ngettext("You are signed out on one other device.", "You are signed out on %(count)s others.", count)
        messages.success(request, words % {"count": count})
    return redirect("accounts:sessions")
