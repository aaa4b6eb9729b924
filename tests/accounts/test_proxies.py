"""Whose address counts when there are proxies in front: never one that a client made up."""

from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.test import RequestFactory


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "203.0.113.7"), (2, "198.51.100.9")])
def test_the_address_is_the_one_that_our_own_proxies_saw(settings: Any, proxies: int, address: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.66, 198.51.100.9, 203.0.113.7"
    )
    assert get_adapter().get_client_ip(request) == address
