"""The form for an account, as allauth has it, filled in with what is known of who was asked to come in."""

from __future__ import annotations

from typing import Any

from allauth.account.views import SignupView
from django.http import HttpRequest

SUGGESTED = "suggested_for_signup"


def suggest(request: HttpRequest, *, name: str, affiliation: str) -> None:
    """Has the form offer these, for as long as the session lasts. They are only offered: people name themselves."""
    request.session[SUGGESTED] = {"name": name, "affiliation": affiliation}


class SignUpPage(SignupView):
    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **self.request.session.get(SUGGESTED, {})}


sign_up = SignUpPage.as_view()
