"""The site for readers of other languages and scripts, with other colours, larger letters and narrow screens."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from jam.domain import time_words
from jam.domain.numbers import number
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site

pytestmark = [pytest.mark.e2e]

LANGUAGES = [code for code, _ in settings.LANGUAGES]
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
"""As WCAG asks for reflow: also what a view of 1280 pixels is at 400%."""
KINDS = ("near", "clock", "date", "day", "full")
SAID_BY_THE_BROWSER = """(times) => {
  const box = document.createElement("div");
  for (const [at, kind] of times) {
    const element = Object.assign(document.createElement("time"), { dateTime: at });
    element.dataset.when = kind;
    box.append(element);
  }
  document.body.append(box);
  document.dispatchEvent(new Event("visibilitychange"));
  const said = [...box.children].map((element) => element.textContent);
  box.remove();
  return said;
}"""
CUT = """[...document.querySelectorAll("button, .button, h1, h2, label, input, textarea, select")]
  .filter((one) => one.checkVisibility() && !one.closest(".sr-only, .skip-link, [aria-hidden=true]"))
  .filter((one) => getComputedStyle(one).clipPath === "none")
  .filter((one) => !one.closest("[role=toolbar]")) // scrolls by itself
  .filter((one) => {
    const { left, right } = one.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1;
  })
  .map((one) => one.outerHTML.slice(0, 120))
"""
NAMES = """(parts) => parts.map((part) => part.getAttribute("aria-label")
  ?? document.getElementById(part.getAttribute("aria-labelledby"))?.textContent ?? "")
"""
PLACES = """(names) => names.map((name) => document.querySelector(name).getBoundingClientRect())
  .map(({ left, right }) => [left, right])
"""
WIDER_THAN_THE_VIEW = "document.documentElement.scrollWidth - innerWidth"


def reads(page: Page, language: str, site: Site) -> Page:
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site.url}])
    return page


def pages_of(cast: Cast) -> list[str]:
    idea = cast.idea(subject="A lamp on the pier, and another one where the boats are tied up")
    cast.reply(cast.reply(idea, by=cast.ben), by=cast.ana)
    return [
        "/jams/tides/",
        f"/jams/tides/forums/{cast.harbour.pk}/",
        f"/jams/tides/threads/{idea.thread_id}/",
        f"/jams/tides/posts/{idea.pk}/reply/",
        "/jams/tides/search/?q=lamp",
        "/jams/tides/me/",
        "/notifications/",
        "/notifications/settings/",
        "/profile/",
        "/",
    ]


# --- language -----------------------------------------------------------------------------------------------


def test_a_visitor_chooses_a_language_without_a_script(site: Site, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/accounts/login/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_role("button", name="Deutsch").click()
    expect(page).to_have_url(f"{site.url}/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")


def test_a_browser_says_its_language_and_a_person_decides(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ana.person, locale="de-DE")
    page.goto("/profile/")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.locator("[name=language]").first.select_option("fr")
    page.locator(".form-actions button").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    cast.ana.person.refresh_from_db()
    assert cast.ana.person.language == "fr"
    elsewhere = open_page(cast.ana.person, locale="es-ES")
    elsewhere.goto("/jams/tides/")
    expect(elsewhere.locator("html")).to_have_attribute("lang", "fr")


def test_a_reply_comes_in_the_readers_language(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    page = reads(open_page(cast.ben.person), "de", site)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    expect(page.locator("[data-here]")).not_to_be_empty()
    reply = cast.reply(idea, by=cast.ana, body="Seen from the water, too.")
    expect(page.locator("#replies-title")).to_have_text("1 Antwort")
    page.get_by_role("button", name="1 neue Antwort").click()
    post = page.locator(f"#post-{reply.pk}")
    expect(post.locator("button.vote-agree")).to_have_text("Zustimmen 0")
    expect(post.get_by_role("link", name="Ana antworten")).to_have_text("Antworten")
    fresh = page.context.new_page()
    fresh.goto(page.url)
    assert post.locator(".post-foot").inner_text() == fresh.locator(f"#post-{reply.pk} .post-foot").inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_and_numbers_are_the_servers_and_the_browsers_alike(
    site: Site, open_page: OpenPage, language: str
) -> None:
    page = reads(open_page(timezone_id="Europe/Berlin"), language, site)
    page.goto("/accounts/login/")
    now = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC)
    spans = [timedelta(minutes=n, seconds=30) for n in (0, 1, 2, 7, 30)] + [
        timedelta(hours=n, minutes=5) for n in (1, 2, 5, 23)
    ]
    times = [now - span for span in spans] + [now - timedelta(days=days, hours=3) for days in range(2, 420, 13)]
    asked = [(at.isoformat(), kind) for at in times for kind in KINDS]
    said = page.evaluate(SAID_BY_THE_BROWSER, asked)
    with translation.override(language), timezone.override(ZoneInfo("Europe/Berlin")):
        local = timezone.localtime
        words: dict[str, Any] = {name: getattr(time_words, name) for name in ("clock", "date", "day", "full")}
        words["near"] = lambda at: time_words.near(at, local(now))
        expected = [words[kind](local(at)) for at in times for kind in KINDS]
        numbers = [number(value) for value in (0, 999, 1000, 12_345, 1_234_567)]
    assert said == expected
    shown = page.evaluate(
        "(language) => [0, 999, 1000, 12345, 1234567].map((value) => "
        "new Intl.NumberFormat(`${language}-u-nu-latn`, { useGrouping: 'always' }).format(value))",
        language,
    )
    assert shown == numbers


# --- right to left ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 1280])
def test_arabic_runs_from_the_right_and_fits(site: Site, open_page: OpenPage, cast: Cast, width: int) -> None:
    page = reads(open_page(cast.ben.person, viewport={"width": width, "height": 844}), "ar", site)
    for path in pages_of(cast):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert page.evaluate(WIDER_THAN_THE_VIEW) <= 0, path
        wordmark, menu = (page.locator(name).bounding_box() for name in (".wordmark", ".me"))
        assert wordmark
        assert menu
        assert wordmark["x"] > menu["x"], path
    page.goto("/jams/tides/")
    done, hand = page.evaluate(PLACES, [".line-bar .line-done", ".line-bar .line-now-head"])
    assert done[0] == pytest.approx((hand[0] + hand[1]) / 2, abs=2)


# --- eyes ---------------------------------------------------------------------------------------------------


def test_forced_colours_show_what_is_pressed(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    page = open_page(cast.ben.person, forced_colors="active")
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    colour = "(button) => getComputedStyle(button).backgroundColor"
    agree, disagree = page.locator(".post-idea button.vote-agree"), page.locator(".post-idea button.vote-disagree")
    assert agree.evaluate(colour) == disagree.evaluate(colour)
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true")
    assert agree.evaluate(colour) != disagree.evaluate(colour)
    track, done = (
        page.locator(f".line-bar {name}").evaluate("(bar) => getComputedStyle(bar).fill")
        for name in (".line-track", ".line-done")
    )
    assert track != done
    disagree.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert disagree.evaluate("(button) => getComputedStyle(button).outlineStyle") == "solid"


@pytest.mark.parametrize(
    ("viewport", "letters"),
    [(NARROW, 100), ({"width": 640, "height": 450}, 100), (PHONE, 200), ({"width": 1280, "height": 900}, 200)],
    ids=["320px", "200% of a desktop", "letters of 200% on a phone", "letters of 200%"],
)
def test_nothing_is_cut_when_it_is_large(
    site: Site, open_page: OpenPage, cast: Cast, viewport: dict[str, int], letters: int
) -> None:
    page = open_page(cast.ben.person, viewport=viewport, bypass_csp=True)
    for path in pages_of(cast):
        page.goto(path)
        page.add_style_tag(content=f"html {{ font-size: {letters}% }}")
        assert page.evaluate(WIDER_THAN_THE_VIEW) <= 0, path
        cut = page.evaluate(CUT)
        assert cut == [], path


def test_nothing_moves_for_who_asks_for_that(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    page = open_page(cast.ben.person, reduced_motion="reduce")
    page.goto(f"/jams/tides/threads/{idea.thread_id}/#post-{idea.pk}")
    assert page.evaluate("document.getAnimations().length") == 0


def test_each_page_has_one_heading_one_main_part_and_names_for_the_others(
    site: Site, open_page: OpenPage, cast: Cast
) -> None:
    page = open_page(cast.ben.person)
    for path in pages_of(cast):
        page.goto(path)
        expect(page.locator("main")).to_have_count(1)
        expect(page.locator("h1")).to_have_count(1)
        names = page.locator("nav").evaluate_all(NAMES)
        assert all(names), path
        assert len(set(names)) == len(names), (path, names)
        levels = page.locator("h1, h2, h3, h4").evaluate_all("(all) => all.map((one) => Number(one.localName[1]))")
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), (path, levels)
