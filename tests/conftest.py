"""What every test has at hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache import cache

from tests.cast import cast  # noqa: F401


@pytest.fixture(autouse=True, scope="session")
def settings_of_the_tests() -> Iterator[None]:
    """A password hash that is quick, and static files as they are, without a collected manifest."""
    from django.conf import settings
    from django.test.utils import override_settings

    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES=settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        WHITENOISE_AUTOREFRESH=True,
    ):
        yield


@pytest.fixture(autouse=True)
def empty_redis(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """Nothing that one test left in Redis is there for the next. A test without a database has written nothing."""
    yield
    if {"db", "transactional_db"} & set(request.fixturenames):
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            client.flushdb()
        cache.close()
