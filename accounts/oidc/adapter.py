"""What becomes of somebody whom a provider vouches for."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from accounts.models import Person

logger = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings. allauth would also ask its table, with a query for each page of the door."""
        known: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        return [
            SocialApp(provider="openid_connect", **app)
            for app in known
            if provider in (None, "openid_connect", app["provider_id"]) and client_id in (None, app["client_id"])
        ]

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        reason = exception or request.GET.get("error", error)
        logger.warning("Nobody was signed in by %s: %.400s", provider.sub_id, reason)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Person, str] | None:
        """The account with the address, if the provider may say so, says so, and the account's owner has confirmed it.

        allauth would also take one whose address nobody ever confirmed.
        """
        found: tuple[Person, str] | None = super().authenticate_by_email(sociallogin)
        if found and EmailAddress.objects.filter(user=found[0], email__iexact=found[1], verified=True).exists():
            return found
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Says plainly that there is an account with the address, to whom the provider knows as its owner.

        To others allauth says nothing of it: the address is written to instead.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        for address in sociallogin.email_addresses:
            if address.verified and Person.objects.filter(email__iexact=address.email).exists():
                context = {"provider": sociallogin.provider, "email": address.email}
                raise ImmediateHttpResponse(render(request, "socialaccount/account_taken.html", context, status=409))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        person: Person = super().populate_user(request, sociallogin, data)
        person.name = data.get("name", "")
        person.email = person.email or None
        return person

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever has no name yet is asked for one."""
        return bool(sociallogin.user.name) and super().is_auto_signup_allowed(request, sociallogin)

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return initial | {"name": sociallogin.user.name}

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Person:
        person: Person = super().save_user(request, sociallogin, form)
        return person
