"""A participant's whole job by keyboard alone, and at the size of a phone by touch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import PASSWORD, Cast
from tests.e2e.browser import OpenPage
from tests.e2e.pages import press
from tests.e2e.stack import Site, eventually
from threads.models import Draft, Favourite, Post, Vote

pytestmark = [pytest.mark.e2e]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
STEPS_MAX = 80

# Whether who looks at the page can tell where the focus is: an outline, or an edge that another field has not.
SHOWS = """() => {
  const seen = (element, pseudo) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element, pseudo);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  };
  const at = document.activeElement;
  return at !== document.body && (seen(at) || seen(at, "::after") || seen(at.closest(".choice") ?? at));
}"""


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Presses Tab until the target has the focus; at each stop on the way it must be plain to see where it is."""
    for _ in range(STEPS_MAX):
        page.keyboard.press(key)
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(SHOWS), f"nothing shows the focus at {where}"
        if target.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"not reached by {STEPS_MAX} tabs: {target}")


def press_on(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def test_the_whole_job_by_keyboard_alone(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    cast.reply(idea, by=cast.fay, body="A second lamp, too.")
    page = open_page()
    _come_in(page)
    _start_an_idea(page)
    _answer_and_vote(page, idea)
    _find_and_look_through(page)
    _leave(page)
    assert {post.author.name for post in Post.objects.filter(parent=None)} == {"Ana", "Zoe"}
    assert Vote.objects.get().value == 1
    assert Favourite.objects.count() == 1


def _come_in(page: Page) -> None:
    page.goto("/jams/tides/")
    press_on(page, page.get_by_role("link", name="Sign in").last)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    tab_to(page, page.locator("input[type=email]"))
    page.keyboard.type("zoe@example.org")
    tab_to(page, page.locator("input[type=password]"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Join this jam")).to_be_visible()
    press_on(page, page.get_by_role("button", name="Join this jam"))
    expect(page.get_by_role("button", name="Join this jam")).to_have_count(0)


def _start_an_idea(page: Page) -> None:
    press(page, "j")
    expect(page.get_by_role("link", name="Harbour")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour")
    press_on(page, page.locator("#start > summary"))
    expect(page.get_by_label("Your idea in one line")).to_be_focused()
    page.keyboard.type("A bell for fog")
    tab_to(page, page.get_by_label("Say more"))
    page.keyboard.type("So that boats hear home.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A bell for fog")


def _answer_and_vote(page: Page, idea: Post) -> None:
    press(page, "g", "h")
    expect(page.get_by_role("heading", name="Forums")).to_be_visible()
    tab_to(page, page.locator(f".home-ideas [data-thread='{idea.thread_id}'] .row-link").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A lamp on the pier")
    press(page, "j")
    expect(page.locator(f"#post-{idea.pk}")).to_be_focused()
    for key, path in (("v", "/vote/"), ("f", "/favourite/")):
        with page.expect_response(lambda answer, path=path: path in answer.url):  # type: ignore[misc]
            press(page, key)
    press(page, "j", "r")
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("Both would do.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".post:focus")).to_contain_text("Both would do.")
    press(page, "r")
    page.keyboard.type("And half a thou")
    eventually(lambda: Draft.objects.filter(body="And half a thou").exists(), what="it is kept as a draft")
    page.keyboard.press("Escape")


def _find_and_look_through(page: Page) -> None:
    press(page, "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search this jam")
    tab_to(page, page.locator("#content input[type=search], #content [name=q]").first)
    page.keyboard.type("lamp")
    page.keyboard.press("Enter")
    expect(page.locator(".finds .row-link").first).to_be_visible()
    press(page, "j")
    expect(page.locator(".finds .row-link").first).to_be_focused()
    press(page, "g", "c")
    expect(page).to_have_url(re.compile(r"/catch-up/$"))
    press(page, "g", "m")
    expect(page.get_by_role("heading", level=1)).to_have_text("My jam")
    press_on(page, page.get_by_role("link", name="Drafts"))
    expect(page.get_by_text("And half a thou")).to_be_visible()


def _leave(page: Page) -> None:
    tab_to(page, page.locator(".menu > summary").last, key="Shift+Tab")
    page.keyboard.press("Enter")
    press_on(page, page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_a_phone_is_enough(site: Site, open_page: OpenPage, cast: Cast) -> None:
    """Write, vote and catch up by touch, with targets that a finger meets and nothing that runs out of the view."""
    idea = cast.idea(by=cast.ana)
    reply = cast.reply(idea, by=cast.fay, body="A second lamp, too.")
    page = open_page(cast.ben.person, **PHONE)
    page.goto(f"/jams/tides/forums/{cast.harbour.pk}/")
    page.locator("#start > summary").tap()
    page.get_by_label("Your idea in one line").fill("A bell for fog")
    page.get_by_label("Say more").fill("So that boats hear home.")
    page.get_by_role("button", name="Post idea").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("A bell for fog")
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    agree = page.locator(f"#post-{reply.pk} button.vote-agree")
    agree.tap()
    expect(agree).to_have_attribute("aria-pressed", "true")
    page.locator(f"#post-{reply.pk} .post-reply").tap()
    page.get_by_label("Your reply").fill("Both would do.")
    page.get_by_role("button", name="Post reply").tap()
    expect(page.locator(".tree .prose").last).to_have_text("Both would do.")
    cast.reply(idea, by=cast.fay, body="Written while away.")
    page.goto("/jams/tides/catch-up/")
    expect(page.get_by_text("Written while away.").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert Post.objects.get(parent=reply).author == cast.ben
    assert Vote.objects.get().post == reply
