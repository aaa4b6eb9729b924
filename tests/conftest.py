"""What every test has at hand. tests/servers.py, loaded before this, brought the servers."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import redis

from tests.cast import cast

if TYPE_CHECKING:
    from tests.e2e.stack import Site

pytest_plugins = ["tests.e2e.browser"]
__all__ = ["cast"]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays to the end: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def settings_of_the_tests() -> Iterator[None]:
    """A quick password hash, and static files as they are, without a collected manifest."""
    from django.conf import settings
    from django.test.utils import override_settings

    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(
        PASSWORD_HASHERS=["tests.hashers.QuickHasher"],
        STORAGES=settings.STORAGES | plain,
        WHITENOISE_AUTOREFRESH=True,
    ):
        yield


@pytest.fixture(autouse=True, scope="session")
def quickly_emptied_database() -> Iterator[None]:
    from django.core.management.commands import flush
    from django.db.backends.postgresql.operations import DatabaseOperations

    from tests.emptying import sql_flush

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DatabaseOperations, "sql_flush", sql_flush)
        patched.setattr(flush, "emit_post_migrate_signal", lambda *args, **options: None)
        yield


@pytest.fixture(autouse=True)
def empty_redis(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """Nothing that one test left in Redis is there for the next. A test without a database has written nothing.

    Celery's bindings stay: who sends tasks declares them once, and would not again.
    """
    yield
    if {"db", "transactional_db"} & set(request.fixturenames):
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            left = [key for key in client.scan_iter(count=1000) if b"_kombu.binding" not in key]
            if left:
                client.delete(*left)


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Site]:
    """The web process, once for all tests of this process that want it."""
    from tests.e2e.stack import Site

    site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture
def site(web: Site, transactional_db: None) -> Site:
    """The real site, without a worker, on a database that is emptied after the test. See tests/e2e/stack.py."""
    web.forget_mails()
    return web


@pytest.fixture
def working_site(site: Site) -> Iterator[Site]:
    """The same, with a Celery worker and its clock."""
    with site.working():
        yield site
