"""Feeds: whose address opens what, what is in them, and when they are sent at all."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from jam.domain import feed_keys
from jam.models import Door, Forum, Jam, Member, Role
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock, make_forum, set_window
from tests.threads.test_views import at, body_of, browser, queries_of
from tests.threads.test_views_writing import send, text_of
from threads.models import Post

ATOM = "{http://www.w3.org/2005/Atom}"


def address(member: Member, name: str = "jam_feed", *place: int) -> str:
    """An address of the member's, with the key that they have or a first one."""
    key = feed_keys.key_of(member) or feed_keys.renew(member=member)
    return at(member.jam, name, member.pk, key, *place)


def ask(url: str, **headers: str) -> HttpResponse:
    """As a feed reader does: without a session."""
    return Client().get(url, headers=headers)


def entries(url: str) -> list[ElementTree.Element]:
    answer = ask(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def links(url: str) -> list[str]:
    """The permanent links of the posts in a feed, in its order."""
    return [entry.find(f"{ATOM}link").attrib["href"] for entry in entries(url)]  # type: ignore[union-attr]


def link(post: Post) -> str:
    return settings.SITE_URL + at(post.jam, "post", post.pk)


# --- what is in them ---


def test_an_entry_has_the_post_its_author_time_and_permanent_link(cast: Cast) -> None:
    idea = cast.idea()
    Post.objects.filter(pk=idea.pk).update(tags=["light", "sea"])
    (entry,) = entries(address(cast.ben))
    at_time = idea.created_at.isoformat()
    assert [(part.tag.removeprefix(ATOM), part.attrib, part.text) for part in entry if part.tag != f"{ATOM}author"] == [
        ("title", {}, "A lamp on the pier"),
        ("link", {"href": link(idea), "rel": "alternate"}, None),
        ("published", {}, at_time),
        ("updated", {}, at_time),
        ("id", {}, link(idea)),
        ("category", {"term": "light"}, None),
        ("category", {"term": "sea"}, None),
        ("summary", {"type": "text"}, "So that boats find home."),
        ("content", {"type": "html"}, '<p dir="auto">So that boats find <strong>home</strong>.</p>'),
    ]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ana"


def test_a_feed_says_what_it_is_of_and_not_where_it_was_found(cast: Cast) -> None:
    idea = cast.idea()
    jam, harbour, thread = (
        ElementTree.fromstring(ask(url).content)
        for url in (
            address(cast.ben),
            address(cast.ben, "forum_feed", cast.harbour.pk),
            address(cast.ben, "thread_feed", idea.thread_id),
        )
    )
    assert [feed.findtext(f"{ATOM}title") for feed in (jam, harbour, thread)] == [
        "The tides jam",
        "Harbour · The tides jam",
        "A lamp on the pier · The tides jam",
    ]
    pages = [at(cast.jam, "home"), at(cast.jam, "forum", cast.harbour.pk), at(cast.jam, "detail", idea.thread_id)]
    for feed, page in zip((jam, harbour, thread), pages, strict=True):
        assert [found.attrib for found in feed.findall(f"{ATOM}link")] == [
            {"rel": "alternate", "href": settings.SITE_URL + page}
        ]
    key = feed_keys.key_of(cast.ben)
    assert key is not None
    assert key not in ask(address(cast.ben)).text


def test_the_jam_a_forum_and_a_thread_each_have_their_posts_the_newest_first(cast: Cast) -> None:
    lamp, bench = cast.idea(), cast.idea(forum=cast.streets, subject="A bench")
    reply = cast.reply(lamp)
    assert links(address(cast.ben)) == [link(reply), link(bench), link(lamp)]
    assert links(address(cast.ben, "forum_feed", cast.harbour.pk)) == [link(reply), link(lamp)]
    assert links(address(cast.ben, "forum_feed", cast.streets.pk)) == [link(bench)]
    assert links(address(cast.ben, "thread_feed", bench.thread_id)) == [link(bench)]


def test_a_reply_without_a_subject_is_called_by_its_first_words(cast: Cast) -> None:
    cast.reply(cast.idea(), body="Yes, and one on the mole. " * 9)
    assert entries(address(cast.ben))[0].findtext(f"{ATOM}title") == (
        "Yes, and one on the mole. Yes, and one on the mole. Yes, and one on the mole…"
    )


def test_an_old_jam_sends_its_newest_fifty(cast: Cast) -> None:
    idea = cast.idea()
    replies = [cast.reply(idea, body=f"Number {number}") for number in range(50)]
    assert links(address(cast.ben)) == [link(reply) for reply in reversed(replies)]


def test_a_feed_without_posts_was_updated_when_its_jam_was_made(cast: Cast) -> None:
    feed = ElementTree.fromstring(ask(address(cast.ben)).content)
    cast.jam.refresh_from_db()
    assert feed.findtext(f"{ATOM}updated") == cast.jam.created_at.isoformat()
    assert feed.findall(f"{ATOM}entry") == []


def test_hidden_posts_are_in_nobodys_feed(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    moderation.hide(member=cast.fay, post=idea, reason="rash")
    for member in (cast.ana, cast.ben, cast.fay):
        assert links(address(member)) == [link(reply)]
        answer = ask(address(member, "thread_feed", idea.thread_id))
        assert "lamp" not in answer.text
        assert "A hidden idea · The tides jam" in answer.text


def test_what_is_hostile_stays_text_and_what_xml_cannot_hold_is_left_out(cast: Cast) -> None:
    idea = cast.idea(subject="<script>alert(1)</script> & ]]>")
    Post.objects.filter(pk=idea.pk).update(html="<p>A\x01 &lt;b&gt; \uffff</p>", tags=['"><x>', "\x1b"])
    Jam.objects.filter(pk=cast.jam.pk).update(title="A\x02 <jam>")
    Member.objects.filter(pk=cast.ana.pk).update(name="</name>\x03")
    (entry,) = entries(address(cast.ben))
    assert entry.findtext(f"{ATOM}title") == "<script>alert(1)</script> & ]]>"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "</name>"
    assert entry.findtext(f"{ATOM}summary") == "A <b> "[:-1]
    assert entry.findtext(f"{ATOM}content") == "<p>A &lt;b&gt; </p>"
    assert [found.attrib["term"] for found in entry.findall(f"{ATOM}category")] == ['"><x>', ""]


# --- whose address opens what ---


def status(url: str) -> int:
    return ask(url).status_code


def test_a_wrong_key_opens_nothing(cast: Cast) -> None:
    bens, anas = feed_keys.renew(member=cast.ben), feed_keys.renew(member=cast.ana)
    assert status(at(cast.jam, "jam_feed", cast.ben.pk, bens)) == 200
    for member_id, key in [
        (cast.ben.pk, anas),
        (cast.ben.pk, bens[:-1]),
        (cast.ben.pk, bens + "x"),
        (cast.ben.pk, bens.swapcase()),
        (cast.fay.pk, bens),
        (cast.ned.pk, bens),
        (0, bens),
        (10**30, bens),
    ]:
        assert status(at(cast.jam, "jam_feed", member_id, key)) == 404
    assert status(at(cast.other, "jam_feed", cast.ben.pk, bens)) == 404
    assert status(f"/jams/nowhere/feeds/{cast.ben.pk}/{bens}/") == 404


def test_places_of_another_jam_are_not_there(cast: Cast) -> None:
    elsewhere = cast.idea(by=cast.ned, forum=cast.elsewhere)
    assert status(address(cast.ned, "thread_feed", elsewhere.thread_id)) == 200
    assert status(address(cast.ben, "thread_feed", elsewhere.thread_id)) == 404
    assert status(address(cast.ben, "forum_feed", cast.elsewhere.pk)) == 404
    assert status(address(cast.ben, "forum_feed", 10**30)) == 404


def test_new_addresses_end_the_old_ones(cast: Cast) -> None:
    old = address(cast.ben)
    feed_keys.renew(member=cast.ben)
    assert (status(old), status(address(cast.ben))) == (404, 200)
    last = address(cast.ben)
    feed_keys.withdraw(member=cast.ben)
    feed_keys.withdraw(member=cast.ben)
    assert status(last) == 404


def test_who_is_suspended_or_has_left_reads_no_more(cast: Cast) -> None:
    url = address(cast.ben)
    Person.objects.filter(pk=cast.ben.person_id).update(is_active=False)
    assert status(url) == 404
    Person.objects.filter(pk=cast.ben.person_id).update(is_active=True)
    assert status(url) == 200
    cast.ben.delete()
    assert status(url) == 404


def test_a_feed_opens_when_its_holder_may_read_and_no_longer(cast: Cast) -> None:
    cast.idea()
    takes_part, observes, runs_it = (address(member) for member in (cast.ben, cast.omar, cast.fay))

    def statuses() -> tuple[int, ...]:
        return tuple(status(url) for url in (takes_part, observes, runs_it))

    assert statuses() == (200, 200, 200)
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    cast.jam.refresh_from_db()
    assert statuses() == (200, 200, 200)
    close_by_clock(cast.jam)
    assert statuses() == (200, 200, 200)
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert statuses() == (404, 200, 200)
    Member.objects.filter(pk=cast.omar.pk).update(role=Role.PARTICIPANT)
    assert statuses() == (404, 404, 200)
    set_window(cast.jam, opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    assert statuses() == (404, 404, 200)


# --- when they are sent, and what that costs ---


def test_what_has_not_changed_is_not_sent_again(cast: Cast) -> None:
    idea = cast.idea()
    url = address(cast.ben)
    first = ask(url)
    again = ask(url, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert ask(url, if_none_match=f"W/{first['ETag']}").status_code == 304
    moderation.hide(member=cast.fay, post=idea, reason="rash")
    hidden = ask(url, if_none_match=first["ETag"])
    assert hidden.status_code == 200
    moderation.restore(member=cast.fay, post=idea, reason="after all")
    assert ask(url, if_none_match=hidden["ETag"]).status_code == 200


def test_a_feed_that_is_no_longer_ones_own_is_not_unchanged_but_gone(cast: Cast) -> None:
    url = address(cast.ben)
    tag = ask(url)["ETag"]
    feed_keys.renew(member=cast.ben)
    assert ask(url, if_none_match=tag).status_code == 404


def test_nobody_else_is_told_of_a_feed_or_keeps_it(cast: Cast) -> None:
    answer = ask(address(cast.ben))
    headers = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")
    assert [answer[name] for name in headers] == ["private, no-cache", "no-referrer", "noindex"]
    assert Client().post(address(cast.ben)).status_code == 405


def queries_of_feed(url: str, **headers: str) -> int:
    ask(url)
    with CaptureQueriesContext(connection) as queries:
        assert ask(url, **headers).status_code in (200, 304)
    return len(queries)


def test_a_feed_costs_the_same_with_one_post_and_with_three(cast: Cast) -> None:
    idea = cast.idea()
    urls = (
        address(cast.ben),
        address(cast.ben, "forum_feed", cast.harbour.pk),
        address(cast.ben, "thread_feed", idea.thread_id),
    )
    assert [queries_of_feed(url) for url in urls] == [4, 5, 6]
    cast.reply(idea)
    cast.reply(idea, by=cast.fay)
    assert [queries_of_feed(url) for url in urls] == [4, 5, 6]
    assert queries_of_feed(urls[0], if_none_match=ask(urls[0])["ETag"]) == 3


# --- the page with the addresses ---


def held(page: str, member: Member) -> int:
    """How many addresses with the member's key a page shows."""
    return page.count(f"feeds/{member.pk}/{feed_keys.key_of(member)}/")


def test_who_gets_the_page(cast: Cast) -> None:
    url = at(cast.jam, "feeds")
    people = (None, cast.zoe, cast.ben, cast.omar, cast.fay)
    assert [browser(who).get(url).status_code for who in people] == [302, 403, 200, 200, 200]
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert [browser(who).get(url).status_code for who in people] == [302, 404, 404, 200, 200]


def test_addresses_are_made_when_asked_for_renewed_and_taken_back(cast: Cast) -> None:
    client, url = browser(cast.ben), at(cast.jam, "feeds")
    assert "Make my addresses" in body_of(client, url)
    assert feed_keys.key_of(cast.ben) is None
    assert send(client, url, action="renew")["Location"] == url
    first = feed_keys.key_of(cast.ben)
    assert held(body_of(client, url), cast.ben) == 3  # the jam, and two forums
    assert held(body_of(browser(cast.ana), url), cast.ben) == 0
    send(client, url, action="renew")
    second = feed_keys.key_of(cast.ben)
    assert None is not first != second is not None
    send(client, url, action="withdraw")
    assert feed_keys.key_of(cast.ben) is None
    assert "Make my addresses" in body_of(client, url)


def test_the_page_gives_addresses_that_work(cast: Cast) -> None:
    idea = cast.idea()
    url = address(cast.ben, "thread_feed", idea.thread_id)
    page = body_of(browser(cast.ben), f"{at(cast.jam, 'feeds')}?thread={idea.thread_id}")
    assert f'value="{settings.SITE_URL}{url}"' in page
    assert status(url) == 200


def test_the_page_asks_for_a_thread_of_this_jam(cast: Cast) -> None:
    elsewhere = cast.idea(by=cast.ned, forum=cast.elsewhere)
    client, url = browser(cast.ben), at(cast.jam, "feeds")
    assert client.get(url, {"thread": elsewhere.thread_id}).status_code == 404
    assert client.get(url, {"thread": "9" * 18}).status_code == 404
    assert client.get(url, {"thread": "all"}).status_code == 200


@pytest.mark.parametrize("data", [{}, {"action": ""}, {"action": "give"}])
def test_what_is_no_choice_changes_nothing(cast: Cast, data: dict[str, Any]) -> None:
    key = feed_keys.renew(member=cast.ben)
    answer = send(browser(cast.ben), at(cast.jam, "feeds"), **data)
    assert (answer.status_code, "Choose what to do with your addresses." in text_of(answer)) == (422, True)
    assert feed_keys.key_of(cast.ben) == key


def test_who_is_no_member_has_no_addresses(cast: Cast) -> None:
    assert send(browser(cast.zoe), at(cast.jam, "feeds"), action="renew").status_code == 403


def test_the_page_is_kept_by_no_cache_and_costs_the_same_with_more_forums(cast: Cast) -> None:
    feed_keys.renew(member=cast.ben)
    client, url = browser(cast.ben), at(cast.jam, "feeds")
    assert "no-store" in client.get(url)["Cache-Control"]
    Forum.objects.filter(pk=cast.streets.pk).delete()
    one = queries_of(client, url)
    make_forum(cast.jam, "Streets", 2)
    make_forum(cast.jam, "Parks", 3)
    assert queries_of(client, url) == one
    assert held(body_of(client, url), cast.ben) == 4


def test_members_find_the_page_from_my_jam_and_from_a_thread(cast: Cast) -> None:
    idea, url = cast.idea(), at(cast.jam, "feeds")
    home, thread = at(cast.jam, "me"), at(cast.jam, "detail", idea.thread_id)
    assert f'href="{url}"' in body_of(browser(cast.ben), home)
    assert f'href="{url}?thread={idea.thread_id}"' in body_of(browser(cast.ben), thread)
    assert url not in body_of(browser(cast.zoe), thread)


# --- of a search ---


def search_address(member: Member, **asked: str) -> str:
    return f"{address(member, 'search_feed')}?{urlencode(asked)}"


def test_a_search_has_a_feed_of_what_it_finds(cast: Cast) -> None:
    lamp = cast.idea(by=cast.ana, subject="A lamp on the pier")
    cast.idea(by=cast.ana, subject="A ferry")
    reply = cast.reply(lamp, by=cast.ben, body="Two lamps.")
    hidden = cast.reply(lamp, by=cast.ben, body="A lamp that nobody sees.")
    moderation.hide(member=cast.fay, post=hidden, reason="rash")
    assert links(search_address(cast.ben, q="lamp")) == [link(reply), link(lamp)]
    assert links(search_address(cast.ben, q="lamp", kind="ideas")) == [link(lamp)]
    assert links(search_address(cast.ben, author="Ben")) == [link(reply)]
    assert links(search_address(cast.ben, q="nowhere")) == []


def test_a_search_that_asks_nothing_or_nonsense_has_no_feed(cast: Cast) -> None:
    for asked in ({}, {"q": ""}, {"q": "the"}, {"q": "-lamp"}, {"since": "soon"}, {"q": "x" * 501}):
        assert status(search_address(cast.ben, **asked)) == 404, asked
    assert status(search_address(cast.ben, q="lamp").replace("search/", "search/x/")) == 404


def test_the_search_page_leads_to_its_feed(cast: Cast) -> None:
    idea = cast.idea(by=cast.ana, subject="A lamp on the pier")
    address(cast.ben)
    client = browser(cast.ben)
    page = body_of(
        client, at(cast.jam, "search") + "?" + urlencode({"q": '"on the pier" & lamp', "kind": "", "tag": ""})
    )
    (href,) = re.findall(r'href="([^"]*/me/feeds/\?[^"]*)"', page)
    shown = body_of(client, html.unescape(href))
    (feed,) = re.findall(r'value="([^"]*/search/\?[^"]*)"', shown)
    assert links(html.unescape(feed).removeprefix(settings.SITE_URL)) == [link(idea)]
    assert "This search" in shown
