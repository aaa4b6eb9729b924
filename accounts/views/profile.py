"""A person's own pages, and the choice of colours."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import languages
from accounts.forms import ProfileForm
from accounts.languages import known_languages
from accounts.models import Person
from accounts.redirects import inside
from accounts.themes import COOKIE, THEMES

A_YEAR = 365 * 24 * 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    # Fetched anew: a form that is refused must not leave its words in the person that the page greets.
    person = get_object_or_404(Person, pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        if person.language:
            translation.activate(person.language)  # the answer is in it already
        messages.success(request, gettext("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the choice of language: in a cookie, and with the person if somebody is signed in."""
    response = redirect(inside(request, request.POST.get("next", ""), otherwise="/"))
    chosen = request.POST.get("language", "")
    if chosen in known_languages():
        languages.choose(request, chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps the choice of colours in a cookie, for browsers without JavaScript; page.js does it itself."""
    response = redirect(inside(request, request.POST.get("next", ""), otherwise="/"))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response
