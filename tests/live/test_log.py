"""The log: a number for each event, with no gap and in the order of the commits."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from live.domain import log, queries
from live.models import Event, Stream
from tests.live.gate import JAM, OTHER_JAM

Say = Callable[..., int]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_refused_outside_of_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        log.append(jam_key=JAM, kind="said", rooms=["pulse"], data={})
    assert Event.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"rooms": []},
        {"rooms": ["x" * 41]},
        {"data": {"seq": 3}},
        {"html": "<p>", "html_room": "thread:9"},
    ],
)
def test_what_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"rooms|own to set|fragment"):
        log.append(**({"jam_key": JAM, "kind": "said", "rooms": ["pulse"], "data": {}} | wrong))


@pytest.mark.django_db
def test_each_jam_counts_for_itself(say: Say) -> None:
    assert [say(), say(), say(jam_key=OTHER_JAM), say()] == [1, 2, 1, 3]
    assert queries.seq_of(JAM) == 3
    assert queries.seq_of(99) == 0
    assert queries.seqs_of([JAM, OTHER_JAM, 99]) == {JAM: 3, OTHER_JAM: 1}


@pytest.mark.django_db
def test_a_transaction_that_fails_gives_its_number_back(say: Say) -> None:
    say()

    @transaction.atomic
    def fail() -> None:
        log.append(jam_key=JAM, kind="said", rooms=["pulse"], data={})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert say() == 2
    assert [event.seq for event in Event.objects.all()] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_many_writers_leave_no_gap_and_number_in_the_order_of_their_commits() -> None:
    writers, rounds = 6, 25
    committed: list[int] = []
    lock = threading.Lock()

    def write(writer: int) -> None:
        chance = random.Random(writer)
        try:
            for _ in range(rounds):
                try:
                    with transaction.atomic():
                        # The row is held to the commit, so nobody commits between this and the next line but us.
                        seq = log.append(jam_key=JAM, kind="said", rooms=["pulse"], data={"writer": writer})
                        if chance.random() < 0.3:
                            raise RuntimeError
                        with lock:
                            committed.append(seq)
                except RuntimeError:
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))

    assert committed == list(range(1, len(committed) + 1))
    assert [event.seq for event in Event.objects.order_by("id")] == committed
    assert Stream.objects.get(pk=JAM).last_seq == len(committed)


@pytest.mark.django_db
def test_events_come_back_as_they_were_written(say: Say) -> None:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    say(
        kind="post.created",
        data={"post": 41, "subject": "Größe – 橋", "at": at},
        html="<p>“Hello”</p>",
        html_room="thread:1",
    )
    (entry,) = queries.events_after(JAM, 0, 10)
    light = {"seq": 1, "kind": "post.created", "at": "2026-11-22T09:30:00Z", "post": 41, "subject": "Größe – 橋"}
    assert json.loads(entry.text_for(frozenset({"pulse"}))) == light
    assert json.loads(entry.text_for(frozenset({"thread:1"}))) == light | {"html": "<p>“Hello”</p>"}


@pytest.mark.django_db
def test_changes_are_those_of_the_rooms(say: Say) -> None:
    for rooms in (("pulse",), ("thread:1",), ("thread:2",), ("pulse", "thread:2")):
        say(rooms=rooms)
    changes = queries.changes(jam_key=JAM, rooms={"pulse", "thread:1"}, since=1)
    assert changes.seq == 4
    assert [entry.seq for entry in changes.entries or ()] == [2, 4]
    assert queries.changes(jam_key=JAM, rooms={"thread:1"}, since=2, until=3).entries == ()


@pytest.mark.django_db
@pytest.mark.parametrize("since", [5, 10**17])
def test_what_has_not_happened_cannot_be_continued_from(say: Say, since: int) -> None:
    for _ in range(4):
        say()
    assert queries.changes(jam_key=JAM, rooms={"pulse"}, since=since) == queries.Changes(seq=4, entries=None)


@pytest.mark.django_db
def test_too_much_is_none(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        say(html="<p>12345</p>", html_room="thread:1")
    assert len(queries.changes(jam_key=JAM, rooms={"pulse"}, since=0).entries or ()) == 4
    for limit, value in {"CATCH_UP_EVENTS": 3, "CATCH_UP_CHARACTERS": 50, "LOOK_BACK": 3}.items():
        with monkeypatch.context() as patch:
            patch.setattr(queries, limit, value)
            assert queries.changes(jam_key=JAM, rooms={"pulse"}, since=0).entries is None


@pytest.mark.django_db
def test_what_is_no_longer_kept_is_none(say: Say) -> None:
    for _ in range(4):
        say()
    Event.objects.filter(seq__lte=2).delete()
    assert queries.changes(jam_key=JAM, rooms={"pulse"}, since=1).entries is None
    assert len(queries.changes(jam_key=JAM, rooms={"pulse"}, since=2).entries or ()) == 2
