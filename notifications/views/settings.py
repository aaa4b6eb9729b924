"""How somebody wants to hear of things."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from notifications.domain import preferences, push_keys
from notifications.forms import SettingsForm
from notifications.models import PushSubscription

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    form = SettingsForm(request.POST or None, choices=preferences.choices_of(request.user))
    if request.method == "POST" and form.is_valid():
        preferences.choose(person=request.user, choices=form.chosen())
        messages.success(request, gettext("How you hear of things is saved."))
        return redirect("notifications:settings")
    context = {
        "form": form,
        "push_key": _push_key(),
        "device_count": PushSubscription.objects.filter(person=request.user).count(),
    }
    return render(request, "notifications/settings.html", context, status=422 if form.errors else 200)


def _push_key() -> str:
    """Empty where the site can keep no key, and so can send nothing to devices."""
    try:
        return push_keys.public_key()
    except OSError:
        log.exception("No key for push messages can be kept in DATA_DIR.")
        return ""
