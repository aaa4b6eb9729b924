"""What a member is shown of all that they missed: the choice, its material, the page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jam.domain import announcements
from jam.domain.phases import database_now
from jam.models import Member
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock
from tests.threads.test_reading import pretend, settle
from tests.threads.test_views import at, body_of, browser, queries_of
from threads.domain import highlights, missed, reading, visits
from threads.domain.catch_up import WORDS_A_MINUTE, Item, Material, Section, choose, count_words
from threads.models import Follow, Mention, Post, Theme, Thread

DB = pytest.mark.django_db
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# --- the choice ---


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Threads of which some stand in more than one section, and more that is new besides."""
    items = []
    threads = {number: draw(st.integers(1, 9)) for number in range(draw(st.integers(0, 12)))}
    for thread, unread in threads.items():
        for section in draw(st.lists(st.sampled_from(Section), max_size=3)):
            shown = draw(st.integers(1, min(3, unread)))
            posts = tuple(100 * thread + number for number in range(shown))
            items.append(Item(section, draw(st.integers(1, 400)), thread=thread, posts=posts, unread=unread))
    items += [Item(Section.ANNOUNCED, draw(st.integers(1, 60))) for _ in range(draw(st.integers(0, 2)))]
    others = draw(st.integers(0, 50))
    return Material(items, posts=sum(threads.values()) + others, threads=len(threads) + others)


@UNHURRIED
@given(materials(), st.integers(1, 20))
def test_what_is_shown_and_what_is_left_out_are_all_that_is_new(material: Material, minutes: int) -> None:
    for size in (minutes, None):
        chosen = choose(material, size)
        shown = {post for item in chosen.items for post in item.posts}
        assert len(shown) == chosen.shown_posts
        assert chosen.shown_posts + chosen.left_posts == material.posts
        whole = {item.thread for item in chosen.items if item.thread is not None and len(item.posts) == item.unread}
        assert len(whole) + chosen.left_threads == material.threads


@UNHURRIED
@given(materials(), st.integers(1, 20), st.integers(0, 20))
def test_more_time_shows_the_same_first_and_then_more(material: Material, minutes: int, more: int) -> None:
    short, long, whole = (choose(material, size) for size in (minutes, minutes + more, None))
    assert long.items[: len(short.items)] == short.items
    assert whole.items[: len(long.items)] == long.items
    sections = [item.section for item in whole.items]
    assert sections == sorted(sections)
    threads = [item.thread for item in whole.items if item.thread is not None]
    assert len(threads) == len(set(threads))
    assert {item.thread for item in material.items if item.thread is not None} == set(threads)


@UNHURRIED
@given(materials(), st.integers(1, 20))
def test_it_takes_no_longer_than_was_asked_for_unless_it_is_one_thing(material: Material, minutes: int) -> None:
    chosen = choose(material, minutes)
    assert chosen.words <= minutes * WORDS_A_MINUTE or len(chosen.items) == 1
    assert bool(chosen.items) is bool(material.items)
    if len(chosen.items) > 1:
        assert chosen.minutes <= minutes


def test_words_are_counted_in_any_script() -> None:
    assert count_words("") == 0
    assert count_words("So that boats find  home.\n") == 5
    assert count_words("مصباح على الرصيف") == 3
    assert count_words("港の灯り") == 4
    assert count_words("A 灯 on 港") == 4


# --- the material ---


def parts(member: Member) -> dict[Section, list[int]]:
    found: dict[Section, list[int]] = {}
    for item in missed.front(member.jam, member, reading.unread(member)).items:
        found.setdefault(item.section, []).append(item.thread or 0)
    return found


@DB
def test_each_thing_is_found_where_it_belongs(cast: Cast) -> None:
    ana = cast.ana
    visits.arrive(ana, now=database_now())
    mine = cast.idea(by=ana)
    answered, followed = cast.idea(by=cast.fay), cast.idea(by=cast.fay, subject="A bench")
    cast.reply(answered)
    waiting = cast.idea(by=cast.ben, subject="A ferry")
    settle()
    visits.mark_all(ana, visits.known_posts(ana))
    assert parts(ana) == {}
    answer = cast.reply(cast.reply(mine), by=cast.fay)
    mention = cast.reply(answered, by=cast.fay)
    Mention.objects.create(post=mention, member=ana)
    Follow.objects.get_or_create(member=ana, thread=followed.thread)
    cast.reply(followed)
    announcements.make(member=cast.fay, words="The **mayor** is here at six.")
    new = cast.idea(by=cast.ben, subject="A crane")
    found = parts(ana)
    assert found[Section.TO_YOU] == [answered.thread_id, mine.thread_id]
    assert found[Section.FOLLOWED] == [followed.thread_id, mine.thread_id]  # who writes in a thread follows it
    assert found[Section.ANNOUNCED] == [0]
    assert set(found[Section.HOT]) == {mine.thread_id, answered.thread_id, followed.thread_id, new.thread_id}
    assert found[Section.UNANSWERED] == [new.thread_id]
    (item,) = [
        item
        for item in missed.front(ana.jam, ana, reading.unread(ana)).items
        if item.section is Section.TO_YOU and item.thread == mine.thread_id
    ]
    assert (item.unread, len(item.posts)) == (2, 1)  # the answer to Ben is not for Ana
    assert answer.pk not in item.posts
    assert waiting.thread_id not in found[Section.UNANSWERED]


@DB
def test_what_is_highlighted_comes_before_what_is_hot(cast: Cast) -> None:
    ideas = [cast.idea(by=cast.ben, subject=subject) for subject in ("A crane", "A ferry", "A bench")]
    reply = cast.reply(ideas[0], by=cast.fay)
    own = cast.reply(ideas[1], by=cast.ana)
    for post, kind in ((reply, "emerging"), (own, "best"), (ideas[2], "best")):
        highlights.highlight(member=cast.fay, post=post, kind=kind)
    items = list(missed.front(cast.jam, cast.ana, reading.unread(cast.ana)).items)
    marked = [item for item in items if item.section is Section.HIGHLIGHTED]
    # The newest mark first, of a thread the post that is marked; what she wrote herself is not new to her.
    assert [item.posts for item in marked] == [(ideas[2].pk,), (reply.pk,)]
    chosen = choose(Material(items), None).items
    hot = [item.thread for item in chosen if item.section is Section.HOT]
    assert ideas[2].thread_id not in hot
    moderation.hide(member=cast.fay, post=reply, reason="rash")
    assert parts(cast.ana)[Section.HIGHLIGHTED] == [ideas[2].thread_id]


@DB
def test_three_replies_in_a_thread_are_one_thing(cast: Cast) -> None:
    mine = cast.idea(by=cast.ana)
    replies = [cast.reply(mine, body=f"Reply {number}.") for number in range(5)]
    items = missed.front(cast.jam, cast.ana, reading.unread(cast.ana)).items
    (item,) = [item for item in items if item.section is Section.TO_YOU]
    assert (item.unread, item.content.more) == (5, 2)
    assert item.posts == tuple(post.pk for post in replies[2:])


@DB
def test_what_is_hidden_says_nothing(cast: Cast) -> None:
    mine = cast.idea(by=cast.ana)
    rash = cast.reply(mine, body="Something rash.")
    idea = cast.idea(by=cast.ben, subject="A rash idea")
    cast.reply(idea, by=cast.fay)
    for post in (rash, idea):
        moderation.hide(member=cast.fay, post=post, reason="rash")
    page = body_of(browser(cast.ana), at(cast.jam, "catch_up") + "?size=all")
    assert "rash" not in page
    assert "A hidden idea" in page


@DB
def test_the_rest_is_gone_through_once_page_by_page(cast: Cast) -> None:
    ideas = [
        cast.idea(by=cast.ben, forum=(cast.harbour, cast.streets)[number % 2], subject=f"Idea {number}")
        for number in range(7)
    ]
    front = {ideas[3].thread_id}
    found: list[int] = []
    after = None
    while True:
        page = missed.rest(cast.ana, without=front, after=after, size=2)
        found += [item.thread or 0 for item in page.items]
        if page.next is None:
            break
        after = page.next
    assert found == [idea.thread_id for idea in reversed(ideas) if idea.thread_id not in front]


# --- the page ---

LEFT = re.compile(r'data-left-posts="(\d+)" data-left-threads="(\d+)"')
SHOWN = re.compile(r'class="story-post"[^>]* data-post-id="(\d+)"')


def busy(cast: Cast) -> None:
    """More than three minutes can hold."""
    mine = cast.idea(by=cast.ana)
    words = "The mole is long and dark, and the boats come home late. " * 12
    for number in range(9):
        idea = cast.idea(by=cast.ben, forum=(cast.harbour, cast.streets)[number % 2], subject=f"Idea {number}")
        for _ in range(number % 4):
            cast.reply(idea, by=cast.fay, body=words)
        cast.reply(mine, body=words)


@DB
@pytest.mark.parametrize("size", ["3", "10", "all"])
def test_the_numbers_of_the_page_add_up_to_what_is_unread(cast: Cast, size: str) -> None:
    busy(cast)
    url = at(cast.jam, "catch_up") + f"?size={size}"
    page = body_of(browser(cast.ana), url)
    new = Post.objects.exclude(author=cast.ana)
    shown = {int(pk) for pk in SHOWN.findall(page)}
    assert shown <= set(new.values_list("pk", flat=True))
    assert f'data-new-posts="{new.count()}"' in page
    assert f"<title>({new.count()}) " in page
    threads = {post.thread_id for post in new}
    unshown = {post.thread_id for post in new if post.pk not in shown}
    if size == "all":
        assert {post.thread_id for post in new if post.pk in shown} == threads
    else:
        left = LEFT.search(page)
        assert left is not None
        assert (int(left[1]), int(left[2])) == (new.count() - len(shown), len(unshown))


@DB
def test_home_forum_and_thread_agree(cast: Cast) -> None:
    busy(cast)
    ana = browser(cast.ana)
    page = body_of(ana, at(cast.jam, "home"))
    counts = dict(re.findall(r'<li data-forum="(\d+)">.*?data-new="(\d+)"', page, re.S))
    new = Post.objects.exclude(author=cast.ana)
    for forum in (cast.harbour, cast.streets):
        assert int(counts[str(forum.pk)]) == new.filter(thread__forum=forum).count()
        rows = re.findall(
            r'class="idea node[^>]* data-thread="(\d+)".*?data-new="(\d+)"',
            body_of(ana, at(cast.jam, "forum", forum.pk)),
            re.S,
        )
        assert {int(thread): int(count) for thread, count in rows} == {
            thread.pk: new.filter(thread=thread).count() for thread in Thread.objects.filter(forum=forum)
        }
    for thread in Thread.objects.filter(jam=cast.jam):
        page = body_of(ana, at(cast.jam, "detail", thread.pk))
        assert page.count("data-unread>") == new.filter(thread=thread).count()
        assert f"<title>({new.count()}) " in page


@DB
def test_a_list_leads_to_the_first_new_post(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    idea = cast.idea(by=cast.ben)
    first, second = cast.reply(idea, by=cast.fay), cast.reply(idea)
    url, ana = at(cast.jam, "first_unread", idea.thread_id), browser(cast.ana)
    thread = at(cast.jam, "detail", idea.thread_id)
    assert ana.get(url).url == thread  # all of it is new
    reading.see(cast.ana, [idea.pk, first.pk])
    assert ana.get(url).url == f"{thread}#post-{second.pk}"
    assert f'href="#post-{second.pk}" data-first-unread' in body_of(ana, thread)
    reading.see(cast.ana, [second.pk])
    assert ana.get(url).url == thread
    assert "data-first-unread" not in body_of(ana, thread)
    assert browser(cast.zoe).get(url).url == thread
    assert browser(cast.ned).get(at(cast.other, "first_unread", idea.thread_id)).status_code == 404


@DB
def test_all_can_be_called_seen_and_that_undone_without_a_script(cast: Cast) -> None:
    busy(cast)
    ana, url = browser(cast.ana), at(cast.jam, "catch_up")
    page = body_of(ana, url)
    form = {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("upto", "also")}  # type: ignore[index]
    late = cast.idea(by=cast.ben, subject="Came while the page was open")
    assert ana.post(at(cast.jam, "all_seen"), form).url == url
    page = body_of(ana, url)
    assert SHOWN.findall(page) == [str(late.pk)]
    assert "Undo" in page
    before = reading.unread(cast.ana).total
    assert ana.post(at(cast.jam, "undo_all_seen")).url == url
    assert before == 1
    assert reading.unread(cast.ana).total == Post.objects.exclude(author=cast.ana).count()
    assert "Undo" not in body_of(ana, url)


@DB
def test_a_page_of_catching_up_calls_nothing_seen(cast: Cast) -> None:
    busy(cast)
    before = reading.unread(cast.ana).total
    for size in ("3", "10", "all"):
        body_of(browser(cast.ana), at(cast.jam, "catch_up") + f"?size={size}")
    assert reading.unread(cast.ana).total == before


@DB
def test_nothing_new_says_what_to_do_next_and_it_works_after_the_close(cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    ana, url = browser(cast.ana), at(cast.jam, "catch_up")
    reading.see(cast.ana, [idea.pk])
    assert "wait for a first reply" in body_of(ana, url)
    reply = cast.reply(idea)
    close_by_clock(cast.jam)
    assert SHOWN.findall(body_of(ana, url)) == [str(reply.pk)]
    assert ana.post(at(cast.jam, "seen"), {"post": reply.pk}).status_code == 302
    assert "Everything that was said can be found" in body_of(ana, url)


@DB
@pytest.mark.parametrize(
    "query", ["at=yesterday&thread=1", "at=2026-01-01&thread=1", "at=2026-01-01T10:00:00Z&thread=x"]
)
def test_a_place_that_is_none_is_refused(cast: Cast, query: str) -> None:
    assert browser(cast.ana).get(at(cast.jam, "catch_up") + f"?size=all&{query}").status_code == 422


@DB
def test_who_may_catch_up(cast: Cast) -> None:
    idea = cast.idea()
    for name in ("catch_up", "unread"):
        people = (None, cast.zoe, cast.ana, cast.omar)
        assert [browser(who).get(at(cast.jam, name)).status_code for who in people] == [302, 403, 200, 200]
    for name in ("seen", "all_seen", "undo_all_seen"):
        assert browser(cast.ana).get(at(cast.jam, name)).status_code == 405
        assert browser().post(at(cast.jam, name), {"post": idea.pk}).status_code == 302
        assert browser(cast.zoe).post(at(cast.jam, name), {"post": idea.pk}).status_code == 403
    assert browser(cast.ana).post(at(cast.jam, "all_seen"), {"upto": "many"}).status_code == 422
    assert Client(enforce_csrf_checks=True).post(at(cast.jam, "seen")).status_code in (302, 403)


@DB
def test_what_was_seen_is_told_and_answered_with_what_is_left(cast: Cast, django_assert_num_queries: Any) -> None:
    idea = cast.idea(by=cast.ben)
    reply = cast.reply(idea)
    ana = browser(cast.ana)
    body_of(ana, at(cast.jam, "home"))
    sent = {"post": [str(idea.pk), "nonsense", "9" * 30, "-1"]}
    # Who, where, two of a savepoint, seen, went on, told of no longer, what is new, and in which threads.
    with django_assert_num_queries(9):
        answer = ana.post(at(cast.jam, "seen"), sent, headers={"Accept": "application/json"}).json()
    forums = {str(cast.harbour.pk): 1, str(cast.streets.pk): 0}
    assert answer == {"all": 1, "most": 100, "forums": forums, "threads": {str(idea.thread_id): 1}}
    asked = ana.get(at(cast.jam, "unread"), {"thread": [idea.thread_id, 7]}).json()
    assert asked["threads"] == {str(idea.thread_id): 1, "7": 0}
    back = at(cast.jam, "detail", idea.thread_id)
    assert ana.post(at(cast.jam, "seen"), {"post": reply.pk, "back": back}).url == back
    assert reading.unread(cast.ana).total == 0


@DB
def test_the_line_says_where_they_left(cast: Cast) -> None:
    ana = browser(cast.ana)
    assert "You were here last" not in body_of(ana, at(cast.jam, "home"))
    pretend(cast.ana, last_at=timedelta(minutes=45))
    for name in ("home", "catch_up"):
        page = body_of(ana, at(cast.jam, name))
        assert 'class="line-left"' in page
        assert "You were here last on" in page
    pretend(cast.ana, last_at=timedelta(minutes=1), left_at=timedelta(days=3))  # before the opening
    assert 'class="line-left"' not in body_of(ana, at(cast.jam, "home"))


@DB
@pytest.mark.parametrize("size", ["3", "all"])
def test_catching_up_asks_as_much_of_three_threads_as_of_one(cast: Cast, size: str) -> None:
    def more() -> None:
        mine = cast.idea(by=cast.ana)
        for post in (mine, cast.idea(by=cast.fay), cast.idea(by=cast.fay, forum=cast.streets)):
            cast.reply(post, by=cast.ben)
        announcements.make(member=cast.fay, words=f"Idea {mine.pk}")
        Follow.objects.get_or_create(member=cast.ana, thread=mine.thread)

    more()
    url, ana = at(cast.jam, "catch_up") + f"?size={size}", browser(cast.ana)
    one = queries_of(ana, url)
    more()
    more()
    assert queries_of(ana, url) == one


@DB
def test_themes_that_were_not_there_before_are_said_and_are_no_posts(cast: Cast) -> None:
    ana = cast.ana
    pretend(ana, last_at=timedelta(minutes=1), left_at=timedelta(minutes=30))
    old, new = (Theme.objects.create(jam=cast.jam, words=[word], idea_count=2) for word in ("tolls", "lamps"))
    Theme.objects.filter(pk=old.pk).update(found_at=database_now() - timedelta(hours=1))
    cast.idea(by=cast.ben)
    items = missed.front(ana.jam, ana, reading.unread(ana)).items
    assert [item.content for item in items if item.section is Section.THEMES] == [new]
    page = body_of(browser(ana), at(cast.jam, "catch_up"))
    assert f'href="/jams/tides/ideas/?theme={new.pk}"' in page
    assert "1 new post<" in page
