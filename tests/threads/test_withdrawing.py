"""An author withdraws a post and puts it back: what others see, what it still takes, and who decides when two do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from jam.domain.errors import Conflict, NotAllowed, OutsideWindow
from jam.models import Member
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock
from tests.threads.finding import found
from tests.threads.test_editing import told
from threads.domain import collections, editing, favourites, posting, queries, voting
from threads.models import Post, PostStatus, TagCount

WHY = "rash"


def reads(client: Client, who: Member | None, path: str) -> str:
    if who is None:
        client.logout()
    else:
        client.force_login(who.person)
    return client.get(path).content.decode()


def state(post: Post) -> str:
    post.refresh_from_db()
    return post.status


# --- what it does -----------------------------------------------------------------------------------------------


def test_its_words_are_gone_for_all_but_its_author_and_who_runs_the_jam(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    reply = cast.reply(idea, body="Yes, a bell too.")
    cast.reply(reply, by=cast.fay, body="Which bell?")
    editing.withdraw(member=cast.ben, post=reply)
    thread = f"/jams/tides/threads/{idea.thread_id}/"
    for who, sees in ((cast.ben, True), (cast.fay, True), (cast.ana, False), (cast.omar, False)):
        page = reads(client, who, thread)
        assert "The author withdrew this post." in page
        assert ("a bell too" in page, "Which bell?" in page) == (sees, True)


def test_an_idea_too(cast: Cast, client: Client) -> None:
    idea = posting.start_thread(
        member=cast.ana, forum=cast.harbour, subject="A lamp on the pier", body="For boats.", tags=["light"]
    )
    cast.reply(idea)
    collection = collections.make(member=cast.ben, title="Mine")
    collections.add(collection=collection, post=idea)
    favourites.keep(member=cast.ben, post=idea)
    editing.withdraw(member=cast.ana, post=idea)
    home = "/jams/tides/"
    for path in (
        home,
        f"{home}forums/{cast.harbour.pk}/",
        f"{home}ideas/",
        f"{home}threads/{idea.thread_id}/",
        f"{home}favourites/",
        f"{home}collections/{collection.pk}/",
        *(f"{home}collections/{collection.pk}/?format={name}" for name in ("markdown", "html", "csv")),
        f"{home}people/{cast.ana.pk}/",
        f"{home}search/?q=lamp",
    ):
        page = reads(client, cast.ben, path)
        # What was asked for stands in the box of a search.
        assert "A lamp on the pier" not in page, path
        assert "For boats" not in page, path
    assert not queries.ideas(forum=cast.harbour).exists()
    assert found(cast, "lamp") == []
    assert dict(TagCount.objects.filter(forum=None).values_list("tag", "count")) == {"light": 0}


def test_it_takes_no_votes_and_no_replies(cast: Cast) -> None:
    idea = cast.idea()
    voting.cast(member=cast.ben, post=idea, value=1)
    editing.withdraw(member=cast.ana, post=idea)
    for attempt in (
        lambda: voting.cast(member=cast.fay, post=idea, value=1),
        lambda: voting.withdraw(member=cast.ben, post=idea),
        lambda: cast.reply(idea),
    ):
        with pytest.raises(Conflict):
            attempt()
    editing.put_back(member=cast.ana, post=idea)
    idea.refresh_from_db()
    assert idea.agree_count == 1
    cast.reply(idea)


def test_tabs_hear_of_it_and_none_of_its_words(cast: Cast) -> None:
    reply = cast.reply(cast.idea())
    editing.edit(member=cast.ben, post=reply, body="A bell on the mole.", version="first")
    editing.withdraw(member=cast.ben, post=reply)
    events = [event for event in told(cast, reply) if event.get("post") == reply.pk]
    assert [event["kind"] for event in events] == ["post.created", "post.edited", "post.withdrawn"]
    assert "mole" not in json.dumps(events)
    editing.put_back(member=cast.ben, post=reply)
    restored = told(cast, reply)[-1]
    assert (restored["kind"], restored["excerpt"]) == ("post.restored", "A bell on the mole.")


# --- who and when -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [editing.withdraw, editing.put_back])
def test_nobody_does_it_for_another_or_after_the_close(cast: Cast, verb: Any) -> None:
    idea = cast.idea()
    with pytest.raises(NotAllowed):
        verb(member=cast.fay, post=idea)
    close_by_clock(cast.jam)
    with pytest.raises(OutsideWindow):
        verb(member=cast.ana, post=idea)


def test_twice_is_told(cast: Cast) -> None:
    idea = cast.idea()
    with pytest.raises(Conflict):
        editing.put_back(member=cast.ana, post=idea)
    editing.withdraw(member=cast.ana, post=idea)
    with pytest.raises(Conflict):
        editing.withdraw(member=cast.ana, post=idea)
    editing.put_back(member=cast.ana, post=idea)
    with pytest.raises(Conflict):
        editing.put_back(member=cast.ana, post=idea)


def test_it_is_not_changed_meanwhile(cast: Cast) -> None:
    idea = cast.idea()
    editing.withdraw(member=cast.ana, post=idea)
    with pytest.raises(Conflict) as refused:
        editing.edit(member=cast.ana, post=idea, body="Other words", version="first")
    assert refused.value.code == "withdrawn"


def test_a_facilitator_does_not_show_what_its_author_withdrew(cast: Cast) -> None:
    idea = cast.idea()
    editing.withdraw(member=cast.ana, post=idea)
    with pytest.raises(Conflict) as refused:
        moderation.restore(member=cast.fay, post=idea, reason="calm")
    assert refused.value.code == "withdrawn"
    assert state(idea) == PostStatus.WITHDRAWN


def test_hidden_while_it_was_withdrawn_it_is_not_put_back(cast: Cast) -> None:
    idea = cast.idea()
    editing.withdraw(member=cast.ana, post=idea)
    moderation.hide(member=cast.fay, post=idea, reason=WHY)
    with pytest.raises(Conflict) as refused:
        editing.put_back(member=cast.ana, post=idea)
    assert refused.value.code == "hidden"
    # Shown again by the facilitator, it is what its author made it.
    moderation.restore(member=cast.fay, post=idea, reason="calm")
    assert state(idea) == PostStatus.WITHDRAWN
    assert told(cast, idea)[-1]["kind"] == "post.withdrawn"
    editing.put_back(member=cast.ana, post=idea)
    assert state(idea) == PostStatus.VISIBLE


def test_what_is_hidden_cannot_be_withdrawn(cast: Cast) -> None:
    idea = cast.idea()
    moderation.hide(member=cast.fay, post=idea, reason=WHY)
    with pytest.raises(Conflict) as refused:
        editing.withdraw(member=cast.ana, post=idea)
    assert refused.value.code == "hidden"


# --- the pages --------------------------------------------------------------------------------------------------


def test_without_javascript(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    thread, post = f"/jams/tides/threads/{idea.thread_id}/", f"/jams/tides/posts/{idea.pk}"
    assert f'href="{post}/withdraw/"' in reads(client, cast.ana, thread)
    assert f"{post}/withdraw/" not in reads(client, cast.ben, thread)
    assert "Withdraw this post?" in reads(client, cast.ana, f"{post}/withdraw/")
    assert client.post(f"{post}/withdraw/")["Location"] == f"{thread}#post-{idea.pk}"
    assert state(idea) == PostStatus.WITHDRAWN
    page = reads(client, cast.ana, thread)
    assert f'formaction="{post}/put-back/"' in page
    assert f"{post}/edit/" not in page
    assert client.get(f"{post}/withdraw/").status_code == 302
    assert client.get(f"{post}/put-back/").status_code == 405
    client.post(f"{post}/put-back/")
    assert state(idea) == PostStatus.VISIBLE


def test_another_finds_no_such_page(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    for who in (cast.ben, cast.fay):
        client.force_login(who.person)
        for name in ("withdraw", "put-back"):
            assert client.post(f"/jams/tides/posts/{idea.pk}/{name}/").status_code == 404
    client.logout()
    assert client.post(f"/jams/tides/posts/{idea.pk}/withdraw/").status_code == 302
    assert state(idea) == PostStatus.VISIBLE


def test_too_late_the_page_says_so(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    close_by_clock(cast.jam)
    client.force_login(cast.ana.person)
    answer = client.post(f"/jams/tides/posts/{idea.pk}/withdraw/")
    assert (answer.status_code, "The jam closed" in answer.content.decode()) == (409, True)
    assert f"posts/{idea.pk}/withdraw/" not in reads(client, cast.ana, f"/jams/tides/threads/{idea.thread_id}/")


def test_who_runs_the_jam_finds_hide_and_not_show_again(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    editing.withdraw(member=cast.ana, post=idea)
    page = reads(client, cast.fay, f"/jams/tides/threads/{idea.thread_id}/")
    assert f"/posts/{idea.pk}/hide/" in page
    assert f"/posts/{idea.pk}/restore/" not in page
