"""From a thread on to the next that has something new."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.threads.test_reading import settle
from tests.threads.test_views import at, browser
from threads.domain import reading, visits

pytestmark = pytest.mark.django_db


def test_the_same_forum_first_and_what_was_written_in_last(cast: Cast, django_assert_num_queries: Any) -> None:
    here, older, newer = (cast.idea(by=cast.ben, subject=subject) for subject in ("Here", "Older", "Newer"))
    elsewhere = cast.idea(by=cast.ben, forum=cast.streets, subject="Elsewhere")
    with django_assert_num_queries(1):
        assert reading.next_unread(cast.ana, here.thread) == newer.thread_id
    reading.see(cast.ana, [newer.pk])
    assert reading.next_unread(cast.ana, here.thread) == older.thread_id
    cast.reply(newer, by=cast.fay)
    assert reading.next_unread(cast.ana, here.thread) == newer.thread_id
    reading.see(cast.ana, [older.pk, *newer.thread.posts.values_list("pk", flat=True)])
    assert reading.next_unread(cast.ana, here.thread) == elsewhere.thread_id
    assert reading.next_unread(cast.ben, here.thread) == newer.thread_id  # what he wrote is not new to him


def test_the_link_leads_to_the_first_new_post(cast: Cast) -> None:
    here, there = cast.idea(by=cast.ben), cast.idea(by=cast.ben, subject="There")
    reading.see(cast.ana, [there.pk])
    answer = cast.reply(there, by=cast.fay)
    page = browser(cast.ana).get(at(cast.jam, "next_unread", here.thread_id), follow=True)
    assert page.redirect_chain[-1][0] == f"/jams/tides/threads/{there.thread_id}/#post-{answer.pk}"


def test_when_all_is_seen_it_leads_to_the_page_that_says_so(cast: Cast) -> None:
    here = cast.idea(by=cast.ben)
    settle()
    visits.mark_all(cast.ana, visits.known_posts(cast.ana))
    page = browser(cast.ana).get(at(cast.jam, "next_unread", here.thread_id))
    assert page.headers["Location"] == at(cast.jam, "catch_up")


def test_who_is_no_member_is_told_to_join(cast: Cast) -> None:
    here = cast.idea(by=cast.ben)
    client = browser(cast.ana)
    client.force_login(cast.zoe)
    assert client.get(at(cast.jam, "next_unread", here.thread_id)).status_code == 403
