"""Who comes in, and from where: the live socket's refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from tests.live.tab import ORIGIN, Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("connections_end", "quick_hub")]


@pytest.fixture
def cookie(settings: Any, client: Client) -> str:
    """Of somebody who signed in."""
    client.force_login(Person.objects.create_user("ana@example.org", name="Ana"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"slug": "nowhere"}, 4404),
        ({"rooms": ["thread:3"]}, 4404),
        ({"rooms": ["thread:1", "thread:99"]}, 4404),
        ({"rooms": ["thread 1"]}, 4400),
        ({"rooms": ["thread:one"]}, 4400),
        ({"rooms": [f"thread:{number}" for number in range(9)]}, 4400),
        ({"since": "-1"}, 4400),
        ({"since": "yesterday"}, 4400),
        ({"since": "9" * 30}, 4400),
        ({"headers": {"authorization": "Bearer nobody's"}}, 4401),
        ({"headers": {"origin": ORIGIN}}, 4401),
        ({"headers": {"origin": ORIGIN, "cookie": "jam_session=forged"}}, 4401),
    ],
)
async def test_who_may_not_listen_is_told_why(asked: dict[str, Any], code: int) -> None:
    tab = Tab(*asked.pop("rooms", ()), **asked)
    assert await tab.connect()
    assert await tab.closed() == code


@pytest.mark.parametrize(
    ("origin", "may"),
    [
        (ORIGIN, True),
        ("https://trusted.example", True),
        ("https://sub.trusted.example", True),
        ("http://trusted.example", False),
        ("https://127.0.0.1:8000", False),
        ("http://127.0.0.1:8001", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://evil.example", False),
        ("null", False),
        (None, False),
    ],
)
async def test_only_our_own_pages_may_use_the_cookie(cookie: str, settings: Any, origin: str | None, may: bool) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://trusted.example", "https://*.trusted.example"]
    headers = {"cookie": cookie} | ({} if origin is None else {"origin": origin})
    tab = Tab(headers=headers)
    connected = await tab.connect()
    assert connected is may
    if connected:
        await tab.frame()
        await tab.leave()


async def test_a_forged_host_does_not_make_a_site_our_own(cookie: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["jam.example"]
    settings.CSRF_TRUSTED_ORIGINS = []
    assert not await Tab(cookie=cookie).connect()


async def test_other_paths_have_no_socket() -> None:
    tab = Tab(slug="river/else")
    assert not await tab.connect()
