"""The pages of threads in a real browser: what comes live lands where a fresh page has it, and nothing moves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jam.models import GuestHour
from moderation.domain import posts as moderation
from notifications.domain import unsubscribing
from tests.cast import Cast, make_member
from tests.e2e.browser import OpenPage
from tests.e2e.occasions import furnish
from tests.e2e.stack import Site
from threads.domain import collections, editing, favourites, follows, outcomes, tags, telling, voting
from threads.domain.follows import Thing
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
    expect(page.locator(f"#post-{posts[4].pk}")).to_contain_text("hid this post")
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
    expect(page.locator(f"#post-{posts[2].pk}")).to_contain_text("hid this post")
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


def fill(cast: Cast) -> Post:
    idea = cast.idea(subject="Wort" + "verbindung" * 15)
    tagged = cast.idea(by=cast.ana, subject="With tags")
    tagged.tags = ["lamps", "wort" + "verbindung" * 3, "ماء"]
    Post.objects.filter(pk=tagged.pk).update(tags=tagged.tags)
    tags.recount(cast.jam.pk)
    posts = [idea]
    for number in range(24):
        posts.append(cast.reply(posts[-1], by=(cast.ana, cast.ben)[number % 2], body=f"Turn {number} " + "x" * 300))
    tangle(cast, idea, posts, 6)
    moderation.hide(member=cast.fay, post=posts[5], reason="rash")
    voting.cast(member=cast.ben, post=idea, value=1)
    favourites.keep(member=cast.ben, post=posts[1])
    Post.objects.filter(pk=cast.idea(forum=cast.streets).pk).update(subject="")
    collection = collections.make(member=cast.ben, title="Wort" + "verbindung" * 15, note="For\nlater")
    for post in (idea, posts[1], posts[5]):
        collections.add(collection=collection, post=post)
        collections.annotate(collection=collection, post=post, note="x" * 300)
    collections.share(collection=collection)
    outcomes.set_outcome(member=cast.fay, thread=idea.thread, state="planned", words="In **spring**. " + "x" * 300)
    return idea


@pytest.mark.parametrize(
    ("width", "height", "colours"), [(390, 844, "dark"), (1280, 900, "light")], ids=["phone", "desk"]
)
def test_every_page_fits_and_can_be_used_by_all(
    site: Site, open_page: OpenPage, cast: Cast, width: int, height: int, colours: str
) -> None:
    """Nothing wider than the view, and axe finds nothing to complain of, with real lengths and 24 levels of replies."""
    idea, poll = fill(cast), furnish(cast)
    for thing in (Thing(person=cast.ana), Thing(tag="lamps")):
        follows.follow(member=cast.ben, thing=thing)
    telling.tell_all()
    make_member(cast.other, cast.ben.person)
    # axe is brought in as a script of its own, which the site's policy would not allow
    options: dict[str, Any] = {
        "viewport": {"width": width, "height": height},
        "color_scheme": colours,
        "bypass_csp": True,
    }
    page, staff, visitor = (open_page(who, **options) for who in (cast.ben.person, cast.fay.person, None))
    thread = f"/jams/tides/threads/{idea.thread_id}/"
    collection = collections.made_by(cast.ben).get()
    changed = cast.reply(idea, by=cast.ben, body="Said " * 40)
    editing.edit(member=cast.ben, post=changed, body="مصباح " * 40 + "otherwise" * 30, version="first")
    for tab, path in (
        (page, "/jams/tides/"),
        (page, f"/jams/tides/forums/{cast.harbour.pk}/"),
        (page, f"/jams/tides/forums/{cast.streets.pk}/"),
        (page, thread),
        (page, "/jams/tides/catch-up/?size=all"),
        (staff, "/jams/tides/catch-up/"),
        (page, f"/jams/tides/posts/{idea.pk}/reply/"),
        (page, f"/jams/tides/forums/{cast.harbour.pk}/threads/"),
        (page, f"/jams/tides/posts/{changed.pk}/edit/"),
        (page, f"/jams/tides/posts/{changed.pk}/withdraw/"),
        (staff, f"/jams/tides/posts/{changed.pk}/history/"),
        (page, "/jams/tides/favourites/"),
        (page, "/jams/tides/collections/"),
        (page, f"/jams/tides/collections/{collection.pk}/"),
        (page, f"/jams/tides/collections/{collection.pk}/edit/"),
        (page, f"/jams/tides/posts/{idea.pk}/collect/"),
        (visitor, f"/jams/tides/c/{collection.share_key}/"),
        (page, "/jams/tides/me/"),
        (page, "/jams/tides/me/votes/"),
        (page, "/jams/tides/outcomes/"),
        (staff, f"{thread}outcome/"),
        (visitor, "/offline/"),
        (page, "/jams/tides/mine/"),
        (page, "/jams/tides/feeds/"),
        (page, "/jams/tides/search/?q=turn"),
        (page, "/jams/tides/search/?q=nowhere+to+be+found&kind=ideas"),
        (page, "/search/?q=turn"),
        (page, "/jams/tides/ideas/?tag=lamps"),
        (page, "/jams/tides/ideas/?sort=top"),
        (page, "/jams/tides/tags/"),
        (page, "/jams/tides/orders/"),
        (page, "/jams/tides/drafts/"),
        (page, "/jams/tides/people/"),
        (page, "/jams/tides/people/?q=nobody+at+all"),
        (page, f"/jams/tides/people/{cast.ana.pk}/"),
        (page, "/jams/tides/me/edit/"),
        (page, "/jams/tides/announcements/"),
        (staff, "/jams/tides/announcements/"),
        (page, "/jams/tides/polls/"),
        (staff, "/jams/tides/polls/"),
        (staff, f"/jams/tides/polls/{poll.pk}/"),
        (page, "/jams/tides/guests/"),
        (staff, "/jams/tides/guests/"),
        (staff, f"/jams/tides/guests/{GuestHour.objects.latest('pk').pk}/"),
        (page, "/jams/tides/follows/"),
        (page, "/notifications/"),
        (page, "/notifications/settings/"),
        (visitor, f"/notifications/unsubscribe/{unsubscribing.token(cast.ben.person_id, 'daily')}/"),
        (page, "/jams/other/"),
        (staff, thread),
        (staff, "/jams/tides/"),
        (visitor, "/jams/tides/"),
    ):
        tab.goto(path)
        if path == thread and tab is page:
            tab.locator(".post-reply").first.click()
        assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        assert [(path, rule["id"], rule["nodes"][0]["html"]) for rule in found.response["violations"]] == []
