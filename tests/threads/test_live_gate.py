"""Who may listen to what, and who is asked about again when something changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.domain import tokens
from accounts.models import ApiToken, Person
from jam.domain import membership, setup
from jam.domain.plans import People, Plan, Schedule, Words
from jam.models import Door, Jam, Member, Role
from live import bus
from live.codes import Close
from live.door import Caller, come_in
from live.gate import Admission, Refusal
from tests.cast import PASSWORD, Cast, set_window
from threads.domain import voting
from threads.live_gate import gate

pytestmark = pytest.mark.django_db

Reviews = Callable[[], list[tuple[int | None, int | None]]]


def admitted(person: Person, *rooms: str, slug: str = "tides") -> Admission:
    answer = gate.admit(person, slug, rooms)
    assert isinstance(answer, Admission)
    return answer


def refused(person: Any, *rooms: str, slug: str = "tides") -> Close:
    answer = gate.admit(person, slug, rooms)
    assert isinstance(answer, Refusal)
    return answer.code


def signed_in(client: Client, person: Person) -> str:
    client.force_login(person)
    return str(client.cookies["jam_session"].value)


def asks(session: str = "", token: str | None = None, *, slug: str = "tides", rooms: tuple[str, ...] = ()) -> Any:
    return come_in(Caller(slug=slug, rooms=rooms, session=session, token=token))


def code_of(answer: Admission | Refusal) -> Close:
    assert isinstance(answer, Refusal)
    return answer.code


@pytest.fixture
def reviews(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """Runs something, and gives whom the door is asked about again: persons and jams."""
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(bus._post, "put", sent.append)

    def after(verb: Callable[[], Any]) -> list[tuple[int | None, int | None]]:
        sent.clear()
        with django_capture_on_commit_callbacks(execute=True):
            verb()
        return sorted({(item["review"]["person"], item["review"]["jam"]) for item in sent if "review" in item})

    return after


# --- the rooms ----------------------------------------------------------------------------------


def test_the_rooms_that_follow_from_who_somebody_is_are_added(cast: Cast) -> None:
    forum = f"forum:{cast.harbour.pk}"
    assert admitted(cast.ana.person, forum) == Admission(
        jam_key=cast.jam.pk,
        person=cast.ana.person_id,
        rooms=frozenset({"pulse", f"person:{cast.ana.person_id}", forum}),
        here=forum,
    )
    assert "staff" in admitted(cast.fay.person).rooms
    assert "staff" in admitted(cast.sid).rooms
    assert "staff" not in admitted(cast.omar.person).rooms
    assert "staff" not in admitted(cast.ned.person).rooms


def test_nobody_hears_what_is_for_somebody_else(cast: Cast) -> None:
    assert refused(cast.ana.person, f"person:{cast.ben.person_id}") == Close.NOT_FOUND
    assert refused(cast.fay.person, f"person:{cast.ben.person_id}") == Close.NOT_FOUND
    assert refused(cast.ana.person, "staff") == Close.NOT_FOUND
    assert refused(cast.ned.person, "staff") == Close.NOT_FOUND


def test_asking_for_what_is_theirs_anyway_changes_nothing(cast: Cast) -> None:
    assert admitted(cast.fay.person, "staff", f"person:{cast.fay.person_id}", "pulse") == admitted(cast.fay.person)


def test_rooms_of_another_jam_are_refused(cast: Cast) -> None:
    thread = cast.idea().thread_id
    assert admitted(cast.zoe, f"thread:{thread}").here == f"thread:{thread}"
    assert refused(cast.zoe, f"forum:{cast.elsewhere.pk}") == Close.NOT_FOUND
    assert refused(cast.zoe, f"forum:{cast.harbour.pk}", f"forum:{cast.elsewhere.pk}") == Close.NOT_FOUND
    assert refused(cast.zoe, f"thread:{thread}", slug="other") == Close.NOT_FOUND


# --- who ----------------------------------------------------------------------------------------


def test_a_session_counts_until_it_ends(cast: Cast, client: Client) -> None:
    key = signed_in(client, cast.ana.person)
    assert asks(key).until == Session.objects.get(pk=key).expire_date
    Session.objects.filter(pk=key).update(expire_date=cast.jam.opens_at)
    assert code_of(asks(key)) == Close.SIGNED_OUT


def test_who_signed_out_may_not_listen(cast: Cast, client: Client) -> None:
    key = signed_in(client, cast.ana.person)
    client.logout()
    assert code_of(asks(key)) == Close.SIGNED_OUT


def test_a_new_password_ends_the_sessions_under_the_old(cast: Cast, client: Client) -> None:
    key = signed_in(client, cast.ana.person)
    cast.ana.person.set_password("another-quiet-harbour")
    cast.ana.person.save()
    assert code_of(asks(key)) == Close.SIGNED_OUT


def test_who_is_suspended_is_told_so(cast: Cast, client: Client) -> None:
    key, token = signed_in(client, cast.ana.person), tokens.make_token(person=cast.ana.person)
    Person.objects.filter(pk=cast.ana.person_id).update(is_active=False)
    assert code_of(asks(key)) == Close.FORBIDDEN
    assert code_of(asks(token=token)) == Close.FORBIDDEN


def test_a_token_counts_until_it_is_deleted(cast: Cast) -> None:
    token = tokens.make_token(person=cast.ana.person)
    assert (asks(token=token).person, asks(token=token).until) == (cast.ana.person_id, None)
    ApiToken.objects.all().delete()
    assert code_of(asks(token=token)) == Close.SIGNED_OUT


@pytest.mark.parametrize("session", ["", "forged", "x" * 200])
def test_what_is_no_session_is_nobody(cast: Cast, session: str) -> None:
    assert code_of(asks(session)) == Close.SIGNED_OUT
    assert code_of(asks(token=session)) == Close.SIGNED_OUT


# --- the clock ----------------------------------------------------------------------------------


def test_for_those_who_take_part_it_ends_with_the_time_for_reading(cast: Cast, client: Client) -> None:
    hour = timedelta(hours=1)
    jam = set_window(cast.jam, opens_in=-hour, closes_in=hour, reading_in=2 * hour)
    assert admitted(cast.ana.person).until == jam.reading_until
    assert asks(signed_in(client, cast.ana.person)).until == jam.reading_until
    assert [admitted(one.person).until for one in (cast.fay, cast.ada, cast.omar)] == [None, None, None]
    set_window(cast.jam, opens_in=-2 * hour, closes_in=-hour, reading_in=-hour / 2)
    assert refused(cast.ana.person) == Close.NOT_FOUND
    assert admitted(cast.omar.person).until is None


# --- who is asked about again -------------------------------------------------------------------


def test_signing_out_and_suspending_ask_about_the_person(cast: Cast, client: Client, reviews: Any) -> None:
    ana = cast.ana.person
    assert reviews(lambda: signed_in(client, ana)) == []
    assert reviews(client.logout) == [(ana.pk, None)]
    ana.is_active = False
    assert reviews(ana.save) == [(ana.pk, None)]
    assert reviews(lambda: ana.save(update_fields=["name"])) == []


def test_a_changed_password_asks_about_the_person(cast: Cast, client: Client, reviews: Any) -> None:
    signed_in(client, cast.ana.person)
    new = {"oldpassword": PASSWORD, "password1": "another-quiet-harbour", "password2": "another-quiet-harbour"}
    assert reviews(lambda: client.post(reverse("account_change_password"), new)) == [(cast.ana.person_id, None)]


def test_sessions_that_are_cleared_away_ask_about_nobody(cast: Cast, client: Client, reviews: Any) -> None:
    signed_in(client, cast.ana.person)
    Session.objects.update(expire_date=cast.jam.opens_at)
    assert reviews(Session.objects.all().delete) == []


def test_tokens_ask_about_their_person(cast: Cast, reviews: Any) -> None:
    assert reviews(lambda: tokens.make_token(person=cast.ana.person)) == []
    assert reviews(ApiToken.objects.all().delete) == [(cast.ana.person_id, None)]


def test_roles_and_members_ask_about_the_person_in_the_jam(cast: Cast, reviews: Any) -> None:
    concerned = [(cast.ben.person_id, cast.jam.pk)]
    promote = {"member": cast.ben, "role": Role.FACILITATOR, "by": cast.sid}
    assert reviews(lambda: membership.change_role(**promote)) == concerned
    assert reviews(lambda: membership.change_role(**promote)) == []
    assert reviews(Member.objects.filter(pk=cast.omar.pk).delete) == [(cast.omar.person_id, cast.jam.pk)]


def test_another_door_or_window_asks_about_all_in_the_jam(cast: Cast, reviews: Any) -> None:
    def change(plan: Plan) -> list[tuple[int | None, int | None]]:
        version = Jam.objects.get(pk=cast.jam.pk).version
        return reviews(lambda: setup.change_jam(jam=cast.jam, plan=plan, version=version, by=None))

    assert change(replace(Words.of(cast.jam), title="Tides and lamps")) == []
    assert change(People(Door.INVITATION)) == [(None, cast.jam.pk)]
    assert cast.jam.closes_at is not None
    reading_until = cast.jam.closes_at + timedelta(hours=1)
    assert change(replace(Schedule.of(cast.jam), reading_until=reading_until)) == [(None, cast.jam.pk)]
    assert refused(cast.zoe) == Close.NOT_FOUND


def test_moving_the_close_asks_about_nobody(cast: Cast, reviews: Any) -> None:
    """It lets nobody in and shuts nobody out, and a full jam has ten thousand tabs."""
    assert reviews(lambda: setup.extend(jam=cast.jam, expected_close=cast.jam.closes_at)) == []


# --- what it costs ------------------------------------------------------------------------------


def test_the_door_asks_little(cast: Cast, client: Client) -> None:
    """Ten thousand come at once when a server starts anew."""
    thread = cast.idea().thread_id
    key = signed_in(client, cast.ana.person)
    asks(key)
    with CaptureQueriesContext(connection) as queries:
        answer = asks(key, rooms=(f"forum:{cast.harbour.pk}", f"thread:{thread}"))
    assert isinstance(answer, Admission)
    assert len(queries) == 4  # the session, its person, the jam with the member, the rooms


def test_a_forum_brings_the_counts_of_the_ideas_that_changed_last(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threads.domain.queries.COUNTED_IDEAS_MAX", 2)
    first, second, third = (cast.idea(subject=subject) for subject in ("One", "Two", "Three"))
    voting.cast(member=cast.ben, post=first, value=1)
    reply = cast.reply(third)
    none = {"agree": 0, "pass": 0, "disagree": 0}
    assert gate.counts(cast.jam.pk, [f"forum:{cast.harbour.pk}"]) == {
        str(first.pk): {"agree": 1, "pass": 0, "disagree": 0},
        str(third.pk): none,
    }
    assert gate.counts(cast.jam.pk, [f"thread:{third.thread_id}"]) == {str(third.pk): none, str(reply.pk): none}
    assert gate.counts(cast.other.pk, [f"forum:{cast.harbour.pk}", f"thread:{second.thread_id}"]) == {}
