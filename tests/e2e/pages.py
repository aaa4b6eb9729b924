"""What a page of a jam shows, in a form that two tabs can be compared by."""

from __future__ import annotations

import time
from difflib import unified_diff

from playwright.sync_api import Page, expect

from jam.models import Jam
from live.domain.queries import seq_of
from tests.e2e.browser import PATIENCE

# The content of the page, a line for each element and each text. Left out is what is of the moment (how long ago, what
# is new, the focus), of this one loading (keys of forms), or seen only without scripts. So is how a file is named: a
# verb that a test calls renders in a process that does not know the site's own names.
#
# In a list by rank some places are kept for what few have seen (threads/domain/fairness.py), chosen anew with each
# loading: by then these readers were shown it. So what is compared of such a list is its rows and not their places.
SHOWN = """
() => {
  const MOMENTARY = "script, noscript, template, .no-js, .toast, [data-pill], [data-pill-status], [data-phase-notice], "
    + ".few, [data-bring-up-to-date], [data-new], [data-new-word], [data-first-unread], [data-since-left], "
    + "input[name=csrfmiddlewaretoken], input[name=request_key]";
  const PLACED = "[data-sort=hot] .ideas, [data-sort=top] .ideas, #hot-title ~ .ideas";
  const DRAWN = "[data-line]"; // by what was counted, at a width and a time
  const TICKING = "time, .countdown";
  const CLASSES = ["is-unread", "was-unread", "is-new", "is-waiting", "is-busy", "is-last", "is-few"];
  const lines = [];
  const say = (words, depth) => lines.push("  ".repeat(depth) + words);
  const wordsOf = (text) => text.split(/\\s+/).filter(Boolean);
  function plain({ name, value }) {
    if (name === "class") return [name, wordsOf(value).filter((word) => !CLASSES.includes(word)).sort().join(" ")];
    return [name, value.replace(/icons\\.\\w+\\.svg/, "icons.svg").replace(/\\/unread\\/$/, "/")];
  }
  function attributes(element) {
    return [...element.attributes].map(plain)
      .filter(([name]) => name !== "data-unshown")
      .filter(([name, value]) => !(name === "class" && !value) && !(name === "title" && element.matches("time")))
      .filter(([name]) => name !== "data-unread")
      .map(([name, value]) => ` ${name}=${value}`).sort().join("");
  }
  function walk(element, depth) {
    if (element.matches(MOMENTARY)) return;
    if (element.matches(DRAWN)) {
      say(`line ${element.dataset.counts}`, depth);
      return;
    }
    say(element.localName + attributes(element), depth);
    if (element.matches(TICKING)) return;
    let text = "";
    const children = [...element.childNodes];
    const thread = (row) => Number(row.dataset?.thread ?? 0);
    if (element.matches(PLACED)) children.sort((one, other) => thread(one) - thread(other));
    for (const child of [...children, null]) {
      if (child?.nodeType === Node.TEXT_NODE) {
        text += child.data;
        continue;
      }
      if (text.trim()) say(wordsOf(text).join(" "), depth + 1);
      text = "";
      if (child?.nodeType === Node.ELEMENT_NODE) walk(child, depth + 1);
    }
  }
  walk(document.querySelector("main"), 0);
  return lines;
}
"""


def press(page: Page, *keys: str) -> None:
    """Presses keys one after the other, when the page hears them: its scripts come after its words."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)


def shown(page: Page) -> list[str]:
    lines: list[str] = page.evaluate(SHOWN)
    return lines


def wait_until_heard(page: Page, jam: Jam) -> None:
    """Until the page has heard of everything that happened in the jam."""
    seq = seq_of(jam.pk)
    page.wait_for_function("(seq) => Number(document.body.dataset.seq) >= seq", arg=seq, timeout=PATIENCE)


def ask_for_what_is_held_back(page: Page) -> None:
    """Presses the pill, and then the button that brings lists up to date, where they show."""
    for name in ("[data-pill] button", "[data-bring-up-to-date]"):
        button = page.locator(name)
        if button.is_visible():
            button.click()
            expect(button).to_be_hidden()


def open_again(page: Page) -> Page:
    """A second tab of the same browser, freshly loaded with the same page."""
    fresh = page.context.new_page()
    fresh.goto(page.url.split("#")[0])
    fresh.wait_for_load_state()
    return fresh


def assert_equals_the_fresh_page(page: Page, what: str = "") -> None:
    """What a page has yet to ask the site for it is given the time to; then it shows what the fresh one does."""
    fresh = open_again(page)
    deadline = time.monotonic() + PATIENCE / 1000
    while (as_it_came := shown(page)) != (as_loaded := shown(fresh)) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    fresh.close()
    difference = "\n".join(unified_diff(as_it_came, as_loaded, "as it came", "as loaded", lineterm="", n=6))
    assert difference == "", f"{what}\n{difference}"
