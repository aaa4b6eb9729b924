"""The site's own key for push messages (VAPID, RFC 8292): by it a push service knows who sends, without an account.

A browser's subscription is bound to the key, so it is kept: from the setting VAPID_PRIVATE_KEY, else in the file
`vapid-key` of DATA_DIR, which is made when it is first asked for.
"""

from __future__ import annotations

import functools
import time
from email.utils import parseaddr
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

from jam.embedded.folder import kept_once

CURVE = ec.SECP256R1()
FILE = "vapid-key"
GOOD_FOR = 12 * 3600
"""Seconds. The RFC allows a day, and clocks differ."""


def new_key() -> str:
    """A private key as the setting has it: its 32 bytes in base64url."""
    return str(b64urlencode(ec.generate_private_key(CURVE).private_numbers().private_value.to_bytes(32, "big")))


def _vapid() -> Vapid02:
    """Raises OSError if there is no key and none can be kept."""
    return _read(settings.VAPID_PRIVATE_KEY or kept_once(settings.DATA_DIR / FILE, new_key))


@functools.lru_cache(maxsize=1)
def _read(text: str) -> Vapid02:
    vapid = Vapid02.from_raw(text.encode())
    vapid.conf = {"no-strict": True}  # its own idea of an address knows no ports
    return vapid


def public_key() -> str:
    """For browsers, which bind a subscription to it: base64url of the uncompressed point. Raises OSError as above."""
    point = _vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


def authorization(endpoint: str) -> str:
    """The header by which the push service at `endpoint` knows us: who we are, and how to reach who runs the site."""
    parts = urlsplit(endpoint)
    contact = settings.SITE_URL if settings.HTTPS else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + GOOD_FOR, "sub": contact}
    return str(_vapid().sign(claims)["Authorization"])
