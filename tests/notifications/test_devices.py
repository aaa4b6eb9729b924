"""Turning messages to a device on and off: whose it is, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jam.domain.errors import Invalid
from notifications.domain import devices
from notifications.models import PushSubscription
from tests.cast import PASSWORD, Cast
from tests.notifications.push_service import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    client.login(email="ana@example.org", password=PASSWORD)
    return client


GOOD = Browser().fields("https://push.example.org/send/one")


def test_a_device_is_turned_on_and_off(cast: Cast, ana: Client) -> None:
    assert [ana.post("/notifications/devices/", GOOD).status_code for _ in range(2)] == [201, 201]
    assert PushSubscription.objects.get().person == cast.ana.person
    assert ana.post("/notifications/devices/here/", GOOD).json() == {"on": True}
    assert ana.post("/notifications/devices/end/", GOOD).json() == {"on": False}
    assert not PushSubscription.objects.exists()
    assert ana.post("/notifications/devices/here/", GOOD).json() == {"on": False}


@pytest.mark.parametrize(
    "wrong",
    [{"endpoint": "http://push.example.org/a"}, {"endpoint": "https://push.example.org/" + "a" * 1000},
     {"endpoint": ""}, {"auth": "AAAA"}, {"auth": "ü"}, {"p256dh": "AAAA"}, {"p256dh": ""}, {"p256dh": "B" + "A" * 86}],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(ana: Client, wrong: dict[str, str]) -> None:
    answer = ana.post("/notifications/devices/", GOOD | wrong)
    assert answer.status_code == 422
    assert answer.json()["message"] == "This is not a device that messages can be sent to."
    assert not PushSubscription.objects.exists()


def test_anothers_device_is_not_mine_to_end(cast: Cast, ana: Client) -> None:
    device = devices.add(person=cast.ben.person, **GOOD)
    assert ana.post("/notifications/devices/here/", GOOD).json() == {"on": False}
    ana.post("/notifications/devices/end/", GOOD)
    ana.post("/notifications/devices/end/")
    assert PushSubscription.objects.get() == device


def test_a_device_that_is_passed_on_is_told_of_its_new_person_alone(cast: Cast, ana: Client) -> None:
    devices.add(person=cast.ben.person, **GOOD)
    ana.post("/notifications/devices/", GOOD)
    assert PushSubscription.objects.get().person == cast.ana.person


@pytest.mark.parametrize("path", ["", "here/", "end/"])
def test_only_who_is_signed_in_and_by_post_and_from_our_own_page(cast: Cast, path: str) -> None:
    assert Client().post(f"/notifications/devices/{path}", GOOD).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.ana.person)
    assert strict.get(f"/notifications/devices/{path}").status_code == 405
    assert strict.post(f"/notifications/devices/{path}", GOOD).status_code == 403
    assert not PushSubscription.objects.exists()


def test_signing_out_ends_it_on_that_device(cast: Cast, ana: Client) -> None:
    ana.post("/notifications/devices/", GOOD)
    elsewhere = devices.add(person=cast.ana.person, **Browser().fields("https://push.example.org/send/two"))
    ana.post("/accounts/logout/")
    assert PushSubscription.objects.get() == elsewhere


def test_signing_out_does_not_end_what_is_anothers_by_then(cast: Cast, ana: Client) -> None:
    ana.post("/notifications/devices/", GOOD)
    devices.add(person=cast.ben.person, **GOOD)
    ana.post("/accounts/logout/")
    assert PushSubscription.objects.get().person == cast.ben.person


def test_a_device_that_signed_in_anew_is_found_again(cast: Cast, ana: Client) -> None:
    devices.add(person=cast.ana.person, **GOOD)
    ana.post("/notifications/devices/here/", GOOD)
    ana.post("/accounts/logout/")
    assert not PushSubscription.objects.exists()


def test_a_new_password_ends_it_everywhere(cast: Cast, ana: Client) -> None:
    ana.post("/notifications/devices/", GOOD)
    devices.add(person=cast.ana.person, **Browser().fields("https://push.example.org/send/two"))
    new = "another long word 7"
    answer = ana.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert not PushSubscription.objects.exists()


def test_all_can_be_ended_without_a_script(cast: Cast, ana: Client) -> None:
    for name in ("one", "two"):
        devices.add(person=cast.ana.person, **Browser().fields(f"https://push.example.org/{name}"))
    assert "End messages on all your 2 devices" in ana.get("/notifications/settings/").content.decode()
    assert ana.post("/notifications/devices/end/")["Location"] == "/notifications/settings/"
    assert not PushSubscription.objects.exists()


def test_a_person_has_so_many_devices_and_the_deafest_goes(cast: Cast) -> None:
    for number in range(devices.DEVICES_MAX):
        devices.add(person=cast.ana.person, **Browser().fields(f"https://push.example.org/{number}"))
    PushSubscription.objects.filter(endpoint__endswith="/3").update(created_at=timezone.now() - timedelta(days=1))
    devices.add(person=cast.ana.person, **GOOD)
    left = PushSubscription.objects.filter(person=cast.ana.person)
    assert left.count() == devices.DEVICES_MAX
    assert not left.filter(endpoint__endswith="/3").exists()


def test_a_device_without_a_person_is_refused_by_the_verb_too(cast: Cast) -> None:
    with pytest.raises(Invalid):
        devices.add(person=cast.ana.person, endpoint="https://a b/", p256dh=GOOD["p256dh"], auth=GOOD["auth"])


def test_the_page_names_no_device(cast: Cast, ana: Client) -> None:
    ana.post("/notifications/devices/", GOOD)
    assert "push.example.org" not in ana.get("/notifications/settings/").content.decode()
