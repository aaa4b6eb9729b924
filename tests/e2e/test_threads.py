"""The pages of threads in a real browser: what comes live lands where a fresh page has it, and nothing moves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from moderation.domain import posts as moderation
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site
from threads.domain import voting
from threads.models import Post

pytestmark = [pytest.mark.e2e]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}

# Every post with the one whose branch it stands in, and how many are said to be under it.
TREE = """[...document.querySelectorAll(".tree .post")].map((post) => {
  const node = post.closest(".node");
  return [post.id, node.parentElement.closest(".node")?.querySelector(".post").id ?? "",
          node.querySelector(":scope > .branch > summary [data-branch-count]")?.dataset.branchCount ?? "0",
          post.innerText.split(/\\s+/).join(" "), node.dataset.vote ?? "", "own" in node.dataset];
})"""
SEEN = """(() => {
  const post = [...document.querySelectorAll(".post")].find((post) => post.getBoundingClientRect().top > 60);
  return [post.id, post.getBoundingClientRect().top];
})()"""


def open_thread(page: Page, post: Post) -> None:
    page.goto(f"/jams/{post.jam.slug}/threads/{post.thread_id}/")
    expect(page.locator(f"#post-{post.pk}")).to_be_attached()


def tangle(cast: Cast, idea: Post, posts: list[Post], count: int) -> None:
    """Replies, each to one of the last few, so that branches begin and end everywhere and go deep."""
    for number in range(count):
        parent = posts[-1 - (number * 5) % min(3, len(posts))]
        posts.append(cast.reply(parent, by=(cast.ben, cast.fay)[number % 2], body=f"Turn {number} of the talk."))


def test_what_came_live_equals_the_fresh_page(site: Site, open_page: OpenPage, cast: Cast) -> None:
    """State plus events is the page: the tree, the counts, what was hidden, what was shown again, what is mine."""
    idea = cast.idea()
    posts = [idea]
    tangle(cast, idea, posts, 8)
    page = open_page(cast.ana.person, **PHONE)
    open_thread(page, idea)
    tangle(cast, idea, posts, 16)
    posts.append(cast.reply(posts[3], by=cast.ana, body="My own, from another tab."))
    moderation.hide(member=cast.fay, post=posts[4], reason="rash")
    moderation.hide(member=cast.fay, post=posts[6], reason="rash")
    moderation.restore(member=cast.fay, post=posts[6], reason="calm")
    moderation.hide(member=cast.fay, post=posts[20], reason="rash, and still held back")
    voting.cast(member=cast.ben, post=posts[-1], value=1)
    voting.cast(member=cast.ben, post=posts[2], value=-1)
    expect(page.locator(f"#post-{posts[-1].pk} [data-count=agree]")).to_have_text("1")
    expect(page.locator(f"#post-{posts[2].pk} [data-count=disagree]")).to_have_text("1")
    expect(page.locator(f"#post-{posts[4].pk}")).to_contain_text("This post is hidden")
    expect(page.locator("#replies-title")).to_have_text("25 replies")
    page.get_by_role("button", name="16 new replies").click()
    expect(page.locator(".tree .post")).to_have_count(25)
    live = page.evaluate(TREE)
    page.reload()
    expect(page.locator(".tree .post")).to_have_count(25)
    assert live == page.evaluate(TREE)


def test_nothing_moves_until_it_is_asked_for(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    posts = [idea]
    tangle(cast, idea, posts, 12)
    page = open_page(cast.ana.person, **PHONE)
    open_thread(page, idea)
    page.locator(f"#post-{posts[9].pk}").scroll_into_view_if_needed()
    seen = page.evaluate(SEEN)
    cast.reply(posts[1], by=cast.ben, body="Above what is read.")
    voting.cast(member=cast.ben, post=idea, value=1)
    moderation.hide(member=cast.fay, post=posts[2], reason="rash")
    pill = page.get_by_role("button", name="1 new reply")
    expect(pill).to_be_visible()
    expect(page.locator(f"#post-{posts[2].pk}")).to_contain_text("This post is hidden")
    assert page.evaluate(SEEN) == seen
    expect(page.locator("[data-pill-status]")).to_have_text("1 new reply")
    pill.press("Enter")
    expect(page.locator(".post:focus")).to_contain_text("Above what is read.")
    expect(pill).to_be_hidden()


def test_a_reply_of_mine_is_there_once_in_both_my_tabs(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    here, there = open_page(cast.ben.person), open_page(cast.ben.person)
    for page in (here, there):
        open_thread(page, idea)
    here.locator(".post-reply").click()
    here.get_by_label("Your reply").fill("Once, and **once** only.")
    here.get_by_label("Your reply").press("Control+Enter")
    for page in (here, there):
        expect(page.locator(".tree .prose")).to_have_text(["Once, and once only."])
    expect(here.locator(".post:focus")).to_contain_text("Once, and once only.")
    expect(here.locator(".composer")).to_have_count(0)
    reply = Post.objects.get(parent=idea)
    for page in (here, there):
        expect(page.locator(f"#post-{reply.pk} .votes")).to_contain_text("Agree 0")
        expect(page.locator(f"#post-{reply.pk} button.vote")).to_have_count(0)


def test_what_was_typed_outlives_the_page_and_a_lost_line(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.ben.person)
    open_thread(page, idea)
    page.locator(".post-reply").click()
    page.get_by_label("Your reply").fill("Half a thou")
    page.reload()
    page.locator(".post-reply").click()
    expect(page.get_by_label("Your reply")).to_have_value("Half a thou")
    page.get_by_label("Your reply").fill("A whole thought")
    page.context.set_offline(True)
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("[data-composer-word]")).to_contain_text("is sent when you are back")
    page.context.set_offline(False)
    expect(page.locator(".tree .prose")).to_have_text(["A whole thought"])
    page.reload()
    page.locator(".node-idea .post-reply").click()
    expect(page.get_by_label("Your reply")).to_have_value("")


def test_a_text_that_is_refused_says_why_beside_its_field(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page = open_page(cast.ben.person)
    open_thread(page, idea)
    page.locator(".post-reply").click()
    field = page.get_by_label("Your reply")
    field.fill("x" * 20_001)
    page.get_by_role("button", name="Post reply").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("20,000 characters long; this is 20,001"))
    expect(field).to_be_focused()
    assert Post.objects.count() == 1


def test_a_vote_is_one_press_and_another_takes_it_back(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    page, other = open_page(cast.ben.person, **PHONE), open_page(cast.fay.person)
    for tab in (page, other):
        open_thread(tab, idea)
    agree = page.locator(f"#post-{idea.pk} button.vote-agree")
    place = agree.bounding_box()
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true")
    expect(other.locator("[data-count=agree]")).to_have_text("1")
    assert agree.bounding_box() == place
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "false")
    expect(other.locator("[data-count=agree]")).to_have_text("0")


def test_a_thread_is_gone_through_by_keyboard(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    first = cast.reply(idea)
    under = cast.reply(first, by=cast.ana)
    last = cast.reply(idea)
    page = open_page(cast.ben.person)
    open_thread(page, idea)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f"#post-{first.pk}")).to_be_focused()
    page.locator(".branch > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#post-{under.pk}")).to_be_hidden()
    expect(page.locator(".branch > summary")).to_have_text("1 reply to Ben")
    page.locator(f"#post-{first.pk}").focus()
    page.keyboard.press("j")
    expect(page.locator(f"#post-{last.pk}")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#post-{first.pk}")).to_be_focused()
    page.goto(f"/jams/tides/posts/{under.pk}/")
    expect(page.locator(f"#post-{under.pk}")).to_be_in_viewport()


def test_the_pulse_tells_what_comes_and_can_be_hushed(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person)
    page.goto("/jams/tides/")
    idea = cast.idea(by=cast.ben, subject="A lamp on the pier")
    first = page.locator("[data-pulse] li").first
    expect(first).to_contain_text("A lamp on the pier")
    expect(page.locator(f".forums [data-forum='{cast.harbour.pk}'] [data-thread-count]")).to_have_text("1 idea")
    page.get_by_role("button", name="Hush").click()
    page.mouse.move(0, 0)
    cast.reply(idea, by=cast.fay, body="Said in the quiet.")
    expect(page.locator(f".forums [data-forum='{cast.harbour.pk}'] [data-post-count]")).to_have_text("2 posts")
    expect(first).to_contain_text("A lamp on the pier")
    page.get_by_role("button", name="Hushed").click()
    page.get_by_role("button", name="Hush").blur()
    page.mouse.move(0, 0)
    expect(first).to_contain_text("Said in the quiet.")
