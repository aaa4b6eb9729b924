"""Hiding a post: what stays, who still sees it, who may, and that it is written down."""

import json
from typing import Any

import pytest
from django.test import Client

from jam.domain.errors import Conflict, Invalid, NotAllowed
from live.domain.queries import changes
from live.models import Event
from moderation.domain import posts
from moderation.models import Action, ActionKind
from tests.cast import Cast, close_by_clock
from threads.models import Post, PostStatus

WHY = "It sells lamps."


def sign_in(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def test_what_was_done_is_written_down(cast: Cast) -> None:
    idea = cast.idea()
    posts.hide(member=cast.fay, post=idea, reason=f"  {WHY} ")
    posts.restore(member=cast.ada, post=idea, reason="It does not.")
    assert list(Action.objects.order_by("pk").values_list("by__name", "kind", "reason", "post")) == [
        ("Fay", ActionKind.HIDE, WHY, idea.pk),
        ("Ada", ActionKind.RESTORE, "It does not.", idea.pk),
    ]
    idea.refresh_from_db()
    assert idea.status == PostStatus.VISIBLE


def test_tabs_hear_of_it_and_none_of_its_words(cast: Cast) -> None:
    reply = cast.reply(cast.idea())
    posts.hide(member=cast.fay, post=reply, reason=WHY)
    event = Event.objects.get(kind="post.hidden")
    assert event.data == {"post": reply.pk, "thread": reply.thread_id, "forum": cast.harbour.pk}
    assert event.rooms == ["pulse", f"forum:{cast.harbour.pk}", f"thread:{reply.thread_id}"]
    assert "mole" not in event.html
    posts.restore(member=cast.fay, post=reply, reason="Mended.")
    event = Event.objects.get(kind="post.restored")
    assert "mole" in event.html


def told(cast: Cast, kind: str) -> list[dict[str, Any]]:
    """The events of that kind as somebody hears them who catches up from the start, with the idea's thread open."""
    rooms = {"pulse", f"thread:{Post.objects.earliest('pk').thread_id}"}
    entries = changes(jam_key=cast.jam.pk, rooms=rooms, since=0).entries or ()
    events = [json.loads(entry.text_for(frozenset(rooms))) for entry in entries]
    return [event for event in events if event["kind"] == kind]


def test_who_catches_up_does_not_read_its_words_either(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    other = cast.reply(idea, body="A bell would do.")
    before = told(cast, "post.created")
    posts.hide(member=cast.fay, post=reply, reason=WHY)
    (hidden,) = told(cast, "post.hidden")
    emptied = before[1] | {"subject": "", "excerpt": "", "html": hidden["html"]}
    assert told(cast, "post.created") == [before[0], emptied, before[2]]
    assert ("mole" in before[1]["html"], "mole" in json.dumps(emptied)) == (True, False)
    assert (before[2]["post"], before[2]["excerpt"]) == (other.pk, "A bell would do.")
    # Shown again it is told with its words, until it is hidden again.
    posts.restore(member=cast.fay, post=reply, reason="Mended.")
    assert [event["excerpt"] for event in told(cast, "post.restored")] == ["Yes, and one on the mole."]
    posts.hide(member=cast.fay, post=reply, reason=WHY)
    assert [event["excerpt"] for event in told(cast, "post.restored")] == [""]


def test_the_staff_alone_hear_who_it_was_and_why(cast: Cast) -> None:
    idea = cast.idea()
    posts.hide(member=cast.fay, post=idea, reason=WHY)
    posts.restore(member=cast.ada, post=idea, reason="It does not.")
    told = Event.objects.filter(kind="post.moderated").order_by("seq")
    place = {"post": idea.pk, "thread": idea.thread_id, "forum": cast.harbour.pk}
    hidden, restored = Action.objects.order_by("pk")
    assert [event.data for event in told] == [
        place
        | {
            "action": "hide",
            "by": {"id": cast.fay.pk, "name": "Fay"},
            "reason": WHY,
            "at": hidden.at.isoformat(),
        },
        place
        | {
            "action": "restore",
            "by": {"id": cast.ada.pk, "name": "Ada"},
            "reason": "It does not.",
            "at": restored.at.isoformat(),
        },
    ]
    assert [(event.rooms, event.html) for event in told] == [(["staff"], ""), (["staff"], "")]
    assert not Event.objects.exclude(kind="post.moderated").filter(rooms__contains=["staff"]).exists()


def test_the_replies_of_a_hidden_post_stay(cast: Cast) -> None:
    idea = cast.idea()
    cast.reply(idea)
    posts.hide(member=cast.fay, post=idea, reason=WHY)
    assert Post.objects.filter(status=PostStatus.VISIBLE).count() == 1


@pytest.mark.parametrize("verb", [posts.hide, posts.restore])
@pytest.mark.parametrize("who", ["ana", "ben", "omar"])
def test_only_who_runs_the_jam_may(cast: Cast, verb: Any, who: str) -> None:
    idea = cast.idea()
    with pytest.raises(NotAllowed):
        verb(member=getattr(cast, who), post=idea, reason=WHY)
    assert not Action.objects.exists()


def test_who_runs_another_jam_may_not(cast: Cast) -> None:
    with pytest.raises(Invalid):
        posts.hide(member=cast.ned, post=cast.idea(), reason=WHY)


@pytest.mark.parametrize("reason", ["", "  ", "\u200b", "x" * 501, "bell\x07"])
def test_a_reason_is_asked_for(cast: Cast, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        posts.hide(member=cast.fay, post=cast.idea(), reason=reason)
    assert refused.value.field == "reason"


def test_the_second_of_two_is_told(cast: Cast) -> None:
    idea = cast.idea()
    posts.hide(member=cast.fay, post=idea, reason=WHY)
    with pytest.raises(Conflict):
        posts.hide(member=cast.ada, post=idea, reason=WHY)
    assert Action.objects.count() == 1


def test_trouble_does_not_keep_to_the_window(cast: Cast) -> None:
    idea = cast.idea()
    close_by_clock(cast.jam)
    assert posts.hide(member=cast.fay, post=idea, reason=WHY).status == PostStatus.HIDDEN


@pytest.mark.parametrize(
    ("who", "status"),
    [("fay", 200), ("ada", 200), ("ana", 404), ("omar", 404), ("ned", 404), ("zoe", 404), ("sid", 404)],
)
def test_the_page_is_for_members_who_run_the_jam(cast: Cast, client: Client, who: str, status: int) -> None:
    idea = cast.idea()
    person = getattr(cast, who)
    sign_in(client, getattr(person, "person", person))
    assert client.get(f"/jams/tides/posts/{idea.pk}/hide/").status_code == status
    assert client.post(f"/jams/tides/posts/{idea.pk}/hide/", {"reason": WHY}).status_code == (
        302 if status == 200 else 404
    )


def test_a_visitor_signs_in_first(cast: Cast, client: Client) -> None:
    answer = client.post(f"/jams/tides/posts/{cast.idea().pk}/hide/", {"reason": WHY})
    assert answer["Location"].startswith("/accounts/login/")
    assert not Action.objects.exists()


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    sign_in(client, cast.fay.person)
    too_long = client.post(f"/jams/tides/posts/{idea.pk}/hide/", {"reason": "x" * 501})
    assert (too_long.status_code, too_long.content.count(b"x" * 501)) == (422, 1)
    posts.hide(member=cast.ada, post=idea, reason=WHY)
    too_late = client.post(f"/jams/tides/posts/{idea.pk}/hide/", {"reason": "Mine too"})
    assert (too_late.status_code, b"Mine too" in too_late.content) == (409, True)


def test_a_post_of_another_jam_is_not_found(cast: Cast, client: Client) -> None:
    foreign = cast.idea(by=cast.ned, forum=cast.elsewhere)
    sign_in(client, cast.fay.person)
    assert client.post(f"/jams/tides/posts/{foreign.pk}/hide/", {"reason": WHY}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == PostStatus.VISIBLE
