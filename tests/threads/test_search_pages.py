"""How what was found is shown."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.threads.finding import page, write
from tests.threads.test_views import at, body_of, browser
from threads.domain import paths, search, search_index
from threads.domain.search import Wanted
from threads.models import Post

LINKS = re.compile(r'<a class="row-link" href="([^"]*)">(.*?)</a>')
LINES = re.compile(r'<p class="idea-line"[^>]*>(.*?)</p>')


def test_nothing_that_somebody_wrote_is_html(cast: Cast) -> None:
    evil = 'lamp <script>alert(1)</script> <mark> & "quoted" &lt;b&gt;'
    write(cast, evil, f"{evil}\n\n<img src=x onerror=alert(1)>")
    text = page(browser(cast.ana), at(cast.jam, "search"), q="lamp", author='"><script>')
    assert "<script>alert" not in text
    assert '"><script>' not in text
    text = page(browser(cast.ana), at(cast.jam, "search"), q="lamp")
    assert "<script>alert" not in text
    assert "<img" not in text
    shown = "".join(words for _, words in LINKS.findall(text)) + "".join(LINES.findall(text))
    assert set(re.findall("<[^>]*>", shown)) == {"<mark>", "</mark>"}
    assert shown.count("<mark>") == shown.count("</mark>") == 2
    assert "&amp;lt;b&amp;gt;" in shown


def test_signs_in_an_old_post_mark_nothing(cast: Cast) -> None:
    idea = write(cast, "A lamp")
    Post.objects.filter(pk=idea.pk).update(html="<p>a \x02lamp\x03 \x1fb\x02</p>", subject="A \x02lamp")
    [hit] = search.find([cast.jam], Wanted(words="lamp")).hits
    assert str(hit.line) == "a <mark>lamp</mark> b"
    assert str(hit.title) == "A <mark>lamp</mark>"


def test_a_reply_says_what_it_answers_and_is_where_its_link_leads(cast: Cast) -> None:
    idea = write(cast, "Benches")
    answer = cast.reply(idea, body="With a lamp.")
    client = browser(cast.ana)
    [(url, words)] = LINKS.findall(page(client, at(cast.jam, "search"), q="lamp"))
    assert words == "Reply to: Benches"
    assert client.get(url)["Location"].endswith(f"#post-{answer.pk}")


def test_pages_go_on_and_come_back_and_keep_what_was_asked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "HITS_A_PAGE", 2)
    ideas = [write(cast, f"Lamp {number}") for number in range(5)]
    client, url = browser(cast.ana), at(cast.jam, "search") + "?q=lamp&order=newest"
    seen: list[str] = []
    pages = 0
    while url:
        text = body_of(client, url)
        pages += 1
        assert "5 posts" in text
        seen += [link for link, _ in LINKS.findall(text)]
        onward = re.search(r'rel="next" href="([^"]*)"', text)
        url = at(cast.jam, "search") + onward[1].replace("&amp;", "&") if onward else ""
    assert pages == 3
    assert seen == [at(cast.jam, "post", idea.pk) for idea in reversed(ideas)]
    for number in ("0", "99", "-1", "x", "9" * 30):
        assert client.get(at(cast.jam, "search"), {"q": "lamp", "page": number}).status_code == 200


def test_more_than_the_bound_is_said_and_not_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "AT_MOST", 3)
    oldest, *newest = [write(cast, "The lamp lamp", "Lamp."), *(write(cast, f"Lamp {n}") for n in range(3))]
    result = search.find([cast.jam], Wanted(words="lamp"))
    assert (result.total, result.more, result.pages) == (3, True, 1)
    assert {hit.post_id for hit in result.hits} == {idea.pk for idea in newest}
    assert oldest.pk not in {hit.post_id for hit in result.hits}
    assert "3 posts or more" in page(browser(cast.ana), at(cast.jam, "search"), q="lamp")


def test_enough_among_the_newest_posts_is_not_looked_beyond(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    old = write(cast, "The lamp lamp", "Lamp.")
    paths.take_post_ids(search.NEAR_PARTS << search_index.NEAR)
    new = [write(cast, f"Lamp {number}") for number in range(3)]
    for enough, found, more in ((3, new, True), (4, [old, *new], False)):
        monkeypatch.setattr(search, "ENOUGH", enough)
        result = search.find([cast.jam], Wanted(words="lamp", order="newest"))
        assert [hit.post_id for hit in result.hits] == [idea.pk for idea in reversed(found)]
        assert (result.total, result.more) == (len(found), more)


def test_enough_among_all_there_are_is_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        write(cast, f"Lamp {number}")
    monkeypatch.setattr(search, "ENOUGH", 2)
    result = search.find([cast.jam], Wanted(words="lamp"))
    assert (result.total, result.more) == (3, False)


def test_the_page_before_anything_was_asked(cast: Cast) -> None:
    write(cast, "A lamp")
    for url in (at(cast.jam, "search"), at(cast.jam, "search") + "?q=+", reverse("search")):
        text = body_of(browser(cast.ana), url)
        assert "One after another" in text
        assert not LINKS.findall(text)


def test_search_is_where_people_look_for_it(cast: Cast) -> None:
    idea = cast.idea()
    link = f'href="{at(cast.jam, "search")}"'
    for name, args in (("home", []), ("forum", [cast.harbour.pk]), ("detail", [idea.thread_id])):
        assert link in body_of(browser(cast.ana), at(cast.jam, name, *args))
    assert f'action="{at(cast.jam, "search")}"' in body_of(browser(cast.ana), at(cast.jam, "home"))
    assert f'href="{reverse("search")}"' in body_of(browser(cast.ana), "/")
    assert at(cast.jam, "search") not in body_of(browser(), at(cast.jam, "home"))


def test_an_excerpt_from_the_middle_says_so(cast: Cast) -> None:
    long = " ".join(f"word{number}" for number in range(80))
    write(cast, "First", f"The pier comes first. {long}")
    write(cast, "Middle", f"{long} and then the pier. {long}")
    hits = {hit.title: hit.line for hit in search.find([cast.jam], search.Wanted(words="pier")).hits}
    assert hits["First"].startswith("The <mark>pier</mark> comes first.")
    assert hits["Middle"].startswith("… word")
    assert not search.find([cast.jam], search.Wanted(author="Ana")).hits[0].line.startswith("…")
