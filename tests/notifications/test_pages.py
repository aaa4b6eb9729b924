"""The bell, the list, the settings and the way out of a mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from jam.models import Member
from moderation.domain import posts as moderation
from notifications.domain import inbox, unsubscribing
from notifications.domain.preferences import choices_of
from notifications.models import Mail, Notification, Preference
from tests.cast import Cast, set_window
from tests.notifications.hearing import wants
from threads.domain import reading, telling
from threads.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(cast: Cast) -> Post:
    """Ben's answer to Ana, of which she was told."""
    reply = cast.reply(cast.idea())
    telling.tell_all()
    return reply


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ana.person)
    return client


def page(client: Client, path: str = "/notifications/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_bell_counts_what_is_new(cast: Cast, ana: Client, reply: Post) -> None:
    assert "Notifications, 1 new" in page(ana, "/jams/tides/")
    reading.see(cast.ana, [reply.pk])
    assert "Notifications, 1 new" not in page(ana, "/jams/tides/")


def test_who_is_signed_out_has_no_bell(client: Client, cast: Cast) -> None:
    assert "data-bell" not in client.get("/").content.decode()
    assert client.get("/notifications/").status_code == 302
    assert client.get("/notifications/unseen/").status_code == 401
    assert client.post("/notifications/seen/", {"upto": "5"}).status_code == 302


def test_the_list_says_who_did_what(ana: Client, cast: Cast, reply: Post) -> None:
    cast.reply(Post.objects.get(pk=reply.parent_id), by=cast.fay)
    telling.tell_all()
    text = page(ana)
    assert "\u2068Fay\u2069 and 1 other replied to you in “\u2068A lamp on the pier\u2069”" in text
    assert text.count("is-unseen") == 1


def test_opening_one_marks_its_line_as_seen(ana: Client, cast: Cast, reply: Post) -> None:
    second = cast.reply(Post.objects.get(pk=reply.parent_id), by=cast.fay)
    other = cast.reply(cast.idea(subject="A bench"), by=cast.fay)
    telling.tell_all()
    newest = Notification.objects.get(about=f"post:{second.pk}", member=cast.ana)
    response = ana.get(f"/notifications/{newest.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/jams/tides/posts/{second.pk}/")
    unseen = Notification.objects.filter(member=cast.ana, seen_at=None)
    assert [row.about for row in unseen] == [f"post:{other.pk}"]


@pytest.mark.parametrize("ahead", [{"headers": {"Sec-Purpose": "prefetch"}}, {"REQUEST_METHOD": "HEAD"}])
def test_looking_ahead_is_not_opening(ana: Client, reply: Post, ahead: dict[str, Any]) -> None:
    one = Notification.objects.get()
    path = f"/notifications/{one.pk}/"
    response = ana.head(path) if "REQUEST_METHOD" in ahead else ana.get(path, **ahead)
    assert response.status_code == 302
    assert Notification.objects.get().seen_at is None


def test_anothers_notification_is_not_there(client: Client, cast: Cast, reply: Post) -> None:
    client.force_login(cast.ben.person)
    one = Notification.objects.get()
    assert client.get(f"/notifications/{one.pk}/").status_code == 404
    assert client.get("/notifications/999999999/").status_code == 404
    client.post("/notifications/seen/", {"upto": str(one.pk)})
    assert Notification.objects.get().seen_at is None
    assert "A lamp on the pier" not in page(client)


def test_mark_all_as_seen_leaves_what_came_since(ana: Client, cast: Cast, reply: Post) -> None:
    upto = Notification.objects.get().pk
    cast.reply(Post.objects.get(pk=reply.parent_id), by=cast.fay)
    telling.tell_all()
    assert ana.post("/notifications/seen/", {"upto": str(upto)}).status_code == 302
    assert inbox.unseen_count(cast.ana.person) == 1
    assert ana.post("/notifications/seen/", {"upto": "all"}).status_code == 302
    assert inbox.unseen_count(cast.ana.person) == 1


def test_of_a_hidden_post_no_word_is_shown(ana: Client, cast: Cast, reply: Post) -> None:
    moderation.hide(member=cast.fay, post=reply, reason="rash")
    text = page(ana)
    assert "one on the mole" not in text
    assert "replied to you" not in text
    assert inbox.unseen_count(cast.ana.person) == 0


def test_of_a_hidden_idea_the_title_is_not_shown(ana: Client, cast: Cast, reply: Post) -> None:
    moderation.hide(member=cast.fay, post=Post.objects.get(pk=reply.parent_id), reason="rash")
    text = page(ana)
    assert "A lamp on the pier" not in text
    assert "an idea that was hidden" in text


def test_a_jam_that_cannot_be_read_any_more_is_left_out(ana: Client, cast: Cast, reply: Post) -> None:
    hours = timedelta(hours=1)
    set_window(cast.jam, opens_in=-3 * hours, closes_in=-2 * hours, reading_in=-hours)
    assert inbox.unseen_count(cast.ana.person) == 0
    assert "replied to you" not in page(ana)
    Member.objects.filter(pk=cast.ana.pk).update(role="observer")
    assert inbox.unseen_count(cast.ana.person) == 1


def test_an_open_page_asks_for_what_is_new(ana: Client, reply: Post) -> None:
    answer = ana.get("/notifications/unseen/").json()
    assert (answer["count"], answer["label"], answer["words"]) == (1, "1", "Notifications, 1 new")
    assert answer["newest"] == "\u2068Ben\u2069 replied to you in “\u2068A lamp on the pier\u2069”"


def test_the_count_is_bounded(cast: Cast) -> None:
    Notification.objects.bulk_create(
        Notification(member=cast.ana, person=cast.ana.person, kind="reply", about=f"post:{number}", path="/", data={})
        for number in range(120)
    )
    assert inbox.capped(inbox.unseen_count(cast.ana.person)) == "99+"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(
    cast: Cast, ana: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        cast.reply(cast.idea(subject=f"Idea {number}"), by=(cast.ben, cast.fay)[number % 2])
    telling.tell_all()
    page(ana)
    with django_assert_num_queries(5):
        assert page(ana).count('class="told') == rows


def test_pages_follow_one_another(cast: Cast, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        cast.reply(cast.idea(subject=f"Idea {number}"))
    telling.tell_all()
    first = inbox.inbox(cast.ana.person, limit=2)
    second = inbox.inbox(cast.ana.person, before=first.more, limit=2)
    assert [len(first.lines), len(second.lines), second.more] == [2, 1, None]


# --- how one hears ---


def fields(**changed: str) -> dict[str, str]:
    form = {"reply-page": "on", "reply-mail": "daily", "mention-page": "on", "mention-mail": "daily"}
    for kind in ("thread", "person", "tag"):
        form |= {f"{kind}-page": "on", f"{kind}-mail": "never"}
    for kind in ("opening", "closing"):
        form |= {f"{kind}-page": "on", f"{kind}-mail": "once"}
    from notifications.domain.kinds import all_kinds

    for kind in all_kinds():
        form.setdefault(f"{kind.name}-mail", kind.mail)
    return form | {name.replace("_", "-"): value for name, value in changed.items()}


def test_settings_are_kept(ana: Client, cast: Cast) -> None:
    assert "Somebody replies to you" in page(ana, "/notifications/settings/")
    form = fields(reply_mail="hourly")
    del form["tag-page"]
    assert ana.post("/notifications/settings/", form).status_code == 302
    chosen = choices_of(cast.ana.person)
    assert (chosen["reply"].mail, chosen["reply"].on_page, chosen["tag"].on_page) == (Mail.HOURLY, True, False)
    assert choices_of(cast.ben.person)["reply"].mail == Mail.DAILY


@pytest.mark.parametrize("mail", ["weekly", "", "hourly"])
def test_what_is_not_offered_is_refused(ana: Client, cast: Cast, mail: str) -> None:
    response = ana.post("/notifications/settings/", fields(opening_mail=mail))
    assert response.status_code == 422
    assert not Preference.objects.exists()


def test_another_choice_moves_the_mails_that_wait(ana: Client, cast: Cast, reply: Post) -> None:
    wants(cast.ana, "reply", Mail.HOURLY)
    due = Notification.objects.get().mail_due_at
    assert due is not None
    assert due <= timezone.now() + timedelta(hours=1)
    wants(cast.ana, "reply", Mail.NEVER)
    assert Notification.objects.get().mail_due_at is None


# --- out of a mail ---


def link(cast: Cast, what: str) -> str:
    return f"/notifications/unsubscribe/{unsubscribing.token(cast.ana.person_id, what)}/"


def test_one_press_ends_a_kind_without_signing_in(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(link(cast, "reply"), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    chosen = choices_of(cast.ana.person)
    assert (chosen["reply"].mail, chosen["reply"].on_page, chosen["mention"].mail) == ("never", True, "daily")
    assert client.post(link(cast, "reply")).status_code == 200  # twice is once


def test_what_only_looks_ends_nothing(client: Client, cast: Cast) -> None:
    text = page(client, link(cast, "reply"))
    assert "End these mails" in text
    assert choices_of(cast.ana.person)["reply"].mail == "daily"


def test_the_way_out_is_in_the_readers_language_or_their_browsers(client: Client, cast: Cast) -> None:
    in_arabic = {"accept-language": "ar"}
    response = client.get(link(cast, "reply"), headers=in_arabic)
    assert 'lang="ar"' in response.content.decode()
    Person.objects.filter(pk=cast.ana.person_id).update(language="de")
    response = client.get(link(cast, "reply"), headers=in_arabic)
    assert 'lang="de"' in response.content.decode()


def test_a_gathered_mail_ends_all_that_is_gathered_then(client: Client, cast: Cast) -> None:
    wants(cast.ana, "tag", Mail.HOURLY)
    client.post(link(cast, Mail.DAILY))
    chosen = choices_of(cast.ana.person)
    assert [chosen[kind].mail for kind in ("reply", "mention", "tag", "opening")] == [
        "never", "never", "hourly", "once",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["reply", "daily"])
def test_a_forged_link_ends_nothing(client: Client, cast: Cast, what: str) -> None:
    good = unsubscribing.token(cast.ana.person_id, what)
    for token in (
        good[:-1],
        good[1:],
        signing.dumps([cast.ana.person_id, what]),
        signing.dumps([cast.ana.person_id, "everything"], salt=unsubscribing.SALT),
        signing.dumps([999_999, what], salt=unsubscribing.SALT),
        "x",
    ):
        assert client.post(f"/notifications/unsubscribe/{token}/").status_code == 404
    assert not Preference.objects.exists()
