"""In a browser: a picture in a reply, a post that is changed while another reads it, one that is withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site
from tests.threads.pictures import encoded, from_a_phone
from threads.domain import editing
from threads.models import Image, Post, Revision

pytestmark = [pytest.mark.e2e]

LOADED = "(image) => image.complete && image.naturalWidth > 0"


def thread_of(post: Post) -> str:
    return f"/jams/tides/threads/{post.thread_id}/"


def open_reply(page: Page, idea: Post) -> None:
    page.goto(thread_of(idea))
    page.locator(".node-idea .post-reply").click()


def test_a_picture_is_chosen_described_and_seen(site: Site, open_page: OpenPage, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "pier.jpg").write_bytes(from_a_phone())
    idea = cast.idea(by=cast.ana)
    page, other = open_page(cast.ben.person), open_page(cast.ana.person)
    other.goto(thread_of(idea))
    open_reply(page, idea)
    page.get_by_label("Your reply").fill("Like this:")
    page.get_by_role("button", name="Picture").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("A picture").set_input_files(tmp_path / "pier.jpg")
    dialog.get_by_role("button", name="Add the picture").click()
    # Nothing is sent before there are words for it.
    expect(dialog.get_by_role("alert")).to_have_text("Say what the picture shows, for those who cannot see it.")
    dialog.get_by_label("What it shows").fill("A lamp [lit]")
    assert Axe().run(page).generate_report().startswith("Found 0")
    dialog.get_by_role("button", name="Add the picture").click()
    expect(dialog).to_be_hidden()
    field = page.get_by_label("Your reply")
    expect(field).to_be_focused()
    key = Image.objects.get().key
    expect(field).to_have_value(f"Like this:\n\n![A lamp \\[lit\\]](image:{key})\n")
    page.get_by_role("button", name="Post reply").click()
    picture = page.get_by_role("img", name="A lamp [lit]")
    expect(picture).to_be_visible()
    page.wait_for_function(LOADED, arg=picture.element_handle())
    assert picture.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [300, 400]
    # And by who has the thread open.
    other.locator("[data-pill] button").click()
    expect(other.get_by_role("img", name="A lamp [lit]")).to_be_visible()


def test_what_is_no_picture_is_told_in_the_dialog(site: Site, open_page: OpenPage, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "pier.png").write_bytes(b"<svg/>")
    page = open_page(cast.ben.person)
    open_reply(page, cast.idea(by=cast.ana))
    page.get_by_role("button", name="Picture").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("A picture").set_input_files(tmp_path / "pier.png")
    dialog.get_by_label("What it shows").fill("A lamp")
    dialog.get_by_role("button", name="Add the picture").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Send a JPEG, PNG, WebP or GIF.")
    expect(dialog.get_by_label("What it shows")).to_have_value("A lamp")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Your reply")).to_be_focused()


def test_a_picture_is_pasted(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person)
    open_reply(page, cast.idea(by=cast.ana))
    paste = """
        (field, bytes) => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([new Uint8Array(bytes)], "shot.png", { type: "image/png" }));
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }
    """
    page.get_by_label("Your reply").evaluate(paste, list(encoded()))
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("It only decorates").check()
    dialog.get_by_role("button", name="Add the picture").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Your reply")).to_have_value(f"![](image:{Image.objects.get().key})\n")


def test_a_change_shows_in_a_second_tab(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    reply = cast.reply(idea, by=cast.ben)
    page, other, forum = open_page(cast.ben.person), open_page(cast.ana.person), open_page(cast.fay.person)
    other.goto(thread_of(idea))
    forum.goto(f"/jams/tides/forums/{cast.harbour.pk}/")
    page.goto(thread_of(idea))
    page.get_by_role("link", name="Change your post").click()
    page.get_by_label("Your reply").fill("No: a *bell*.")
    page.get_by_role("button", name="Save the change").click()
    for tab in (page, other):
        expect(tab.locator(f"#post-{reply.pk} .prose")).to_have_text("No: a bell.")
    other.locator(f"#post-{reply.pk} .post-edited").click()
    expect(other.get_by_role("heading", name="What this post said")).to_be_visible()
    expect(other.locator("del").first).to_contain_text("Yes")
    assert Axe().run(other).generate_report().startswith("Found 0")
    # The subject of an idea, in a list that somebody has open.
    editing.edit(member=cast.ana, post=idea, subject="A bell on the pier", body="For fog.", version="first")
    expect(forum.get_by_role("link", name="A bell on the pier")).to_be_visible()
    assert Revision.objects.count() == 2


def test_a_post_is_withdrawn_and_put_back(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    reply = cast.reply(idea, by=cast.ben)
    page, other = open_page(cast.ben.person), open_page(cast.ana.person)
    other.goto(thread_of(idea))
    page.goto(thread_of(idea))
    page.get_by_role("link", name="Withdraw your post").click()
    page.get_by_role("button", name="Withdraw it").click()
    for tab in (page, other):
        expect(tab.locator(f"#post-{reply.pk}")).to_have_text("The author withdrew this post.")
    page.get_by_role("button", name="Put your post back").click()
    for tab in (page, other):
        expect(tab.locator(f"#post-{reply.pk} .prose")).to_contain_text("one on the mole")
