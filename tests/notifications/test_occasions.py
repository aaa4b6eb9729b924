"""Members are told of an announcement and of a guest hour that begins: once, in time, and not of what is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jam.domain import announcements, guest_hours
from jam.models import Announcement, GuestHour, Member
from notifications.domain import inbox, occasions
from notifications.models import Notification
from tests.cast import Cast

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def sentences(member: Member) -> list[str]:
    return [line.sentence for line in inbox.inbox(member.person).lines]


def test_everybody_but_who_announced_it_is_told_once(cast: Cast) -> None:
    announcements.make(member=cast.fay, words="**Lunch** is at one.")
    occasions.send_all()
    occasions.send_all()
    Announcement.objects.update(notified_at=None)  # as if a worker had died before it wrote that it was done
    occasions.send_all()
    assert Notification.objects.filter(kind="announcement").count() == 4
    assert sentences(cast.ana) == ["Announced in “\u2068The tides jam\u2069”: \u2068Lunch is at one.\u2069"]
    assert sentences(cast.fay) == []


def test_one_taken_back_is_told_by_nothing(cast: Cast) -> None:
    made = announcements.make(member=cast.fay, words="Lunch is at one.")
    occasions.send_all()
    announcements.take_back(member=cast.fay, announcement=made)
    assert not any("Lunch" in sentence for sentence in sentences(cast.ana))
    early = announcements.make(member=cast.fay, words="Never mind")
    announcements.take_back(member=cast.fay, announcement=early)
    occasions.send_all()
    assert not Notification.objects.filter(about=f"announcement:{early.pk}").exists()


def test_old_news_is_not_sent(cast: Cast) -> None:
    announcements.make(member=cast.fay, words="Long ago")
    Announcement.objects.update(created_at=timezone.now() - occasions.LATE)
    occasions.send_all()
    assert not Notification.objects.exists()
    assert not Announcement.objects.filter(notified_at=None).exists()


def test_a_guest_hour_is_told_of_when_it_begins(cast: Cast) -> None:
    now = timezone.now()
    plan = guest_hours.HourPlan(cast.ben, now + HOUR, now + 2 * HOUR, "Lamps", cast.harbour)
    hour = guest_hours.put(member=cast.fay, plan=plan)
    occasions.send_all()
    assert not Notification.objects.exists()
    GuestHour.objects.update(starts_at=now - timedelta(minutes=1))
    occasions.send_all()
    occasions.send_all()
    assert Notification.objects.filter(kind="guest_hour").count() == 4
    assert sentences(cast.ana) == ["\u2068Ben\u2069 is in “\u2068The tides jam\u2069” now"]
    (told,) = Notification.objects.filter(member=cast.ana)
    assert told.path == f"/jams/tides/forums/{cast.harbour.pk}/"
    guest_hours.remove(member=cast.fay, hour=hour)
    assert not any("Ben" in sentence for sentence in sentences(cast.ana))


def test_an_hour_that_passed_meanwhile_is_not_sent(cast: Cast) -> None:
    now = timezone.now()
    guest_hours.put(member=cast.fay, plan=guest_hours.HourPlan(cast.ben, now, now + HOUR))
    GuestHour.objects.update(starts_at=now - 2 * HOUR, ends_at=now - HOUR)
    occasions.send_all()
    assert not Notification.objects.exists()
