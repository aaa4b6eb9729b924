"""The addresses of invitations: `/i/<token>/`.

A token is the key of the row and a signature made with the site's secret. It is derived and kept nowhere, for two
reasons. A mail that is sent again after a crash must be the same mail, so the token cannot be a random one of which
only a hash is left. And a copy of the database alone opens no invitation, as it would with the tokens in it. Another
`SECRET_KEY` ends all links.
"""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from jam.models import Invitation, SharedLink

PERSONAL, SHARED = "p", "s"


def _signer() -> Signer:
    return Signer(salt="jam.invitation", sep=".")


def token_of(thing: Invitation | SharedLink) -> str:
    kind = PERSONAL if isinstance(thing, Invitation) else SHARED
    return _signer().sign(f"{kind}{thing.key}")


def url_of(thing: Invitation | SharedLink) -> str:
    return settings.SITE_URL + reverse("jam:invitation", args=[token_of(thing)])


def find(token: str) -> Invitation | SharedLink | None:
    """What the token is of, with its jam, whatever became of it. None if nobody made it. One query."""
    try:
        value = _signer().unsign(token)
    except BadSignature:
        return None
    kind, key = value[:1], value[1:]
    if kind == PERSONAL:
        return Invitation.objects.select_related("jam", "list__by").defer("list__content").filter(key=key).first()
    return SharedLink.objects.select_related("jam", "by").filter(key=key).first()
