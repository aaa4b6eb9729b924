"""The pages of threads: who gets in, what a page shows, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person
from jam.models import Door, Forum, Jam, Member
from live.models import Event
from moderation.domain import posts as moderation
from tests.cast import Cast, set_window
from threads.domain import favourites, posting, voting
from threads.models import Post
from threads.views.tree import NEST_MAX

POSTS = re.compile(r'<article [^>]*\bid="post-(\d+)"')


def browser(who: Member | Person | None = None) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who.person if isinstance(who, Member) else who)
    return client


def at(jam: Jam, name: str, *args: object) -> str:
    return reverse(f"threads:{name}", args=[jam.slug, *args])


def body_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # what is asked once a process is asked here
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# --- who gets in ---

# What each page answers to a signed-out visitor, a visitor with an account, a member, an observer, who runs the jam.
PAGES: list[tuple[str, Callable[[Post], list[int]], tuple[int, int, int, int, int]]] = [
    ("home", lambda idea: [], (200, 200, 200, 200, 200)),
    ("forum", lambda idea: [idea.thread.forum_id], (302, 200, 200, 200, 200)),
    ("start", lambda idea: [idea.thread.forum_id], (302, 403, 200, 200, 200)),
    ("detail", lambda idea: [idea.thread_id], (302, 200, 200, 200, 200)),
    ("post", lambda idea: [idea.pk], (302, 302, 302, 302, 302)),
    ("reply", lambda idea: [idea.pk], (302, 403, 200, 200, 200)),
    ("vote", lambda idea: [idea.pk], (405, 405, 405, 405, 405)),
    ("favourite", lambda idea: [idea.pk], (405, 405, 405, 405, 405)),
    ("favourites", lambda idea: [], (302, 403, 200, 200, 200)),
    ("drafts", lambda idea: [], (302, 403, 200, 200, 200)),
    ("discard", lambda idea: [1], (405, 405, 405, 405, 405)),
]


@pytest.mark.parametrize(("name", "args", "statuses"), PAGES, ids=[page[0] for page in PAGES])
def test_who_gets_which_page(
    cast: Cast, name: str, args: Callable[[Post], list[int]], statuses: tuple[int, ...]
) -> None:
    url = at(cast.jam, name, *args(cast.idea()))
    people = (None, cast.zoe, cast.ana, cast.omar, cast.fay)
    assert tuple(browser(who).get(url).status_code for who in people) == statuses


@pytest.mark.parametrize(("name", "args", "statuses"), PAGES, ids=[page[0] for page in PAGES])
def test_a_jam_for_its_members_alone_is_not_there_for_others(
    cast: Cast, name: str, args: Callable[[Post], list[int]], statuses: tuple[int, ...]
) -> None:
    url = at(cast.jam, name, *args(cast.idea()))
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    expected = 405 if 405 in statuses else 404
    assert browser(cast.zoe).get(url).status_code == expected
    assert browser(cast.ned).get(url).status_code == expected


@pytest.mark.parametrize("name", ["detail", "post", "reply", "forum", "start"])
def test_what_is_of_another_jam_is_not_there(cast: Cast, name: str) -> None:
    idea = cast.idea()
    number = {"detail": idea.thread_id, "forum": cast.harbour.pk, "start": cast.harbour.pk}.get(name, idea.pk)
    assert browser(cast.ned).get(at(cast.other, name, number)).status_code == 404
    assert browser(cast.ana).get(at(cast.jam, name, 10**18)).status_code == 404
    assert browser(cast.ana).get(at(cast.jam, name, 10**30)).status_code == 404


@pytest.mark.parametrize("name", ["home", "forum", "detail", "post", "favourites"])
def test_reading_takes_no_post(cast: Cast, name: str) -> None:
    idea = cast.idea()
    args = {"forum": [cast.harbour.pk], "detail": [idea.thread_id], "post": [idea.pk]}.get(name, [])
    assert browser(cast.ana).post(at(cast.jam, name, *args)).status_code == 405


@pytest.mark.parametrize(
    ("opens", "closes", "reading", "member", "staff"),
    [(1, 2, None, 404, 200), (-1, 1, None, 200, 200), (-2, -1, None, 200, 200), (-3, -2, -1, 404, 200)],
    ids=["scheduled", "open", "reading", "archived"],
)
def test_the_phase_says_who_reads(
    cast: Cast, opens: int, closes: int, reading: int | None, member: int, staff: int
) -> None:
    idea = cast.idea()
    set_window(
        cast.jam,
        opens_in=timedelta(hours=opens),
        closes_in=timedelta(hours=closes),
        reading_in=None if reading is None else timedelta(hours=reading),
    )
    for url in (at(cast.jam, "forum", cast.harbour.pk), at(cast.jam, "detail", idea.thread_id)):
        assert browser(cast.ana).get(url).status_code == member
        assert browser(cast.fay).get(url).status_code == staff
    assert browser(cast.ana).get(at(cast.jam, "home")).status_code == 200


# --- what a page shows ---


def test_a_thread_has_each_post_once_in_the_order_of_the_tree(cast: Cast) -> None:
    idea = cast.idea()
    first, second = cast.reply(idea), cast.reply(idea)
    under_first = cast.reply(first, by=cast.ana)
    found = POSTS.findall(body_of(browser(cast.ana), at(cast.jam, "detail", idea.thread_id)))
    assert [int(pk) for pk in found] == [idea.pk, first.pk, under_first.pk, second.pk]


def test_a_deep_branch_moves_right_only_so_far_and_then_says_whom_it_answers(cast: Cast) -> None:
    idea = cast.idea()
    post = idea
    for number in range(24):
        post = cast.reply(post, by=(cast.ana, cast.ben)[number % 2], body=f"Turn {number}")
    page = body_of(browser(cast.ana), at(cast.jam, "detail", idea.thread_id))
    start = page.index('id="replies"')
    tree = page[start : page.index("<template", start)]
    assert len(POSTS.findall(tree)) == 24
    assert tree.count('<details class="branch"') == tree.count("</details>") == NEST_MAX
    assert tree.count("<li ") == tree.count("</li>") == 24
    assert f'href="#post-{post.parent_id}" data-word="answers">answers <bdi>Ana</bdi>' in tree


def test_a_fragment_is_the_same_in_the_page_and_in_the_event(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea, by=cast.ana)
    event = Event.objects.get(jam_key=cast.jam.pk, data__post=reply.pk)
    for who in (cast.ben, cast.fay):
        assert event.html in body_of(browser(who), at(cast.jam, "detail", idea.thread_id))


def test_what_is_mine_shows_without_a_script(cast: Cast) -> None:
    idea = cast.idea()
    voting.cast(member=cast.ben, post=idea, value=-1)
    favourites.keep(member=cast.ben, post=idea)
    url = at(cast.jam, "detail", idea.thread_id)
    mine = body_of(browser(cast.ben), url)
    assert 'data-vote="-1" data-kept' in mine
    assert "You disagreed." in mine
    assert "You keep this post." in mine
    for other in (cast.ana, cast.fay):
        page = body_of(browser(other), url)
        assert "data-vote" not in page
        assert "data-kept" not in page


def test_nobody_is_offered_a_vote_on_their_own_post(cast: Cast) -> None:
    idea = cast.idea()
    url = at(cast.jam, "detail", idea.thread_id)
    assert f'formaction="{at(cast.jam, "vote", idea.pk)}"' not in body_of(browser(cast.ana), url)
    assert f'formaction="{at(cast.jam, "vote", idea.pk)}"' in body_of(browser(cast.ben), url)


def test_an_upvote_jam_has_one_way_to_vote(cast: Cast) -> None:
    Jam.objects.filter(pk=cast.jam.pk).update(voting="upvote")
    idea = cast.idea()
    page = body_of(browser(cast.ben), at(cast.jam, "detail", idea.thread_id))
    assert "Upvote" in page
    assert "Disagree" not in page


def test_a_hidden_post_leaves_a_placeholder_and_its_words_to_those_who_may_read_them(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea, body="Something rash.")
    below = cast.reply(reply, by=cast.ana, body="An answer to it.")
    moderation.hide(member=cast.fay, post=reply, reason="rash")
    url = at(cast.jam, "detail", idea.thread_id)
    for who, reads in ((cast.ana, False), (cast.zoe, False), (cast.ben, True), (cast.fay, True)):
        page = body_of(browser(who), url)
        assert "This post is hidden." in page
        assert ("Something rash." in page) is reads
        assert f'id="post-{below.pk}"' in page


def test_a_hidden_post_is_in_no_list(cast: Cast) -> None:
    idea = cast.idea(subject="A rash idea")
    favourites.keep(member=cast.ben, post=idea)
    moderation.hide(member=cast.fay, post=idea, reason="rash")
    for url in (at(cast.jam, "home"), at(cast.jam, "forum", cast.harbour.pk), at(cast.jam, "favourites")):
        assert "A rash idea" not in body_of(browser(cast.ben), url)


def test_a_visitor_reads_and_is_asked_to_join(cast: Cast) -> None:
    page = body_of(browser(cast.zoe), at(cast.jam, "detail", cast.idea().thread_id))
    assert "Join this jam" in page
    assert 'form="act"' not in page


def test_signed_out_a_jam_shows_its_question_and_nothing_of_what_is_said(cast: Cast) -> None:
    cast.idea(subject="A lamp on the pier")
    page = body_of(browser(), at(cast.jam, "home"))
    assert "What should we do first?" in page
    assert "A lamp on the pier" not in page
    assert "Harbour" not in page


def test_home_shows_what_waits_for_a_first_reply(cast: Cast) -> None:
    answered, waiting = cast.idea(subject="Answered"), cast.idea(subject="Still waiting")
    cast.reply(answered)
    page = body_of(browser(cast.ana), at(cast.jam, "home"))
    part = page[page.index('id="waiting-title"') : page.index('id="pulse-title"')]
    assert "Still waiting" in part
    assert "Answered" not in part
    assert f'data-thread="{waiting.thread_id}"' in part


def test_the_permanent_link_leads_to_the_post(cast: Cast) -> None:
    reply = cast.reply(cast.idea())
    response = browser(cast.ana).get(at(cast.jam, "post", reply.pk))
    assert response["Location"] == f"{at(cast.jam, 'detail', reply.thread_id)}#post-{reply.pk}"


def test_an_idea_without_a_subject_has_a_heading_and_its_words_once(cast: Cast) -> None:
    idea = cast.idea()
    Post.objects.filter(pk=idea.pk).update(subject="")
    page = body_of(browser(cast.ana), at(cast.jam, "detail", idea.thread_id))
    main = page[page.index("<main") :]
    assert re.findall(r"<h1[^>]*>([^<]*)</h1>", main) == ["An idea by Ana"]
    assert main.count("So that boats find") == 1
    assert "So that boats find home." in body_of(browser(cast.ana), at(cast.jam, "forum", cast.harbour.pk))


@pytest.mark.parametrize("sort", ["hot", "new", "top", "needs_reply", "nonsense"])
def test_a_forum_names_its_order(cast: Cast, sort: str) -> None:
    cast.idea()
    page = body_of(browser(cast.ana), at(cast.jam, "forum", cast.harbour.pk) + f"?sort={sort}")
    current = "hot" if sort == "nonsense" else sort
    assert re.findall(r'href="\?sort=(\w+)" aria-current="true"', page) == [current]
    assert "A lamp on the pier" in page


@pytest.mark.parametrize("after", ["x", "🙂", "W10", "bnVsbA", "WyJob3QiLCJ4IiwxXQ", "A" * 5000])
def test_a_cursor_that_we_did_not_make_is_refused(cast: Cast, after: str) -> None:
    response = browser(cast.ana).get(at(cast.jam, "forum", cast.harbour.pk), {"after": after})
    assert response.status_code == 422
    assert "not a place in this list" in response.content.decode()


def test_a_page_number_that_is_none_is_the_first_page(cast: Cast) -> None:
    idea = cast.idea()
    for number in ("0", "-1", "x", "٣", "9" * 40, "99"):
        page = browser(cast.ana).get(at(cast.jam, "detail", idea.thread_id), {"page": number})
        assert POSTS.findall(page.content.decode()) == [str(idea.pk)]


# --- what a page costs: the same whatever the number of rows ---


def fill(cast: Cast, forum: Forum) -> None:
    for number in range(3):
        idea = cast.idea(subject=f"Idea {number}", forum=forum)
        reply = cast.reply(idea)
        cast.reply(cast.reply(reply, by=cast.fay), by=cast.ana)
        voting.cast(member=cast.ben, post=idea, value=1)
        favourites.keep(member=cast.ben, post=reply)
        moderation.hide(member=cast.fay, post=cast.reply(idea), reason="rash")


@pytest.mark.parametrize("name", ["home", "forum", "detail", "favourites", "drafts"])
@pytest.mark.parametrize("who", ["ben", "fay"])
def test_queries_do_not_grow_with_rows(cast: Cast, name: str, who: str) -> None:
    member = getattr(cast, who)
    idea = cast.idea()
    first = cast.reply(idea)
    favourites.keep(member=cast.ben, post=first)
    favourites.keep(member=cast.fay, post=first)
    args = {"forum": [cast.harbour.pk], "detail": [idea.thread_id]}.get(name, [])
    client, url = browser(member), at(cast.jam, name, *args)
    with_one = queries_of(client, url)
    fill(cast, cast.harbour)
    for number in range(3):
        moderation.hide(member=cast.fay, post=cast.reply(cast.reply(idea), by=cast.ana, body=f"{number}"), reason="x")
    assert queries_of(client, url) == with_one


def test_what_a_thread_page_asks_the_database(cast: Cast) -> None:
    """The person, the jam and its clock, the member, seq, line, news, thread, posts, votes, favourites. No session.

    And what is the reader's own: the visit, what is new, what they were writing. If the thread is connected with
    others, one query more.
    """
    idea = cast.idea()
    cast.reply(idea)
    assert queries_of(browser(cast.ben), at(cast.jam, "detail", idea.thread_id)) <= 13


def test_a_post_by_an_author_with_marks_in_their_name_is_shown_as_written(cast: Cast) -> None:
    """What a fragment is filled with is not read for marks again."""
    Member.objects.filter(pk=cast.ana.pk).update(name="⟦id⟧ <b>Ana</b>")
    cast.ana.refresh_from_db()
    idea = posting.start_thread(member=cast.ana, forum=cast.harbour, subject="⟦path⟧", body="⟦html⟧", tags=["⟦base⟧"])
    page = body_of(browser(cast.ben), at(cast.jam, "detail", idea.thread_id))
    assert "⟦id⟧ &lt;b&gt;Ana&lt;/b&gt;" in page
    assert "⟦path⟧" in page
    assert "⟦html⟧" in page
    assert "⟦base⟧" in page


def test_questions_on_the_home_are_rendered_and_a_forums_is_one_line(cast: Cast) -> None:
    jam, forum = cast.jam, cast.harbour
    jam.question, jam.question_html = "Where is it **dark**?", "<p>Where is it <strong>dark</strong>?</p>"
    jam.save()
    forum.question, forum.question_html = "Q&A <b> **here**", "<p>Q&amp;A &lt;b&gt; <strong>here</strong></p>"
    forum.save()
    page = body_of(browser(cast.ana), at(jam, "home"))
    assert "<p>Where is it <strong>dark</strong>?</p>" in page
    assert ">Q&amp;A &lt;b&gt; here</p>" in page
