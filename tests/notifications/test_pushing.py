"""Messages to devices: once, of nothing that was seen, in the reader's language, and no longer than wanted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from jam.domain.errors import Invalid
from jam.models import Member
from moderation.domain import posts as moderation
from notifications.domain import devices, inbox, pushing
from notifications.domain.preferences import Choice, choose
from notifications.models import Mail, Notification, Push, PushSubscription
from tests.cast import PASSWORD, Cast, set_window
from tests.notifications.hearing import wants
from tests.notifications.push_service import Browser, PushService, running
from threads.domain import reading, telling
from threads.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    settings.PUSH_PRIVATE_ADDRESSES, settings.DATA_DIR = True, tmp_path
    with running(tmp_path) as service:
        monkeypatch.setenv("SSL_CERT_FILE", str(service.certificate))
        yield service


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def device(cast: Cast, service: PushService, browser: Browser) -> PushSubscription:
    """Ana's."""
    return devices.add(person=cast.ana.person, **browser.fields(service.endpoint()))


def answered(cast: Cast, body: str = "Yes, and one on the mole.") -> Post:
    reply = cast.reply(cast.idea(), body=body)
    telling.tell_all()
    return reply


def let_time_pass() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_push SET due_at = clock_timestamp()")


def push() -> int:
    let_time_pass()
    return sum(pushing.push_device(device) for device in pushing.due_devices())


def test_a_device_is_told(cast: Cast, service: PushService, browser: Browser, device: PushSubscription) -> None:
    reply = answered(cast)
    assert pushing.due_devices() == []  # a moment later
    assert push() == 1
    told = Notification.objects.get()
    assert service.said(browser) == [
        {
            "title": "The tides jam",
            "body": "Ben replied to you in “A lamp on the pier”",
            "path": f"/notifications/{told.pk}/",
            "at": f"/jams/tides/posts/{reply.pk}/",
            "tag": f"told-{told.pk}",
            "lang": "en",
            "dir": "ltr",
        }
    ]
    (request,) = service.taken
    assert request.headers["Content-Encoding"] == "aes128gcm"
    assert request.headers["Authorization"].startswith("vapid t=")
    assert request.headers["TTL"] == "21600"
    device.refresh_from_db()
    assert device.last_ok is not None


def test_never_twice(cast: Cast, service: PushService, device: PushSubscription) -> None:
    answered(cast)
    assert [push(), push(), pushing.push_device(device.pk)] == [1, 0, 0]
    telling.tell_all()
    assert push() == 0
    assert len(service.taken) == 1


def test_every_device_once(cast: Cast, service: PushService, device: PushSubscription) -> None:
    other = Browser()
    devices.add(person=cast.ana.person, **other.fields(service.endpoint("two")))
    devices.add(person=cast.ben.person, **Browser().fields(service.endpoint("bens")))
    answered(cast)
    assert push() == 2
    assert sorted(request.path for request in service.taken) == ["/send/one", "/send/two"]


def test_a_worker_that_dies_amid_sending_leaves_it_unsent(
    cast: Cast, service: PushService, device: PushSubscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(cast)

    class Killed(BaseException):
        pass

    def killed(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(pushing, "_send", killed)
        with pytest.raises(Killed):
            push()
    assert push() == 0


def test_of_what_was_seen_no_device_is_told(cast: Cast, service: PushService, device: PushSubscription) -> None:
    reply = answered(cast)
    reading.see(cast.ana, [reply.pk])
    assert push() == 0
    assert not service.taken


def test_of_a_hidden_post_no_word_goes_out(cast: Cast, service: PushService, device: PushSubscription) -> None:
    moderation.hide(member=cast.fay, post=answered(cast), reason="rash")
    assert push() == 0
    assert not service.taken


def test_of_a_hidden_idea_the_title_does_not_go_out(
    cast: Cast, service: PushService, browser: Browser, device: PushSubscription
) -> None:
    reply = answered(cast)
    moderation.hide(member=cast.fay, post=Post.objects.get(pk=reply.parent_id), reason="rash")
    push()
    assert all("A lamp" not in said["body"] for said in service.said(browser))


def test_the_words_of_a_post_stay_on_the_page(
    cast: Cast, service: PushService, browser: Browser, device: PushSubscription
) -> None:
    answered(cast, body="Something that nobody should read over a shoulder.")
    push()
    assert "shoulder" not in str(service.said(browser))


def test_who_may_not_read_the_jam_any_more_is_not_told(
    cast: Cast, service: PushService, device: PushSubscription
) -> None:
    answered(cast)
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert push() == 0


def test_who_may_not_sign_in_any_more_is_not_told(cast: Cast, service: PushService, device: PushSubscription) -> None:
    answered(cast)
    Person.objects.filter(pk=cast.ana.person_id).update(is_active=False)
    assert push() == 0
    assert not service.taken


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_kind_that_was_switched_off(cast: Cast, service: PushService, device: PushSubscription, when: str) -> None:
    off = {"reply": Choice(on_page=True, mail=Mail.DAILY, push=False)}
    if when == "before":
        choose(person=cast.ana.person, choices=off)
    answered(cast)
    assert Push.objects.exists() is (when == "meanwhile")
    choose(person=cast.ana.person, choices=off)
    assert push() == 0


def test_a_device_alone_can_be_told(
    cast: Cast, service: PushService, browser: Browser, device: PushSubscription
) -> None:
    choose(person=cast.ana.person, choices={"reply": Choice(on_page=False, mail=Mail.NEVER, push=True)})
    answered(cast)
    assert push() == 1
    assert inbox.unseen_count(cast.ana.person) == 0


def test_the_mail_stays_as_it_is(cast: Cast, service: PushService, device: PushSubscription) -> None:
    wants(cast.ana, "reply", Mail.DAILY)
    answered(cast)
    push()
    assert Notification.objects.get().mail_due_at is not None


def test_it_is_in_the_readers_language(
    cast: Cast, service: PushService, browser: Browser, device: PushSubscription
) -> None:
    Person.objects.filter(pk=cast.ana.person_id).update(language="ar")
    answered(cast)
    push()
    (said,) = service.said(browser)
    assert (said["lang"], said["dir"]) == ("ar", "rtl")


def test_whatever_people_write_it_stays_small(
    cast: Cast, service: PushService, browser: Browser, device: PushSubscription
) -> None:
    Member.objects.filter(pk=cast.ben.pk).update(name="🦀" * 120)
    cast.reply(cast.idea(subject="🐚" * 120))
    telling.tell_all()
    push()
    (said,) = service.said(browser)
    assert len(said["body"]) == pushing.WORDS_MAX
    assert len(service.taken[0].body) < 4096


def test_many_at_once_are_one(cast: Cast, service: PushService, browser: Browser, device: PushSubscription) -> None:
    for number in range(pushing.LINES_MOST + 1):
        cast.reply(cast.idea(subject=f"Idea {number}"))
    telling.tell_all()
    assert push() == 1
    (said,) = service.said(browser)
    assert (said["title"], said["body"], said["path"]) == ("Jam", "4 new for you", "/notifications/")


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_however_much_it_tells(
    cast: Cast, device: PushSubscription, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        cast.reply(cast.idea(subject=f"Idea {number}"))
    telling.tell_all()
    let_time_pass()
    with django_assert_num_queries(8):
        assert pushing.push_device(device.pk) == rows


def test_telling_asks_no_more_where_nobody_has_a_device(cast: Cast, django_assert_num_queries: Any) -> None:
    from notifications.domain.sending import notify

    def tell(about: str) -> None:
        data = {"post": 1, "thread": 1}
        notify(kind="reply", jam_id=cast.jam.pk, to=[cast.ana.pk], about=about, path="/", data=data)

    with django_assert_num_queries(6):  # with those that begin and end the transaction
        tell("post:1")
    devices.add(person=cast.ana.person, **Browser().fields("https://push.example.org/a"))
    with django_assert_num_queries(7):
        tell("post:2")


# --- what a service says ---


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


# --- turning it on and off ---


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
