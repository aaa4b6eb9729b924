"""Asking the door again while somebody listens, over a real Redis and a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from unittest.mock import Mock

import pytest
from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.db import OperationalError, transaction
from django.test import Client

from accounts.models import Person
from live import bus, tabs
from live.codes import Close
from live.gate import Admission, Refusal
from live.hub import running_hub
from tests.live.gate import JAM, OTHER_JAM, WorldAbove
from tests.live.tab import PATIENCE, Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("connections_end", "quick_hub")]

Speak = Callable[..., Coroutine[Any, Any, int]]


@database_sync_to_async
def review(person: int | None = None, jam_key: int | None = None) -> None:
    with transaction.atomic():
        bus.publish_review(person=person, jam_key=jam_key)


async def until_events(tab: Tab, last: int) -> list[int]:
    """Reads on up to the event `last`, and returns the numbers of all that came."""
    heard: list[int] = []
    while not heard or heard[-1] < last:
        heard += [event["seq"] for event in (await tab.news())["events"]]
    return heard


class SlowDoor:
    """Lets the test see when the door is asked, and say when it answers. `admit` takes the place of the gate's."""

    def __init__(self, above: WorldAbove) -> None:
        self.asked, self.may_answer = Event(), Event()
        self._admit = above.admit

    def admit(self, *arguments: Any) -> Admission | Refusal:
        answer = self._admit(*arguments)
        self.asked.set()
        assert self.may_answer.wait(PATIENCE)
        return answer

    async def until_asked(self) -> None:
        assert await asyncio.to_thread(self.asked.wait, PATIENCE)


@pytest.mark.parametrize("code", [Close.SIGNED_OUT, Close.FORBIDDEN, Close.NOT_FOUND])
async def test_who_may_no_longer_listen_is_told_why(above: WorldAbove, speak: Speak, code: Close) -> None:
    tab, other = Tab("thread:1"), Tab("thread:1", person=2)
    await tab.open()
    await other.open()
    above.refused[1] = Refusal(code)
    await review(person=1)
    assert await tab.closed() == code
    await tab.leave()
    await speak()
    assert await until_events(other, 1) == [1]
    await other.leave()


async def test_a_review_of_one_jam_leaves_the_other_alone(above: WorldAbove, speak: Speak) -> None:
    tab, elsewhere = Tab(), Tab(slug="bridge")
    await tab.open()
    await elsewhere.open()
    above.refused[1] = Refusal()
    await review(jam_key=JAM)
    assert await tab.closed() == Close.NOT_FOUND
    await tab.leave()
    await speak(jam_key=OTHER_JAM, rooms=("pulse",))
    assert await until_events(elsewhere, 1) == [1]
    await elsewhere.leave()


async def test_a_review_that_was_taken_back_is_none(above: WorldAbove, speak: Speak) -> None:
    tab = Tab()
    await tab.open()
    above.refused[1] = Refusal()

    @database_sync_to_async
    @transaction.atomic
    def change_their_mind() -> None:
        bus.publish_review(person=1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_their_mind()
    await speak()
    assert await until_events(tab, 1) == [1]
    await tab.leave()


async def test_a_role_is_taken_away_while_events_fly(above: WorldAbove, speak: Speak) -> None:
    """What only staff may hear stops with the change. What goes to all comes on, each event once and in order."""
    above.staff = {1, 2}
    demoted, staff = Tab("thread:1"), Tab("thread:1", person=2)
    await demoted.open()
    await staff.open()
    for_all: list[int] = []
    for_staff: list[int] = []

    async def say_on() -> None:
        for _ in range(20):
            for_all.append(await speak(rooms=("thread:1",)))
            for_staff.append(await speak(rooms=("staff",)))

    await say_on()
    assert await until_events(demoted, for_staff[-1]) == list(range(1, for_staff[-1] + 1))
    above.staff = {2}
    await review(person=1)
    # One process's messages keep their order: what is said from here on is heard after the change.
    before = len(for_all)
    await say_on()
    last = await speak(rooms=("pulse",))
    assert await until_events(demoted, last) == [*for_all[before:], last]
    assert await until_events(staff, last) == list(range(1, last + 1))
    await demoted.leave()
    await staff.leave()


async def test_while_the_door_is_asked_they_are_told_nothing(
    above: WorldAbove, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    above.staff = {1}
    tab, other = Tab("thread:1"), Tab("thread:1", person=2)
    await tab.open()
    await other.open()
    door = SlowDoor(above)
    above.staff = set()
    monkeypatch.setattr(above, "admit", door.admit)
    await review(person=1)
    await door.until_asked()
    await speak(rooms=("staff",))
    await speak(rooms=("thread:1",))
    assert await until_events(other, 2) == [2]
    assert await tab.line.receive_nothing()
    door.may_answer.set()
    assert await until_events(tab, 2) == [2]
    await tab.leave()
    await other.leave()


async def test_a_change_on_the_way_in_is_not_overheard(
    above: WorldAbove, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The door said yes, and before the tab was in, the person was suspended."""
    watching = Tab(person=2)
    await watching.open()
    door = SlowDoor(above)
    monkeypatch.setattr(above, "admit", door.admit)
    tab = Tab("thread:1")
    assert await tab.connect()
    await door.until_asked()
    await review(person=1)
    # Once this is heard, so is what the same process said before it.
    await speak()
    assert await until_events(watching, 1) == [1]
    door.may_answer.set()
    assert await tab.closed() == Close.RESTART
    await tab.leave()
    await watching.leave()


async def test_the_clock_ends_it(above: WorldAbove) -> None:
    above.until = datetime.now(UTC) + timedelta(seconds=1)
    tab = Tab()
    await tab.open()
    above.refused[1] = Refusal()
    assert await tab.closed() == Close.NOT_FOUND
    await tab.leave()


async def test_once_in_a_while_the_door_is_asked_in_any_case(
    above: WorldAbove, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.reviews.NET", 0.1)
    tab = Tab()
    await tab.open()
    above.refused[1] = Refusal()
    assert await tab.closed() == Close.NOT_FOUND
    await tab.leave()


async def test_a_review_that_redis_lost_is_made_up_for(
    above: WorldAbove, speak: Speak, break_the_line_to_redis: Callable[[], None]
) -> None:
    """Also if nobody says anything after it."""
    tab = Tab()
    await tab.open()
    await speak()
    assert await until_events(tab, 1) == [1]
    above.refused[1] = Refusal()
    break_the_line_to_redis()
    await review(person=1)
    assert await tab.closed() == Close.NOT_FOUND
    await tab.leave()


async def test_without_a_database_who_is_in_doubt_is_asked_to_come_back(
    above: WorldAbove, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab()
    await tab.open()
    monkeypatch.setattr(above, "admit", Mock(side_effect=OperationalError("gone")))
    await review(person=1)
    assert await tab.closed() == Close.UNAVAILABLE
    await tab.leave()


async def test_without_a_database_the_others_stay_and_are_asked_about_later(
    above: WorldAbove, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.reviews.RETRY", 0.1)
    tab = Tab()
    await tab.open()
    failed = Event()

    def fail(*arguments: Any) -> Admission | Refusal:
        failed.set()
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(above, "admit", fail)
        await review(jam_key=JAM)
        await speak()
        assert await until_events(tab, 1) == [1]
        assert await asyncio.to_thread(failed.wait, PATIENCE)
    above.refused[1] = Refusal()
    assert await tab.closed() == Close.NOT_FOUND
    await tab.leave()


async def test_a_session_that_is_deleted_lets_nobody_listen(settings: Any, client: Client) -> None:
    @database_sync_to_async
    def sign_in() -> str:
        client.force_login(Person.objects.create_user("ana@example.org", name="Ana"))
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)

    key = await sign_in()
    tab = Tab(cookie=f"{settings.SESSION_COOKIE_NAME}={key}")
    await tab.open()
    await database_sync_to_async(lambda: Session.objects.get(pk=key).delete())()
    assert await tab.closed() == Close.SIGNED_OUT
    await tab.leave()


async def test_of_too_many_tabs_of_one_person_the_oldest_goes(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "OPEN_MAX", 2)
    oldest, second, other = Tab(), Tab(), Tab(person=2)
    for tab in (oldest, second, other):
        await tab.open()
    third = Tab()
    await third.open()
    assert await oldest.closed() == Close.REPLACED
    await oldest.leave()
    await speak()
    for tab in (second, third, other):
        assert await until_events(tab, 1) == [1]
        await tab.leave()


async def test_nothing_is_kept_of_who_left() -> None:
    tab = Tab()
    await tab.open()
    running = await running_hub()
    assert len(running._tabs) == 1
    await tab.leave()
    assert list(running._tabs) == []
