"""The console: what its columns show, to whom, at what cost; and what is done from it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jam.models import Announcement, Duty, Role
from moderation.domain import acts, console, handling
from moderation.domain.console import Filters
from moderation.domain.growing import WINDOWS, growing
from moderation.domain.handling import Matter
from moderation.models import Case, CaseKind, Handled, Handling
from tests.cast import Cast, make_member, make_person
from threads.domain import highlights, locking, voting
from threads.models import Connection, Highlight, Post, PostStatus, Thread, Vote

pytestmark = pytest.mark.django_db

EVERYTHING = Filters()
QUARTER, HOUR = WINDOWS


def page(client: Client, cast: Cast, query: str = "", name: str = "fay") -> str:
    client.force_login(getattr(cast, name).person)
    answer = client.get(f"/jams/tides/console/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def column(html: str, name: str) -> str:
    return html[html.index(f'data-column="{name}"') :].split("</section>")[0]


def shown(html: str, name: str) -> list[int]:
    return [int(key) for key in re.findall(r'data-key="(\d+)"', column(html, name))]


def flag(cast: Cast, post: Post, flags: int = 1) -> Case:
    return Case.objects.create(
        jam=cast.jam, kind=CaseKind.POST, post=post, forum_id=post.thread.forum_id, flag_count=flags
    )


def pass_minutes(minutes: int) -> None:
    """All that was written and voted on so far was so much earlier."""
    back = timedelta(minutes=minutes)
    Post.objects.update(created_at=F("created_at") - back)
    Vote.objects.update(cast_at=F("cast_at") - back)
    Thread.objects.update(created_at=F("created_at") - back, counted_at=F("counted_at") - back)


# --- what is shown ---


def test_new_posts_come_first_and_hidden_ones_not_at_all(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    hidden = cast.reply(idea)
    Post.objects.filter(pk=hidden.pk).update(status=PostStatus.HIDDEN)
    assert shown(page(client, cast), "stream") == [reply.pk, idea.pk]
    assert "A lamp on the pier</p>" in column(page(client, cast), "stream").split(f'data-key="{idea.pk}"')[0]
    assert [post.pk for post in console.stream(cast.other, forums=None, filters=EVERYTHING)] == []


def test_each_filter_leaves_what_it_says(cast: Cast, client: Client) -> None:
    guest = make_member(cast.jam, make_person("Vip"), Role.GUEST)
    outsider = make_member(cast.jam, make_person("Out"))
    outsider.outside = True
    outsider.save()
    idea = cast.idea(by=cast.ana)
    for _ in range(2):
        known = cast.reply(idea, by=cast.ana)
    by_guest, from_outside = cast.reply(idea, by=guest), cast.reply(idea, by=outsider)
    elsewhere = cast.idea(by=cast.ana, forum=cast.streets)
    flag(cast, known)
    handling.claim(member=cast.fay, matter=Matter.of_post(known))
    handling.claim(member=cast.ada, matter=Matter.of_thread(elsewhere))
    assert shown(page(client, cast, "?ideas=1"), "stream") == [elsewhere.pk, idea.pk]
    assert shown(page(client, cast, "?newcomers=1"), "stream") == [from_outside.pk, by_guest.pk]
    assert shown(page(client, cast, "?guests=1"), "stream") == [by_guest.pk]
    assert shown(page(client, cast, "?outsiders=1"), "stream") == [from_outside.pk]
    assert shown(page(client, cast, "?flagged=1"), "stream") == [known.pk]
    assert shown(page(client, cast, "?mine=1"), "stream") == [known.pk]
    assert shown(page(client, cast, f"?forum={cast.streets.pk}"), "stream") == [elsewhere.pk]
    assert shown(page(client, cast, f"?forum={cast.streets.pk}&guests=1"), "stream") == []
    everything = shown(page(client, cast), "stream")
    assert shown(page(client, cast, f"?forum={cast.elsewhere.pk}"), "stream") == everything


def test_what_waits_longest_for_a_first_reply_comes_first(cast: Cast, client: Client) -> None:
    first, second, answered, locked = (cast.idea(subject=f"Idea {number}") for number in range(4))
    cast.reply(answered)
    locking.lock(member=cast.fay, thread=locked.thread)
    html = page(client, cast)
    assert shown(html, "waiting") == [first.pk, second.pk]
    assert "data-total>2</span>" in column(html, "waiting")


def test_what_is_flagged_or_held_waits_there_with_its_flags(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    flag(cast, idea, flags=3)
    cases = column(page(client, cast), "cases")
    assert f'data-key="{idea.pk}"' in cases
    assert "3 flags" in cases
    Case.objects.update(settled_at=cast.jam.opens_at)
    assert f'data-key="{idea.pk}"' not in column(page(client, cast), "cases")


def test_a_facilitator_of_some_forums_sees_those(cast: Cast, client: Client) -> None:
    ours, theirs = cast.idea(forum=cast.streets), cast.idea(forum=cast.harbour)
    for post in (ours, theirs):
        flag(cast, post)
    for member in (cast.ana, cast.ada, cast.ben):
        cast.reply(theirs, by=member)
    Duty.objects.create(member=cast.fay, forum=cast.streets)
    html = page(client, cast)
    assert shown(html, "stream") == shown(html, "waiting") == shown(html, "cases") == [ours.pk]
    assert shown(html, "growing") == []
    assert theirs.pk in shown(page(client, cast, name="ada"), "growing")
    asked = page(client, cast, f"?forum={cast.harbour.pk}")
    assert shown(asked, "stream") == [ours.pk]


def test_every_row_says_who_handles_it(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    handling.claim(member=cast.ada, matter=Matter.of_thread(idea))
    html = page(client, cast)
    assert column(html, "waiting").count("<bdi>Ada</bdi> handles this") == 1
    assert "A lamp on the pier</a>" in column(html, "people")
    assert "You handle this" in column(page(client, cast, name="ada"), "stream")
    Handling.objects.update(until=F("until") - handling.QUIET)
    assert "handles this" not in page(client, cast)


def test_who_runs_the_jam_is_seen_and_who_of_them_is_here(cast: Cast, client: Client) -> None:
    people = column(page(client, cast), "people")
    here = [part.split("</bdi>")[0] for part in people.split('clip">')[1:] if "console-here" in part.split("</li>")[0]]
    assert here == ["Fay"]
    assert "Ada" in people


@pytest.mark.parametrize("name", ["ana", "omar", "ned", "zoe"])
def test_nobody_else_finds_it(cast: Cast, client: Client, name: str) -> None:
    idea = cast.idea()
    who = getattr(cast, name)
    client.force_login(getattr(who, "person", who))
    for path in ("", f"posts/{idea.pk}/"):
        assert client.get(f"/jams/tides/console/{path}").status_code == 404
        assert client.post(f"/jams/tides/console/{path}", {"do": "best"}).status_code in (404, 405)
    assert not Highlight.objects.exists()


def test_it_costs_the_same_with_one_row_and_three(cast: Cast, client: Client) -> None:
    costs = []
    for number in (1, 2):
        for _ in range(number):
            idea = cast.idea()
            cast.idea(forum=cast.streets)
            for member in (cast.ben, cast.fay, cast.ada):
                cast.reply(idea, by=member)
            highlights.highlight(member=cast.fay, post=idea, kind="best")
            flag(cast, idea)
            handling.claim(member=cast.ada, matter=Matter.of_thread(idea))
        page(client, cast)
        with CaptureQueriesContext(connection) as queries:
            html = page(client, cast, "?part=1")
        costs.append(len(queries))
        assert len(shown(html, "growing")) == len(shown(html, "cases")) == 2 * number - 1
    assert costs[0] == costs[1]


# --- what grows ---


def test_a_thread_that_gathers_more_than_before_stands_before_a_busier_one(cast: Cast) -> None:
    busy, sudden, quiet = (cast.idea(subject=subject) for subject in ("Busy", "Sudden", "Quiet"))
    for quarter in range(6):  # as much in each quarter of an hour, the last of them now
        pass_minutes(15 if quarter else 0)
        for _ in range(4):
            cast.reply(busy)
    for _ in range(5):
        cast.reply(sudden)
    voting.cast(member=cast.fay, post=sudden, value=1)
    cast.reply(quiet)
    found = growing(cast.jam, window=QUARTER, forums=None, limit=50)
    assert [(one.thread, one.replies, one.votes, one.before) for one in found] == [(sudden.thread_id, 5, 1, 0.0)]
    found = growing(cast.jam, window=HOUR, forums=None, limit=50)
    assert found[0].thread == busy.thread_id
    assert growing(cast.jam, window=QUARTER, forums=[cast.streets.pk], limit=50) == []
    assert growing(cast.other, window=QUARTER, forums=None, limit=50) == []
    pass_minutes(16)
    assert growing(cast.jam, window=QUARTER, forums=None, limit=50) == []


def test_what_grew_says_how_much(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    for _ in range(3):
        cast.reply(idea)
    voting.cast(member=cast.ben, post=idea, value=1)
    rows = column(page(client, cast), "growing")
    assert "+3 replies" in rows
    assert "+1 vote" in rows
    pass_minutes(20)
    assert shown(page(client, cast), "growing") == []
    assert shown(page(client, cast, "?grow=60"), "growing") == [idea.pk]


# --- what is done ---


def do(client: Client, post: Post, act: str, **given: str) -> int:
    answer = client.post(
        f"/jams/tides/console/posts/{post.pk}/", {"do": act, **given}, headers={"accept": "application/json"}
    )
    return answer.status_code


def test_each_act_does_what_it_says_and_back(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    client.force_login(cast.fay.person)

    def state() -> tuple[object, ...]:
        thread = Thread.objects.get(pk=idea.thread_id)
        return highlights.kinds_of([idea.pk]).get(idea.pk), bool(thread.pinned_at), bool(thread.locked_at)

    for act, after in (
        ("emerging", ("emerging", False, False)),
        ("best", ("best", False, False)),
        ("pin", ("best", True, False)),
        ("lock", ("best", True, True)),
        ("unlock", ("best", True, False)),
        ("unpin", ("best", False, False)),
        ("unmark", (None, False, False)),
    ):
        assert do(client, idea, act) == 200
        assert state() == after
    assert do(client, idea, "dance") == 422
    assert do(client, idea, "hide") == 422
    assert do(client, idea, "hide", reason="rash") == 200
    assert Post.objects.get(pk=idea.pk).status == PostStatus.HIDDEN


def test_two_threads_are_connected(cast: Cast, client: Client) -> None:
    idea, other = cast.idea(), cast.idea(forum=cast.streets)
    client.force_login(cast.fay.person)
    for number in ("", "0", "x", str(10**30), str(cast.idea(by=cast.ana).thread_id + 1)):
        assert do(client, idea, "connect", other=number) == 422
    assert do(client, idea, "connect", other=str(idea.thread_id)) == 422
    assert do(client, idea, "connect", other=str(other.thread_id)) == 200
    assert Connection.objects.get().other_id == other.thread_id


def test_an_announcement_is_for_the_forum_of_the_row_or_for_all(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    client.force_login(cast.fay.person)
    assert do(client, idea, "announce", words="Lunch.") == 200
    assert do(client, idea, "announce", words="Lunch for all.", place="jam") == 200
    assert do(client, idea, "announce", words=" ") == 422
    assert list(Announcement.objects.order_by("pk").values_list("forum", flat=True)) == [cast.harbour.pk, None]


def test_an_idea_is_handled_as_its_thread_and_a_reply_as_itself(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    client.force_login(cast.fay.person)
    for post in (idea, reply):
        assert do(client, post, "claim") == 200
    assert set(handling.of(cast.jam)) == {(Handled.THREAD, idea.thread_id), (Handled.POST, reply.pk)}
    client.force_login(cast.ada.person)
    assert do(client, idea, "claim") == 409
    assert do(client, idea, "release") == 200
    assert do(client, idea, "take_over") == 200
    assert {key: one.member for key, one in handling.of(cast.jam).items()} == {
        (Handled.THREAD, idea.thread_id): cast.ada,
        (Handled.POST, reply.pk): cast.fay,
    }


def test_an_idea_that_is_handled_in_the_queue_is_taken_over_there(cast: Cast) -> None:
    idea = cast.idea()
    handling.claim(member=cast.ada, matter=Matter.of_post(idea))
    acts.act(member=cast.fay, post=idea, do="take_over", given={})
    assert {key: one.member for key, one in handling.of(cast.jam).items()} == {(Handled.POST, idea.pk): cast.fay}


def test_what_is_done_about_it_goes_on_handling_it(cast: Cast) -> None:
    idea = cast.idea()
    handling.claim(member=cast.fay, matter=Matter.of_thread(idea))
    Handling.objects.update(until=F("until") - timedelta(minutes=8))
    before = Handling.objects.get().until
    acts.act(member=cast.ada, post=idea, do="emerging", given={})
    assert Handling.objects.get().until == before
    acts.act(member=cast.fay, post=idea, do="best", given={})
    assert Handling.objects.get().until - before > timedelta(minutes=7)


def test_a_forum_that_is_not_theirs_is_refused(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    Duty.objects.create(member=cast.fay, forum=cast.streets)
    client.force_login(cast.fay.person)
    for act in ("emerging", "best", "pin", "lock", "claim", "take_over", "release", "announce", "hide"):
        assert do(client, idea, act, words="Lunch.", reason="rash") == 403
    html = client.get(f"/jams/tides/console/posts/{idea.pk}/").content.decode()
    assert "This forum is run by others." in html
    assert 'name="do"' not in html
    assert client.get(f"/jams/tides/console/posts/{cast.idea().pk + 1}/").status_code == 404


def test_without_a_script_a_page_has_it_all_and_warns_first(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    handling.claim(member=cast.ada, matter=Matter.of_thread(idea))
    client.force_login(cast.fay.person)
    path = f"/jams/tides/console/posts/{idea.pk}/"
    html = client.get(path).content.decode()
    assert "<bdi>Ada</bdi> is handling this." in html
    answer = client.post(path, {"do": "best"}, follow=True)
    assert answer.redirect_chain == [(path, 302)]
    assert "Highlighted as one of the best." in answer.content.decode()
    refused = client.post(path, {"do": "announce", "words": "x" * 501, "place": "jam"})
    assert refused.status_code == 422
    assert "x" * 501 in refused.content.decode()


def test_the_page_of_a_reply_asks_the_thread(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    client.force_login(cast.fay.person)
    path = f"/jams/tides/posts/{idea.pk}/reply/"
    assert 'name="prompt" value="1" checked' in client.get(f"{path}?prompt=1").content.decode()
    client.post(path, {"body": "Who has done this before?", "prompt": "1"})
    assert Post.objects.get(parent=idea).is_prompt
    client.force_login(cast.ben.person)
    assert 'name="prompt"' not in client.get(f"{path}?prompt=1").content.decode()
    assert client.post(path, {"body": "And who else?", "prompt": "1"}).status_code == 403
    assert Post.objects.filter(parent=idea).count() == 1
