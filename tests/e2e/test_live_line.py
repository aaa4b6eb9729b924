"""The live line of a page, as `static/js/live.js` keeps it: what the page is told, whatever becomes of its socket."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.line import Line
from tests.e2e.stack import Site, eventually
from threads.domain import voting
from threads.models import Post

pytestmark = [pytest.mark.e2e]


def open_thread(open_page: OpenPage, cast: Cast, idea: Post, *, blocked_with: int | None = None) -> Line:
    line = Line(open_page(cast.ana.person))
    line.code = blocked_with
    line.page.goto(f"/jams/{cast.jam.slug}/threads/{idea.thread_id}/")
    if blocked_with is None:
        eventually(lambda: line.told("here"), what="the socket is open")
    return line


def test_a_post_and_a_vote_reach_an_open_page(open_page: OpenPage, cast: Cast, site: Site) -> None:
    idea = cast.idea()
    line = open_thread(open_page, cast, idea)
    post = cast.reply(idea)
    eventually(lambda: line.posts() == [post.pk], what="the reply")
    voting.cast(member=cast.fay, post=post, value=1)
    newest = {str(post.pk): {"agree": 1, "pass": 0, "disagree": 0}}
    eventually(lambda: line.told("counts")[-1] == newest, what="the vote")
    assert "html" in line.told("event")[0]


def test_a_line_that_broke_is_mended_and_nothing_is_missed_or_twice(
    open_page: OpenPage, cast: Cast, site: Site
) -> None:
    idea = cast.idea()
    line = open_thread(open_page, cast, idea)
    posts = [cast.reply(idea).pk]
    eventually(lambda: line.posts() == posts, what="the first reply")
    line.cut()
    posts += [cast.reply(idea).pk, cast.reply(idea).pk]
    voting.cast(member=cast.fay, post=idea, value=1)
    eventually(lambda: line.posts() == posts, what="what was missed")
    eventually(lambda: str(idea.pk) in line.told("counts")[-1], what="the vote that was missed")
    posts.append(cast.reply(idea).pk)
    eventually(lambda: line.posts() == posts, what="what came after")
    assert line.page.evaluate("Number(document.body.dataset.seq)") == line.told("event")[-1]["seq"]


def test_where_sockets_are_blocked_the_page_asks(open_page: OpenPage, cast: Cast, site: Site) -> None:
    idea = cast.idea()
    line = open_thread(open_page, cast, idea, blocked_with=4999)
    post = cast.reply(idea)
    eventually(lambda: line.posts() == [post.pk], within=40, what="the reply, by asking")
    assert line.tries >= 3
    line.code = None
    eventually(lambda: line.told("here"), within=40, what="a socket after all")
    last = cast.reply(idea)
    eventually(lambda: line.posts() == [post.pk, last.pk], what="the reply, by the socket")


def test_a_page_that_is_refused_does_not_come_back(open_page: OpenPage, cast: Cast, site: Site) -> None:
    line = open_thread(open_page, cast, cast.idea(), blocked_with=4404)
    eventually(lambda: line.told("refused") == [{"code": 4404}], what="the refusal")
    line.page.evaluate("dispatchEvent(new Event('online'))")
    line.page.wait_for_timeout(300)
    assert line.tries == 1
    assert line.told("offline") == []
