"""What is missing in a jam, and what a change means to people: both said from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jam.domain import checklist, meaning
from jam.domain.checklist import Facts
from jam.domain.meaning import Around
from jam.domain.opening import ForumPlan, PromptPlan
from jam.domain.phases import Phase, database_now
from jam.domain.plans import Forums, Look, People, Plan, Schedule, TakingPart, Words
from jam.models import Door, Duty, Forum, Role
from tests.cast import Cast, make_member

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD = Facts(
    now=NOW,
    is_published=False,
    opens_at=NOW + 7 * DAY,
    closes_at=NOW + 9 * DAY,
    has_question=True,
    forums=2,
    forums_without_words=(),
    prompts=1,
    door=Door.ACCOUNT,
    participants=0,
    has_invited=False,
    admins=2,
    facilitators=1,
    unrun=(),
    rules_version=1,
    mails_leave=True,
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"opens_at": None}, ["window!"]),
        ({"closes_at": None}, ["window!"]),
        ({"opens_at": NOW - 9 * DAY, "closes_at": NOW}, ["past!"]),
        ({"opens_at": NOW - HOUR}, ["opens_at_once"]),
        ({"opens_at": NOW + HOUR}, ["soon"]),
        ({"closes_at": NOW + 7 * DAY + timedelta(minutes=59)}, ["short"]),
        ({"is_published": True, "opens_at": NOW - HOUR, "prompts": 0}, []),
        ({"is_published": True, "opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY}, []),
        ({"forums": 0, "prompts": 0}, ["forums!"]),
        ({"forums_without_words": ["Piers", "Lanes"]}, ["questions"]),
        ({"prompts": 0}, ["prompts"]),
        ({"door": Door.INVITATION}, ["nobody"]),
        ({"door": Door.INVITATION, "has_invited": True}, []),
        ({"door": Door.INVITATION, "participants": 1}, []),
        ({"admins": 1}, ["second_admin"]),
        ({"facilitators": 0}, ["facilitators"]),
        ({"unrun": ["Piers"]}, ["unrun"]),
        ({"mails_leave": False}, ["mail"]),
        ({"has_question": False}, ["question"]),
        ({"rules_version": 0}, ["rules"]),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, Any], said: list[str]) -> None:
    lines = checklist.lines(replace(GOOD, **changes))
    assert [line.code + "!" * line.stops for line in lines] == said


def test_the_facts_are_those_of_the_jam(cast: Cast) -> None:
    Duty.objects.create(member=cast.fay, forum=cast.harbour)
    facts = checklist.facts_of(cast.jam, database_now())
    assert (facts.forums, facts.admins, facts.facilitators, facts.participants) == (2, 1, 1, 2)
    assert facts.unrun == ["Streets"]
    make_member(cast.jam, cast.zoe, Role.FACILITATOR)
    assert checklist.facts_of(cast.jam, database_now()).unrun == []


def test_the_facts_cost_the_same_however_many_there_are(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        checklist.of(cast.jam, database_now())
    for number in range(3):
        Duty.objects.create(member=cast.fay, forum=Forum.objects.create(jam=cast.jam, title=f"Forum {number}"))
    with CaptureQueriesContext(connection) as more:
        checklist.of(cast.jam, database_now())
    assert len(more) == len(few)


# --- what a change means ------------------------------------------------------------------------------------

WINDOW = Schedule("Europe/Berlin", opens_at=NOW - HOUR, closes_at=NOW + DAY)
COMING = replace(WINDOW, opens_at=NOW + HOUR)
OVER = replace(WINDOW, opens_at=NOW - 3 * DAY, closes_at=NOW - DAY)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (WINDOW, replace(WINDOW, closes_at=NOW + 22 * HOUR), ["closes 2 hours earlier", "5 members", "has less time"]),
        (
            WINDOW,
            replace(WINDOW, closes_at=NOW + 25.5 * HOUR),
            ["closes 1 hour, 30 minutes later", "5 members"],
        ),
        (OVER, replace(OVER, closes_at=NOW + HOUR), ["opens again"]),
        (COMING, replace(COMING, opens_at=NOW - HOUR), ["opens at once"]),
        (COMING, replace(COMING, opens_at=NOW + 3 * HOUR), ["opens 2 hours later", "5 members"]),
        (WINDOW, replace(WINDOW, opens_at=NOW + HOUR), ["not open any more"]),
        (WINDOW, replace(WINDOW, reading_until=NOW + 2 * DAY), ["After the new end of reading"]),
        (OVER, replace(OVER, reading_until=NOW - HOUR), ["from now on"]),
        (replace(OVER, reading_until=NOW - HOUR), OVER, ["can read the jam again"]),
        (WINDOW, replace(WINDOW, time_zone="UTC"), ["in another zone"]),
        (WINDOW, replace(WINDOW, before_close=()), []),
        (Words("a", "A"), Words("a", "B"), ["the new title"]),
        (Words("a", "A"), Words("a", "A", language="de"), ["the new language"]),
        (Words("a", "A"), Words("a", "A", question="What?"), []),
        (People(Door.ACCOUNT), People(Door.INVITATION), ["cannot read the jam any more"]),
        (People(Door.INVITATION), People(Door.ACCOUNT), ["can read what was written so far"]),
        (People(Door.INVITATION), People(Door.REQUEST), ["Others can come in"]),
        (People(Door.ACCOUNT), People(Door.ACCOUNT, ["port.example"]), ["told apart by the new domains"]),
        (TakingPart(), TakingPart("upvote"), ["disagree or pass any more"]),
        (TakingPart("upvote"), TakingPart(), ["agree, pass or disagree"]),
        (TakingPart(edit_minutes=None), TakingPart(edit_minutes=15), []),
        (TakingPart(edit_minutes=30), TakingPart(edit_minutes=5), ["for 5 minutes only"]),
        (TakingPart(edit_minutes=30), TakingPart(edit_minutes=0), ["Nobody can change"]),
        (TakingPart(edit_minutes=30), TakingPart(edit_minutes=90), ["for 1 hour, 30 minutes,"]),
        (Forums((ForumPlan("A", "", 1),)), Forums(()), ["“A” is taken away"]),
        (
            Forums((ForumPlan("A", "", 1),)),
            Forums((ForumPlan("A", "", 1, PromptPlan("Start", "Here")),)),
            ["1 opening prompt is posted at once"],
        ),
        (Look(), Look("#112233"), []),
    ],
)
def test_what_a_change_means_is_said(before: Plan, after: Plan, words: list[str]) -> None:
    around = Around(phase=Phase.OPEN, now=NOW, members=5)
    said = meaning.of_change(before, after, around)
    assert len(said) == len(words), said
    for sentence, expected in zip(said, words, strict=True):
        assert expected in sentence
    assert meaning.of_change(before, after, replace(around, phase=Phase.DRAFT)) == []
    assert meaning.of_change(before, before, around) == []
