"""Who is handling what: exact when two claim at once, told to the staff, over after ten quiet minutes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.phases import database_now
from jam.models import Duty, Member
from live.models import Event
from moderation.domain import handling
from moderation.domain.handling import QUIET, Matter
from moderation.models import Handled, Handling
from tests.cast import Cast
from threads.models import Post

pytestmark = pytest.mark.django_db


def told(cast: Cast) -> list[tuple[str, str | None]]:
    events = Event.objects.filter(jam_key=cast.jam.pk, kind="handling.changed").order_by("seq")
    assert all(event.rooms == ["staff"] for event in events)
    return [(event.data["what"], event.data["by"] and event.data["by"]["name"]) for event in events]


def pass_minutes(minutes: int) -> None:
    Handling.objects.update(
        since=F("since") - timedelta(minutes=minutes), until=F("until") - timedelta(minutes=minutes)
    )


@pytest.fixture
def idea(cast: Cast) -> Post:
    return cast.idea()


def test_it_is_claimed_and_released(cast: Cast, idea: Post) -> None:
    thread, post = Matter.of_thread(idea), Matter.of_post(idea)
    until = handling.claim(member=cast.fay, matter=thread)
    assert timedelta(minutes=9) < until - database_now() <= QUIET
    handling.claim(member=cast.ada, matter=post)
    assert {key: found.member for key, found in handling.of(cast.jam).items()} == {
        (Handled.THREAD, idea.thread_id): cast.fay,
        (Handled.POST, idea.pk): cast.ada,
    }
    assert handling.of(cast.other) == {}
    assert not handling.release(member=cast.ada, matter=thread)
    assert handling.release(member=cast.fay, matter=thread)
    assert not handling.release(member=cast.fay, matter=thread)
    assert told(cast) == [("thread", "Fay"), ("post", "Ada"), ("thread", None)]


def test_the_staff_hear_what_it_is(cast: Cast, idea: Post) -> None:
    handling.claim(member=cast.fay, matter=Matter.of_post(cast.reply(idea)))
    data = Event.objects.get(kind="handling.changed").data
    assert (data["thread"], data["forum"], data["title"]) == (
        idea.thread_id,
        cast.harbour.pk,
        "Yes, and one on the mole.",
    )


def test_what_somebody_handles_is_refused_to_others_unless_they_take_it_over(cast: Cast, idea: Post) -> None:
    matter = Matter.of_thread(idea)
    handling.claim(member=cast.fay, matter=matter)
    with pytest.raises(Conflict, match="Fay") as refused:
        handling.claim(member=cast.ada, matter=matter)
    assert refused.value.code == "handled"
    handling.claim(member=cast.ada, matter=matter, take_over=True)
    assert Handling.objects.get().member == cast.ada
    assert not handling.release(member=cast.fay, matter=matter)
    assert told(cast) == [("thread", "Fay"), ("thread", "Ada")]


def test_after_ten_quiet_minutes_nobody_handles_it(cast: Cast, idea: Post) -> None:
    matter = Matter.of_thread(idea)
    handling.claim(member=cast.fay, matter=matter)
    pass_minutes(10)
    assert handling.of(cast.jam) == {}
    assert handling.extend(member=cast.fay, matter=matter) is None
    handling.claim(member=cast.ada, matter=matter)
    found = Handling.objects.get()
    assert (found.member, found.until - found.since) == (cast.ada, QUIET)


def test_doing_something_goes_on_with_it_and_tells_once_a_minute(cast: Cast, idea: Post) -> None:
    matter = Matter.of_thread(idea)
    handling.claim(member=cast.fay, matter=matter)
    before = Handling.objects.get()
    assert handling.extend(member=cast.fay, matter=matter) is None
    pass_minutes(8)
    assert handling.extend(member=cast.ada, matter=matter) is None
    until = handling.extend(member=cast.fay, matter=matter)
    assert until is not None
    assert until - database_now() > timedelta(minutes=9)
    assert Handling.objects.get().since < before.since
    assert told(cast) == [("thread", "Fay")] * 2


@pytest.mark.parametrize("name", ["ana", "omar"])
def test_only_who_runs_the_jam_does(cast: Cast, idea: Post, name: str) -> None:
    for verb in (handling.claim, handling.release):
        with pytest.raises(NotAllowed):
            verb(member=getattr(cast, name), matter=Matter.of_thread(idea))


def test_who_runs_another_jam_or_another_forum_does_not(cast: Cast, idea: Post) -> None:
    with pytest.raises(Invalid):
        handling.claim(member=cast.ned, matter=Matter.of_thread(idea))
    Duty.objects.create(member=cast.fay, forum=cast.streets)
    with pytest.raises(NotAllowed) as refused:
        handling.claim(member=cast.fay, matter=Matter.of_thread(idea))
    assert refused.value.code == "not_your_forum"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_has_it(cast: Cast) -> None:
    matter = Matter.of_thread(cast.idea())

    def claim(member: Member) -> str:
        try:
            handling.claim(member=member, matter=matter)
        except Conflict as refused:
            return refused.message
        else:
            return member.name
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(claim, [cast.fay, cast.ada] * 10))
    holder = Handling.objects.get().member.name
    other = {"Fay": "Ada", "Ada": "Fay"}[holder]
    assert said.count(holder) == 10
    assert said.count(f"{holder} is handling this already.") == 10
    assert other not in said


def test_what_is_handled_is_named(cast: Cast) -> None:
    for subject in ("One", "Two", "Three"):
        handling.claim(member=cast.fay, matter=Matter.of_thread(cast.idea(subject=subject)))
    reply = cast.reply(cast.idea(subject="Four"))
    handling.claim(member=cast.fay, matter=Matter.of_post(reply))
    found = handling.of(cast.jam)
    named = handling.titles(found.values())
    assert [handling.title(named[key]) for key in found] == ["One", "Two", "Three", "Yes, and one on the mole."]
