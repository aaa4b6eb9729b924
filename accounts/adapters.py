"""What allauth asks of this site."""

from __future__ import annotations

from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from qrcode.image.svg import SvgPathImage

from accounts.models import Person


class AccountAdapter(DefaultAccountAdapter):
    """Counts guessed passwords so that nobody can lock out somebody else, or a whole office."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By account and address together: who guesses from elsewhere does not lock out the owner."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Also stops who guesses at one account from many addresses, save those that its owner came in from."""
        super().pre_authenticate(request, **credentials)
        email = str(credentials.get("email", "")).lower()
        if not self._guess(request, email, dry_run=True) and not self._known(request, email):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._guess(request, str(credentials.get("email", "")).lower())

    def _guess(self, request: HttpRequest, email: str, *, dry_run: bool = False) -> bool:
        return bool(
            ratelimit.consume(request, app="allauth.account", action="guessed", key=f"guessed:{email}", dry_run=dry_run)
        )

    def _known(self, request: HttpRequest, email: str) -> bool:
        address = self.get_client_ip(request)
        return bool(UserSession.objects.filter(user__email__iexact=email, ip=address).exists())


class FactorAdapter(DefaultMFAAdapter):
    """Second factors and passkeys."""

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002  (allauth's name for it)
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number} if number > 1 else gettext("Passkey")

    def build_totp_svg(self, url: str) -> str:
        """As part of the page: our Content-Security-Policy takes no picture from a data: address."""
        image = qrcode.make(url, image_factory=SvgPathImage, border=2)
        drawn: str = image.to_string(encoding="unicode")
        return mark_safe(drawn)  # noqa: S308  (lines and numbers, drawn here)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.SITE_NAME}
