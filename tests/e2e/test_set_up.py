"""A jam is set up from nothing with the keyboard, on a phone; what a change means is said; a preview writes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jam.models import Jam, OpeningPrompt, PlannedPoll
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually
from threads.models import Post

pytestmark = [pytest.mark.e2e]
PHONE = {"viewport": {"width": 390, "height": 844}}
MOST_PRESSES = 60


def tab_to(page: Page, label: str) -> None:
    """Presses Tab until what has this name has the focus, and finds it in view and not under the bar of buttons."""
    for _ in range(MOST_PRESSES):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const here = document.activeElement;
                const labels = [...(here.labels || [])].map((label) => label.innerText).join(" ");
                return (here.getAttribute("aria-label") || labels || here.innerText || "").replace(/\\s+/g, " ").trim();
            }"""
        )
        if found.startswith(label):
            return
    raise AssertionError(f"{MOST_PRESSES} tabs do not lead to “{label}”, but to “{found}”.")


def write(page: Page, label: str, words: str) -> None:
    tab_to(page, label)
    page.keyboard.type(words)


def no_wider_than_the_view(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def test_a_jam_is_set_up_from_nothing_by_keyboard_on_a_phone(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.sid, **PHONE)
    page.goto(f"{site.url}/new/")
    write(page, "Title", "The old harbour")
    page.keyboard.press("Enter")

    page.wait_for_url("**/jams/the-old-harbour/setup/forums/")
    no_wider_than_the_view(page)
    write(page, "Title", "Water")
    write(page, "Question", "Who may swim?")
    tab_to(page, "Opening prompt")
    page.keyboard.press("Enter")
    write(page, "Its subject", "Begin here")
    write(page, "What it says", "What about the pier?")
    tab_to(page, "Save and go on")
    page.keyboard.press("Enter")

    page.wait_for_url("**/setup/schedule/")
    no_wider_than_the_view(page)
    opens, closes = timezone.now() + timedelta(days=2), timezone.now() + timedelta(days=4)
    for label, at in (("Opens", opens), ("Closes", closes)):
        tab_to(page, label)
        page.keyboard.type(f"{at:%m%d%Y}")
        page.keyboard.press("Tab")
        page.keyboard.type(f"{at:%I%M%p}")
    tab_to(page, "Save and go on")
    page.keyboard.press("Enter")

    page.wait_for_url("**/setup/people/")
    no_wider_than_the_view(page)
    tab_to(page, "Only people who were invited")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    tab_to(page, "Save and go on")
    page.keyboard.press("Enter")

    for step in ("look", "rules"):
        page.wait_for_url(f"**/setup/{step}/")
        no_wider_than_the_view(page)
        tab_to(page, "Save and")
        page.keyboard.press("Enter")

    page.wait_for_url("**/jams/the-old-harbour/setup/")
    no_wider_than_the_view(page)
    expect(page.get_by_role("listitem").filter(has_text="There is no second admin")).to_be_visible()
    tab_to(page, "Publish")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jams/the-old-harbour/")
    jam = Jam.objects.get(slug="the-old-harbour")
    assert jam.published_at is not None
    assert jam.opens_at is not None
    assert abs(jam.opens_at - opens) < timedelta(minutes=1)
    assert (jam.door, [forum.title for forum in jam.forums.all()]) == ("account", ["Water"])
    assert OpeningPrompt.objects.get().subject == "Begin here"


def test_going_back_loses_nothing_that_was_saved(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ada.person)
    page.goto(f"{site.url}/jams/tides/setup/words/")
    page.get_by_label("Question").fill("What first?")
    page.get_by_role("button", name="Save and go on").last.click()
    page.wait_for_url("**/setup/forums/")
    page.get_by_role("link", name="Back to Words").click()
    expect(page.get_by_label("Question")).to_have_value("What first?")


def test_what_a_change_means_is_read_before_it_is_made(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.fay.person)
    page.goto(f"{site.url}/jams/tides/setup/rules/")
    page.get_by_label("Minutes to change a post").fill("0")
    page.get_by_role("button", name="Save and check").last.click()
    said = page.get_by_role("alert").filter(has_text="Nobody can change what they posted any more.")
    expect(said).to_be_focused()
    assert Jam.objects.get(pk=cast.jam.pk).edit_minutes == 15
    page.get_by_role("button", name="Make this change").click()
    page.wait_for_url("**/jams/tides/setup/")
    assert Jam.objects.get(pk=cast.jam.pk).edit_minutes == 0


def test_a_preview_shows_a_participants_page_and_writes_nothing(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.fay.person)
    page.goto(f"{site.url}/jams/tides/setup/")
    page.get_by_role("button", name="See it as a participant").click()
    page.wait_for_url("**/jams/tides/")
    expect(page.get_by_text("You see this jam as a participant does.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Running this jam")).to_have_count(0)
    page.goto(f"{site.url}/jams/tides/threads/{idea.thread_id}/")
    page.get_by_role("button", name="Agree").first.click()
    expect(page.get_by_text("nothing is written here").first).to_be_visible()
    idea.refresh_from_db()
    assert idea.agree_count == 0
    page.get_by_role("button", name="End the preview").click()
    expect(page.get_by_role("navigation", name="Running this jam")).to_be_visible()


def test_prompts_and_polls_come_by_themselves(working_site: Site, cast: Cast) -> None:
    """With a worker and its clock, and nobody there."""
    OpeningPrompt.objects.create(forum=cast.harbour, by=cast.fay, subject="Begin here", body="What about the pier?")
    PlannedPoll.objects.create(
        jam=cast.jam, by=cast.fay, question="Which?", choices=["One", "Two"], starts_at=timezone.now()
    )
    eventually(lambda: Post.objects.filter(subject="Begin here").exists(), within=20)
    eventually(lambda: cast.jam.polls.filter(question="Which?").exists(), within=20)
