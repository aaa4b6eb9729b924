"""A locked thread takes no new posts, whoever writes; a pinned one stands first in its forum, and there alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jam.domain import doings
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.models import Duty
from live.models import Event
from tests.cast import Cast, close_by_clock
from tests.e2e.stack import eventually
from tests.threads.test_contention import at_once, waiting_for_a_row
from threads.domain import editing, favourites, locking, pinning, posting, voting
from threads.models import Draft, Post, Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is said to be kept in the log of what was done."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(doings, "_listeners", [lambda **what: told.append(what)])
    return told


def told(cast: Cast, kind: str) -> list[dict[str, Any]]:
    return [event.data for event in Event.objects.filter(jam_key=cast.jam.pk, kind=kind).order_by("seq")]


def titles(client: Client, path: str) -> list[str]:
    page = client.get(f"/jams/tides/{path}").content.decode()
    return [part.split("</a>")[0].split(">")[-1] for part in page.split('class="row-link')[1:]]


# --- locking ---


def test_a_locked_thread_takes_no_reply_from_anybody_until_it_is_unlocked(cast: Cast) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    locking.lock(member=cast.fay, thread=idea.thread)
    for member in (cast.ana, cast.fay, cast.ada):
        for parent in (idea, reply):
            with pytest.raises(Conflict, match="locked") as refused:
                posting.reply(member=member, parent=parent, body="One more.")
            assert refused.value.code == "locked"
    locking.unlock(member=cast.ada, thread=idea.thread)
    assert cast.reply(idea).thread_id == idea.thread_id


def test_what_is_there_is_voted_on_kept_changed_and_withdrawn_as_before(cast: Cast) -> None:
    idea = cast.idea()
    locking.lock(member=cast.fay, thread=idea.thread)
    assert voting.cast(member=cast.ben, post=idea, value=1).agree == 1
    favourites.keep(member=cast.ben, post=idea)
    edited = editing.edit(member=cast.ana, post=idea, body="Two lamps.", version=editing.version_of(idea))
    assert editing.withdraw(member=cast.ana, post=edited).status == "withdrawn"


def test_it_is_told_and_recorded_once(cast: Cast, done: list[dict[str, Any]]) -> None:
    thread = cast.idea().thread
    locking.lock(member=cast.fay, thread=thread, reason="It turned into a quarrel.")
    locked = locking.lock(member=cast.ada, thread=thread)
    assert locked.locked_by_id == cast.fay.pk
    locking.unlock(member=cast.ada, thread=thread)
    locking.unlock(member=cast.fay, thread=thread)
    assert [(what["kind"], what["by"], what["reason"]) for what in done] == [
        ("lock", cast.fay, "It turned into a quarrel."),
        ("unlock", cast.ada, ""),
    ]
    assert [(event["locked"], event["by"]["name"]) for event in told(cast, "thread.locked")] == [
        (True, "Fay"),
        (False, "Ada"),
    ]


@pytest.mark.parametrize("verb", [locking.lock, locking.unlock, pinning.pin, pinning.unpin])
def test_only_who_runs_its_forum_does(cast: Cast, verb: Any) -> None:
    thread = cast.idea().thread
    for member in (cast.ana, cast.omar):
        with pytest.raises(NotAllowed):
            verb(member=member, thread=thread)
    with pytest.raises(Invalid):
        verb(member=cast.ned, thread=thread)
    Duty.objects.create(member=cast.fay, forum=cast.streets)
    with pytest.raises(NotAllowed) as refused:
        verb(member=cast.fay, thread=thread)
    assert refused.value.code == "not_your_forum"


def test_it_can_be_locked_after_the_close(cast: Cast) -> None:
    thread = cast.idea().thread
    close_by_clock(cast.jam)
    assert locking.lock(member=cast.fay, thread=thread).locked_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_reply_that_waited_for_the_lock_is_refused_too(cast: Cast) -> None:
    """It had read the thread while that was open."""
    idea = cast.idea()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locking.lock(member=cast.fay, thread=idea.thread)
            late = pool.submit(at_once, [lambda: cast.reply(idea)], threads=1)
            eventually(waiting_for_a_row, what="the reply waits for the thread's row")
        with pytest.raises(Conflict) as refused:
            late.result()
    assert refused.value.code == "locked"
    assert Post.objects.count() == 1


@pytest.mark.parametrize("as_json", [False, True])
def test_what_was_typed_is_kept_when_the_thread_was_locked_meanwhile(cast: Cast, client: Client, as_json: bool) -> None:
    idea = cast.idea()
    locking.lock(member=cast.fay, thread=idea.thread)
    client.force_login(cast.ben.person)
    answer = client.post(
        f"/jams/tides/posts/{idea.pk}/reply/",
        {"body": "What I typed.", "request_key": "k" * 20},
        headers={"Accept": "application/json" if as_json else "text/html"},
    )
    assert answer.status_code == 409
    assert Draft.objects.get(member=cast.ben).body == "What I typed."
    words = answer.json()["message"] if as_json else answer.content.decode()
    assert "This thread is locked" in words
    assert "drafts" in words


def test_its_page_says_so_and_offers_no_form(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    client.force_login(cast.ben.person)
    locking.lock(member=cast.fay, thread=idea.thread)
    page = client.get(f"/jams/tides/threads/{idea.thread_id}/").content.decode()
    assert "data-locked" in page
    assert "<bdi>Fay</bdi>" in page
    reply = client.get(f"/jams/tides/posts/{idea.pk}/reply/").content.decode()
    assert "This thread is locked" in reply
    assert "data-composer" not in reply


# --- pinning ---


def test_what_is_pinned_comes_first_in_its_forum_and_nowhere_else(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben.person)
    first, second, _third = (cast.idea(subject=subject, by=cast.ben) for subject in ("First", "Second", "Third"))
    pinning.pin(member=cast.fay, thread=first.thread)
    pinning.pin(member=cast.fay, thread=second.thread)
    forum = f"forums/{cast.harbour.pk}/"
    assert titles(client, f"{forum}?sort=new") == ["Second", "First", "Third"]
    assert titles(client, f"{forum}?sort=needs_reply") == ["First", "Second", "Third"]
    assert titles(client, "ideas/?sort=new") == ["Third", "Second", "First"]
    pinning.unpin(member=cast.ada, thread=second.thread)
    assert titles(client, f"{forum}?sort=new") == ["First", "Third", "Second"]
    assert [event["pinned"] for event in told(cast, "thread.pinned")] == [True, True, False]


def test_a_hidden_idea_is_not_shown_for_being_pinned(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben.person)
    idea = cast.idea()
    pinning.pin(member=cast.fay, thread=idea.thread)
    Post.objects.update(status="hidden")
    assert titles(client, f"forums/{cast.harbour.pk}/") == []


def test_a_forum_takes_so_many_pins(cast: Cast) -> None:
    for _ in range(pinning.PINS_MAX):
        pinning.pin(member=cast.fay, thread=cast.idea().thread)
    pinning.pin(member=cast.fay, thread=cast.idea(forum=cast.streets).thread)
    one_more = cast.idea().thread
    with pytest.raises(Conflict) as refused:
        pinning.pin(member=cast.fay, thread=one_more)
    assert refused.value.code == "too_many"
    pinning.unpin(member=cast.fay, thread=Thread.objects.filter(pinned_at__isnull=False).first())
    pinning.pin(member=cast.fay, thread=one_more)


def test_a_forum_with_pins_costs_the_same_with_one_and_three(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben.person)
    costs = []
    for number in (1, 2):
        for _ in range(number):
            pinning.pin(member=cast.fay, thread=cast.idea().thread)
        client.get(f"/jams/tides/forums/{cast.harbour.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"/jams/tides/forums/{cast.harbour.pk}/")
        costs.append(len(asked))
    assert costs[0] == costs[1]
