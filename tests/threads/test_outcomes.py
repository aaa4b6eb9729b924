"""What became of an idea: who may say it, when, and where it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.models import Jam
from live.models import Event
from moderation.domain import posts as moderation
from notifications.domain.kinds import News
from notifications.models import Notification
from tests.cast import Cast, close_by_clock, make_jam, set_window
from threads.domain import outcomes, telling
from threads.domain.outcome_notices import look, sentence
from threads.models import Outcome, Post

pytestmark = pytest.mark.django_db


def said(jam: Jam) -> list[object]:
    events = Event.objects.filter(jam_key=jam.pk, kind="outcome.set").order_by("seq")
    return [event.data["state"] for event in events]


def sign_in(client: Client, cast: Cast, name: str = "fay") -> Client:
    client.force_login(getattr(cast, name).person)
    return client


def test_it_is_said_changed_and_taken_back(cast: Cast) -> None:
    thread = cast.idea().thread
    outcomes.set_outcome(member=cast.fay, thread=thread, state="considered", words="  We **look**.\r\n")
    outcomes.set_outcome(member=cast.ada, thread=thread, state="planned", words=" ")
    outcome = outcomes.outcome_of(thread)
    assert outcome is not None
    assert (outcome.state, outcome.words, outcome.by) == ("planned", "", cast.ada)
    outcomes.set_outcome(member=cast.fay, thread=thread, state="")
    assert outcomes.outcome_of(thread) is None
    assert said(cast.jam) == ["considered", "planned", None]


def test_the_same_twice_is_once(cast: Cast) -> None:
    thread = cast.idea().thread
    for _ in range(2):
        outcomes.set_outcome(member=cast.fay, thread=thread, state="done", words="Lit.")
    outcome = outcomes.outcome_of(thread)
    outcomes.set_outcome(member=cast.ada, thread=thread, state="done", words="Lit.")
    assert outcomes.outcome_of(thread) == outcome
    assert Outcome.objects.get().by == cast.fay
    other = cast.idea().thread
    outcomes.set_outcome(member=cast.fay, thread=other, state="")
    assert said(cast.jam) == ["done"]


@pytest.mark.parametrize("name", ["ana", "ben", "omar"])
def test_only_who_runs_the_jam_says_it(cast: Cast, name: str) -> None:
    thread = cast.idea().thread
    with pytest.raises(NotAllowed):
        outcomes.set_outcome(member=getattr(cast, name), thread=thread, state="done")
    assert said(cast.jam) == []


def test_who_runs_another_jam_does_not(cast: Cast) -> None:
    with pytest.raises(Invalid):
        outcomes.set_outcome(member=cast.ned, thread=cast.idea().thread, state="done")


@pytest.mark.parametrize(("state", "words"), [("splendid", ""), ("done", "x" * 2_001)])
def test_what_does_not_fit_is_refused(cast: Cast, state: str, words: str) -> None:
    with pytest.raises(Invalid):
        outcomes.set_outcome(member=cast.fay, thread=cast.idea().thread, state=state, words=words)
    assert not Outcome.objects.exists()


def test_it_can_be_said_long_after_the_close_and_not_before_the_opening(cast: Cast) -> None:
    thread = cast.idea().thread
    hour = timedelta(hours=1)
    set_window(cast.jam, opens_in=-9 * hour, closes_in=-8 * hour, reading_in=-hour)
    outcomes.set_outcome(member=cast.fay, thread=thread, state="done")
    set_window(cast.jam, opens_in=hour, closes_in=2 * hour)
    with pytest.raises(Conflict):
        outcomes.set_outcome(member=cast.fay, thread=thread, state="planned")


def test_everybody_reads_it_on_the_idea_in_lists_and_on_its_page(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    outcomes.set_outcome(member=cast.fay, thread=idea.thread, state="planned", words="In *spring* <b>2027</b>.")
    sign_in(client, cast, "ben")
    thread = client.get(f"/jams/tides/threads/{idea.thread_id}/").content.decode()
    assert "<em>spring</em> &lt;b&gt;2027" in thread
    for path in ("", f"forums/{cast.harbour.pk}/"):
        assert 'data-outcome="planned">Planned</span>' in client.get(f"/jams/tides/{path}").content.decode()
    page = client.get("/jams/tides/outcomes/?state=planned").content.decode()
    assert "A lamp on the pier" in page
    assert "In spring" in page
    assert "A lamp on the pier" not in client.get("/jams/tides/outcomes/?state=done").content.decode()


def test_a_hidden_idea_is_not_listed(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    outcomes.set_outcome(member=cast.fay, thread=idea.thread, state="done")
    moderation.hide(member=cast.fay, post=idea, reason="rash")
    page = sign_in(client, cast, "ben").get("/jams/tides/outcomes/").content.decode()
    assert "A lamp on the pier" not in page


def test_lists_cost_the_same_with_one_outcome_and_three(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "ben")
    costs: dict[str, list[int]] = {}
    for number in (1, 2):
        for _ in range(number):
            outcomes.set_outcome(member=cast.fay, thread=cast.idea().thread, state="done", words="Lit.")
        for path in ("", f"forums/{cast.harbour.pk}/", "outcomes/", "me/"):
            client.get(f"/jams/tides/{path}")
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/jams/tides/{path}")
            costs.setdefault(path, []).append(len(queries))
    assert {path: first for path, (first, _) in costs.items()} == {path: second for path, (_, second) in costs.items()}


def test_the_page_to_say_it(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    path = f"/jams/tides/threads/{idea.thread_id}/outcome/"
    sign_in(client, cast)
    assert client.get(path).status_code == 200
    answer = client.post(path, {"state": "declined", "words": "Too dear."})
    assert answer.status_code == 302
    assert outcomes.outcome_of(idea.thread).state == "declined"  # type: ignore[union-attr]
    refused = client.post(path, {"state": "declined", "words": "x" * 2_001})
    assert refused.status_code == 422
    assert "2,001" in refused.content.decode()
    assert client.post(path, {"state": "splendid"}).status_code == 422
    close_by_clock(cast.jam)
    assert client.post(path, {"state": "", "words": ""}).status_code == 302
    assert outcomes.outcome_of(idea.thread) is None


@pytest.mark.parametrize("name", ["ben", "omar", "ned"])
def test_nobody_else_finds_that_page(cast: Cast, client: Client, name: str) -> None:
    idea = cast.idea()
    sign_in(client, cast, name)
    assert client.get(f"/jams/tides/threads/{idea.thread_id}/outcome/").status_code == 404
    assert client.post(f"/jams/tides/threads/{idea.thread_id}/outcome/", {"state": "done"}).status_code == 404


def test_a_jam_for_its_members_shows_its_outcomes_to_nobody_else(cast: Cast, client: Client) -> None:
    make_jam("closed")
    Jam.objects.filter(slug="closed").update(door="invitation")
    sign_in(client, cast, "ben")
    assert client.get("/jams/closed/outcomes/").status_code == 404
    assert Client().get("/jams/tides/outcomes/").status_code == 302
    assert Post.objects.count() == 0


def test_its_author_and_who_follows_it_are_told_once_of_each_state(cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    cast.reply(idea, by=cast.ben)  # and follows it from then on
    for state in ("considered", "planned", "considered", ""):
        outcomes.set_outcome(member=cast.fay, thread=idea.thread, state=state, words="Lit.")
    telling.tell_all()
    telling.tell_all()
    told = Notification.objects.filter(kind="outcome").order_by("member", "pk").values_list("member", "about")
    about = [f"outcome:{idea.thread_id}:considered", f"outcome:{idea.thread_id}:planned"]
    assert list(told) == [(member.pk, text) for member in (cast.ana, cast.ben) for text in about]


def test_what_is_told_is_how_it_is_now(cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    outcomes.set_outcome(member=cast.fay, thread=idea.thread, state="planned", words="In *spring*.")
    telling.tell_all()
    row = Notification.objects.get(kind="outcome")
    standing = look([row])[row.pk]
    assert (standing.title, standing.excerpt, standing.gone) == ("A lamp on the pier", "In spring.", False)
    words = sentence(News(data=row.data, names=[], title=standing.title))
    assert words == "What became of “\u2068A lamp on the pier\u2069”: Planned"
    outcomes.set_outcome(member=cast.fay, thread=idea.thread, state="done")
    assert look([row])[row.pk].gone
