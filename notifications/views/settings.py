"""How somebody wants to hear of things."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from notifications.domain import preferences
from notifications.forms import SettingsForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    form = SettingsForm(request.POST or None, choices=preferences.choices_of(request.user))
    if request.method == "POST" and form.is_valid():
        preferences.choose(person=request.user, choices=form.chosen())
        messages.success(request, gettext("How you hear of things is saved."))
        return redirect("notifications:settings")
    return render(request, "notifications/settings.html", {"form": form}, status=422 if form.errors else 200)
