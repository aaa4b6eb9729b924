"""Messages to devices: once, of nothing that was seen, in the reader's language, and no longer than wanted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Person
from jam.models import Member
from moderation.domain import posts as moderation
from notifications.domain import devices, inbox, pushing
from notifications.domain.preferences import Choice, choose
from notifications.models import Mail, Notification, Push, PushSubscription
from tests.cast import Cast, set_window
from tests.notifications.hearing import wants
from tests.notifications.push_service import Browser, PushService
from tests.notifications.pushed import answered, let_time_pass, push
from threads.domain import reading, telling
from threads.models import Post

pytestmark = pytest.mark.django_db


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
