"""The bell of an open page, and following with one press."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from notifications.models import Notification
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually
from threads.domain import follows, telling
from threads.domain.follows import Thing

pytestmark = [pytest.mark.e2e]


def test_a_reply_in_one_browser_rings_in_the_other(working_site: Site, open_page: OpenPage, cast: Cast) -> None:
    """By the worker and its clock, through the jam's line: nobody loads a page."""
    idea, elsewhere = cast.idea(), cast.idea(by=cast.fay, subject="A bench")
    telling.tell_all()
    ana, ben = open_page(cast.ana.person), open_page(cast.ben.person)
    ana.goto(f"/jams/tides/threads/{elsewhere.thread_id}/")
    bell = ana.get_by_role("link", name="Notifications")
    expect(bell).to_have_accessible_name("Notifications")
    ben.goto(f"/jams/tides/threads/{idea.thread_id}/")
    ben.locator(".node-idea .post-reply").first.click()
    ben.get_by_label("Your reply").fill("And one on the mole.")
    ben.get_by_role("button", name="Post reply").click()
    expect(bell).to_have_accessible_name("Notifications, 1 new")
    said = ana.locator("[data-bell-status]")
    expect(said).to_have_text("\u2068Ben\u2069 replied to you in “\u2068A lamp on the pier\u2069”")
    expect(ben.get_by_role("link", name="Notifications")).to_have_accessible_name("Notifications")
    bell.click()
    ana.get_by_role("link", name="replied to you").click()
    expect(ana.get_by_text("And one on the mole.")).to_be_visible()
    assert Notification.objects.get(member=cast.ana).seen_at is not None
    expect(bell).to_have_accessible_name("Notifications")


def test_what_is_read_where_it_was_written_is_no_news(site: Site, open_page: OpenPage, cast: Cast) -> None:
    reply = cast.reply(cast.idea())
    telling.tell_all()
    page = open_page(cast.ana.person)
    page.goto(f"/jams/tides/threads/{reply.thread_id}/")
    bell = page.get_by_role("link", name="Notifications")
    page.locator(f"#post-{reply.pk}").scroll_into_view_if_needed()
    expect(bell).to_have_accessible_name("Notifications")
    assert Notification.objects.get(member=cast.ana).seen_at is not None


def test_one_press_follows_and_another_does_not(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    thing = Thing(thread=idea.thread)
    page = open_page(cast.omar.person)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    button = page.locator("button[data-follow]")
    for pressed, words in (("true", "Following this thread"), ("false", "Follow this thread")):
        button.click()
        expect(button).to_have_attribute("aria-pressed", pressed)
        expect(button).to_have_accessible_name(words)
        eventually(lambda pressed=pressed: follows.follows_one(cast.omar, thing) is (pressed == "true"))


def test_all_of_it_without_scripts(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.omar.person, java_script_enabled=False)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    page.get_by_role("button", name="Follow this thread").click()
    expect(page.get_by_role("button", name="Following this thread")).to_be_visible()
    cast.reply(idea)
    telling.tell_all()
    page.goto("/notifications/")
    page.get_by_role("button", name="Mark all as seen").click()
    expect(page.get_by_role("button", name="Mark all as seen")).to_have_count(0)
    page.get_by_role("link", name="How you hear of things").first.click()
    page.get_by_label("By mail: Something is written in a thread that you follow").select_option("daily")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_contain_text("saved")
