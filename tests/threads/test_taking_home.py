"""Posts taken home: what is in the file, whose words, and that nothing in it can do harm where it is opened."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.conf import settings

from jam.domain.rendering import to_html, without_html
from moderation.domain import posts as moderation
from tests.cast import Cast, set_window
from tests.threads.test_collections import make
from tests.threads.test_views import at, body_of, browser
from threads.domain import collections, posting
from threads.models import Collection, Post

FORMATS = {"markdown": "text/markdown", "html": "text/html", "csv": "text/csv"}


def file_of(cast: Cast, collection: Collection, name: str) -> str:
    return body_of(browser(collection.member), at(cast.jam, "collection", collection.pk) + f"?format={name}")


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff"), "a spreadsheet asks for the mark"
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def address(post: Post) -> str:
    return f"{settings.SITE_URL}{at(post.jam, 'post', post.pk)}"


def write(cast: Cast, subject: str, body: str) -> Post:
    return posting.start_thread(member=cast.ana, forum=cast.harbour, subject=subject, body=body)


@pytest.mark.parametrize("name", FORMATS)
def test_each_post_says_who_when_and_where(cast: Cast, name: str) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    collection = make(cast, reply, idea)
    collections.annotate(collection=collection, post=idea, note="This first")
    url = at(cast.jam, "collection", collection.pk) + f"?format={name}"
    response = browser(cast.ben).get(url)
    suffix = {"markdown": "md"}.get(name, name)
    assert response["Content-Type"] == f"{FORMATS[name]}; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="tides-for-the-mayor.{suffix}"'
    assert "no-store" in response["Cache-Control"]
    text = response.content.decode()
    for words in (
        "Ana",
        "Ben",
        "Harbour Office",
        "The tides jam",
        "A lamp on the pier",
        "This first",
        "one on the mole",
    ):
        assert words in text
    assert text.index(address(reply)) < text.index(address(idea))
    assert str(idea.created_at.year) in text


def test_the_table(cast: Cast) -> None:
    idea = cast.idea()
    collection = make(cast, cast.reply(idea), idea)
    first, second = rows_of(file_of(cast, collection, "csv"))
    assert (first["number"], first["title"], first["under"]) == ("1", "A reply", "A lamp on the pier")
    assert first["text"] == "Yes, and one on the mole."
    assert (second["title"], second["text"]) == ("A lamp on the pier", "So that boats find **home**.")
    assert (second["author"], second["affiliation"], second["jam"]) == ("Ana", "Harbour Office", "The tides jam")
    assert (second["forum"], second["under"], second["status"]) == ("Harbour", "", "visible")
    assert (second["written_at"], second["url"]) == (idea.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"), address(idea))


def test_the_table_holds_no_formula(cast: Cast) -> None:
    idea = write(cast, "=1+1", "@SUM(A1)")
    collection = make(cast, idea)
    collections.annotate(collection=collection, post=idea, note="-1")
    cast.ana.name = "+Ana"
    cast.ana.save()
    row = rows_of(file_of(cast, collection, "csv"))[0]
    assert (row["title"], row["text"], row["note"], row["author"]) == ("'=1+1", "'@SUM(A1)", "'-1", "'+Ana")


def test_the_page_stands_alone_and_holds_no_script(cast: Cast) -> None:
    idea = write(
        cast, "<img src=x onerror=alert(1)>", "<script>alert(1)</script> ![a](https://elsewhere.example/a.png)"
    )
    collection = collections.make(member=cast.ben, title="<b>T", note="</p><script>")
    collections.add(collection=collection, post=idea)
    collections.annotate(collection=collection, post=idea, note="<iframe>")
    page = file_of(cast, collection, "html")
    for tag in ("<script", "<img", "<iframe", "<link", "<b>T"):
        assert tag not in page
    assert "default-src 'none'" in page
    assert "light-dark(" in page, "its style is in it"


def test_markdown_shows_plain_text_to_the_letter(cast: Cast) -> None:
    idea = write(cast, "*Stars* [and](http://x) <b>", "# Loud\n\n- a\n- b")
    collection = collections.make(member=cast.ben, title="# 1. `T`", note="- one\n1. two\n\n    three")
    collections.add(collection=collection, post=idea)
    text = file_of(cast, collection, "markdown")
    assert text.startswith("# \\# 1. \\`T\\`\n\n\\- one\\\n1\\. two\n\nthree\n\n")
    assert "\n## 1. \\*Stars\\* \\[and\\](http://x) \\<b\\>\n" in text
    assert "\n> # Loud\n>\n> - a\n> - b\n" in text, "a post stays a quotation, with the Markdown that was written"


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("Plain **words** and 1 < 2", "Plain **words** and 1 < 2"),
        ("`<b>` and\n\n```\n<script>\n```", "`<b>` and\n\n```\n<script>\n```"),
        ("Hello <b>you</b>", "Hello &lt;b>you&lt;/b>"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("![cat](https://elsewhere.example/c.png)", "\\![cat](https://elsewhere.example/c.png)"),
        (">" * 40 + "<script>", ">" * 40 + "&lt;script>"),
    ],
)
def test_markdown_brings_no_html_along(written: str, taken: str) -> None:
    assert without_html(written) == taken
    assert "<script" not in to_html(taken)


def test_a_tab_does_not_carry_html_past(cast: Cast) -> None:
    text = file_of(cast, make(cast, write(cast, "Tabs", "Code:\n\n\t<script>alert(1)</script>")), "markdown")
    assert ">     <script>" in text, "four blanks behind the mark and its own: still code"


@pytest.mark.parametrize("name", FORMATS)
def test_hidden_words_are_in_no_file_of_a_collection(cast: Cast, name: str) -> None:
    idea = cast.idea(subject="Burn the pier")
    collection = make(cast, idea, cast.reply(idea), by=cast.fay)
    moderation.hide(member=cast.fay, post=idea, reason="rash")
    text = file_of(cast, collection, name)
    assert "This post is hidden." in text
    assert "Burn the pier" not in text
    assert "boats" not in text
    assert address(idea) in text


@pytest.mark.parametrize("name", ["", "exe", "../csv", "CSV", "csv\x00"])
def test_a_format_that_there_is_not(cast: Cast, name: str) -> None:
    collection = make(cast, cast.idea())
    for url in (at(cast.jam, "collection", collection.pk), at(cast.jam, "mine")):
        assert browser(cast.ben).get(url, {"format": name}).status_code == 404


@pytest.mark.parametrize("title", ["灯", "a/../b", 'x"; filename="y', "x" * 200])
def test_a_file_has_a_name_that_any_disk_takes(cast: Cast, title: str) -> None:
    collection = make(cast, title=title)
    response = browser(cast.ben).get(at(cast.jam, "collection", collection.pk), {"format": "csv"})
    name = response["Content-Disposition"].removeprefix('attachment; filename="').removesuffix('.csv"')
    assert name.startswith("tides")
    assert len(name) <= 60
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


# --- what one wrote ---


def test_ones_own_posts_are_listed_and_taken_home_by_their_author_alone(cast: Cast) -> None:
    idea = cast.idea()
    cast.reply(idea)
    url = at(cast.jam, "mine")
    assert url in body_of(browser(cast.ana), at(cast.jam, "me"))
    assert "A lamp on the pier" in body_of(browser(cast.ana), url)
    ben = body_of(browser(cast.ben), url)
    assert ("one on the mole" in ben, "A lamp on the pier" in ben) == (True, True), "and the idea that it is under"
    assert [row["text"] for row in rows_of(body_of(browser(cast.ben), url + "?format=csv"))] == [
        "Yes, and one on the mole."
    ]
    assert "Nothing written yet" in body_of(browser(cast.fay), url)


def test_ones_own_words_stay_ones_own_when_hidden_and_when_reading_ended(cast: Cast) -> None:
    idea = cast.idea(by=cast.fay, subject="Not for Ben any more")
    reply = cast.reply(idea)
    moderation.hide(member=cast.fay, post=reply, reason="rash")
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    url = at(cast.jam, "mine")
    page = body_of(browser(cast.ben), url)
    assert ("one on the mole" in page, "Hidden by a facilitator" in page) == (True, True)
    assert "Not for Ben any more" not in page
    for name in FORMATS:
        text = body_of(browser(cast.ben), f"{url}?format={name}")
        assert "one on the mole" in text
        assert "Not for Ben any more" not in text


def test_a_long_list_of_ones_own_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threads.views.own.WRITTEN_A_PAGE", 2)
    posts = [cast.idea(subject=f"Idea {number}") for number in range(3)]
    url = at(cast.jam, "mine")
    first = body_of(browser(cast.ana), url)
    assert [post.subject in first for post in posts] == [False, True, True]
    older = body_of(browser(cast.ana), f"{url}?before={posts[1].pk}")
    assert [post.subject in older for post in posts] == [True, False, False]
    assert "Idea 2" in body_of(browser(cast.ana), f"{url}?before=x")
