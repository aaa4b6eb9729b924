"""Announcements, polls, guest hours and profiles: out and in again, and rows that do not fit."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jam.domain import announcements, guest_hours, membership, polls
from jam.models import Announcement, GuestHour, Jam, Member, Poll
from jam.tasks import tell_occasions
from live.models import Event
from results.exports.formats import export
from tests.cast import Cast
from tests.results.making import HARBOUR, contents, load_path


def furnish(cast: Cast) -> None:
    cast.jam.home_domains = ["example.org", "port.example"]
    cast.jam.save()
    membership.change_profile(member=cast.ana, name="Ana", affiliation="Port", about="I keep lamps,\n“all” of them.")
    Member.objects.filter(pk=cast.ben.pk).update(outside=True)
    Member.objects.filter(pk=cast.fay.pk).update(outside=False)
    announcements.make(member=cast.fay, words="**Lunch**, at one\nor two", forum=cast.harbour)
    taken = announcements.make(member=cast.ada, words="Never mind")
    announcements.take_back(member=cast.ada, announcement=taken)
    now = timezone.now()
    for guest, begins_in in ((cast.ben, timedelta(hours=1)), (cast.ana, -timedelta(minutes=5))):
        plan = guest_hours.HourPlan(guest, now + begins_in, now + timedelta(hours=2), "Lamps; ferries", cast.streets)
        guest_hours.put(member=cast.fay, plan=plan)
    one = polls.PollPlan(question="Which, “first”?", choices=["A lamp, lit", "A bench"], closes_at=cast.jam.closes_at)
    many = polls.PollPlan(
        question="Which?", choices=["a", "b", "c"], multiple=True, results="after-vote", forum=cast.harbour
    )
    for plan in (one, many):
        poll = polls.make(member=cast.fay, plan=plan)
        choices = list(poll.choices.values_list("pk", flat=True))
        polls.vote(member=cast.ana, poll=poll, choices=choices[:1])
        polls.vote(member=cast.ben, poll=poll, choices=choices[1:] if poll.multiple else choices[1:2])


def picture(jam: Jam) -> Any:
    return {
        "domains": jam.home_domains,
        "members": list(Member.objects.filter(jam=jam).order_by("key").values_list("key", "about", "outside")),
        "announcements": list(
            Announcement.objects.filter(jam=jam)
            .order_by("pk")
            .values_list("forum__key", "by__key", "html", "created_at", "taken_back_at")
        ),
        "hours": list(
            GuestHour.objects.filter(jam=jam).values_list("guest__key", "forum__key", "starts_at", "ends_at", "words")
        ),
        "polls": [
            (
                (poll.key, poll.forum and poll.forum.key, poll.question, poll.multiple, poll.results, poll.closes_at),
                poll.voter_count,
                list(poll.choices.values_list("words", "count", "position")),
                sorted(poll.choices.values_list("position", "votes__member__key", "votes__cast_at")),
            )
            for poll in Poll.objects.filter(jam=jam).order_by("pk")
        ],
    }


def test_all_of_it_comes_out_and_in_again(cast: Cast, tmp_path: Path) -> None:
    furnish(cast)
    export(cast.jam, "bundle", tmp_path / "first")
    loaded = load_path(tmp_path / "first", slug="again", strict=True)
    assert picture(loaded.jam) == picture(Jam.objects.get(pk=cast.jam.pk))
    export(loaded.jam, "bundle", tmp_path / "second")
    first, second = contents(tmp_path / "first"), contents(tmp_path / "second")
    for files in (first, second):
        description = json.loads(files.pop("jam.json"))
        assert description["home_domains"] == "example.org, port.example"
    assert first == second


def test_loading_alerts_nobody_of_what_began_elsewhere(cast: Cast, tmp_path: Path) -> None:
    furnish(cast)
    export(cast.jam, "bundle", tmp_path / "out")
    jam = load_path(tmp_path / "out", slug="again").jam
    tell_occasions()
    assert not Event.objects.filter(jam_key=jam.pk).exists()
    assert not Announcement.objects.filter(jam=jam, notified_at=None).exists()
    assert GuestHour.objects.filter(jam=jam, alerted_at=None).count() == 1


def test_a_jam_without_them_has_none_of_the_files(cast: Cast, tmp_path: Path) -> None:
    export(cast.jam, "bundle", tmp_path / "out")
    assert sorted(contents(tmp_path / "out")) == ["forums.csv", "jam.json", "people.csv", "posts.csv", "votes.csv"]


@pytest.mark.django_db
def test_rows_that_do_not_fit_are_left_out_and_told(tmp_path: Path) -> None:
    for file in HARBOUR.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    people = (HARBOUR / "people.csv").read_text().splitlines()
    who = people[1].split(",")[0]
    at = "2026-03-01T09:00:00Z"
    files = {
        "profiles.csv": ["person_id,about,outside", f"{who},Lamps,perhaps", "nobody,Lamps,true", f"{who},Lamps,TRUE"],
        "announcements.csv": [
            "forum_id,person_id,created_at,words",
            f"nowhere,{who},{at},Lunch",
            f",{who},soon,Lunch",
            f",{who},{at},",
            f",{who},{at},Lunch",
        ],
        "guest_hours.csv": ["person_id,starts_at,ends_at", f"{who},{at},{at}", f"{who},{at},2026-03-01T10:00:00Z"],
        "polls.csv": [
            "poll_id,person_id,created_at,question,choices,multiple",
            f'p1,{who},{at},Which?,"a\nb",false',
            f'p1,{who},{at},Which?,"a\nb",false',
            f"p2,{who},{at},Which?,a,false",
            f'p3,{who},{at},,"a\nb",false',
        ],
        "poll_votes.csv": [
            "poll_id,person_id,choice",
            f"p1,{who},2",
            f"p1,{who},1",
            f"p1,{who},3",
            f"p2,{who},1",
            "p1,nobody,1",
        ],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    loaded = load_path(tmp_path)
    jam = loaded.jam
    refused = {name: loaded.report.tally(name).refused for name in files}
    assert refused == {
        "profiles.csv": 2,
        "announcements.csv": 3,
        "guest_hours.csv": 1,
        "polls.csv": 3,
        "poll_votes.csv": 4,
    }
    poll = Poll.objects.get(jam=jam)
    assert (poll.voter_count, list(poll.choices.values_list("count", flat=True))) == (1, [0, 1])
    assert Member.objects.get(jam=jam, key=who).outside is True
    assert Announcement.objects.get(jam=jam).words == "Lunch"
