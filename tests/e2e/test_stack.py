"""That the site of the end-to-end tests is the real one."""

from __future__ import annotations

import httpx
import pytest

from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually

pytestmark = [pytest.mark.e2e]


def test_the_site_says_that_it_is_well(site: Site) -> None:
    answer = httpx.get(f"{site.url}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "redis": True})


def test_a_person_made_by_a_test_is_signed_in(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person)
    answer = page.goto("/profile/")
    assert answer
    assert (answer.status, page.url.endswith("/profile/")) == (200, True)


def test_a_worker_takes_tasks_on_the_same_database(working_site: Site, cast: Cast) -> None:
    from jam.celery import app

    eventually(lambda: app.control.inspect(timeout=1).registered(), what="the worker names its tasks")
