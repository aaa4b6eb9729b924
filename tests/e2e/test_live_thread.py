"""The corners of a thread, while it is open: folds, hidden words, pages, my own posts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from jam.models import Voting
from moderation.domain import posts as moderation
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.pages import assert_equals_the_fresh_page
from tests.e2e.scene import Scene
from tests.e2e.stack import Site, eventually
from threads.domain import voting
from threads.domain.listing import POSTS_A_PAGE

pytestmark = [pytest.mark.e2e]


def test_a_reply_in_a_folded_branch_is_counted_at_its_fold(site: Site, open_page: OpenPage, scene: Scene) -> None:
    page = open_page(scene.cast.ana.person)
    page.goto(scene.pages()["thread"])
    fold = page.locator(".branch > summary").first
    expect(fold).to_have_text("1 reply to Ben")
    fold.click()
    scene.cast.reply(scene.under, by=scene.cast.ana, body="My own, from elsewhere.")
    expect(fold).to_have_text("2 replies to Ben")
    expect(page.locator(".branch").first).not_to_have_attribute("open", "")
    fold.click()
    assert_equals_the_fresh_page(page)


def test_words_that_a_facilitator_has_read_stay_readable(site: Site, open_page: OpenPage, scene: Scene) -> None:
    pages = {who: open_page(member.person) for who, member in scene.readers().items()}
    for page in pages.values():
        page.goto(scene.pages()["thread"])
    moderation.hide(member=scene.cast.ada, post=scene.under, reason="rash")
    for page in pages.values():
        expect(page.locator(f"#post-{scene.under.pk}")).to_have_text("This post is hidden.")
    kept = {who: page.locator(".hidden-words").all_inner_texts() for who, page in pages.items()}
    assert kept == {
        "author": ["What it said; only you and the facilitators see this"],
        "facilitator": ["What it said; only facilitators and its author see this"],
        "participant": [],
    }
    pages["facilitator"].locator(".hidden-words > summary").click()
    expect(pages["facilitator"].locator(".hidden-words .prose")).to_have_text("The mole is long.")
    moderation.restore(member=scene.cast.ada, post=scene.under, reason="calm")
    for page in pages.values():
        expect(page.locator(f"#post-{scene.under.pk} .prose")).to_have_text("The mole is long.")
        assert_equals_the_fresh_page(page)


def posts_on(page: Page) -> list[str]:
    ids: list[str] = page.locator(".tree .post").evaluate_all("(posts) => posts.map((post) => post.id)")
    return ids


def test_pages_of_a_long_thread_miss_nothing(site: Site, open_page: OpenPage, scene: Scene) -> None:
    """A page that was open may hold more than a fresh one, whose last posts slid on to the next page; never less."""
    cast = scene.cast
    for number in range(POSTS_A_PAGE):
        cast.reply(scene.idea if number % 2 else scene.reply, by=cast.fay, body=f"Turn {number}.")
    first, second = open_page(cast.ana.person), open_page(cast.ana.person)
    first.goto(scene.pages()["thread"])
    second.goto(scene.pages()["thread"] + "?page=2")
    early = cast.reply(scene.reply, by=cast.ben, body="On the first page.")
    late = cast.reply(scene.idea, by=cast.ben, body="On the second page.")
    for page in (first, second):
        expect(page.get_by_role("button", name="2 new replies")).to_be_visible()
        page.get_by_role("button", name="2 new replies").click()
    expect(first.locator(f"#post-{early.pk}")).to_be_visible()
    expect(second.locator(f"#post-{late.pk}")).to_be_visible()
    live = [posts_on(first), posts_on(second)]
    for page in (first, second):
        page.reload()
    eventually(lambda: posts_on(second)[-1:] == [f"post-{late.pk}"])
    fresh = [posts_on(first), posts_on(second)]
    assert live[0][: len(fresh[0])] == fresh[0]
    assert fresh[1][-len(live[1]) :] == live[1]


def test_my_own_reply_shows_its_upvotes_and_takes_none_of_mine(site: Site, open_page: OpenPage, cast: Cast) -> None:
    cast.jam.voting = Voting.UPVOTE
    cast.jam.save()
    idea = cast.idea()
    page = open_page(cast.ana.person)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    reply = cast.reply(idea, by=cast.ana)
    voting.cast(member=cast.ben, post=reply, value=1)
    expect(page.locator(f"#post-{reply.pk} .votes")).to_have_text("Upvotes 1")
    assert_equals_the_fresh_page(page)
