"""Turning messages on for a device, and what its worker does with one.

A headless Chromium has no push service, so the browser's own part of a subscription is stood in for.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from notifications.domain import devices
from notifications.models import PushSubscription
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually
from tests.notifications.push_service import Browser

pytestmark = [pytest.mark.e2e]

ENDPOINT = "https://push.example.org/send/one"
# What Chromium would do with its maker's service: a subscription with the key that the page gives.
STAND_IN = """
    (keys) => {
      let kept = null;
      const manager = {
        getSubscription: async () => kept,
        subscribe: async ({ userVisibleOnly, applicationServerKey }) => {
          if (!userVisibleOnly || applicationServerKey.length !== 65) throw new TypeError("as a browser says it");
          kept = {
            options: { applicationServerKey: applicationServerKey.buffer },
            toJSON: () => keys,
            endpoint: keys.endpoint,
            unsubscribe: async () => { kept = null; return true; },
          };
          return kept;
        },
      };
      Object.defineProperty(ServiceWorkerRegistration.prototype, "pushManager", { get: () => manager });
      Object.defineProperty(Notification, "permission", { get: () => "granted" });
      Notification.requestPermission = async () => keys.permission ?? "granted";
    }
"""


def settings_page(page: Page, **more: str) -> None:
    fields = Browser().fields(ENDPOINT)
    keys = {"endpoint": ENDPOINT, "keys": {"p256dh": fields["p256dh"], "auth": fields["auth"]}, **more}
    page.add_init_script(f"({STAND_IN})({json.dumps(keys)})")
    page.goto("/notifications/settings/")


def test_a_device_is_turned_on_and_off_by_keyboard(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person, service_workers="allow")
    settings_page(page)
    on = page.get_by_role("button", name="Get messages on this device")
    expect(page.locator("[data-push-state]")).to_have_text("This device gets no messages.")
    on.focus()
    page.keyboard.press("Enter")
    off = page.get_by_role("button", name="End messages on this device")
    expect(off).to_be_focused()
    expect(page.locator("[data-push-state]")).to_have_text("This device gets messages.")
    device = PushSubscription.objects.get()
    assert (device.person, device.endpoint) == (cast.ana.person, ENDPOINT)
    page.keyboard.press("Enter")
    expect(on).to_be_focused()
    eventually(lambda: not PushSubscription.objects.exists())


def test_who_does_not_allow_it_is_told(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person, service_workers="allow")
    settings_page(page, permission="denied")
    page.get_by_role("button", name="Get messages on this device").click()
    expect(page.locator("[data-push-state]")).to_contain_text("Your browser does not allow it.")
    assert not PushSubscription.objects.exists()


def test_signing_out_ends_it(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person, service_workers="allow")
    settings_page(page)
    page.get_by_role("button", name="Get messages on this device").click()
    expect(page.get_by_role("button", name="End messages on this device")).to_be_visible()
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(site.url + "/")
    assert not PushSubscription.objects.exists()


def test_without_scripts_there_is_a_word_and_a_way_out(site: Site, open_page: OpenPage, cast: Cast) -> None:
    devices.add(person=cast.ana.person, **Browser().fields(ENDPOINT))
    page = open_page(cast.ana.person, java_script_enabled=False)
    page.goto("/notifications/settings/")
    expect(page.get_by_text("your browser has to allow scripts")).to_be_visible()
    page.get_by_role("button", name="End messages on your 1 device").click()
    expect(page.get_by_role("status").first).to_contain_text("No device gets messages any more.")
    assert not PushSubscription.objects.exists()


# --- the worker ---

# Hands the worker's own listener an event as a browser makes one, and answers what it showed and opened.
DELIVER = """
    async (said) => {
      const done = [];
      const deliver = (name, more) => dispatchEvent(Object.assign(new Event(name), {
        waitUntil: (work) => done.push(work), ...more }));
      const shown = [], opened = [];
      registration.showNotification = async (title, options) => { shown.push({ title, ...options }); };
      clients.openWindow = async (url) => { opened.push(String(url)); };
      deliver("push", { data: { json: () => said } });
      await Promise.all(done);
      deliver("notificationclick", { notification: { close() {}, data: shown[0].data } });
      await Promise.allSettled(done);
      return { shown, opened };
    }
"""


def delivered(page: Page, **said: str) -> dict[str, list[Any]]:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    (worker,) = page.context.service_workers
    found: dict[str, list[Any]] = worker.evaluate(DELIVER, said)
    return found


def test_the_worker_shows_what_came_and_opens_what_it_is_about(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person, service_workers="allow")
    page.goto("/jams/tides/")
    done = delivered(
        page, title="The tides jam", body="Ben replied", path="/notifications/7/", at="/jams/tides/posts/9/",
        tag="told-7", lang="ar", dir="rtl",
    )  # fmt: skip
    (shown,) = done["shown"]
    assert (shown["title"], shown["body"], shown["tag"]) == ("The tides jam", "Ben replied", "told-7")
    assert (shown["lang"], shown["dir"]) == ("ar", "rtl")
    assert shown["icon"].startswith("/static/icons/app-192")
    assert done["opened"] == [site.url + "/notifications/7/"]


def test_a_message_leads_to_no_other_site(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person, service_workers="allow")
    page.goto("/jams/tides/")
    for path in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        done = delivered(page, title="x", path=path, at=path)
        assert done["opened"] == [site.url + "/"]


def test_a_tab_that_is_there_is_shown_and_none_is_opened(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person, service_workers="allow")
    page.goto("/jams/tides/")
    assert delivered(page, title="x", path="/notifications/7/", at="/jams/tides/")["opened"] == []
