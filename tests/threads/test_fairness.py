"""Ideas that few have seen: which they are, where they stand, and what is noted of who saw them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jam.models import Jam, Member
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock, make_jam, make_member, make_person
from tests.threads.finding import write
from tests.threads.test_views import at, body_of, browser
from threads.domain import fairness, queries, voting
from threads.domain.places import ENOUGH, EVERY, interleave
from threads.models import Exposure, Post, Thread

LABEL = "Few have seen it yet"
numbers = st.lists(st.integers(0, 60), unique=True)


def rows(ranked: Sequence[int], few: Sequence[int]) -> list[tuple[int, bool]]:
    return list(interleave(ranked, few, key=lambda idea: idea))


def test_every_third_row_is_for_what_few_have_seen() -> None:
    found = rows([1, 2, 3, 4, 5], [9, 8, 7])
    assert found == [(1, False), (2, False), (9, True), (3, False), (4, False), (8, True), (5, False)]
    assert rows([1, 2, 3, 4], [4, 1]) == [(1, False), (2, False), (4, True), (3, False)]
    assert rows([1, 2, 3], []) == [(1, False), (2, False), (3, False)]
    assert rows([1], [2]) == [(1, False)]


@given(numbers, numbers)
def test_no_idea_twice_and_none_by_rank_lost(ranked: list[int], few: list[int]) -> None:
    found = rows(ranked, few)
    shown = [idea for idea, _ in found]
    assert len(shown) == len(set(shown))
    assert set(ranked) <= set(shown)
    by_rank = [idea for idea, is_few in found if not is_few]
    assert by_rank == [idea for idea in ranked if idea in by_rank]
    assert [idea for idea, is_few in found if is_few] == [idea for idea in few if (idea, True) in found]
    for place, (_, is_few) in enumerate(found, start=1):
        assert not is_few or place % EVERY == 0


# --- which they are ---


def few_for(cast: Cast, member: Member, limit: int = 9) -> list[int]:
    return [idea.pk for idea in fairness.few_have_seen(queries.ideas(forum=cast.harbour), member, limit=limit)]


@pytest.mark.django_db
def test_what_few_have_seen_and_this_reader_has_not(cast: Cast) -> None:
    first, second, third = (write(cast, f"Idea {number}", by=cast.ana) for number in range(3))
    own = write(cast, "Ben's own", by=cast.ben)
    hidden = write(cast, "Hidden")
    moderation.hide(member=cast.fay, post=hidden, reason="rash")
    write(cast, "Elsewhere", forum=cast.streets)
    assert few_for(cast, cast.ben) == [first.pk, second.pk, third.pk]
    assert few_for(cast, cast.ana) == [own.pk]
    assert few_for(cast, cast.ben, 1) == [first.pk]
    fairness.show(member=cast.ben, thread_ids=[first.thread_id])
    voting.cast(member=cast.ben, post=second, value=0)
    assert few_for(cast, cast.ben) == [third.pk]
    Thread.objects.filter(pk=third.thread_id).update(shown_count=ENOUGH)
    assert few_for(cast, cast.ben) == []


# --- what is noted ---


def shown_to(post: Post) -> int:
    count = Thread.objects.values_list("shown_count", flat=True).get(pk=post.thread_id)
    assert count == Exposure.objects.filter(thread=post.thread_id).count()
    return count


@pytest.mark.django_db
def test_each_person_counts_once_and_the_author_does_not(cast: Cast) -> None:
    idea, other = write(cast, "A lamp", by=cast.ana), write(cast, "A ferry", by=cast.ben)
    for member in (cast.ben, cast.ben, cast.ana, cast.fay):
        fairness.show(member=member, thread_ids=[idea.thread_id, idea.thread_id, other.thread_id, 10**9])
    assert (shown_to(idea), shown_to(other)) == (2, 2)


@pytest.mark.django_db
def test_nothing_is_written_of_an_idea_that_enough_were_shown(cast: Cast) -> None:
    idea = write(cast, "A lamp")
    people = [make_member(cast.jam, make_person(f"Person{number}")) for number in range(ENOUGH + 2)]
    for member in people:
        fairness.show(member=member, thread_ids=[idea.thread_id])
    assert shown_to(idea) == ENOUGH
    assert few_for(cast, cast.ben) == []


@pytest.mark.django_db
def test_what_is_hidden_or_of_another_jam_is_passed_over(cast: Cast) -> None:
    hidden = write(cast, "Hidden")
    moderation.hide(member=cast.fay, post=hidden, reason="rash")
    outsider = make_member(make_jam("elsewhere"), cast.ben.person)
    idea = write(cast, "A lamp")
    fairness.show(member=cast.ben, thread_ids=[hidden.thread_id])
    fairness.show(member=outsider, thread_ids=[idea.thread_id])
    assert Exposure.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("others", [1, 3])
def test_noting_is_one_query(cast: Cast, others: int, django_assert_num_queries: Any) -> None:
    threads = [write(cast, f"Idea {number}").thread_id for number in range(others)]
    with django_assert_num_queries(1, connection=connection):
        fairness.show(member=cast.ben, thread_ids=threads)
    assert Exposure.objects.count() == others


def tell(client: Client, jam: Jam, *threads: object) -> int:
    body = urlencode([("thread", thread) for thread in threads])
    kind = "application/x-www-form-urlencoded"
    return client.post(at(jam, "shown"), body, content_type=kind, headers={"Accept": "application/json"}).status_code


@pytest.mark.django_db
def test_a_browser_tells_what_it_showed(cast: Cast) -> None:
    idea = write(cast, "A lamp")
    ben = browser(cast.ben)
    assert tell(ben, cast.jam, idea.thread_id, "x", "", "-1", "9" * 30, "٣") == 204
    assert tell(ben, cast.jam, idea.thread_id) == 204
    assert tell(ben, cast.jam) == 204
    assert shown_to(idea) == 1
    assert ben.get(at(cast.jam, "shown")).status_code == 405
    assert tell(Client(), cast.jam, idea.thread_id) == 302
    visitor = Client()
    visitor.force_login(cast.zoe)
    assert tell(visitor, cast.jam, idea.thread_id) == 403
    close_by_clock(cast.jam)
    assert tell(browser(cast.fay), cast.jam, idea.thread_id) == 204
    assert shown_to(idea) == 1


@pytest.mark.django_db
def test_no_more_than_a_hundred_at_once(cast: Cast) -> None:
    idea = write(cast, "A lamp")
    assert tell(browser(cast.ben), cast.jam, *range(10**9, 10**9 + 100), idea.thread_id) == 204
    assert shown_to(idea) == 0


# --- where they stand ---


@pytest.fixture
def crowded(cast: Cast) -> list[Post]:
    """A forum of 30 ideas, the last of them the hottest; nobody was shown the first three."""
    ideas = [write(cast, f"Idea {number:02}", by=cast.ana) for number in range(30)]
    for place, idea in enumerate(ideas):
        Thread.objects.filter(pk=idea.thread_id).update(heat=place, shown_count=0 if place < 3 else ENOUGH)
    return ideas


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["hot", "top"])
def test_a_list_by_rank_keeps_places(cast: Cast, crowded: list[Post], sort: str) -> None:
    url = at(cast.jam, "forum", cast.harbour.pk)
    text = body_of(browser(cast.ben), f"{url}?sort={sort}")
    assert text.count(LABEL) == 3
    places = [text.index(f">Idea {number:02}</a>") for number in (28, 0, 27, 26, 1, 25, 24, 2)]
    assert places == sorted(places)
    assert "A few places go to ideas that few have seen." in text
    for other in ("new", "needs_reply"):
        assert LABEL not in body_of(browser(cast.ben), f"{url}?sort={other}")
    assert LABEL not in body_of(browser(cast.ana), f"{url}?sort={sort}")


@pytest.mark.django_db
def test_going_on_shows_every_idea_by_rank(cast: Cast, crowded: list[Post]) -> None:
    """What stood in a kept place stands once more in its own, on the page that is by rank alone."""
    client, url = browser(cast.ben), at(cast.jam, "forum", cast.harbour.pk)
    first = client.get(url)
    second = body_of(client, url + first.context["next"])
    assert LABEL not in second
    assert [number for number in range(30) if f">Idea {number:02}</a>" in second] == [0, 1, 2, 3, 4]


@pytest.mark.django_db
def test_the_home_keeps_one_and_shows_as_many(cast: Cast, crowded: list[Post]) -> None:
    client, url = browser(cast.ben), at(cast.jam, "home")
    hot = body_of(client, url).split("hot-title")[2].split("waiting-title")[0]
    assert hot.count("<li class=") == 5
    assert hot.count(LABEL) == 1
    assert hot.index("Idea 00") < hot.index("Idea 27")


@pytest.mark.django_db
def test_places_are_a_members_and_of_the_open_jam(cast: Cast, crowded: list[Post]) -> None:
    url = at(cast.jam, "forum", cast.harbour.pk)
    visitor = Client()
    visitor.force_login(cast.zoe)
    assert LABEL not in body_of(visitor, url)
    assert "data-unshown" not in body_of(visitor, url)
    assert body_of(browser(cast.ben), url).count("data-unshown") == 3
    close_by_clock(cast.jam)
    assert LABEL not in body_of(browser(cast.ben), url)
    assert "data-unshown" not in body_of(browser(cast.ben), url)


@pytest.mark.django_db
def test_what_the_orders_are_is_said(cast: Cast) -> None:
    write(cast, "A lamp")
    client = browser(cast.ben)
    for name, words in (("hot", "Hot: votes and replies"), ("new", "the newest idea first"), ("top", "Most agreeing")):
        text = body_of(client, f"{at(cast.jam, 'forum', cast.harbour.pk)}?sort={name}")
        assert words.lower() in text.lower()
        assert reverse("threads:orders", args=[cast.jam.slug]) in text
    text = body_of(client, at(cast.jam, "orders"))
    assert f"{ENOUGH} people are shown each idea" in text
    assert "written 12.5 hours later" in text


@pytest.mark.django_db
def test_who_may_not_read_learns_nothing(cast: Cast) -> None:
    draft = make_jam("secret", opens_in=timedelta(days=1))
    client = browser(cast.ben)
    for name in ("orders", "ideas", "tags"):
        assert client.get(at(draft, name)).status_code == 404
    assert tell(client, draft, 1) == 404
