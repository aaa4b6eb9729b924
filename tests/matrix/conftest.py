from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from django.http import HttpRequest
from django.template.backends.django import Template

from tests.matrix.world import World, make_world


@contextmanager
def quiet() -> Iterator[None]:
    """Without a line in the log for each of the thousands of refusals."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


RENDERED = {"stranger", "observer", "facilitator_there", "site_admin"}
"""For whom pages are rendered, in the phase in which most is to be seen: whom the other tests of pages know least."""


@pytest.fixture(autouse=True)
def few_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere it is about the answer alone, and templates of pages are left out.

    What is rendered without a request, such as a post's fragment, is kept for other tests too, and so is whole.
    """
    given = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    if given.get("phase") == "open" and getattr(given.get("actor"), "name", "") in RENDERED:
        return
    whole = Template.render

    def left_out(template: Template, context: Any = None, request: HttpRequest | None = None) -> str:
        return str(whole(template, context)) if request is None else ""

    monkeypatch.setattr(Template, "render", left_out)


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Everybody and everything, in a transaction that is never committed: a case writes in a savepoint of its own."""
    from django.conf import settings
    from django.db import transaction
    from django.test import override_settings

    # Sessions in the database alone: what is undone there must not be remembered elsewhere.
    sessions = override_settings(SESSION_ENGINE="django.contrib.sessions.backends.db")
    with django_db_blocker.unblock(), transaction.atomic(), quiet(), sessions:
        yield make_world()
        transaction.set_rollback(True)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        left = [key for key in client.scan_iter(count=1000) if b"_kombu.binding" not in key]
        if left:
            client.delete(*left)
