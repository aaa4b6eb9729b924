"""Writing in a browser: formatting, preview, completion, quoting, drafts on two devices, similar ideas."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually
from threads.domain import drafts, posting
from threads.models import Draft, Mention, Post


def open_reply(page: Page, idea: Post) -> None:
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    page.locator(".node-idea .post-reply").click()
    expect(page.get_by_label("Your reply")).to_be_focused()


def kept(body: str) -> None:
    eventually(lambda: Draft.objects.filter(body=body).exists(), what=f"the draft {body!r}")


def test_the_toolbar_formats_what_is_selected_and_can_be_undone(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person)
    open_reply(page, cast.idea())
    field = page.get_by_label("Your reply")
    field.fill("one two")
    field.evaluate("(field) => field.setSelectionRange(4, 7)")
    page.get_by_role("button", name="Bold").click()
    expect(field).to_have_value("one **two**")
    expect(field).to_be_focused()
    page.keyboard.press("Control+b")
    expect(field).to_have_value("one two")
    page.keyboard.press("Control+i")
    expect(field).to_have_value("one *two*")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("one two")
    page.keyboard.press("Control+k")
    expect(field).to_have_value("one [two](https://)")
    page.keyboard.type("https://example.org")
    expect(field).to_have_value("one [two](https://example.org)")
    field.fill("a\nb")
    field.evaluate("(field) => field.select()")
    page.get_by_role("button", name="List").click()
    expect(field).to_have_value("- a\n- b")
    page.get_by_role("button", name="List").click()
    page.get_by_role("button", name="Quotation").click()
    expect(field).to_have_value("> a\n> b")


def test_the_toolbar_is_one_stop_of_the_keyboard(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person)
    open_reply(page, cast.idea())
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Picture")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("tab", name="Write")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Preview")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Preview")).to_have_text("There is nothing to show yet.")


def test_the_preview_is_the_real_rendering(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person)
    open_reply(page, cast.idea())
    page.get_by_label("Your reply").fill("**Loud**, @Ana! <b>x</b>")
    page.get_by_role("tab", name="Preview").click()
    shown = page.get_by_role("tabpanel", name="Preview")
    expect(shown.locator("strong")).to_have_text("Loud")
    expect(shown.locator("a.mention")).to_have_text("@Ana")
    expect(shown).to_contain_text("<b>x</b>")
    html = shown.inner_html()
    page.get_by_role("tab", name="Write").click()
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator(".tree .prose strong")).to_have_text("Loud")
    assert Post.objects.get(depth=1).html == html


def test_a_name_is_completed_by_keyboard(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    cast.ada.name = "Ana"
    cast.ada.save()
    page = open_page(cast.ben.person)
    open_reply(page, idea)
    field = page.get_by_label("Your reply")
    field.press_sequentially("So @an")
    options = page.get_by_role("listbox", name="Members to name").get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.first).to_contain_text("wrote here")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("Enter")
    expect(field).to_have_value("So @Ana ")
    expect(options).to_have_count(0)
    field.press_sequentially("@an")
    expect(options).to_have_count(2)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".tree a.mention")).to_have_text("@Ana")
    assert Mention.objects.get().member == cast.ada


def test_a_name_is_completed_by_touch(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person, viewport={"width": 390, "height": 844}, has_touch=True)
    open_reply(page, cast.idea())
    page.get_by_label("Your reply").press_sequentially("@fa")
    page.get_by_role("option", name="Fay").tap()
    expect(page.get_by_label("Your reply")).to_have_value("@Fay ")
    expect(page.get_by_label("Your reply")).to_be_focused()


def test_what_is_selected_is_quoted(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea, by=cast.ana, body="The first part. *The* 2 * 3 part.\n\n> quoted\n\nThe end.")
    page = open_page(cast.ben.person)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    page.evaluate(
        """(id) => { const text = document.querySelector(`#post-${id} .prose p`);
        getSelection().setBaseAndExtent(text.firstChild, 0, text.lastChild, text.lastChild.length); }""",
        reply.pk,
    )
    page.get_by_role("button", name="Quote", exact=True).click()
    field = page.get_by_label("Your reply")
    link = f"{site.url}/jams/tides/posts/{reply.pk}/"
    expect(field).to_have_value(f"> The first part. The 2 \\* 3 part.\n>\n> — [Ana]({link})\n\n")
    page.keyboard.type("Right.")
    expect(field).to_have_value(re.compile(r"\)\n\nRight\.$"))
    field.fill("")
    page.get_by_role("button", name="Quote this post").click()
    expect(field).to_have_value(f"> The first part. The 2 \\* 3 part.\n>\n> The end.\n>\n> — [Ana]({link})\n\n")


def test_a_draft_is_found_again_on_another_device(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    here, there = open_page(cast.ben.person), open_page(cast.ben.person)
    open_reply(here, idea)
    here.get_by_label("Your reply").fill("Half a thought")
    expect(here.locator("[data-draft-word]")).to_have_text(re.compile(r"^Draft kept \d\d:\d\d$"))
    kept("Half a thought")
    open_reply(there, idea)
    expect(there.get_by_label("Your reply")).to_have_value("Half a thought")
    there.get_by_label("Your reply").fill("A whole thought")
    kept("A whole thought")
    # Here goes on without knowing: neither text is lost.
    here.get_by_label("Your reply").fill("Half a thought, otherwise")
    other = here.locator("[data-other-draft]")
    expect(other).to_contain_text("A whole thought")
    expect(here.get_by_label("Your reply")).to_have_value("Half a thought, otherwise")
    other.get_by_role("button", name="Go on with that one").click()
    expect(here.get_by_label("Your reply")).to_have_value("A whole thought")
    expect(other).to_contain_text("Half a thought, otherwise")
    other.get_by_role("button", name="Change them back").click()
    other.get_by_role("button", name="Go on with what is in the form").click()
    expect(other).to_have_count(0)
    kept("Half a thought, otherwise")
    here.get_by_role("button", name="Post reply").click()
    expect(here.locator(".tree .prose")).to_have_text(["Half a thought, otherwise"])
    assert not Draft.objects.exists()


def test_an_idea_is_kept_when_the_page_is_left_at_once(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person)
    forum = f"/jams/tides/forums/{cast.harbour.pk}/"
    page.goto(forum)
    page.locator("#start > summary").click()
    page.get_by_label("Your idea in one line").fill("Just begun")
    page.goto("/jams/tides/")
    eventually(lambda: Draft.objects.filter(subject="Just begun").exists(), what="the draft")
    other = open_page(cast.ben.person)
    other.goto(forum)
    expect(other.get_by_label("Your idea in one line")).to_have_value("Just begun")
    expect(other.locator("#start")).to_have_attribute("open", "")


def test_a_draft_without_a_line_waits_here_and_is_sent(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person)
    open_reply(page, cast.idea())
    page.context.set_offline(True)
    page.get_by_label("Your reply").fill("Out at sea")
    expect(page.locator("[data-draft-word]")).to_have_text("Not sent yet: your draft is kept on this device.")
    assert not Draft.objects.exists()
    page.context.set_offline(False)
    kept("Out at sea")
    expect(page.locator("[data-draft-word]")).to_contain_text("Draft kept")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('jam-draft/'))") == []


def test_similar_ideas_are_beside_the_form_and_take_the_text_along(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(subject="A lamp on the pier")
    drafts.save(member=cast.ben, place=drafts.reply_place(idea), body="Begun before.")
    page = open_page(cast.ben.person)
    page.goto(f"/jams/tides/forums/{cast.harbour.pk}/threads/")
    page.get_by_label("Your idea in one line").fill("Lamp on a pier")
    page.get_by_label("Say more").fill("It is dark.")
    expect(page.locator("[data-draft-word]")).to_contain_text("Draft kept")
    box = page.get_by_label("Say more").bounding_box()
    similar = page.get_by_role("region", name="Ideas like yours")
    expect(similar.get_by_role("link", name="A lamp on the pier")).to_be_visible()
    assert page.get_by_label("Say more").bounding_box() == box
    similar.get_by_role("button", name="Reply to “A lamp on the pier” instead").click()
    expect(page).to_have_url(re.compile(rf"/posts/{idea.pk}/reply/$"))
    expect(page.get_by_label("Your reply")).to_have_value("Begun before.\n\n**Lamp on a pier**\n\nIt is dark.")
    assert Draft.objects.count() == 1


def test_a_tag_of_the_jam_is_completed(site: Site, open_page: OpenPage, cast: Cast) -> None:
    posting.start_thread(member=cast.ana, forum=cast.harbour, subject="S", body="B", tags=["lighthouse"])
    page = open_page(cast.ben.person)
    page.goto(f"/jams/tides/forums/{cast.harbour.pk}/threads/")
    field = page.locator("input[name=tags]")
    field.press_sequentially("sea, li")
    expect(page.get_by_role("option", name="lighthouse")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value("sea, lighthouse, ")


def test_without_scripts_a_reply_is_previewed_quoted_and_posted(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.ben.person, java_script_enabled=False)
    page.goto(f"/jams/tides/posts/{idea.pk}/reply/")
    expect(page.get_by_role("toolbar")).to_have_count(0)
    page.get_by_label("Your reply").fill("**Loud**, @Ana")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview strong")).to_have_text("Loud")
    page.get_by_role("button", name="Quote this post").click()
    expect(page.get_by_label("Your reply")).to_have_value(re.compile(r"^\*\*Loud\*\*, @Ana\n\n> So that boats find"))
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator(".tree a.mention")).to_have_text("@Ana")
    expect(page.locator(".tree blockquote")).to_contain_text("So that boats find home.")


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize(("width", "colours"), [(390, "dark"), (1400, "light")], ids=["phone", "desk"])
def test_every_state_of_a_form_can_be_used_by_all(
    site: Site, open_page: OpenPage, cast: Cast, width: int, colours: str
) -> None:
    idea = cast.idea(subject="A lamp on the pier")
    page = open_page(cast.ben.person, viewport={"width": width, "height": 800}, color_scheme=colours, bypass_csp=True)

    def look(state: str) -> None:
        found = Axe().run(page, context="form[data-composer]", options=RULES).response["violations"]
        assert [(state, rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, state

    open_reply(page, idea)
    field = page.get_by_label("Your reply")
    look("empty")
    page.locator("details.more-fields > summary").click()
    field.fill("أهلا " + "x" * 300 + " @an")
    expect(page.get_by_role("option", name="Ana")).to_be_visible()
    look("names")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Preview").click()
    expect(page.get_by_role("tabpanel", name="Preview")).to_contain_text("أهلا")
    look("preview")
    page.get_by_role("tab", name="Write").click()
    expect(page.locator("[data-draft-word]")).to_contain_text("Draft kept")
    drafts.save(member=cast.ben, place=drafts.reply_place(idea), body="y" * 300)
    field.press_sequentially("!")
    expect(page.locator("[data-other-draft]")).to_be_visible()
    look("two drafts")
    page.goto(f"/jams/tides/forums/{cast.harbour.pk}/threads/")
    page.get_by_label("Your idea in one line").fill("A lamp on the pier")
    expect(page.get_by_role("region", name="Ideas like yours").get_by_role("button")).to_be_visible()
    look("similar ideas")
