"""A real Chromium for the tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from accounts.models import Person
from tests.e2e.stack import Site

# The first is Chromium without its windows: the same engine, which opens a tab in a third of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",  # which root, in a container, cannot have
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for all tabs of a profile, and none for drawing: most of a short test went into starting others.
    "--process-per-site",
    "--in-process-gpu",
    "--disable-software-rasterizer",
]
NO_BROWSER = "NO BROWSER: put chromium or google-chrome on the PATH, or its path into JAM_CHROMIUM, to run these tests"

OpenPage = Callable[..., Page]

# Patience and no measure: the machine that runs the tests may be busy.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


def find_chromium() -> str | None:
    named = os.environ.get("JAM_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module. While it runs its event loop is the thread's, so no async test can be in the module."""
    path = find_chromium()
    if not path:
        if os.environ.get("JAM_REQUIRE_BROWSER") == "1":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with pytest.MonkeyPatch.context() as patch:
        # Django sees that loop and takes this thread for asynchronous code; it is not.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            yield browser
            browser.close()


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[OpenPage]:
    """`open_page(person, **options)`: a page in a browser profile of its own, signed in as `person` if one is given.

    Options are those of a Playwright context: viewport, color_scheme, java_script_enabled, timezone_id... The service
    worker, which keeps every file of the site for a profile that is thrown away, comes with `service_workers="allow"`
    alone. The test fails at its end if a script threw or the content security policy had to stop something.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A refused request is an answer like others; its console line is not a mistake in a script.
        refused = ("Failed to load resource", "WebSocket connection to")
        if message.type == "error" and not message.text.startswith(refused):
            complaints.append(message.text)

    def open_page(person: Person | None = None, **options: Any) -> Page:
        usual = {"base_url": site.url, "locale": "en-GB", "timezone_id": "UTC", "service_workers": "block"}
        context = browser.new_context(**usual | options)
        contexts.append(context)
        if person:
            context.add_cookies([session_cookie(person, site)])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        return page

    yield open_page
    for context in contexts:
        # What a page sends when it is left, a draft above all, would come while the database is emptied.
        context.set_offline(True)
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A visitor who is not signed in."""
    return open_page()


def session_cookie(person: Person, site: Site) -> Any:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": site.url,
    }
