"""Suspending somebody: what they can do no longer, who may, and how it ends."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.domain import tokens
from accounts.models import Person
from jam.domain import feed_keys
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.models import Member, Role
from live.codes import Close
from live.gate import Refusal
from moderation.domain import people, talks, tidying
from moderation.models import Action, Case, Fingerprint
from notifications.domain.sending import notify
from notifications.models import Notification
from results.domain import closing, digests
from tests.cast import Cast, close_by_clock, make_member, make_person
from threads.domain import editing, posting, voting
from threads.live_gate import gate
from threads.models import Post

WHY = "It sells lamps."
DAY = timedelta(days=1)


def suspend(
    cast: Cast, member: Member | None = None, *, by: Member | None = None, length: timedelta | None = DAY
) -> Action:
    return people.suspend(by=by or cast.fay, member=member or cast.ana, reason=WHY, length=length)


def test_it_is_written_down_with_why_and_till_when(cast: Cast) -> None:
    action = suspend(cast)
    cast.ana.refresh_from_db()
    assert cast.ana.suspended_until
    assert cast.ana.suspended_at
    assert cast.ana.suspended_until - cast.ana.suspended_at == DAY
    assert (action.kind, action.by, action.subject, action.reason) == ("suspend", cast.fay, cast.ana, WHY)
    assert action.after["until"] == cast.ana.suspended_until.isoformat()
    suspend(cast, length=None)
    cast.ana.refresh_from_db()
    assert cast.ana.suspended_until is None


def test_a_member_fetched_long_ago_can_write_nothing(cast: Cast) -> None:
    """What was under way when somebody is suspended is refused: the verbs ask the row and not what they were given."""
    mine, idea = cast.idea(by=cast.ana), cast.idea(by=cast.ben)
    stale = Member.objects.select_related("jam", "person").get(pk=cast.ana.pk)
    suspend(cast)
    attempts: list[Any] = [
        lambda: posting.start_thread(member=stale, forum=cast.harbour, subject="S", body="B"),
        lambda: posting.reply(member=stale, parent=idea, body="B"),
        lambda: voting.cast(member=stale, post=idea, value=1),
        lambda: editing.edit(member=stale, post=mine, body="B", version="first"),
        lambda: editing.withdraw(member=stale, post=mine),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert refused.value.code == "suspended"
    assert Post.objects.count() == 2


def test_of_the_site_too(cast: Cast) -> None:
    cast.sid_member = make_member(cast.jam, cast.sid, Role.ADMIN)  # type: ignore[attr-defined]
    idea = cast.idea(by=cast.ben)
    stale = Member.objects.select_related("jam", "person").get(pk=cast.ana.pk)
    people.suspend_from_site(by=cast.sid_member, member=cast.ana, reason=WHY, length=DAY)  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed):
        voting.cast(member=stale, post=idea, value=1)


PAGES = (
    "", "ideas/", "announcements/", "people/", "me/", "search/?q=lamp", "polls/", "me/drafts/", "catch-up/", "matters/",
    "message/", "me/favourites/", "me/feeds/",
)  # fmt: skip


def test_every_page_of_the_jam_is_one_that_says_so(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    client.force_login(cast.ana.person)
    suspend(cast)
    for page in [*PAGES, f"posts/{idea.pk}/", f"threads/{idea.thread_id}/", f"forums/{cast.harbour.pk}/", "suspended/"]:
        answer = client.get(f"/jams/tides/{page}")
        assert answer.status_code == 403, page
        text = answer.content.decode()
        assert ("You are suspended from" in text, WHY in text, "A lamp on the pier" in text) == (True, True, False), (
            page
        )


def test_others_are_told_nothing_of_it(cast: Cast, client: Client) -> None:
    suspend(cast)
    client.force_login(cast.ben.person)
    assert client.get("/jams/tides/suspended/").status_code == 302
    client.logout()
    assert client.get("/jams/tides/suspended/").status_code == 302


def test_an_open_form_is_refused_and_its_text_kept(cast: Cast, client: Client) -> None:
    idea = cast.idea(by=cast.ben)
    client.force_login(cast.ana.person)
    suspend(cast)
    answer = client.post(f"/jams/tides/posts/{idea.pk}/reply/", {"body": "Half a novel.", "request_key": "k"})
    assert (answer.status_code, "Half a novel." in answer.content.decode()) == (403, True)
    as_json = client.post(f"/jams/tides/posts/{idea.pk}/reply/", {"body": "x"}, headers={"accept": "application/json"})
    assert (as_json.status_code, as_json.json()["code"]) == (403, "suspended")
    for press in ("vote", "favourite"):
        assert client.post(f"/jams/tides/posts/{idea.pk}/{press}/", {"value": 1, "keep": 1}).status_code == 403


def test_a_token_and_a_feed_stop(cast: Cast, client: Client) -> None:
    idea = cast.idea(by=cast.ben)
    token = {"Authorization": f"Bearer {tokens.make_token(person=cast.ana.person)}"}
    feed = f"/jams/tides/feeds/{cast.ana.pk}/{feed_keys.renew(member=cast.ana)}/all/"
    before = client.get(feed).status_code, client.get("/api/v1/jams/tides", headers=token).status_code
    suspend(cast)
    assert client.get("/api/v1/jams/tides", headers=token).json()["code"] == "suspended"
    vote = client.put(f"/api/v1/posts/{idea.pk}/vote", {"value": 1}, "application/json", headers=token)
    assert (vote.status_code, vote.json()["code"]) == (403, "suspended")
    assert before[1] == 200
    if before[0] == 200:
        assert client.get(feed).status_code == 404


def test_their_tabs_may_not_listen(cast: Cast) -> None:
    suspend(cast)
    assert gate.admit(cast.ana.person, "tides", []) == Refusal(Close.FORBIDDEN)
    people.lift(by=cast.fay, member=cast.ana)
    assert not isinstance(gate.admit(cast.ana.person, "tides", []), Refusal)


def test_notifications_stop_but_for_that_of_the_suspension(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    def tell(about: str) -> int:
        return notify(
            kind="reply", jam_id=cast.jam.pk, to=[cast.ana.pk], about=about, path="/x/", data={"post": 1, "thread": 1}
        )

    assert tell("post:1") == 1
    with django_capture_on_commit_callbacks(execute=True):
        suspend(cast)
    assert tell("post:2") == 0
    assert set(Notification.objects.filter(member=cast.ana).values_list("kind", flat=True)) == {"reply", "suspended"}
    client.force_login(cast.ana.person)
    listed = client.get("/notifications/").content.decode()
    assert ("You are suspended from" in listed, "replied to you" in listed) == (True, False)


def test_it_ends_by_the_clock(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    suspend(cast)
    Member.objects.filter(pk=cast.ana.pk).update(suspended_until=timezone.now() - timedelta(seconds=1))
    assert client.get("/jams/tides/").status_code == 200
    cast.idea(by=cast.ana)
    with pytest.raises(Conflict):
        people.lift(by=cast.fay, member=cast.ana)


def test_or_when_somebody_lifts_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    suspend(cast, length=None)
    people.lift(by=cast.ada, member=cast.ana, reason="They see it.")
    assert client.get("/jams/tides/").status_code == 200
    with pytest.raises(Conflict) as refused:
        people.lift(by=cast.fay, member=cast.ana)
    assert "Ada" in refused.value.message


def test_joining_again_is_no_way_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    suspend(cast)
    assert client.post("/jams/tides/join/").status_code in (403, 404)
    assert client.get("/jams/tides/").status_code == 403


@pytest.mark.parametrize(
    ("by", "whom"),
    [("ana", "ben"), ("omar", "ben"), ("ned", "ben"), ("fay", "ada"), ("fay", "fay"), ("ada", "ada"), ("ben", "fay")],
)
def test_who_may_not_suspend_whom(cast: Cast, by: str, whom: str) -> None:
    with pytest.raises((NotAllowed, Invalid)):
        suspend(cast, getattr(cast, whom), by=getattr(cast, by))
    assert not Action.objects.exists()


def test_an_admin_suspends_who_runs_the_jam_but_never_its_last_admin(cast: Cast) -> None:
    suspend(cast, cast.fay, by=cast.ada)
    second = make_member(cast.jam, make_person("Eve"), Role.ADMIN)
    suspend(cast, second, by=cast.ada)
    with pytest.raises(NotAllowed):
        suspend(cast, cast.ada, by=second)
    sid = make_member(cast.jam, cast.sid, Role.PARTICIPANT)
    with pytest.raises(NotAllowed):
        suspend(cast, sid, by=cast.ada)


@pytest.mark.parametrize("length", [timedelta(0), -DAY, timedelta(days=367)])
def test_a_length_that_is_none(cast: Cast, length: timedelta) -> None:
    with pytest.raises(Invalid) as refused:
        suspend(cast, length=length)
    assert refused.value.field == "length"


def test_who_is_suspended_can_write_to_those_who_run_the_jam(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    suspend(cast)
    for number in range(3):
        assert client.post("/jams/tides/suspended/", {"words": f"It was a mistake {number}."}).status_code == 302
    case = Case.objects.get()
    assert case.talk is not None
    assert case.talk.messages.count() == 3
    assert "Your last messages wait" in client.post("/jams/tides/suspended/", {"words": "Hello?"}).content.decode()
    talks.answer(member=cast.fay, talk=case.talk, words="We look at it.")
    assert "We look at it." in client.get("/jams/tides/suspended/").content.decode()


# --- the site ---------------------------------------------------------------------------------------------------------


def test_from_the_site_only_by_its_admins(cast: Cast, client: Client) -> None:
    with pytest.raises(NotAllowed):
        people.suspend_from_site(by=cast.ada, member=cast.ana, reason=WHY, length=DAY)
    sid = make_member(cast.jam, cast.sid, Role.ADMIN)
    client.force_login(cast.ana.person)
    token = {"Authorization": f"Bearer {tokens.make_token(person=cast.ana.person)}"}
    people.suspend_from_site(by=sid, member=cast.ana, reason=WHY, length=DAY)
    assert client.get(reverse("accounts:profile")).status_code == 302, "they are signed out"
    assert client.get("/api/v1/jams", headers=token).status_code in (401, 403)
    assert gate.admit(Person.objects.get(pk=cast.ana.person_id), "tides", []) == Refusal(Close.FORBIDDEN)
    other = make_person("Second", is_staff=True)
    with pytest.raises(NotAllowed):
        people.suspend_from_site(by=sid, member=make_member(cast.jam, other), reason=WHY, length=DAY)


def test_from_the_site_it_ends_by_the_clock(cast: Cast, client: Client) -> None:
    sid = make_member(cast.jam, cast.sid, Role.ADMIN)
    people.suspend_from_site(by=sid, member=cast.ana, reason=WHY, length=DAY)
    client.force_login(cast.ben.person)
    with time_machine.travel(timezone.now() + DAY + timedelta(minutes=1), tick=True):
        person = Person.objects.get(pk=cast.ana.person_id)
        assert (person.is_active, person.suspended_until) == (True, None)
    assert not Person.objects.get(pk=cast.ana.person_id).is_active
    people.lift_from_site(by=sid, member=cast.ana)
    assert Person.objects.get(pk=cast.ana.person_id).is_active


def test_who_is_suspended_from_the_site_hears_of_it_by_mail(
    cast: Cast, django_capture_on_commit_callbacks: Any, mailoutbox: list[Any]
) -> None:
    sid = make_member(cast.jam, cast.sid, Role.ADMIN)
    with django_capture_on_commit_callbacks(execute=True):
        people.suspend_from_site(by=sid, member=cast.ana, reason=WHY, length=DAY)
    (told,) = mailoutbox
    assert told.to == [cast.ana.person.email]
    assert WHY in told.body
    assert "You can sign in again from" in told.body


def test_a_digest_is_not_mailed_to_who_is_suspended(cast: Cast) -> None:
    cast.idea()
    suspend(cast)
    claimed = closing.claim(close_by_clock(cast.jam))
    assert claimed is not None
    for _ in digests.build(claimed):
        pass
    assert cast.ana.pk not in digests.unsent(claimed).values_list("member", flat=True)
    assert cast.ben.pk in digests.unsent(claimed).values_list("member", flat=True)


def test_what_the_clock_leaves_behind_is_tidied(cast: Cast) -> None:
    sid = make_member(cast.jam, cast.sid, Role.ADMIN)
    people.suspend_from_site(by=sid, member=cast.ana, reason=WHY, length=DAY)
    people.suspend_from_site(by=sid, member=cast.ben, reason=WHY, length=None)
    cast.idea(by=cast.fay)
    posting.start_thread(member=make_member(cast.jam, cast.zoe), forum=cast.harbour, subject="S", body="Some words")
    assert Fingerprint.objects.update(at=timezone.now() - timedelta(hours=25)) == 1
    Person.objects.filter(pk=cast.ana.person_id).update(suspended_until=timezone.now() - timedelta(minutes=1))
    tidying.tidy()
    active = Person.objects.filter(pk__in=[cast.ana.person_id, cast.ben.person_id]).values_list("name", "is_active")
    assert (dict(active), Fingerprint.objects.count()) == ({"Ana": True, "Ben": False}, 0)
