"""What a push service says when it does not take a message: gone, busy, away, refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.domain import pushing
from notifications.models import Push, PushSubscription
from tests.cast import Cast
from tests.notifications.push_service import Browser, PushService
from tests.notifications.pushed import answered, push
from threads.domain import reading, telling

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_deleted(
    cast: Cast, service: PushService, device: PushSubscription, status: int
) -> None:
    service.status = status
    answered(cast)
    assert push() == 0
    assert not PushSubscription.objects.exists()
    service.status = 201
    assert push() == 0


def test_a_service_that_is_busy_is_tried_again_and_not_for_ever(
    cast: Cast, service: PushService, device: PushSubscription
) -> None:
    service.status, service.headers = 503, {"Retry-After": "1800"}
    answered(cast)
    assert push() == 0
    assert Push.objects.get().due_at > timezone.now() + timedelta(minutes=29)
    service.headers = {"Retry-After": "999999"}
    assert push() == 0
    assert Push.objects.get().due_at < timezone.now() + timedelta(minutes=61)
    for _ in range(3):
        assert push() == 0
    assert len(service.taken) == pushing.TRIES_MOST
    assert not Push.objects.exists()


def test_what_was_seen_while_it_waited_is_not_told(cast: Cast, service: PushService, device: PushSubscription) -> None:
    service.status = 500
    reply = answered(cast)
    push()
    service.status = 201
    reading.see(cast.ana, [reply.pk])
    assert push() == 0
    assert len(service.taken) == 1


def test_one_that_waits_goes_out_once(
    cast: Cast, service: PushService, browser: Browser, device: PushSubscription
) -> None:
    service.status = 500
    answered(cast)
    push()
    service.status = 201
    assert [push(), push()] == [1, 0]


def test_a_service_that_is_away_is_tried_again(cast: Cast, device: PushSubscription) -> None:
    PushSubscription.objects.update(endpoint="https://localhost:1/a")
    answered(cast)
    assert push() == 0
    assert Push.objects.get().tries == 1


def test_what_a_service_refuses_for_long_is_given_up(
    cast: Cast, service: PushService, device: PushSubscription
) -> None:
    service.status = 403
    answered(cast)
    assert push() == 0
    assert PushSubscription.objects.exists()
    assert not Push.objects.exists()
    PushSubscription.objects.update(created_at=timezone.now() - pushing.DEAF)
    cast.reply(cast.idea(subject="A bench"))
    telling.tell_all()
    assert push() == 0
    assert not PushSubscription.objects.exists()


def test_no_device_inside_our_own_network_is_sent_to(
    cast: Cast, service: PushService, device: PushSubscription, settings: Any
) -> None:
    settings.PUSH_PRIVATE_ADDRESSES = False
    PushSubscription.objects.update(endpoint="https://localhost/send")
    answered(cast)
    assert push() == 0
    assert not service.taken
    assert not Push.objects.exists()
