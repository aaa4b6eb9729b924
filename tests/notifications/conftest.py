"""A push service that runs on this machine, a browser, and a device of Ana's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notifications.domain import devices
from notifications.models import PushSubscription
from tests.cast import Cast
from tests.notifications.push_service import Browser, PushService, running


@pytest.fixture
def service(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    settings.PUSH_PRIVATE_ADDRESSES, settings.DATA_DIR = True, tmp_path
    with running(tmp_path) as service:
        monkeypatch.setenv("SSL_CERT_FILE", str(service.certificate))
        yield service


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def device(cast: Cast, service: PushService, browser: Browser) -> PushSubscription:
    """Ana's."""
    return devices.add(person=cast.ana.person, **browser.fields(service.endpoint()))
