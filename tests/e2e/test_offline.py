"""Without a line: what was read can be read again, what is written waits and is sent once, and signing out forgets."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from tests.cast import Cast, close_by_clock
from tests.e2e.browser import OpenPage, session_cookie
from tests.e2e.stack import Site, eventually
from threads.models import Draft, Favourite, Post, Vote

pytestmark = [pytest.mark.e2e]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WORKS = "Boolean(navigator.serviceWorker.controller)"
KEPT = """caches.open('jam-pages').then((cache) => cache.keys())
  .then((keys) => keys.map(({ url }) => new URL(url).pathname))"""
WAITING = """new Promise((done) => {
  const open = indexedDB.open('jam-outbox');
  open.onsuccess = () => {
    const all = open.result.transaction('entries').objectStore('entries').getAll();
    all.onsuccess = () => done(all.result.length);
  };
})"""


def wait_for_worker(page: Page) -> None:
    eventually(lambda: page.evaluate(WORKS), what="the worker answers for the page")


def kept(page: Page) -> list[str]:
    paths: list[str] = page.evaluate(KEPT)
    return [path for path in paths if path != "/.reader"]


def read(page: Page, *paths: str) -> None:
    """Goes to each page, with a worker, and waits until it is kept."""
    page.goto(paths[0])
    wait_for_worker(page)
    for path in paths:
        page.goto(path)
        eventually(lambda path=path: path in kept(page), what=f"{path} is kept")  # type: ignore[misc]


def go_offline(page: Page, yes: bool = True) -> None:
    page.context.set_offline(yes)


def sign_in_as(page: Page, person: Person, site: Site) -> None:
    page.context.clear_cookies()
    page.context.add_cookies([session_cookie(person, site)])


def test_what_was_read_can_be_read_again_and_says_from_when(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    thread = f"/jams/tides/threads/{idea.thread_id}/"
    page = open_page(cast.ben.person, **PHONE, service_workers="allow")
    read(page, "/jams/tides/", thread)
    go_offline(page)
    page.goto(thread)
    expect(page.get_by_role("heading", level=1)).to_have_text("A lamp on the pier")
    expect(page.get_by_role("status").filter(has_text="You are offline")).to_have_text(
        re.compile(r"this is how it was at \d\d:\d\d\.")
    )
    page.goto(f"/jams/tides/forums/{cast.streets.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no connection")
    page.get_by_role("link", name="A lamp on the pier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A lamp on the pier")
    cast.reply(idea, by=cast.fay, body="Said meanwhile.")
    go_offline(page, False)
    expect(page.get_by_text("Said meanwhile.")).to_be_visible()
    expect(page.get_by_text("You are offline")).to_have_count(0)


def test_what_is_written_offline_is_sent_once_and_in_order(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea, other = cast.idea(), cast.idea(subject="A bench")
    page = open_page(cast.ben.person, **PHONE, service_workers="allow")
    thread = f"/jams/tides/threads/{idea.thread_id}/"
    read(page, thread)
    go_offline(page)
    page.goto(thread)
    page.locator(".node-idea .post-reply").click()
    for words in ("First thought", "Second thought"):
        page.get_by_label("Your reply").fill(words)
        page.get_by_role("button", name="Post reply").click()
        expect(page.locator("[data-composer-word]")).to_contain_text("is sent when you are back")
        expect(page.get_by_label("Your reply")).to_have_value("")
    for name in ("disagree", "agree"):
        page.locator(f"button.vote-{name}").first.click()
    page.get_by_role("button", name="Keep").first.click()
    expect(page.get_by_role("button", name="4 wait to be sent")).to_be_visible()
    page.get_by_role("button", name="4 wait to be sent").click()
    sheet = page.get_by_role("dialog", name="What waits to be sent")
    expect(sheet.get_by_role("listitem")).to_have_count(4)
    expect(sheet).to_contain_text("First thought")
    page.keyboard.press("Escape")
    assert not Post.objects.filter(parent=idea).exists()
    go_offline(page, False)
    eventually(Favourite.objects.exists, what="the last of what waited is sent")
    expect(page.locator(".outbox-opener")).to_be_hidden()
    bodies = list(Post.objects.filter(parent=idea).order_by("pk").values_list("body", flat=True))
    assert bodies == ["First thought", "Second thought"]
    assert Vote.objects.get().value == 1
    assert Favourite.objects.get().post == idea
    assert not Post.objects.filter(parent=other).exists()


def test_it_is_sent_after_the_tab_was_closed(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.ben.person, service_workers="allow")
    read(page, f"/jams/tides/threads/{idea.thread_id}/")
    go_offline(page)
    page.locator(".node-idea .post-reply").click()
    page.get_by_label("Your reply").fill("From a tunnel")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("button", name="1 waits to be sent")).to_be_visible()
    context = page.context
    page.close()
    context.set_offline(False)
    context.new_page().goto("/")
    eventually(lambda: Post.objects.filter(parent=idea).exists(), what="it is posted")
    assert Post.objects.filter(parent=idea).count() == 1


def test_two_tabs_send_it_once(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.ben.person, service_workers="allow")
    read(page, f"/jams/tides/threads/{idea.thread_id}/")
    other = page.context.new_page()
    other.goto(page.url)
    go_offline(page)
    page.locator(".node-idea .post-reply").click()
    page.get_by_label("Your reply").fill("Once")
    page.get_by_role("button", name="Post reply").click()
    for tab in (page, other):
        expect(tab.get_by_role("button", name="1 waits to be sent")).to_be_visible()
    go_offline(page, False)
    for tab in (page, other):
        expect(tab.locator(".outbox-opener")).to_be_hidden()
    assert Post.objects.filter(parent=idea).count() == 1


def test_a_jam_that_closed_meanwhile_keeps_the_text_in_the_drafts(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.ben.person, service_workers="allow")
    read(page, f"/jams/tides/threads/{idea.thread_id}/")
    go_offline(page)
    page.locator(".node-idea .post-reply").click()
    page.get_by_label("Your reply").fill("Too late by a tunnel")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("button", name="1 waits to be sent")).to_be_visible()
    close_by_clock(cast.jam)
    go_offline(page, False)
    page.get_by_role("button", name="1 was not taken").click()
    sheet = page.get_by_role("dialog", name="What waits to be sent")
    expect(sheet).to_contain_text("Your reply was not posted; it is kept in your drafts.")
    sheet.get_by_role("button", name="Put away").click()
    expect(page.locator(".outbox-opener")).to_be_hidden()
    assert Draft.objects.get(member=cast.ben).body == "Too late by a tunnel"
    assert not Post.objects.filter(parent=idea).exists()


def test_signing_out_forgets_what_was_read(site: Site, open_page: OpenPage, cast: Cast) -> None:
    cast.idea()
    page = open_page(cast.ben.person, service_workers="allow")
    read(page, "/jams/tides/")
    page.locator(".menu > summary").last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert kept(page) == []
    go_offline(page)
    page.goto("/jams/tides/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no connection")
    expect(page.get_by_text("No page is kept on this device.")).to_be_visible()


def test_another_person_finds_nothing_of_the_one_before(site: Site, open_page: OpenPage, cast: Cast) -> None:
    """Also where nobody signed out: a session that ended, a device that is shared."""
    idea = cast.idea()
    page = open_page(cast.ben.person, service_workers="allow")
    thread = f"/jams/tides/threads/{idea.thread_id}/"
    read(page, "/jams/tides/", thread)
    go_offline(page)
    page.locator(".node-idea .post-reply").click()
    page.get_by_label("Your reply").fill("Mine alone")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("button", name="1 waits to be sent")).to_be_visible()
    page.goto("about:blank")
    sign_in_as(page, cast.ana.person, site)
    go_offline(page, False)
    page.goto("/jams/tides/")
    eventually(lambda: kept(page) == ["/jams/tides/"], what="only her own page is kept")
    expect(page.locator(".outbox-opener")).to_have_count(0)
    eventually(lambda: page.evaluate(WAITING) == 0, what="nothing of his waits here")
    assert not Post.objects.filter(parent=idea).exists()


def test_what_is_not_to_be_kept_is_not(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person, service_workers="allow")
    read(page, "/jams/tides/")
    for path in ("me/feeds/", "me/posts/", "me/edit/", "me/drafts/"):
        page.goto(f"/jams/tides/{path}")
    page.goto("/jams/tides/me/")
    eventually(lambda: "/jams/tides/me/" in kept(page), what="the last page is kept")
    assert sorted(kept(page)) == ["/jams/tides/", "/jams/tides/me/"]


def test_at_most_thirty_pages_are_kept(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person, service_workers="allow")
    read(page, "/jams/tides/")
    paths = "Array.from({length: 32}, (_, n) => `/jams/tides/?n=${n}`)"
    for path in page.evaluate(paths):
        page.goto(path, wait_until="commit")
    page.goto("/jams/tides/me/")
    eventually(lambda: "/jams/tides/me/" in kept(page), what="the last page is kept")
    assert len(kept(page)) <= 30
