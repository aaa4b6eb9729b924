"""Members are reminded before a jam opens and before it closes: once, and never late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from jam.models import Jam, Member, ReminderTimes, Role
from notifications.domain import inbox, reminders, sending
from notifications.models import Notification, Reminder
from tests.cast import Cast, make_member, make_person, set_window
from tests.notifications.hearing import let_time_pass, send_mails, wants

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def coming(cast: Cast) -> Jam:
    """A jam that opens in 50 minutes, for ten hours."""
    return set_window(cast.jam, opens_in=timedelta(minutes=50), closes_in=11 * HOUR)


@pytest.fixture
def closing(cast: Cast) -> Jam:
    """A jam that has been open for ten hours and closes in 170 minutes."""
    return set_window(cast.jam, opens_in=-10 * HOUR, closes_in=timedelta(minutes=170))


def test_members_are_reminded_before_it_opens(cast: Cast, coming: Jam) -> None:
    assert reminders.remind_all() == 5
    assert reminders.remind_all() == 0
    (line,) = inbox.inbox(cast.ana.person).lines
    assert line.sentence.startswith("“\u2068The tides jam\u2069” opens: ")
    assert line.newest.path == "/jams/tides/"
    assert not Notification.objects.filter(person=cast.zoe).exists()


def test_and_before_it_closes_by_mail_at_once(cast: Cast, closing: Jam) -> None:
    wants(cast.ben, "closing", "never")
    assert reminders.remind_all() == 5
    let_time_pass()
    assert send_mails() == 4
    assert all(message.subject.startswith("The tides jam: “The tides jam” closes: ") for message in mail.outbox)


def test_a_day_and_an_hour_before_are_two(cast: Cast) -> None:
    set_window(cast.jam, opens_in=24 * HOUR - timedelta(minutes=1), closes_in=40 * HOUR)
    assert reminders.remind_all() == 5
    opens_at = cast.jam.opens_at
    assert opens_at is not None
    cast.jam.opens_at = opens_at - 23 * HOUR  # which is another time, and so another reminder
    cast.jam.save()
    assert reminders.remind_all() == 5
    assert [line.sentence for line in inbox.inbox(cast.ana.person).lines if "opens" in line.sentence][1:] == []


def test_they_come_when_who_runs_the_jam_chose(cast: Cast, coming: Jam) -> None:
    times = ReminderTimes.objects.create(jam=cast.jam, before_opening=[], before_close=[60])
    assert reminders.remind_all() == 0
    set_window(cast.jam, opens_in=-10 * HOUR, closes_in=timedelta(minutes=170))
    assert reminders.remind_all() == 0
    set_window(cast.jam, opens_in=-10 * HOUR, closes_in=timedelta(minutes=55))
    assert (reminders.remind_all(), reminders.remind_all()) == (5, 0)
    times.before_opening = [7 * 24 * 60]
    times.save()
    set_window(cast.jam, opens_in=7 * 24 * HOUR - timedelta(minutes=5), closes_in=9 * 24 * HOUR)
    assert reminders.remind_all() == 5


@pytest.mark.parametrize(
    ("opens_in", "closes_in"),
    [
        (timedelta(minutes=61), 11 * HOUR),  # between the two
        (timedelta(minutes=29), 11 * HOUR),  # too late
        (timedelta(hours=17), 40 * HOUR),  # too late for the day before
        (-10 * HOUR, timedelta(minutes=181)),
        (-10 * HOUR, timedelta(minutes=89)),
        (-HOUR, 2 * HOUR),  # so short that it has only just opened
        (-10 * HOUR, -HOUR),
    ],
)
def test_at_other_times_nobody_is(cast: Cast, opens_in: timedelta, closes_in: timedelta) -> None:
    set_window(cast.jam, opens_in=opens_in, closes_in=closes_in)
    assert reminders.remind_all() == 0
    assert not Reminder.objects.exists()


def test_a_draft_reminds_nobody(cast: Cast, coming: Jam) -> None:
    Jam.objects.filter(pk=coming.pk).update(published_at=None)
    assert reminders.remind_all() == 0


def test_a_window_that_moved_is_reminded_of_anew_and_the_old_word_goes(cast: Cast, coming: Jam) -> None:
    reminders.remind_all()
    set_window(coming, opens_in=timedelta(minutes=55), closes_in=11 * HOUR)
    assert inbox.inbox(cast.ana.person).lines == []
    assert reminders.remind_all() == 5
    assert len(inbox.inbox(cast.ana.person).lines) == 1


def test_a_mail_that_waited_until_the_jam_was_open_is_not_sent(cast: Cast, coming: Jam) -> None:
    reminders.remind_all()
    set_window(coming, opens_in=-timedelta(minutes=1), closes_in=11 * HOUR)
    let_time_pass()
    assert send_mails() == 0


def test_a_worker_killed_half_way_is_followed_by_another_and_nobody_is_told_twice(
    cast: Cast, coming: Jam, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    tell, calls = sending._tell, []

    def dies_at_the_second(*args: Any) -> int:
        calls.append(args)
        if len(calls) == 2:
            raise Killed
        return tell(*args)

    with monkeypatch.context() as broken:
        broken.setattr(sending, "AT_ONCE", 2)
        broken.setattr(sending, "_tell", dies_at_the_second)
        with pytest.raises(Killed):
            reminders.remind_all()
    assert Notification.objects.count() == 2
    assert reminders.remind_all() == 0  # somebody may still be at it
    Reminder.objects.update(claimed_at=timezone.now() - reminders.LEASE - timedelta(seconds=1))
    assert reminders.remind_all() == 3
    Reminder.objects.update(claimed_at=timezone.now() - reminders.LEASE - timedelta(seconds=1))
    assert reminders.remind_all() == 0
    let_time_pass()
    assert send_mails() == 5


@pytest.mark.parametrize("members", [1, 3])
def test_it_costs_the_same_however_many_members(
    cast: Cast, coming: Jam, members: int, django_assert_num_queries: Any
) -> None:
    for number in range(members):
        make_member(cast.jam, make_person(f"Reader{number}"), Role.OBSERVER)
    with django_assert_num_queries(18):
        assert reminders.remind_all() == 5 + members


def _ids(members: Iterable[Member]) -> list[int]:
    return [member.pk for member in members]


def test_notify_refuses_what_it_cannot_keep(cast: Cast) -> None:
    good = {"kind": "reply", "jam_id": cast.jam.pk, "to": _ids([cast.ana]), "about": "x", "path": "/", "data": {}}
    for bad in (
        {"kind": "nothing"},
        {"about": ""},
        {"about": "x" * 81},
        {"path": "https://example.org/"},
        {"path": "//example.org/"},
        {"path": "jams/"},
    ):
        with pytest.raises(ValueError, match=r"."):
            sending.notify(**(good | bad))  # type: ignore[arg-type]
    assert not Notification.objects.exists()
    assert sending.notify(**good) == 1  # type: ignore[arg-type]
    assert sending.notify(**good | {"to": _ids([cast.ned])}) == 0  # type: ignore[arg-type]
    assert sending.notify(**good | {"to": _ids([cast.ben]), "by": cast.ben.pk}) == 0  # type: ignore[arg-type]
