"""Mails of what people were told: when they chose, once, and of nothing that they saw."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from accounts.models import Person
from jam.models import Member
from moderation.domain import posts as moderation
from notifications.domain import mailing, moments
from notifications.models import Mail, Notification
from tests.cast import Cast, set_window
from tests.notifications.hearing import let_time_pass, send_mails, wants
from threads.domain import editing, posting, reading, telling
from threads.models import Post

pytestmark = pytest.mark.django_db


def told_of_reply(cast: Cast, how: str, *, body: str = "Yes, and one on the mole.") -> Post:
    wants(cast.ana, "reply", how)
    reply = cast.reply(cast.idea(), body=body)
    telling.tell_all()
    return reply


def html_of(message: object) -> str:
    assert isinstance(message, EmailMultiAlternatives)
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    return str(html)


def test_nothing_goes_out_before_its_time(cast: Cast) -> None:
    told_of_reply(cast, Mail.ONCE)
    assert mailing.due_people() == []
    assert mailing.mail_person(cast.ana.person_id) == 0
    let_time_pass()
    assert send_mails() == 1
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]


def test_a_mail_says_what_happened_in_html_and_text(cast: Cast) -> None:
    reply = told_of_reply(cast, Mail.ONCE)
    let_time_pass()
    send_mails()
    (message,) = mail.outbox
    assert message.subject == "The tides jam: Ben replied to you in “A lamp on the pier”"
    for text in (message.body, html_of(message)):
        assert "A lamp on the pier" in text
        assert "Yes, and one on the mole." in text
        assert f"http://127.0.0.1:8000/jams/tides/posts/{reply.pk}/" in text
        assert "/notifications/settings/" in text
        assert "/notifications/unsubscribe/" in text
    headers = message.extra_headers
    assert headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/notifications/unsubscribe/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["References"] == f"<thread-{reply.thread_id}@127.0.0.1>"


def test_never_twice(cast: Cast) -> None:
    told_of_reply(cast, Mail.ONCE)
    let_time_pass()
    assert [send_mails(), send_mails(), mailing.mail_person(cast.ana.person_id)] == [1, 0, 0]
    telling.tell_all()
    let_time_pass()
    assert send_mails() == 0


def test_a_worker_that_dies_amid_sending_leaves_a_mail_unsent(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told_of_reply(cast, Mail.ONCE)
    let_time_pass()

    class Killed(BaseException):
        pass

    def killed(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", killed)
        with pytest.raises(Killed):
            send_mails()
    let_time_pass()
    assert send_mails() == 0


def test_a_mail_server_that_is_away_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told_of_reply(cast, Mail.ONCE)
    let_time_pass()

    def away(*args: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", away)
        assert send_mails() == 0
    assert send_mails() == 0  # not at once
    row = Notification.objects.get()
    assert row.mailed_at is None
    assert row.mail_due_at is not None
    assert row.mail_due_at > timezone.now() + timedelta(minutes=4)
    let_time_pass()
    assert send_mails() == 1


def test_of_what_was_seen_no_mail_tells(cast: Cast) -> None:
    reply = told_of_reply(cast, Mail.ONCE)
    reading.see(cast.ana, [reply.pk])
    let_time_pass()
    assert send_mails() == 0
    assert Notification.objects.get().seen_at is not None


def test_what_was_seen_as_a_whole_is_asked_right_before(cast: Cast) -> None:
    """Also where nobody told the notification: a "mark all as seen" does not know of it."""
    reply = told_of_reply(cast, Mail.ONCE)
    from threads.models import Visit

    Visit.objects.create(member=cast.ana, caught_up_to=reply.pk, caught_up_also=[], caught_up_also_before=[])
    let_time_pass()
    assert send_mails() == 0
    assert Notification.objects.get().seen_at is not None


@pytest.mark.parametrize("how", ["hidden", "withdrawn"])
def test_of_a_post_that_is_gone_no_mail_tells(cast: Cast, how: str) -> None:
    reply = told_of_reply(cast, Mail.ONCE)
    if how == "hidden":
        moderation.hide(member=cast.fay, post=reply, reason="rash")
    else:
        editing.withdraw(member=cast.ben, post=reply)
    let_time_pass()
    assert send_mails() == 0


def test_who_may_not_read_the_jam_any_more_gets_no_mail(cast: Cast) -> None:
    told_of_reply(cast, Mail.ONCE)
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    let_time_pass()
    assert send_mails() == 0


@pytest.mark.parametrize("change", [{"email": None}, {"is_active": False}])
def test_who_has_no_address_or_may_not_sign_in_gets_no_mail(cast: Cast, change: dict[str, object]) -> None:
    told_of_reply(cast, Mail.ONCE)
    Person.objects.filter(pk=cast.ana.person_id).update(**change)
    let_time_pass()
    assert send_mails() == 0


def test_gathered_mails_are_one_for_all_jams(cast: Cast) -> None:
    told_of_reply(cast, Mail.DAILY)
    there = Member.objects.create(jam=cast.other, person=cast.ana.person, name="Ana there")
    idea = posting.start_thread(member=there, forum=cast.elsewhere, subject="A buoy", body="Red.")
    posting.reply(member=cast.ned, parent=idea, body="Green.")
    telling.tell_all()
    let_time_pass()
    assert send_mails() == 1
    (message,) = mail.outbox
    assert message.subject == "Jam: 2 new for you"
    for text in ("The tides jam", "The other jam", "A lamp on the pier", "A buoy", "Green."):
        assert text in message.body
        assert text in html_of(message)


def test_several_answers_in_a_thread_are_one_line(cast: Cast) -> None:
    reply = told_of_reply(cast, Mail.DAILY)
    assert reply.parent is not None
    cast.reply(reply.parent, by=cast.fay)
    telling.tell_all()
    let_time_pass()
    send_mails()
    (message,) = mail.outbox
    assert "\u2068Fay\u2069 and 1 other replied to you in “\u2068A lamp on the pier\u2069”" in message.body
    assert message.subject == "The tides jam: 2 new for you"


def test_what_is_turned_off_meanwhile_is_not_mailed(cast: Cast) -> None:
    told_of_reply(cast, Mail.DAILY)
    wants(cast.ana, "reply", Mail.NEVER)
    let_time_pass()
    assert send_mails() == 0


def test_a_name_cannot_add_a_header(cast: Cast) -> None:
    Member.objects.filter(pk=cast.ben.pk).update(name="Ben\r\nBcc: all@example.org")
    told_of_reply(cast, Mail.ONCE, body="<script>alert(1)</script> & more")
    let_time_pass()
    send_mails()
    (message,) = mail.outbox
    assert message.subject.startswith("The tides jam: Ben Bcc: all@example.org replied")
    assert message.message()["Bcc"] is None
    assert "<script>" not in html_of(message)


def test_a_mail_is_in_the_readers_language(cast: Cast) -> None:
    Person.objects.filter(pk=cast.ana.person_id).update(language="ar", time_zone="Asia/Tokyo")
    told_of_reply(cast, Mail.ONCE)
    let_time_pass()
    send_mails()
    assert '<html lang="ar" dir="rtl">' in html_of(mail.outbox[0])


@pytest.mark.parametrize("rows", [1, 3])
def test_a_mail_costs_the_same_however_much_it_tells(cast: Cast, rows: int, django_assert_num_queries: object) -> None:
    wants(cast.ana, "reply", Mail.DAILY)
    for number in range(rows):
        cast.reply(cast.idea(subject=f"Idea {number}"), by=cast.ben)
    telling.tell_all()
    let_time_pass()
    with django_assert_num_queries(8):  # type: ignore[operator]
        assert send_mails() == 1


# --- when ---

NOON = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("how", "zone", "due"),
    [
        (Mail.NEVER, "UTC", None),
        (Mail.ONCE, "UTC", NOON + timedelta(minutes=1)),
        (Mail.HOURLY, "UTC", datetime(2026, 11, 22, 13, tzinfo=UTC)),
        (Mail.DAILY, "UTC", datetime(2026, 11, 23, 7, tzinfo=UTC)),
        (Mail.DAILY, "Asia/Tokyo", datetime(2026, 11, 22, 22, tzinfo=UTC)),
        (Mail.DAILY, "America/Los_Angeles", datetime(2026, 11, 22, 15, tzinfo=UTC)),
    ],
)
def test_when_a_mail_is_due(how: str, zone: str, due: datetime | None) -> None:
    assert moments.due_at(how, now=NOON, zone=zone) == due


def test_the_morning_after_the_clocks_change_is_at_seven() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)  # in the night that follows Berlin's clocks leap
    assert moments.due_at(Mail.DAILY, now=before, zone="Europe/Berlin") == datetime(2026, 3, 29, 5, tzinfo=UTC)


def test_the_morning_is_the_readers_own(cast: Cast) -> None:
    Person.objects.filter(pk=cast.ana.person_id).update(time_zone="Asia/Tokyo")
    told_of_reply(cast, Mail.DAILY)
    due = Notification.objects.get().mail_due_at
    assert due is not None
    assert (due.astimezone(UTC).hour, due.minute) == (22, 0)


def test_a_mail_of_old_is_not_sent_late(cast: Cast) -> None:
    told_of_reply(cast, Mail.ONCE)
    Notification.objects.update(created_at=timezone.now() - mailing.TOO_OLD)
    let_time_pass()
    assert send_mails() == 0
