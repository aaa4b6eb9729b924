"""A provider as allauth sees it: what is asked of it, and what of its answer is kept."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest
from requests.auth import HTTPBasicAuth

from accounts.oidc.asking import ProviderFailed, ask, require_safe
from accounts.oidc.tokens import claims_of, nonce_of

DISCOVERY = "/.well-known/openid-configuration"
KNOWN_FOR = 300
"""Seconds for which what a provider says of itself is believed without asking again."""
TOLD = ("name", "given_name", "family_name", "email", "email_verified")
NAME_MAX, EMAIL_MAX = 120, 254


class Client(OAuth2Client):
    """Takes the code to the provider, and brings the tokens."""

    def get_access_token(
        self, code: str, pkce_code_verifier: str | None = None, extra_data: dict[str, str] | None = None
    ) -> dict[str, Any]:
        data = {
            "grant_type": "authorization_code",
            "redirect_uri": self.callback_url,
            "code": code,
            "code_verifier": pkce_code_verifier or "",
        }
        if self.basic_auth:
            return ask(
                "POST", self.access_token_url, data=data, auth=HTTPBasicAuth(self.consumer_key, self.consumer_secret)
            )
        data |= {"client_id": self.consumer_key, "client_secret": self.consumer_secret}
        return ask("POST", self.access_token_url, data=data)


class Exchange(OpenIDConnectOAuth2Adapter):
    """One sign-in's conversation with the provider."""

    client_class = Client
    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself, if it is who we asked (OpenID Connect Discovery 1.0, section 4.3)."""
        server = self.get_provider().app.settings["server_url"].rstrip("/").removesuffix(DISCOVERY)
        key = f"oidc-discovery:{server}"
        found: dict[str, Any] | None = cache.get(key)
        if found is None:
            found = ask("GET", server + DISCOVERY)
            if str(found.get("issuer", "")).rstrip("/") != server:
                raise ProviderFailed(f"{server} says that it is {found.get('issuer')!r:.200}")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                require_safe(found.get(name), name)
            cache.set(key, found, KNOWN_FOR)
        return found

    @property
    def basic_auth(self) -> bool:
        methods = self.openid_config.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_post" not in methods

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Client, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        if not pkce_code_verifier:
            raise ProviderFailed("the sign-in was begun without PKCE")
        self.nonce = nonce_of(pkce_code_verifier)
        return client.get_access_token(request.GET.get("code", ""), pkce_code_verifier)

    def parse_token(self, data: dict[str, Any]) -> Any:
        if not isinstance(data.get("access_token"), str):
            raise ProviderFailed("there is no access token")
        return super().parse_token({"access_token": data["access_token"]})  # it is not kept: STORE_TOKENS is off

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        known = self.openid_config
        claims = claims_of(
            kwargs["response"].get("id_token"),
            ask("GET", known["jwks_uri"]),
            issuer=known["issuer"],
            client_id=app.client_id,
            nonce=self.nonce,
        )
        if "email" not in claims and known.get("userinfo_endpoint"):
            claims |= self._userinfo(known["userinfo_endpoint"], token.token, claims["sub"])
        return self.get_provider().sociallogin_from_response(request, claims)

    def _userinfo(self, address: Any, access_token: str, subject: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        said = ask("GET", require_safe(address, "userinfo_endpoint"), headers=headers)
        if said.get("sub") != subject:
            raise ProviderFailed("userinfo is of somebody else than the ID token")
        return {name: said[name] for name in TOLD if name in said}


class Provider(OpenIDConnectProvider):
    """`sub` alone is who somebody is there; a name and an address are only taken over from it."""

    package = "accounts.oidc"
    oauth2_adapter_class = Exchange
    supports_token_authentication: ClassVar[bool] = False

    def get_pkce_params(self) -> dict[str, str]:
        params: dict[str, str] = super().get_pkce_params()
        return params | {"nonce": nonce_of(params["code_verifier"])}

    pkce_enabled_default = True

    # An address that somebody made up may not add to what we ask the provider for.
    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return dict(self.get_auth_params())

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the owner of the account is shown of it, and takes home."""
        return {"name": self._name(data), "email": self._address(data), "email_verified": self._verified(data)}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, str]:
        return {"name": self._name(data), "email": self._address(data)}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        email = self._address(data)
        return [EmailAddress(email=email, verified=self._verified(data), primary=True)] if email else []

    def _name(self, data: dict[str, Any]) -> str:
        parts = [data.get("name")]
        if not isinstance(parts[0], str) or not parts[0].strip():
            parts = [data.get("given_name"), data.get("family_name")]
        words = " ".join(part for part in parts if isinstance(part, str))
        return " ".join(words.replace("\x00", "").split())[:NAME_MAX]

    def _address(self, data: dict[str, Any]) -> str:
        email = data.get("email")
        return (
            email.strip().lower() if isinstance(email, str) and len(email) <= EMAIL_MAX and "\x00" not in email else ""
        )

    def _verified(self, data: dict[str, Any]) -> bool:
        """Some send it as a word. All but a clear yes is no."""
        said = data.get("email_verified")
        return said is True or said == "true"

    def serialize(self) -> dict[str, str]:
        """By its own name: two providers may know us under the same client id."""
        return {"id": self.sub_id}


provider_classes = [Provider]
