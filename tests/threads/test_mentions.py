"""Naming members in a text."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from jam.domain.rendering import to_html, without_mentions
from jam.models import Member, Role
from tests.cast import Cast, make_member, make_person
from threads.domain import mentions, posting
from threads.models import Mention, Post

pytestmark = pytest.mark.django_db


def join(cast: Cast, name: str) -> Member:
    person = make_person(f"p{Member.objects.count()}")
    member = make_member(cast.jam, person, Role.PARTICIPANT)
    member.name = name
    member.save()
    return member


def named(post: Post) -> set[str]:
    return {mention.member.name for mention in Mention.objects.filter(post=post).select_related("member")}


def link(member: Member, text: str) -> str:
    address = f"/jams/tides/people/{member.pk}/"
    return f'<a href="{address}" class="mention" rel="nofollow ugc noopener noreferrer">{text}</a>'


def test_a_name_after_the_sign_is_a_link_and_is_written_down(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea, by=cast.ben, body="Ask @Ana, or @fay! Not @Nobody.")
    assert reply.html == (f'<p dir="auto">Ask {link(cast.ana, "@Ana")}, or {link(cast.fay, "@fay")}! Not @Nobody.</p>')
    assert reply.body == "Ask @Ana, or @fay! Not @Nobody."
    assert named(reply) == {"Ana", "Fay"}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Ana Maria", "@Ana Maria is right"),
        ("Dr. Lee (Port)", "as @Dr. Lee (Port), and others"),
        ("O'Neil", "that is @O'Neil's"),
        ("Jean-Luc", "(@jean-luc)"),
        ("王小明", "请问@王小明你好"),
        ("محمد علي", "شكرا @محمد علي، نعم"),
        ("Ökonom", "**@ökonom**"),
        ("snake_case", "@snake_case too"),
    ],
)
def test_the_longest_name_that_fits(cast: Cast, name: str, body: str) -> None:
    member = join(cast, name)
    assert named(cast.idea()) == set()
    reply = cast.reply(cast.idea(by=cast.ben), by=cast.ben, body=body)
    assert named(reply) == {name}
    assert f'/people/{member.pk}/" class="mention"' in reply.html


@pytest.mark.parametrize(
    "body",
    [
        "`@Ana`",
        "So:\n\n    @Ana",
        "```\n@Ana\n```",
        "ana@Ana",
        "[see @Ana](https://example.org)",
        "\\@Ana",
        "> @Ana said so\n>\n> - @Ana",
        "@Anabel",
        "@ Ana",
        "https://example.org/@Ana",
        "@",
    ],
)
def test_what_names_nobody(cast: Cast, body: str) -> None:
    reply = cast.reply(cast.idea(), body=body)
    assert named(reply) == set()
    assert "mention" not in reply.html


def test_oneself_is_linked_and_not_told(cast: Cast) -> None:
    reply = cast.reply(cast.idea(), by=cast.ben, body="I, @Ben, said so.")
    assert link(cast.ben, "@Ben") in reply.html
    assert named(reply) == set()


def test_of_namesakes_the_one_that_was_chosen_or_who_wrote_in_the_thread(cast: Cast) -> None:
    other = join(cast, "Ana")
    idea = cast.idea(by=cast.ana)
    assert cast.reply(idea, by=cast.ben, body="@Ana?").html.count(f"/people/{cast.ana.pk}/") == 1
    chosen = posting.reply(member=cast.ben, parent=idea, body="@Ana!", picked=[cast.ned.pk, other.pk])
    assert list(Mention.objects.filter(post=chosen).values_list("member", flat=True)) == [other.pk]
    elsewhere = cast.reply(cast.idea(by=cast.ben), by=cast.ben, body="@Ana…")
    assert named(elsewhere) == set()
    assert "mention" not in elsewhere.html


def test_nobody_of_another_jam_and_nobody_who_was_not_named(cast: Cast) -> None:
    reply = posting.reply(member=cast.ben, parent=cast.idea(), body="@Ned and nobody else", picked=[cast.ned.pk])
    assert named(reply) == set()


def test_only_so_many_are_named(cast: Cast) -> None:
    names = [join(cast, f"Rower {number:02}").name for number in range(25)]
    reply = cast.reply(cast.idea(), body=" ".join(f"@{name}" for name in names))
    assert named(reply) == set(names[:20])
    assert reply.html.count('class="mention"') == 20


def test_a_changed_text_names_others(cast: Cast) -> None:
    reply = cast.reply(cast.idea(), body="@Ana and @Fay")
    mentions.replace(reply, [cast.fay.pk, cast.ada.pk])
    assert named(reply) == {"Fay", "Ada"}
    mentions.replace(reply, [])
    assert named(reply) == set()


@pytest.mark.parametrize(("body", "more"), [("Nobody.", 0), ("you@example.org", 0), ("@Ana", 2), ("@Ana @Fay", 2)])
def test_what_naming_costs(cast: Cast, body: str, more: int) -> None:
    idea = cast.idea()
    with CaptureQueriesContext(connection) as without:
        cast.reply(idea, body="Plain.")
    with CaptureQueriesContext(connection) as asked:
        cast.reply(idea, body=body)
    assert len(asked) == len(without) + more


def test_the_names_are_asked_of_an_index(cast: Cast) -> None:
    people = Person.objects.bulk_create(Person(name=f"Jammer {number}") for number in range(2_000))
    Member.objects.bulk_create(Member(jam=cast.jam, person=person, name=person.name) for person in people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE jam_member")
        cursor.execute(f"EXPLAIN {mentions.IN_JAM}", {"jam": cast.jam.pk, "member": 1, "begins": "an%", "limit": 8})
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "member_name" in plan
    assert "~>=~" in plan


def names(found: list[mentions.Suggested]) -> list[str]:
    return [suggested.name for suggested in found]


def test_suggestions_have_who_wrote_in_the_thread_first(cast: Cast) -> None:
    join(cast, "Aaron")
    idea = cast.idea(by=cast.ada)
    found = mentions.suggest(cast.jam, "a", member=cast.ben, thread_id=idea.thread_id)
    assert names(found) == ["Ada", "Aaron", "Ana"]
    assert [suggested.here for suggested in found] == [True, False, False]
    assert names(mentions.suggest(cast.jam, "", member=cast.ben, thread_id=idea.thread_id)) == ["Ada"]
    assert names(mentions.suggest(cast.jam, "", member=cast.ben)) == []
    assert names(mentions.suggest(cast.jam, "A", member=cast.ana)) == ["Aaron", "Ada"]


def test_a_later_part_of_a_name_is_found_in_the_thread(cast: Cast) -> None:
    idea = cast.idea(by=join(cast, "Mo Pelican"))
    assert names(mentions.suggest(cast.jam, "pel", member=cast.ben, thread_id=idea.thread_id)) == ["Mo Pelican"]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "%a", "a_a", "'"])
def test_signs_of_a_pattern_are_letters(cast: Cast, typed: str) -> None:
    assert mentions.suggest(cast.jam, typed, member=cast.ben, thread_id=cast.idea().thread_id) == []


@pytest.mark.parametrize("others", [1, 3])
def test_what_suggesting_costs(cast: Cast, others: int, django_assert_num_queries: Any) -> None:
    idea = cast.idea()
    for number in range(others):
        cast.reply(idea, by=join(cast, f"Anchor {number}"))
    with django_assert_num_queries(2):
        found = mentions.suggest(cast.jam, "an", member=cast.ben, thread_id=idea.thread_id)
    assert len(found) == others + 1


def test_nothing_of_a_name_gets_into_the_html() -> None:
    html = to_html("@x", mentions={"x": '"><script>alert(1)</script>'})
    assert "<script" not in html
    assert without_mentions(to_html("**@x**, y", mentions={"x": "/p/1/"})) == '<p dir="auto"><strong>@x</strong>, y</p>'
