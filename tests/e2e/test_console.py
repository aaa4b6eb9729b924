"""The console in a browser: a shift by keys alone, two facilitators at once, nothing moves under the hand, a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from jam.models import Announcement
from moderation.domain import handling
from moderation.domain.handling import Matter
from moderation.models import Handling
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.pages import press, wait_until_heard
from tests.e2e.stack import Site, eventually
from tests.e2e.test_hands import PHONE
from threads.domain import highlights
from threads.models import Connection, Post, PostStatus, Thread

pytestmark = [pytest.mark.e2e]


def open_console(page: Page, cast: Cast, query: str = "") -> None:
    page.goto(f"/jams/{cast.jam.slug}/console/{query}")
    expect(page.locator("[data-console][data-ready]")).to_be_attached()


def column(page: Page, name: str) -> Locator:
    return page.locator(f"[data-column={name}]")


def row(page: Page, name: str, post: Post) -> Locator:
    return column(page, name).locator(f".console-row[data-key='{post.pk}']")


def titles(part: Locator) -> list[str]:
    return part.locator(".row-link").all_text_contents()


def test_a_shift_by_keys_alone(site: Site, open_page: OpenPage, cast: Cast) -> None:
    ideas = [cast.idea(subject=subject) for subject in ("A bench", "A ferry", "A crane")]
    page = open_page(cast.fay.person)
    open_console(page, cast)
    press(page, "j")
    expect(row(page, "stream", ideas[2]).locator(".row-link")).to_be_focused()
    press(page, "b")
    expect(row(page, "stream", ideas[2]).locator(".badge-best")).to_be_visible()
    press(page, "j", "e")
    expect(row(page, "stream", ideas[1]).locator(".badge-emerging")).to_be_visible()
    press(page, "e")
    expect(row(page, "stream", ideas[1]).locator(".badge-emerging")).to_have_count(0)
    assert highlights.kinds_of([idea.pk for idea in ideas]) == {ideas[2].pk: "best"}
    press(page, "l")
    expect(column(page, "waiting").locator(".row-link:focus")).to_have_count(1)
    press(page, "k", "k", "c")
    expect(row(page, "waiting", ideas[0]).locator(".badge-handled")).to_have_text("You handle this")
    press(page, "r")
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("jot it down")
    press(page, "Control+Enter")
    expect(page.locator(".console-panel")).to_have_count(0)
    assert Post.objects.get(parent=ideas[0]).body == "jot it down"
    press(page, "h", "q")
    page.keyboard.type("Who has done this before?")
    press(page, "Control+Enter")
    expect(page.locator(".console-panel")).to_have_count(0)
    assert Post.objects.get(is_prompt=True).author == cast.fay
    press(page, "a")
    page.keyboard.type("Lunch is at one.")
    press(page, "Control+Enter")
    expect(page.locator(".console-panel")).to_have_count(0)
    assert Announcement.objects.get().forum == cast.harbour
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("At a row of the console")


def test_a_post_is_hidden_pinned_locked_and_connected_by_keys(site: Site, open_page: OpenPage, cast: Cast) -> None:
    one, other = cast.idea(subject="A bench"), cast.idea(subject="A ferry")
    page = open_page(cast.fay.person)
    open_console(page, cast)
    press(page, "j", "p")
    expect(row(page, "stream", other)).to_have_attribute("data-pinned", "")
    press(page, "s")
    expect(page.get_by_role("status").filter(has_text="Now go to the other thread")).to_be_visible()
    press(page, "j", "s")
    eventually(lambda: Connection.objects.filter(one=one.thread, other=other.thread).exists())
    press(page, "z")
    expect(row(page, "stream", one)).to_have_attribute("data-locked", "")
    assert Thread.objects.get(pk=one.thread_id).locked_at is not None
    press(page, "x")
    page.keyboard.type("spam")
    press(page, "Enter")
    eventually(lambda: Post.objects.get(pk=one.pk).status == PostStatus.HIDDEN)
    assert Thread.objects.get(pk=other.thread_id).pinned_at is not None


def test_each_of_two_sees_what_the_other_handles_and_is_warned_once(
    site: Site, open_page: OpenPage, cast: Cast
) -> None:
    idea = cast.idea()
    fay, ada = open_page(cast.fay.person), open_page(cast.ada.person)
    for page in (fay, ada):
        open_console(page, cast)
    press(fay, "j", "c")
    expect(row(ada, "stream", idea).locator(".badge-handled")).to_have_text("Fay handles this")
    expect(column(ada, "people")).to_contain_text("Fay: A lamp on the pier")
    press(ada, "j", "b")
    expect(ada.get_by_text("Fay handles this. Press again to go on all the same.")).to_be_visible()
    assert highlights.kinds_of([idea.pk]) == {}
    press(ada, "b")
    for page in (ada, fay):
        expect(row(page, "stream", idea).locator(".badge-best")).to_be_visible()
    press(ada, "c")
    eventually(lambda: Handling.objects.get().member == cast.ada)
    expect(row(fay, "stream", idea).locator(".badge-handled")).to_have_text("Ada handles this")


def test_what_is_new_waits_where_the_hand_is_and_shows_elsewhere(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.fay.person)
    open_console(page, cast)
    press(page, "j")
    new = cast.idea(subject="A ferry")
    expect(row(page, "waiting", new)).to_be_visible()
    stream = column(page, "stream")
    expect(stream.get_by_role("button", name="1 new")).to_be_visible()
    assert titles(stream) == ["A lamp on the pier"]
    expect(row(page, "stream", idea).locator(".row-link")).to_be_focused()
    cast.reply(idea, body="A bell would do.")
    expect(stream.get_by_role("button", name="2 new")).to_be_visible()
    # What stands there says what is true meanwhile.
    expect(row(page, "stream", idea)).to_contain_text("1 reply")
    press(page, "u")
    expect(stream.locator(".row-link")).to_have_text(["A bell would do.", "A ferry", "A lamp on the pier"])


def test_the_columns_become_those_of_the_fresh_page(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.fay.person)
    open_console(page, cast)
    for member in (cast.ana, cast.ben, cast.ada):
        cast.reply(idea, by=member)
    highlights.highlight(member=cast.ada, post=idea, kind="emerging")
    handling.claim(member=cast.ada, matter=Matter.of_thread(cast.idea(subject="A ferry")))
    wait_until_heard(page, cast.jam)
    expect(column(page, "growing").locator(".row-link")).to_have_text(["A lamp on the pier"])
    expect(column(page, "people")).to_contain_text("Ada: A ferry")
    fresh = page.context.new_page()
    open_console(fresh, cast)
    for name in ("stream", "waiting", "growing", "cases"):
        expect(column(page, name).locator(".row-link")).to_have_text(titles(column(fresh, name)))


def test_a_filter_shows_at_once_and_is_in_the_address(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    cast.reply(idea)
    page = open_page(cast.fay.person)
    open_console(page, cast)
    page.get_by_label("Ideas only").check()
    expect(column(page, "stream").locator(".row-link")).to_have_text(["A lamp on the pier"])
    assert "ideas=1" in page.url
    page.reload()
    expect(page.get_by_label("Ideas only")).to_be_checked()
    expect(column(page, "stream").locator(".row-link")).to_have_text(["A lamp on the pier"])


def test_on_a_phone_by_touch(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.fay.person, **PHONE)
    open_console(page, cast)
    expect(column(page, "waiting")).to_be_hidden()
    page.get_by_role("link", name="Waits 1").tap()
    expect(column(page, "waiting")).to_be_visible()
    expect(column(page, "stream")).to_be_hidden()
    row(page, "waiting", idea).get_by_role("link", name="Act").tap()
    page.get_by_role("button", name="Best").tap()
    expect(row(page, "waiting", idea).locator(".badge-best")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_a_page_does_it(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.fay.person, java_script_enabled=False)
    page.goto(f"/jams/{cast.jam.slug}/console/?forum={cast.harbour.pk}")
    row(page, "waiting", idea).get_by_role("link", name="Act").click()
    page.get_by_role("button", name="Highlight as one of the best").click()
    expect(page.get_by_text("Highlighted as one of the best.")).to_be_visible()
    assert highlights.kinds_of([idea.pk]) == {idea.pk: "best"}
