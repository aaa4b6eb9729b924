"""To a provider and back, as a browser goes."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from django.test import Client

from accounts.domain.signed_in import Way
from tests.accounts.test_coming_in import way_of
from tests.oidc.real import PASSWORD, Provider

LOGIN = "/accounts/oidc/harbour/login/"
CALLBACK = "/accounts/oidc/harbour/login/callback/"
REFRESH = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')


def begin(client: Client, *, at: str = LOGIN, **form: str) -> str:
    """Presses the button. The address at the provider that the page leads on to."""
    page = client.post(at, form)
    found = REFRESH.search(page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


def asked(address: str) -> dict[str, str]:
    """What an address asks the provider for."""
    return dict(parse_qsl(urlsplit(address).query))


def at_the_provider(address: str, name: str) -> str:
    """Signs in there. The path and query that the provider sends the browser back to."""
    with httpx.Client(follow_redirects=False) as browser:
        answer = browser.get(address)
        form_at = str(answer.url.join(answer.headers["location"]))
        page = browser.get(form_at)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1], "username": name, "password": PASSWORD}
        answer = browser.post(form_at, data=form, headers={"referer": form_at})
        answer = browser.get(str(answer.url.join(answer.headers["location"])))
        back = urlsplit(answer.headers["location"])
    assert back.path == CALLBACK
    return f"{back.path}?{back.query}"


def come_in(client: Client, provider: Provider, name: str, **form: str) -> Any:
    """All the way. The site's answer to who comes back."""
    return client.get(at_the_provider(begin(client, **form), name))


def nobody_is_in(client: Client) -> bool:
    return way_of(client) == Way() and client.get("/profile/").status_code == 302
