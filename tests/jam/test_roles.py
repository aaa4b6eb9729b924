"""What the table of rights says, asked of a jam as somebody finds it; and the forums of a facilitator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jam.access import Suspended, enter, require_runs, visible_jams
from jam.domain import announcements, guest_hours, membership, polls
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.models import Door, Duty, Jam, Member, Role
from jam.roles import Right
from moderation.domain import posts
from moderation.models import Action
from tests.cast import Cast
from threads.domain import outcomes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def duty(cast: Cast) -> None:
    """Fay runs the streets and nothing else."""
    membership.assign(member=cast.fay, forums=[cast.streets], by=cast.ada.person)


def refusal(verb: Any, **given: Any) -> str:
    with pytest.raises(NotAllowed) as refused:
        verb(**given)
    return refused.value.code


# --- forums of a facilitator ------------------------------------------------------------------


def test_a_facilitator_runs_all_until_they_are_given_some(cast: Cast) -> None:
    entry = enter(cast.fay.person, "tides")
    assert (entry.duties, entry.runs(cast.harbour.pk), entry.runs(None)) == (None, True, True)
    duty(cast)
    entry = enter(cast.fay.person, "tides")
    assert entry.duties == {cast.streets.pk}
    assert (entry.runs(cast.streets.pk), entry.runs(cast.harbour.pk), entry.runs(None)) == (True, False, False)
    assert entry.may(Right.MODERATE)
    assert entry.may(Right.FACILITATE)
    assert not entry.may(Right.SET_UP)
    assert not entry.may(Right.ADDRESS)


def test_admins_run_all_and_others_nothing(cast: Cast) -> None:
    Duty.objects.create(member=cast.ada, forum=cast.streets)  # left from when she facilitated
    Duty.objects.create(member=cast.ana, forum=cast.streets)
    assert enter(cast.ada.person, "tides").runs(cast.harbour.pk)
    assert enter(cast.sid, "tides").runs(cast.harbour.pk)
    assert not enter(cast.ana.person, "tides").runs(cast.streets.pk)
    require_runs(cast.ada, cast.harbour.pk)
    assert refusal(require_runs, member=cast.ana, forum_id=cast.streets.pk) == "role"


def test_asking_what_a_participant_may_costs_no_query(cast: Cast) -> None:
    duty(cast)
    for who, queries in ((cast.ana.person, 0), (cast.ada.person, 0), (cast.fay.person, 1)):
        entry = enter(who, "tides")
        with CaptureQueriesContext(connection) as asked:
            assert {entry.may(right) for right in Right} == {True, False}
            entry.runs(cast.harbour.pk)
        assert len(asked) == queries


def test_every_verb_of_the_staff_refuses_a_forum_that_is_not_theirs(cast: Cast) -> None:
    idea, poll = cast.idea(), polls.PollPlan(question="Which?", choices=["A", "B"], forum=cast.harbour)
    hour = guest_hours.HourPlan(cast.ana, timezone.now(), timezone.now() + HOUR, forum=cast.harbour)
    asked = polls.make(member=cast.fay, plan=poll)
    said = announcements.make(member=cast.fay, words="Lunch.", forum=cast.harbour)
    held = guest_hours.put(member=cast.fay, plan=hour)
    duty(cast)
    refused = [
        refusal(posts.hide, member=cast.fay, post=idea, reason="spam"),
        refusal(outcomes.set_outcome, member=cast.fay, thread=idea.thread, state="done"),
        refusal(announcements.make, member=cast.fay, words="Tea.", forum=cast.harbour),
        refusal(announcements.make, member=cast.fay, words="Tea."),
        refusal(announcements.take_back, member=cast.fay, announcement=said),
        refusal(polls.make, member=cast.fay, plan=poll),
        refusal(polls.close, member=cast.fay, poll=asked),
        refusal(polls.remove, member=cast.fay, poll=asked),
        refusal(guest_hours.put, member=cast.fay, plan=hour),
        refusal(guest_hours.remove, member=cast.fay, hour=held),
    ]
    assert set(refused) == {"not_your_forum"}
    posts.hide(member=cast.fay, post=cast.idea(forum=cast.streets), reason="spam")


def test_an_hour_is_not_taken_from_a_forum_of_others_by_moving_it(cast: Cast) -> None:
    hour = guest_hours.HourPlan(cast.ana, timezone.now(), timezone.now() + HOUR, forum=cast.harbour)
    held = guest_hours.put(member=cast.fay, plan=hour)
    duty(cast)
    here = guest_hours.HourPlan(cast.ana, timezone.now(), timezone.now() + HOUR, forum=cast.streets)
    assert refusal(guest_hours.put, member=cast.fay, plan=here, hour=held) == "not_your_forum"


def test_only_admins_give_forums_of_this_jam_to_facilitators(cast: Cast) -> None:
    assert refusal(membership.assign, member=cast.fay, forums=[cast.streets], by=cast.fay.person) == "role"
    with pytest.raises(Invalid):
        membership.assign(member=cast.fay, forums=[cast.elsewhere], by=cast.ada.person)
    with pytest.raises(Conflict):
        membership.assign(member=cast.ana, forums=[cast.streets], by=cast.ada.person)
    duty(cast)
    duty(cast)
    membership.assign(member=cast.fay, forums=[], by=cast.sid)
    assert not Duty.objects.exists()
    found = Action.objects.order_by("pk").values_list("kind", "by__name", "subject__name", "before", "after")
    streets = {"forums": [cast.streets.pk]}
    assert list(found) == [
        ("duties", "Ada", "Fay", {"forums": []}, streets),
        ("duties", None, "Fay", streets, {"forums": [], "by_site_admin": "Sid"}),
    ]


def test_a_duty_is_there_once(cast: Cast) -> None:
    duty(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(member=cast.fay, forum=cast.streets)


# --- suspended, and taken out -----------------------------------------------------------------


@pytest.mark.parametrize("until", [None, HOUR])
def test_who_is_suspended_is_let_in_by_no_door(cast: Cast, until: timedelta | None) -> None:
    cast.fay.suspended_at = timezone.now()
    cast.fay.suspended_until = None if until is None else timezone.now() + until
    cast.fay.save()
    with pytest.raises(Suspended) as refused:
        enter(cast.fay.person, "tides")
    assert refused.value.member == cast.fay
    assert cast.jam not in visible_jams(cast.fay.person)
    assert cast.jam in visible_jams(cast.zoe)


def test_a_suspension_ends_by_the_clock(cast: Cast) -> None:
    cast.ana.suspended_at, cast.ana.suspended_until = timezone.now() - 2 * HOUR, timezone.now() - HOUR
    cast.ana.save()
    assert enter(cast.ana.person, "tides").can_post
    assert cast.jam in visible_jams(cast.ana.person)


def test_who_is_taken_out_is_a_stranger_and_their_posts_stay(cast: Cast) -> None:
    idea = cast.idea(by=cast.fay)
    duty(cast)
    membership.remove(member=cast.fay, by=cast.ada.person)
    entry = enter(cast.fay.person, "tides")
    assert (entry.member, entry.can_facilitate, entry.can_read) == (None, False, True)
    idea.refresh_from_db()
    assert idea.author == cast.fay
    assert not Duty.objects.exists()
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    with pytest.raises(Http404):
        enter(cast.fay.person, "tides")
    action = Action.objects.latest("pk")
    assert (action.kind, action.by, action.subject) == ("removed", cast.ada, cast.fay)


def test_who_was_taken_out_comes_in_again_as_a_participant_under_the_same_name(cast: Cast) -> None:
    membership.remove(member=cast.fay, by=cast.ada.person)
    again = membership.join(jam=cast.jam, person=cast.fay.person)
    assert (again.pk, again.role, again.left_at) == (cast.fay.pk, Role.PARTICIPANT, None)


def test_the_last_admin_stays_and_others_take_nobody_out(cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        membership.remove(member=cast.ada, by=cast.sid)
    assert refused.value.code == "last_admin"
    assert refusal(membership.remove, member=cast.ana, by=cast.fay.person) == "role"
    membership.remove(member=cast.ana, by=cast.ada.person)
    with pytest.raises(Conflict):
        membership.remove(member=cast.ana, by=cast.ada.person)


def test_an_admin_who_is_suspended_changes_no_role(cast: Cast) -> None:
    Member.objects.filter(pk=cast.ada.pk).update(suspended_at=timezone.now())
    assert refusal(membership.change_role, member=cast.ana, role=Role.ADMIN, by=cast.ada.person) == "role"


def test_signed_out_one_may_nothing_but_know_of_it(cast: Cast) -> None:
    entry = enter(AnonymousUser(), "tides")
    assert [right for right in Right if entry.may(right)] == [Right.SEE]
