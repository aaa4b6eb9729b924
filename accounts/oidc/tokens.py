"""ID tokens: who a provider says somebody is, checked as OpenID Connect Core 1.0, section 3.1.3.7, has it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import jwt

from accounts.oidc.asking import ProviderFailed

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a pair of keys. “none”, and those with the secret that we share, are not among them."""
LEEWAY = 60
"""Seconds by which clocks may differ."""
SUBJECT_MAX = 191


def nonce_of(code_verifier: str) -> str:
    """The nonce of a sign-in, from its PKCE verifier: as secret, as random, and kept with it already."""
    digest = hashlib.sha256(b"nonce:" + code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def claims_of(id_token: Any, keys: dict[str, Any], *, issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """What the token claims. Raises ProviderFailed unless the provider made it, for us, for this sign-in, now."""
    if not isinstance(id_token, str):
        raise ProviderFailed("there is no ID token")
    try:
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=_key(id_token, keys),
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise ProviderFailed(f"the ID token is not good: {error!r:.300}") from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise ProviderFailed("the ID token was made for several, and not for us")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ProviderFailed("the ID token has another nonce: it is of another sign-in")
    if not claims["sub"] or len(claims["sub"]) > SUBJECT_MAX:
        raise ProviderFailed("the ID token names nobody")
    return claims


def _key(id_token: str, keys: dict[str, Any]) -> Any:
    """The provider's key that signed the token. One without a name will do if there is one alone."""
    header = jwt.get_unverified_header(id_token)
    fit = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    named = [key for key in fit if key.key_id == header.get("kid")] if "kid" in header else fit
    if len(named) != 1:
        raise jwt.PyJWTError(f"{len(named)} of the provider's keys fit the token's {header.get('kid')!r:.80}")
    return named[0]
