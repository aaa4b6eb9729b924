from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.oidc.real import Provider, running


@pytest.fixture(scope="session")
def provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@pytest.fixture
def provider(provider_process: Provider, settings: Any, db: None) -> Provider:
    """A real one, and a site that knows it as `harbour`."""
    knows(settings, provider_process.app())
    return provider_process


def knows(settings: Any, *apps: dict[str, Any]) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": list(apps)}
    }
