"""Trimming the log: what goes and what stays, that nobody waits for it, and what those are told who come too late."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from jam.celery import app
from live.domain import log, queries, trimming
from live.hub import stop_hub
from live.models import Event
from live.tasks import trim_event_log
from tests.live.gate import JAM, OTHER_JAM
from tests.live.kinds import Said
from tests.live.tab import Tab

Say = Callable[..., int]
MONTH = timedelta(days=30)


def age(*seqs: int, jam_key: int = JAM) -> None:
    """As if these had been logged 31 days ago."""
    Event.objects.filter(jam_key=jam_key, seq__in=seqs).update(at=timezone.now() - timedelta(days=31))


def kept(jam_key: int = JAM) -> list[int]:
    return list(Event.objects.filter(jam_key=jam_key).order_by("seq").values_list("seq", flat=True))


@pytest.mark.django_db
def test_what_is_old_goes_and_what_is_young_stays(say: Say) -> None:
    for _ in range(4):
        say()
        say(jam_key=OTHER_JAM)
    age(1, 2)
    age(1, 2, 3, jam_key=OTHER_JAM)
    assert trimming.trim(keep=MONTH) == 5
    assert (kept(), kept(OTHER_JAM)) == ([3, 4], [4])
    assert trimming.trim(keep=MONTH) == 0


@pytest.mark.django_db
def test_the_newest_event_of_a_jam_stays_however_old(say: Say) -> None:
    for _ in range(3):
        say()
    age(1, 2, 3)
    assert trimming.trim(keep=MONTH) == 2
    assert kept() == [3]
    assert say() == 4


@pytest.mark.django_db
def test_a_clock_that_was_set_back_leaves_no_gap(say: Say) -> None:
    """The third was logged while the clock was wrong. It goes when the second does."""
    for _ in range(5):
        say()
    age(1, 3)
    assert trimming.trim(keep=MONTH) == 1
    assert kept() == [2, 3, 4, 5]


@pytest.mark.django_db
def test_a_statement_removes_a_batch_at_most(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trimming, "BATCH", 2)
    for _ in range(6):
        say()
    age(1, 2, 3, 4, 5)
    with CaptureQueriesContext(connection) as captured:
        assert trimming.trim(keep=MONTH) == 5
    assert [query["sql"].count("DELETE") for query in captured] == [0, 0, 1, 1, 1]
    assert kept() == [6]


@pytest.fixture
def impatient(transactional_db: None) -> Iterator[None]:
    """Who would have to wait for a lock fails instead."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 1")
        yield
        cursor.execute("RESET lock_timeout")


def meanwhile(work: Callable[[], Any]) -> Any:
    """Does it in another thread, on a connection of its own."""

    def do() -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result(timeout=20)


def test_trimming_and_writing_do_not_wait_for_each_other(impatient: None, say: Say) -> None:
    for _ in range(3):
        say()
    age(1, 2)
    with transaction.atomic():
        log.append(jam_key=JAM, event=Said(), rooms=["pulse"])
        assert meanwhile(lambda: trimming.trim(keep=MONTH)) == 2
    age(3)
    with transaction.atomic():
        assert trimming.trim(keep=MONTH) == 1
        assert meanwhile(say) == 5
    assert kept() == [4, 5]


@pytest.mark.django_db
def test_who_reads_while_the_log_is_trimmed_gets_all_or_a_reset(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the worst moment: the log is trimmed after it was found to go back far enough, or before it is read."""
    for _ in range(5):
        say()
    age(1, 2, 3)
    read = queries._entries

    def trim_and_read(events: Any) -> Any:
        trimming.trim(keep=MONTH)
        return read(events)

    monkeypatch.setattr(queries, "_entries", trim_and_read)
    assert queries.changes(jam_key=JAM, rooms={"pulse"}, since=1) == queries.Changes(seq=5, entries=None)
    changes = queries.changes(jam_key=JAM, rooms={"pulse"}, since=3)
    assert [entry.seq for entry in changes.entries or ()] == [4, 5]


@pytest.mark.django_db
def test_the_clock_of_the_tasks_trims_by_the_setting(say: Say, settings: Any) -> None:
    settings.EVENTS_KEPT_DAYS = 40
    for _ in range(2):
        say()
    age(1)
    scheduled = settings.CELERY_BEAT_SCHEDULE["trim-event-log"]
    assert app.tasks[scheduled["task"]].name == trim_event_log.name
    trim_event_log()
    assert kept() == [1, 2]
    settings.EVENTS_KEPT_DAYS = 30
    trim_event_log()
    assert kept() == [2]


@pytest.fixture
def trimmed(say: Say) -> None:
    """Five events, of which the last two are kept."""
    for _ in range(5):
        say()
    age(1, 2, 3)
    trimming.trim(keep=MONTH)


RESET = {"reset": True, "seq": 5}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/jams/river/changes/", "/api/v1/jams/river/changes"])
def test_who_was_away_too_long_is_told_to_start_over(client: Client, trimmed: None, path: str) -> None:
    client.force_login(Person.objects.create_user("ana@example.org", name="Ana"))
    assert [client.get(path, {"since": since}).json() for since in (0, 2)] == [RESET, RESET]
    frame = client.get(path, {"since": 3}).json()
    assert (frame["after"], frame["seq"], [event["seq"] for event in frame["events"]]) == (3, 5, [4, 5])
    assert client.get(path, {"since": 5}).json() == {"after": 5, "seq": 5, "events": []}


@pytest.fixture
async def hub_ends() -> AsyncIterator[None]:
    yield
    await stop_hub()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("connections_end", "hub_ends")
async def test_a_tab_that_was_away_too_long_is_told_to_start_over(trimmed: None, say: Say) -> None:
    for since in (0, 2):
        tab = Tab(since=since)
        assert await tab.open() == RESET
        await tab.leave()
    tab = Tab(since=3)
    assert [event["seq"] for event in (await tab.open())["events"]] == [4, 5]
    await database_sync_to_async(say)()
    frame = await tab.news()
    assert (frame["after"], [event["seq"] for event in frame["events"]]) == (5, [6])
    await tab.leave()
