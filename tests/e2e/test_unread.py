"""What is new, in several open tabs of one reader: the numbers rise, fall and agree."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually
from threads.domain import reading
from threads.models import Post

pytestmark = [pytest.mark.e2e]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def has_new(page: Page, count: int) -> None:
    expect(page).to_have_title(re.compile(rf"^\({count}\) " if count else r"^(?!\()"))


def new_in_forum(page: Page, cast: Cast) -> object:
    return page.locator(f".forums [data-forum='{cast.harbour.pk}'] [data-new]")


def long_thread(cast: Cast, replies: int = 12) -> tuple[Post, list[Post]]:
    idea = cast.idea(by=cast.fay)
    return idea, [cast.reply(idea, body=f"Reply {number}. " + "word " * 120) for number in range(replies)]


def test_numbers_rise_and_fall_together_in_all_tabs(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea, replies = long_thread(cast)
    home = open_page(cast.ana.person)
    home.goto("/jams/tides/")
    forum, thread = home.context.new_page(), home.context.new_page()
    forum.goto(f"/jams/tides/forums/{cast.harbour.pk}/")
    for page in (home, forum):
        has_new(page, 13)
    expect(new_in_forum(home, cast)).to_have_text("13 new")
    row = forum.locator(f".idea[data-thread='{idea.thread_id}']")
    expect(row.locator("[data-new]")).to_have_text("13 new")
    cast.reply(idea, by=cast.fay)
    cast.reply(idea, by=cast.ana)
    for page in (home, forum):
        has_new(page, 14)
    expect(new_in_forum(home, cast)).to_have_text("14 new")
    expect(row.locator("[data-new]")).to_have_text("14 new")
    # What comes into view is new no longer, and the other tabs hear of it.
    thread.goto(f"/jams/tides/threads/{idea.thread_id}/")
    thread.locator(f"#post-{replies[-1].pk}").scroll_into_view_if_needed()
    expect(thread.locator(f"#post-{replies[-1].pk}").locator("..")).to_have_class(re.compile("was-unread"))
    eventually(lambda: reading.unread(cast.ana).total < 14)
    left = eventually(lambda: steady(cast, thread))
    assert 0 < left < 14
    for page in (home, forum, thread):
        has_new(page, left)
    expect(new_in_forum(home, cast)).to_have_text(f"{left} new")
    expect(row.locator("[data-new]")).to_have_text(f"{left} new")
    # Nothing was called seen that was never in view.
    unseen = {
        int(pk)
        for pk in thread.evaluate(
            "[...document.querySelectorAll('[data-unread] > .post')].map((post) => post.dataset.postId)"
        )
    }
    assert reading.unread_posts(cast.ana, idea.thread, [post.pk for post in Post.objects.all()]) == unseen


def steady(cast: Cast, thread: Page) -> int:
    """How many are new, once the page has told all that it knows; 0 before."""
    shown = thread.locator("[data-unread]").count()
    found = reading.unread(cast.ana).total
    return found if found == shown else 0


def test_one_comes_back_to_the_first_new_post(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea, replies = long_thread(cast)
    reading.see(cast.ana, [idea.pk, *(post.pk for post in replies[:8])])
    page = open_page(cast.ana.person, **PHONE)
    page.goto(f"/jams/tides/forums/{cast.harbour.pk}/")
    page.get_by_role("link", name="A lamp on the pier").click()
    page.wait_for_url(re.compile(rf"#post-{replies[8].pk}$"))
    expect(page.locator(f"#post-{replies[8].pk}")).to_be_in_viewport()
    expect(page.locator(f"#post-{idea.pk}")).not_to_be_in_viewport()
    assert page.locator(".is-unread, .was-unread").count() == 4
    page.locator("body").press("Home")
    page.locator("[data-first-unread]").click()
    expect(page.locator(f"#post-{replies[8].pk}")).to_be_in_viewport()


def test_a_reply_that_waits_behind_the_pill_is_new_until_it_was_seen(
    site: Site, open_page: OpenPage, cast: Cast
) -> None:
    idea = cast.idea(by=cast.ana)
    page = open_page(cast.ana.person)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    has_new(page, 0)
    reply = cast.reply(idea)
    has_new(page, 1)
    page.get_by_role("button", name="1 new reply").click()
    expect(page.locator(f"#post-{reply.pk}")).to_be_in_viewport()
    has_new(page, 0)
    assert reading.unread(cast.ana).total == 0


def test_what_was_in_view_when_the_page_is_left_is_told(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    page = open_page(cast.ana.person)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    expect(page.locator(".was-unread")).to_have_count(1)
    page.goto("about:blank")
    eventually(lambda: reading.unread(cast.ana).total == 0)


def test_catching_up_by_keyboard_and_without_a_script(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea, _replies = long_thread(cast)
    page = open_page(cast.ana.person, java_script_enabled=False, **PHONE)
    page.goto("/jams/tides/")
    page.get_by_role("link", name="3 minutes").press("Enter")
    expect(page.locator(".story-title")).to_have_text(["A lamp on the pier"])
    page.get_by_role("button", name="Mark all as seen").press("Enter")
    expect(page.get_by_text("You are up to date")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_role("link", name="A lamp on the pier").press("Enter")
    page.get_by_role("button", name="Mark this page as read").press("Enter")
    expect(page.get_by_role("button", name="Mark this page as read")).to_have_count(0)
    page.wait_for_url(f"**/threads/{idea.thread_id}/")
    assert reading.unread(cast.ana).total == 0
