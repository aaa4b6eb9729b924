"""Ideas like the one that is being typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from jam.models import Jam
from moderation.domain import posts as moderation
from tests.cast import Cast, make_forum, make_jam, make_member
from tests.threads.finding import write
from threads.domain import posting, search_index
from threads.domain.search import similar

pytestmark = pytest.mark.django_db


def similar_to(cast: Cast, text: str, limit: int = 5, *, jam: Jam | None = None) -> list[int]:
    return [idea.pk for idea in similar(jam or cast.jam, text, limit=limit)]


def test_the_closest_first_and_a_rare_word_counts_for_more(cast: Cast) -> None:
    common = [write(cast, f"Harbour idea {number}") for number in range(4)]
    lamp = write(cast, "A lamp for the harbour")
    body = write(cast, "At night", "Nobody sees the lamps of the harbour.")
    assert similar_to(cast, "Lamps in our harbour")[:2] == [lamp.pk, body.pk]
    assert {idea.pk for idea in common} & set(similar_to(cast, "Lamps at the weir", 10)) == set()
    assert similar_to(cast, "Lamps in our harbour", 1) == [lamp.pk]


def test_while_it_is_typed(cast: Cast) -> None:
    lamp = write(cast, "A lamp on the pier", "So that boats find home.")
    for text in ("lamp", "A lam", "lamp on th", "Lamps on the pi", "lamp:* & 'pier' | !x \\ (", "\x00lamp"):
        assert similar_to(cast, text) == ([] if text == "A lam" else [lamp.pk]), text
    for text in ("", "   ", "the", "& | ! ( ) ' \\ :*", "\x00"):
        assert similar_to(cast, text) == [], text


def test_one_word_in_common_is_not_enough_in_a_long_text(cast: Cast) -> None:
    write(cast, "Boats")
    assert similar_to(cast, "boats bring visitors who want coffee, shade, toilets and somewhere to sit") == []


def test_ideas_of_this_jam_that_are_shown(cast: Cast) -> None:
    lamp = write(cast, "A lamp on the pier")
    posting.reply(member=cast.ben, parent=lamp, body="A lamp on the pier, yes.")
    elsewhere = make_jam("elsewhere")
    member = make_member(elsewhere, cast.ana.person)
    posting.start_thread(
        member=member, forum=make_forum(elsewhere, "Piers"), subject="A lamp on the pier", body="There."
    )
    hidden = write(cast, "Another lamp on the pier")
    moderation.hide(member=cast.fay, post=hidden, reason="Twice.")
    assert similar_to(cast, "lamp on the pier") == [lamp.pk]


def test_in_the_language_of_the_jam(cast: Cast) -> None:
    Jam.objects.filter(pk=cast.jam.pk).update(language="de")
    tree = write(cast, "Bäume am Hafen")
    chinese = write(cast, "港口需要更多的树木")
    search_index.fill(cast.jam.pk)
    assert similar_to(cast, "der Baum") == [tree.pk]
    assert similar_to(cast, "更多的树木") == [chinese.pk]


@pytest.mark.parametrize("others", [1, 3])
def test_what_it_costs(cast: Cast, others: int, django_assert_num_queries: Any) -> None:
    for number in range(others):
        write(cast, f"Lamp {number}", "It shines.", tags=("light",))
    with django_assert_num_queries(3, connection=connection):
        found = similar(cast.jam, "a lamp", limit=5)
        assert [idea.author.name and idea.thread.reply_count for idea in found] == [0] * others
