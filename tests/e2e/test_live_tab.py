"""How a tab keeps its line: what it waits for, when it only asks, and what a reader is told of it all."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.line import Line
from tests.e2e.stack import Site, eventually
from threads.domain import favourites
from threads.models import Post

pytestmark = [pytest.mark.e2e]

SECOND = 1_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}

# Chance is the middle, and a page can be said to be out of sight.
STEADY = """
Math.random = () => 0.5;
window.outOfSight = false;
Object.defineProperty(document, "hidden", { get: () => window.outOfSight });
window.setOutOfSight = (yes) => { window.outOfSight = yes; document.dispatchEvent(new Event("visibilitychange")); };
"""

OpenLine = Callable[[], Line]


@pytest.fixture
def idea(site: Site, cast: Cast) -> Post:
    return cast.idea()


@pytest.fixture
def open_line(open_page: OpenPage, cast: Cast, idea: Post) -> OpenLine:
    """A thread whose time goes on only when it is told to, and its line."""

    def open_line(*, swallows: bool = False) -> Line:
        page = open_page(cast.ana.person)
        line = Line(page)
        line.swallows = swallows
        page.add_init_script(STEADY)
        page.clock.install()
        page.goto(f"/jams/{cast.jam.slug}/threads/{idea.thread_id}/")
        eventually(lambda: line.told("here") or (swallows and line.open), what="the socket is open")
        page.clock.pause_at(page.evaluate("Date.now()") / 1_000 + 1)  # in seconds, unlike the rest
        return line

    return open_line


def time_goes_on(line: Line, milliseconds: int) -> None:
    line.page.clock.run_for(milliseconds)


def test_after_a_restart_tabs_come_back_over_the_time_that_the_server_says(open_line: OpenLine) -> None:
    line = open_line()
    line.cut(code=1012, reason="40")
    eventually(lambda: line.page.evaluate("document.body.dataset.seq"))
    time_goes_on(line, 19 * SECOND)
    assert (line.tries, line.told("offline")) == (1, [])
    time_goes_on(line, 2 * SECOND)
    eventually(lambda: len(line.told("here")) == 2, what="the tab is back")
    assert (line.tries, line.told("offline")) == (2, [])


def test_a_tab_that_was_let_go_for_another_asks_slowly_until_it_is_used(
    open_line: OpenLine, cast: Cast, idea: Post
) -> None:
    line = open_line()
    line.cut(code=4409)
    eventually(lambda: line.told("asking"), what="the tab asks")
    post = cast.reply(idea)
    time_goes_on(line, 29 * SECOND)
    assert line.posts() == []
    time_goes_on(line, 17 * SECOND)
    eventually(lambda: line.posts() == [post.pk], what="the reply, by asking")
    assert (line.tries, line.told("offline")) == (1, [])
    line.page.evaluate("dispatchEvent(new Event('focus'))")
    eventually(lambda: len(line.told("here")) == 2, what="a socket again")


def test_a_tab_out_of_sight_hangs_up_and_is_back_when_it_is_looked_at(
    open_line: OpenLine, cast: Cast, idea: Post
) -> None:
    line = open_line()
    line.page.evaluate("setOutOfSight(true)")
    time_goes_on(line, 59 * SECOND)
    assert line.told("asking") == []
    time_goes_on(line, 2 * SECOND)
    eventually(lambda: line.told("asking"), what="the tab rests")
    post = cast.reply(idea)
    time_goes_on(line, 46 * SECOND)
    eventually(lambda: line.posts() == [post.pk], what="the reply, by asking")
    assert line.tries == 1
    last = cast.reply(idea)
    line.page.evaluate("setOutOfSight(false)")
    eventually(lambda: line.posts() == [post.pk, last.pk], what="what was missed, at once")
    assert line.tries == 2


def test_a_tab_that_is_out_of_sight_for_a_moment_keeps_its_line(open_line: OpenLine) -> None:
    line = open_line()
    line.page.evaluate("setOutOfSight(true)")
    time_goes_on(line, 50 * SECOND)
    line.page.evaluate("setOutOfSight(false)")
    time_goes_on(line, 50 * SECOND)
    assert (line.tries, line.told("asking")) == (1, [])


def test_a_socket_that_never_brings_a_frame_is_not_waited_for(open_line: OpenLine, cast: Cast, idea: Post) -> None:
    line = open_line(swallows=True)
    post = cast.reply(idea)
    time_goes_on(line, 16 * SECOND)
    eventually(lambda: line.posts() == [post.pk], what="the reply, by asking")
    assert line.told("offline") == []
    line.swallows = False
    time_goes_on(line, 30 * SECOND)
    eventually(lambda: line.told("here"), what="a socket after all")


def test_a_socket_that_fell_silent_is_found_out(open_line: OpenLine, cast: Cast, idea: Post) -> None:
    line = open_line()
    line.swallows = True
    post = cast.reply(idea)
    eventually(lambda: line.has_lost("post.created"), what="the reply, which is lost")
    time_goes_on(line, 110 * SECOND)
    assert (line.tries, line.posts()) == (1, [])
    line.swallows = False
    time_goes_on(line, 12 * SECOND)
    eventually(lambda: line.posts() == [post.pk] or time_goes_on(line, 20), what="what was not heard, by a new socket")
    assert line.tries >= 2


def test_a_browser_that_says_it_is_offline_is_not_believed(open_line: OpenLine, cast: Cast, idea: Post) -> None:
    line = open_line()
    with line.page.expect_response("**/changes/**"):
        line.page.evaluate("dispatchEvent(new Event('offline'))")
    time_goes_on(line, 9 * SECOND)  # less than an answer may take: this one may be on its way still
    post = cast.reply(idea)
    eventually(lambda: line.posts() == [post.pk], what="the reply, by the same socket")
    assert (line.tries, line.told("offline")) == (1, [])


def test_a_line_that_broke_is_told_politely_and_who_is_here_is_not_guessed(open_line: OpenLine) -> None:
    line = open_line()
    page, here = line.page, line.page.locator("[data-here-box]")
    expect(here).to_have_text("1 here")
    line.code = 4999
    page.route("**/changes/**", lambda route: route.abort())
    line.cut()
    eventually(lambda: line.tries >= 2 or time_goes_on(line, SECOND), what="another try")
    eventually(lambda: line.told("offline") or time_goes_on(line, SECOND), what="that there is no connection")
    toast = page.get_by_role("status").filter(has_text="There is no connection to the jam just now")
    expect(toast).to_be_visible()
    expect(here).to_be_hidden()
    line.code = None
    page.unroute("**/changes/**")
    eventually(lambda: line.told("online") or time_goes_on(line, SECOND), what="that it is mended")
    expect(here).to_have_text("1 here")


def test_a_vote_and_what_is_kept_show_in_my_other_tabs(open_page: OpenPage, cast: Cast, idea: Post) -> None:
    here = open_page(cast.ben.person)
    forum, thread = here.context.new_page(), here.context.new_page()
    here.goto(f"/jams/tides/threads/{idea.thread_id}/")
    thread.goto(here.url)
    forum.goto(f"/jams/tides/forums/{cast.harbour.pk}/")
    agree = f"[data-post-id='{idea.pk}'] button.vote-agree"
    here.locator(agree).click()
    for page in (here, thread, forum):
        expect(page.locator(agree)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(f"{agree} .count")).to_have_text("1")
    thread.get_by_role("button", name="Keep").click()
    expect(here.get_by_role("button", name="Kept")).to_have_attribute("aria-pressed", "true")
    assert favourites.Favourite.objects.filter(member=cast.ben, post=idea).count() == 1
    here.locator(agree).click()
    expect(forum.locator(agree)).to_have_attribute("aria-pressed", "false")


# --- a reader in the middle of it ------------------------------------------------------------------------------------

LISTEN = """
window.spoken = [];
const region = document.querySelector("[data-pill-status]");
new MutationObserver(() => window.spoken.push([performance.now(), region.textContent]))
  .observe(region, { childList: true, characterData: true, subtree: true });
"""
WRITING = """
() => [document.activeElement.name, document.activeElement.value, document.activeElement.selectionStart,
       Math.round(document.activeElement.getBoundingClientRect().top)]
"""


def is_told(page: Page, words: str) -> bool:
    return bool(page.evaluate("(words) => window.spoken.at(-1)?.[1] === words", words))


def test_a_flood_of_replies_moves_nothing_and_is_told_at_a_pace_to_listen_to(
    open_page: OpenPage, cast: Cast, idea: Post
) -> None:
    replies = [cast.reply(idea, body=f"Said before, {number}. " + "Words. " * 40) for number in range(12)]
    page = open_page(cast.ana.person, **PHONE)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/#post-{replies[6].pk}")
    page.locator(f"#post-{replies[6].pk} .post-reply").click()
    page.keyboard.type("Half a thoght")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.evaluate(LISTEN)
    _, _, caret, top = page.evaluate(WRITING)
    for number in range(200):
        cast.reply(replies[number % 12] if number % 3 else idea, by=cast.fay, body=f"New, {number}.")
        if number == 100:
            page.keyboard.type("u")
    expect(page.get_by_role("button", name="200 new replies")).to_be_visible()
    assert page.evaluate(WRITING) == ["body", "Half a thought", caret + 1, top]
    expect(page.locator("#replies-title")).to_have_text("212 replies")
    eventually(lambda: is_told(page, "200 new replies"), what="the last number is said")
    spoken = page.evaluate("window.spoken")
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(spoken)]
    assert [gap for gap in gaps if gap < 4_900] == []
    page.get_by_role("button", name="200 new replies").press("Enter")
    expect(page.locator(".tree .post")).to_have_count(212)
    expect(page.get_by_label("Your reply")).to_have_value("Half a thought")
