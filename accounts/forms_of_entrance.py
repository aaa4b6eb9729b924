"""allauth's forms, where ours ask for more. Apart from `forms.py`, which allauth's own forms are made from."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.forms import DisconnectForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import passwords


class SignUp(SignupForm):
    def clean(self) -> dict[str, Any]:
        """allauth judges the password by the address alone; here also by the name, if it is good without."""
        data: dict[str, Any] = super().clean()
        known = [data.get(field) or "" for field in ("name", "affiliation", "email")]
        if "password1" in data and not self.has_error("password1"):
            try:
                passwords.require_strong(data["password1"], passwords.known_of(None, *known))
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class AddPasskey(AddWebAuthnForm):
    """The browser decides whether the device can keep it, so nobody is asked; static/js/passkeys.js fills it in."""

    name = forms.CharField(
        max_length=80,
        required=False,
        label=_("Name"),
        help_text=_("To tell it from others, such as “Phone” or “Blue key”."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    passwordless = None


class Disconnect(DisconnectForm):
    """Without the accounts at providers that the site knows no more: they let nobody in, and have no name."""

    accounts: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [provider.sub_id for provider in get_adapter().list_providers(self.request)]
        self.accounts = self.accounts.filter(provider__in=known)
        self.fields["account"].queryset = self.accounts
