"""A thread that is open while it is moved, merged or locked: its tab says so, and leads to where it is now."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import OpenPage
from tests.e2e.scene import Scene
from tests.e2e.stack import Site
from threads.domain import locking, moving
from threads.domain.undoing import undo
from threads.models import Draft

pytestmark = [pytest.mark.e2e]


def test_a_tab_on_a_merged_thread_is_led_to_where_it_goes_on(site: Site, open_page: OpenPage, scene: Scene) -> None:
    cast = scene.cast
    page = open_page(cast.ben.person)
    page.goto(f"/jams/tides/threads/{scene.waiting.thread_id}/")
    move = moving.merge(member=cast.fay, thread=scene.waiting.thread, other=scene.idea.thread)
    notice = page.locator("[data-moved-place] .notice")
    expect(notice).to_contain_text("was merged into another")
    notice.get_by_role("link").click()
    expect(page).to_have_url(re.compile(rf"/threads/{scene.idea.thread_id}/#post-{scene.waiting.pk}$"))
    expect(page.locator(f"#post-{scene.waiting.pk}")).to_be_in_viewport()
    undo(member=cast.fay, move=move)
    expect(page.locator("[data-moved-place] .notice")).to_contain_text("moved back")
    page.locator("[data-moved-place] a").click()
    expect(page.locator(f"#post-{scene.waiting.pk}")).to_have_count(0)


def test_what_is_being_written_in_a_thread_that_is_locked_is_kept(
    site: Site, open_page: OpenPage, scene: Scene
) -> None:
    cast = scene.cast
    page = open_page(cast.ben.person)
    page.goto(f"/jams/tides/threads/{scene.idea.thread_id}/")
    page.locator(f"#post-{scene.idea.pk} .post-reply").click()
    page.locator(".composer textarea[name=body]").fill("What I was typing.")
    locking.lock(member=cast.fay, thread=scene.idea.thread)
    expect(page.locator("[data-locked-place]")).to_contain_text("Fay locked this thread")
    expect(page.locator(f"#post-{scene.idea.pk} .post-reply")).to_be_hidden()
    page.locator(".composer .button-main").click()
    expect(page.locator(".composer [data-late]")).to_contain_text("kept in your drafts")
    assert Draft.objects.get(member=cast.ben).body == "What I was typing."
    locking.unlock(member=cast.fay, thread=scene.idea.thread)
    expect(page.locator(f"#post-{scene.idea.pk} .post-reply")).to_be_visible()


def test_a_facilitator_moves_a_reply_and_undoes_it(site: Site, open_page: OpenPage, scene: Scene) -> None:
    page = open_page(scene.cast.fay.person)
    page.goto(f"/jams/tides/threads/{scene.idea.thread_id}/")
    page.get_by_role("link", name="Move this post").first.click()
    page.get_by_label("Where to").fill("bench")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="A bench").click()
    page.get_by_role("button", name="Move it there").click()
    expect(page).to_have_url(re.compile(rf"/threads/{scene.waiting.thread_id}/"))
    page.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo it").click()
    expect(page).to_have_url(re.compile(rf"/threads/{scene.idea.thread_id}/"))
