"""The log: a number for each event, with no gap and in the order of the commits."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError

from live.domain import log, queries
from live.domain.kinds import EventData
from live.models import Event, Stream
from tests.live.gate import JAM, OTHER_JAM
from tests.live.kinds import Nodded, Said

Say = Callable[..., int]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_refused_outside_of_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        log.append(jam_key=JAM, event=Said(), rooms=["pulse"])
    assert Event.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"rooms": []},
        {"rooms": ["x" * 41]},
        {"html": "<p>", "html_room": "thread:9"},
        {"event": Nodded(), "html": "<p>", "html_room": "pulse"},
        {"event": EventData()},
    ],
)
def test_what_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"rooms|fragment|not declared"):
        log.append(**({"jam_key": JAM, "event": Said(), "rooms": ["pulse"]} | wrong))


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
        log.append(jam_key=JAM, event=Said(), rooms=["pulse"])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert say() == 2
    assert [event.seq for event in Event.objects.all()] == [1, 2]


class Writer:
    """Writes in a thread of its own; of ten rounds six are committed, and four end in one of four bad ways."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.chance = random.Random(number)
        self.committed: list[int] = []

    def write(self, rounds: int) -> None:
        try:
            for _ in range(rounds):
                self.one_round()
        finally:
            connection.close()

    def one_round(self) -> None:
        end = self.chance.choice([self.commit] * 6 + [self.fail, self.fail_within, self.break_a_rule, self.die])
        try:
            with transaction.atomic():
                seq = end()
        except (RuntimeError, IntegrityError):
            return
        except OperationalError:
            connection.close()
            return
        self.committed.append(seq)

    def commit(self) -> int:
        return log.append(jam_key=JAM, event=Said(writer=self.number), rooms=["pulse"])

    def fail(self) -> int:
        self.commit()
        raise RuntimeError

    def fail_within(self) -> int:
        """A savepoint is rolled back, and the transaction goes on to append after all."""
        with pytest.raises(RuntimeError), transaction.atomic():
            self.fail()
        return self.commit()

    def break_a_rule(self) -> int:
        seq = self.commit()
        Event.objects.create(jam_key=JAM, seq=seq, kind="said", at=datetime.now(UTC), rooms=["pulse"])
        return seq

    def die(self) -> int:
        """The line to the database is cut before the commit."""
        seq = self.commit()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return seq


def look_on(done: threading.Event) -> list[list[int]]:
    """What somebody who reads meanwhile finds in the log, time and again, each time in one snapshot."""
    seen: list[list[int]] = []
    try:
        while not done.is_set():
            seen.append(list(Event.objects.filter(jam_key=JAM).order_by("seq").values_list("seq", flat=True)))
    finally:
        connection.close()
    return seen


@pytest.mark.django_db(transaction=True)
def test_many_writers_leave_no_gap_and_number_in_the_order_of_their_commits() -> None:
    writers = [Writer(number) for number in range(8)]
    done = threading.Event()
    with ThreadPoolExecutor(len(writers) + 1) as pool:
        reader = pool.submit(look_on, done)
        try:
            list(pool.map(lambda writer: writer.write(40), writers))
        finally:
            done.set()
    committed = sorted(seq for writer in writers for seq in writer.committed)
    assert committed == list(range(1, len(committed) + 1))
    assert list(Event.objects.order_by("id").values_list("seq", flat=True)) == committed
    assert Stream.objects.get(pk=JAM).last_seq == len(committed)
    # Whoever sees N sees all below it: no number is committed after a higher one.
    seen = reader.result()
    assert [numbers for numbers in seen if numbers != list(range(1, len(numbers) + 1))] == []
    assert len({len(numbers) for numbers in seen}) > 10
    for writer in writers:
        assert writer.committed == sorted(writer.committed)


@pytest.mark.django_db
def test_events_come_back_as_they_were_written(say: Say) -> None:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    say(
        data={"post": 41, "subject": "Größe – 橋", "at": at},
        html="<p>“Hello”</p>",
        html_room="thread:1",
    )
    (entry,) = queries.events_after(JAM, 0, 10)
    light = {"seq": 1, "kind": "said", "at": "2026-11-22T09:30:00Z", "post": 41, "subject": "Größe – 橋"}
    assert json.loads(entry.text_for(frozenset({"pulse"}))) == light
    assert json.loads(entry.text_for(frozenset({"thread:1"}))) == light | {"html": "<p>“Hello”</p>"}


@pytest.mark.django_db
def test_an_event_of_a_kind_that_is_gone_is_delivered_as_it_was_written(say: Say) -> None:
    """A release that no longer declares a kind still tells what an older one wrote of it."""
    say()
    Event.objects.update(kind="whispered", data={"to": 3})
    (entry,) = queries.changes(jam_key=JAM, rooms={"pulse"}, since=0).entries or ()
    told = json.loads(entry.text_for(frozenset({"pulse"})))
    assert (told["seq"], told["kind"], told["to"]) == (1, "whispered", 3)


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


@pytest.mark.django_db
def test_what_was_told_can_be_told_otherwise_from_now_on(say: Say) -> None:
    for jam_key, post in ((JAM, 41), (JAM, 42), (OTHER_JAM, 41)):
        say(
            jam_key=jam_key, data={"post": post, "words": "Lamps!", "at": 3}, html="<p>Lamps!</p>", html_room="thread:1"
        )
    with transaction.atomic():
        log.append(jam_key=JAM, event=Nodded(), rooms=["pulse"])
        log.amend(jam_key=JAM, kinds=[Said], about={"post": 41}, data={"words": ""}, html="<p>Hidden.</p>")
    assert list(Event.objects.order_by("id").values_list("data", "html")) == [
        ({"post": 41, "words": "", "at": 3}, "<p>Hidden.</p>"),
        ({"post": 42, "words": "Lamps!", "at": 3}, "<p>Lamps!</p>"),
        ({"post": 41, "words": "Lamps!", "at": 3}, "<p>Lamps!</p>"),
        ({}, ""),
    ]
