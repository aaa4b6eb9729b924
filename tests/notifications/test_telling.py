"""Who is told of a post: those whom it concerns, each once, by what concerns them most."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jam.models import Role
from live.models import Event
from moderation.domain import posts as moderation
from notifications.models import Notification, Preference
from tests.cast import Cast, make_member, make_person
from tests.notifications.hearing import told, wants
from threads.domain import editing, follows, posting, telling
from threads.domain.follows import Thing
from threads.models import Follow, Mention, Post, PostStatus, Telling

pytestmark = pytest.mark.django_db


def about(post: Post) -> str:
    return f"post:{post.pk}"


def test_who_is_answered_is_told(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    telling.tell_all()
    assert told(cast.ana) == [("reply", about(reply))]
    assert told(cast.ben) == []
    row = Notification.objects.get()
    assert row.path == f"/jams/tides/posts/{reply.pk}/"
    assert (row.by, row.person, row.data) == (cast.ben, cast.ana.person, {"post": reply.pk, "thread": reply.thread_id})


def test_who_answers_themselves_is_not(cast: Cast) -> None:
    cast.reply(cast.idea(), by=cast.ana)
    telling.tell_all()
    assert told(cast.ana) == []


def test_who_writes_in_a_thread_hears_of_it_from_then_on(cast: Cast) -> None:
    idea = cast.idea()
    cast.reply(idea, by=cast.ben)
    later = cast.reply(idea, by=cast.fay)
    telling.tell_all()
    assert told(cast.ben) == [("thread", about(later))]


def test_who_does_not_follow_it_any_more_does_not(cast: Cast) -> None:
    idea = cast.idea()
    cast.reply(idea, by=cast.ben)
    follows.unfollow(member=cast.ben, thing=Thing(thread=idea.thread))
    cast.reply(idea, by=cast.fay)
    telling.tell_all()
    assert told(cast.ben) == []


def test_followers_of_a_person_and_of_a_tag_are_told(cast: Cast) -> None:
    follows.follow(member=cast.ben, thing=Thing(person=cast.ana))
    follows.follow(member=cast.omar, thing=Thing.of_tag("#Lamps"))
    idea = posting.start_thread(
        member=cast.ana, forum=cast.harbour, subject="A lamp", body="On the pier", tags=["lamps", "piers"]
    )
    telling.tell_all()
    assert told(cast.ben) == [("person", about(idea))]
    assert told(cast.omar) == [("tag", about(idea))]


def test_each_is_told_once_by_what_concerns_them_most(cast: Cast) -> None:
    idea = cast.idea()
    for thing in (Thing(thread=idea.thread), Thing(person=cast.ben), Thing(tag="lamps")):
        for member in (cast.ana, cast.fay, cast.omar):
            follows.follow(member=member, thing=thing)
    reply = posting.reply(member=cast.ben, parent=idea, body="Yes", tags=["lamps"])
    Mention.objects.bulk_create([Mention(post=reply, member=cast.ana), Mention(post=reply, member=cast.fay)])
    telling.tell_all()
    assert told(cast.ana) == [("reply", about(reply))]
    assert told(cast.fay) == [("mention", about(reply))]
    assert told(cast.omar) == [("thread", about(reply))]


def test_who_wants_no_word_of_replies_is_not_told_of_them_as_something_else(cast: Cast) -> None:
    wants(cast.ana, "reply", "never", on_page=False)
    cast.reply(cast.idea())
    telling.tell_all()
    assert Notification.objects.filter(member=cast.ana, on_page=True).count() == 0
    assert Notification.objects.filter(member=cast.ana, mail_due_at__isnull=False).count() == 0


def test_telling_again_changes_nothing(cast: Cast) -> None:
    reply = cast.reply(cast.idea())
    telling.tell_all()
    follows.follow(member=cast.omar, thing=Thing(person=cast.ben))
    telling.tell_all()
    assert telling.tell(reply.pk) == 1  # Omar, if it is asked for by hand
    assert telling.tell(reply.pk) == 0
    assert Notification.objects.filter(member=cast.ana).count() == 1


def test_a_worker_that_died_amid_it_is_followed_by_another(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    idea = cast.idea()
    first, second = cast.reply(idea, by=cast.ben), cast.reply(idea, by=cast.fay)
    tell = telling.tell

    class Killed(BaseException):
        pass

    def dies_at_the_second(post_id: int, **options: Any) -> int:
        if post_id == second.pk:
            raise Killed
        return tell(post_id, **options)

    with monkeypatch.context() as broken:
        broken.setattr(telling, "tell", dies_at_the_second)
        with pytest.raises(Killed):
            telling.tell_all()
    telling.tell_all()
    assert told(cast.ana) == [("reply", about(first))]  # somebody may still be at it
    Telling.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    telling.tell_all()
    assert told(cast.ana) == [("reply", about(first)), ("reply", about(second))]


def test_a_post_that_cannot_be_read_is_told_to_nobody(cast: Cast) -> None:
    hidden = cast.reply(cast.idea())
    Post.objects.filter(pk=hidden.pk).update(status=PostStatus.HIDDEN)
    telling.tell_all()
    assert not Notification.objects.exists()


def test_a_post_that_is_shown_again_is_told_then(cast: Cast) -> None:
    reply = cast.reply(cast.idea())
    moderation.hide(member=cast.fay, post=reply, reason="rash")
    telling.tell_all()
    assert told(cast.ana) == []
    moderation.restore(member=cast.fay, post=reply, reason="calm")
    telling.tell_all()
    assert told(cast.ana) == [("reply", about(reply))]


def test_who_is_suspended_and_who_is_in_another_jam_is_not_told(cast: Cast) -> None:
    idea = cast.idea()
    cast.ana.person.is_active = False
    cast.ana.person.save()
    reply = cast.reply(idea)
    Follow.objects.create(member=cast.ned, person=cast.ben)  # which no verb would do
    telling.tell_all()
    assert not Notification.objects.exists()
    assert telling.tell(reply.pk) == 0


def test_open_tabs_hear_that_there_is_something_and_nothing_of_what(cast: Cast) -> None:
    idea = cast.idea()
    follows.follow(member=cast.omar, thing=Thing(thread=idea.thread))
    cast.reply(idea)
    telling.tell_all()
    events = list(Event.objects.filter(kind="notified").order_by("seq"))
    assert [event.rooms for event in events] == [[f"person:{cast.ana.person_id}"], [f"person:{cast.omar.person_id}"]]
    assert [event.data for event in events] == [{"among": 1}, {"among": 1}]


@pytest.mark.parametrize("followers", [1, 3])
def test_how_many_follow_does_not_change_the_number_of_queries(
    cast: Cast, followers: int, django_assert_num_queries: Any
) -> None:
    idea = cast.idea()
    for number in range(followers):
        member = make_member(cast.jam, make_person(f"Reader{number}"), Role.OBSERVER)
        follows.follow(member=member, thing=Thing(thread=idea.thread))
    reply = cast.reply(idea)
    Preference.objects.create(person=cast.ana.person, kind="reply", on_page=True, mail="daily")
    with django_assert_num_queries(17):
        assert telling.tell(reply.pk) == 1 + followers


def test_many_followers_are_told_in_batches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follows, "AT_ONCE", 2)
    idea = cast.idea()
    for number in range(5):
        member = make_member(cast.jam, make_person(f"Reader{number}"), Role.OBSERVER)
        follows.follow(member=member, thing=Thing(thread=idea.thread))
    follows.unfollow(member=cast.ana, thing=Thing(thread=idea.thread))
    reply = cast.reply(idea)
    telling.tell_all()
    assert Notification.objects.filter(kind="thread", about=about(reply)).count() == 5
    assert [len(event.rooms) for event in Event.objects.filter(kind="notified").order_by("seq")] == [
        1,
        1,
        2,
        2,
    ]  # Ben is in the first two


def test_who_is_named_only_when_a_post_is_changed_is_told_then_and_nobody_else(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    telling.tell_all()
    follows.follow(member=cast.omar, thing=Thing(person=cast.ben))
    editing.edit(member=cast.ben, post=reply, body="Yes, @Fay.", version=editing.version_of(reply))
    telling.tell_all()
    assert told(cast.fay) == [("mention", about(reply))]
    assert told(cast.omar) == []
    assert told(cast.ana) == [("reply", about(reply))]
