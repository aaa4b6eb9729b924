"""The keys: where they lead, whom they leave alone, and the sheet that names those that work here."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from jam.models import Voting
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.pages import press
from tests.e2e.stack import Site
from threads.models import Favourite, Post, Vote

pytestmark = [pytest.mark.e2e]


def open_thread(page: Page, post: Post) -> None:
    page.goto(f"/jams/{post.jam.slug}/threads/{post.thread_id}/")
    expect(page.locator(f"#post-{post.pk}")).to_be_attached()


def test_a_thread_is_read_answered_and_voted_on_by_keys(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    first = cast.reply(idea, by=cast.ana)
    under = cast.reply(first, by=cast.ana)
    page = open_page(cast.ben.person)
    open_thread(page, idea)
    press(page, "j", "j")
    expect(page.locator(f"#post-{first.pk}")).to_be_focused()
    with page.expect_response(lambda answer: "/vote/" in answer.url):
        press(page, "d")
    with page.expect_response(lambda answer: "/vote/" in answer.url):
        press(page, "v")
    with page.expect_response(lambda answer: "/favourite/" in answer.url):
        press(page, "f")
    assert Vote.objects.get(member=cast.ben).value == 1
    assert Favourite.objects.get(member=cast.ben).post_id == first.pk
    press(page, "e")
    expect(page.locator(f"#post-{under.pk}")).to_be_hidden()
    press(page, "e", "j")
    expect(page.locator(f"#post-{under.pk}")).to_be_focused()
    press(page, "r")
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("just jot it")
    press(page, "Escape")
    expect(page.locator(f"#post-{under.pk}")).to_be_focused()
    press(page, "r", "Control+Enter")
    expect(page.locator(".post:focus .prose")).to_have_text("just jot it")
    assert Post.objects.get(parent=under).author == cast.ben


def test_new_posts_are_gone_through_one_by_one(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    old = cast.reply(idea, by=cast.ben)
    first = cast.reply(old, by=cast.ana)
    cast.reply(idea, by=cast.ben)
    last = cast.reply(idea, by=cast.fay)
    page = open_page(cast.ben.person)
    open_thread(page, idea)
    page.locator(f"#post-{old.pk}").focus()
    press(page, "e", "n")
    expect(page.locator(f"#post-{first.pk}")).to_be_focused()
    press(page, "n")
    expect(page.locator(f"#post-{last.pk}")).to_be_focused()


def test_rows_are_gone_through_and_opened(site: Site, open_page: OpenPage, cast: Cast) -> None:
    ideas = [cast.idea(subject=f"Lamp {number}") for number in range(3)]
    page = open_page(cast.ben.person)
    page.goto(f"/jams/tides/forums/{cast.harbour.pk}/?sort=new")
    press(page, "j", "j")
    expect(page.get_by_role("link", name="Lamp 1")).to_be_focused()
    with page.expect_response(lambda answer: "/vote/" in answer.url):
        press(page, "p")
    assert Vote.objects.get().post == ideas[1]
    press(page, "k", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lamp 2")
    page.wait_for_load_state()
    press(page, "g", "f")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour")
    page.wait_for_load_state()
    press(page, "g", "h")
    expect(page).to_have_url(f"{site.url}/jams/tides/")
    page.wait_for_load_state()
    press(page, "/")
    expect(page.locator("#home-find")).to_be_focused()
    page.keyboard.type("j/?")
    expect(page.locator("#home-find")).to_have_value("j/?")


def test_the_sheet_names_what_works_here_and_nothing_else(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.ben.person)
    open_thread(page, idea)
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    expect(sheet).to_contain_text("Disagree, or take it back")
    expect(sheet).not_to_contain_text("Upvote")
    press(page, "j")
    expect(sheet).to_be_visible()
    press(page, "Escape")
    expect(sheet).to_be_hidden()
    cast.jam.voting = Voting.UPVOTE
    cast.jam.save()
    page.reload()
    press(page, "?")
    expect(sheet).to_contain_text("Upvote, or take it back")
    expect(sheet).not_to_contain_text("Disagree")
    page.goto("/")
    press(page, "?")
    expect(sheet).not_to_contain_text("Reply")


def test_keys_can_be_switched_off_and_on_again(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.ben.person)
    open_thread(page, idea)
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Keys work on this device").uncheck()
    press(page, "Escape")
    page.reload()
    press(page, "j")
    expect(page.locator(f"#post-{idea.pk}")).not_to_be_focused()
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Keys work on this device").check()
    press(page, "Escape", "j")
    expect(page.locator(f"#post-{idea.pk}")).to_be_focused()


def test_keys_leave_other_hands_alone(site: Site, open_page: OpenPage, cast: Cast) -> None:
    """With a modifier they are the browser's; on a layout without Latin letters they lie where they lie."""
    idea = cast.idea()
    page = open_page(cast.ben.person)
    open_thread(page, idea)
    post = page.locator(f"#post-{idea.pk}")
    for modifier in ("ctrlKey", "metaKey", "altKey", "shiftKey"):
        page.evaluate(
            "(name) => document.body.dispatchEvent(new KeyboardEvent('keydown', "
            "{key: 'j', code: 'KeyJ', bubbles: true, [name]: true}))",
            modifier,
        )
    expect(post).not_to_be_focused()
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))")
    expect(post).to_be_focused()
