"""Shifts: planning them, passing them on, and who is missing when. See `moderation.domain.roster` and `.passing`."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jam.domain import checklist
from jam.domain.errors import Conflict, Invalid, NotAllowed, Refused
from jam.models import Duty, Member, Role
from live.models import Event
from moderation.domain import passing, roster
from moderation.domain.roster import ShiftPlan
from moderation.models import Action, Shift
from tests.cast import Cast, make_member, make_person

HOUR = timedelta(hours=1)


def soon(hours: float = 0) -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2 + hours)


def plan(member: Member, start: float = 0, end: float = 4, **more: object) -> ShiftPlan:
    return ShiftPlan(member=member, starts_at=soon(start), ends_at=soon(end), **more)  # type: ignore[arg-type]


def shift_of(cast: Cast, member: Member, start: float = 0, end: float = 4, **more: object) -> Shift:
    return roster.put(member=cast.ada, plan=plan(member, start, end, **more))


def test_an_admin_plans_for_anybody_who_runs_the_jam_and_a_facilitator_for_themselves(cast: Cast) -> None:
    assert shift_of(cast, cast.fay).member == cast.fay
    assert roster.put(member=cast.fay, plan=plan(cast.fay, 4, 8)).member == cast.fay
    with pytest.raises(NotAllowed):
        roster.put(member=cast.fay, plan=plan(cast.ada, 8, 12))
    with pytest.raises(NotAllowed):
        roster.put(member=cast.ana, plan=plan(cast.ana))
    with pytest.raises(Invalid) as refused:
        roster.put(member=cast.ada, plan=plan(cast.ana))
    assert refused.value.field == "member"


@pytest.mark.parametrize(("start", "end"), [(3, 6), (-1, 1), (1, 2), (-1, 6), (0, 4)])
def test_two_shifts_of_one_person_may_not_overlap_and_the_answer_says_which(
    cast: Cast, start: float, end: float
) -> None:
    shift_of(cast, cast.fay)
    with pytest.raises(Conflict, match=r"Fay is on duty from .* already") as refused:
        shift_of(cast, cast.fay, start, end)
    assert (refused.value.code, refused.value.field) == ("overlap", "starts_at")
    assert Shift.objects.count() == 1


def test_shifts_that_touch_and_shifts_of_two_people_at_once_are_fine(cast: Cast) -> None:
    shift_of(cast, cast.fay)
    shift_of(cast, cast.fay, 4, 8)
    shift_of(cast, cast.ada, 0, 8)
    assert Shift.objects.count() == 3


@pytest.mark.parametrize(
    ("start", "end", "code"), [(4, 0, "order"), (0, 0, "order"), (0, 25, "long"), (-9, -8, "past")]
)
def test_times_that_cannot_be_are_refused(cast: Cast, start: float, end: float, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        shift_of(cast, cast.fay, start, end)
    assert refused.value.code == code


def test_a_facilitator_of_some_forums_is_on_duty_in_those_alone(cast: Cast) -> None:
    Duty.objects.create(member=cast.fay, forum=cast.harbour)
    with pytest.raises(Invalid, match="Fay does not run Streets"):
        shift_of(cast, cast.fay, forums=[cast.harbour, cast.streets])
    with pytest.raises(Invalid):
        shift_of(cast, cast.ada, forums=[cast.elsewhere])
    shift_of(cast, cast.fay)
    gaps = roster.gaps(cast.jam)
    assert {frozenset({cast.streets.pk}), frozenset({cast.harbour.pk, cast.streets.pk})} == {gap.forums for gap in gaps}


def test_gaps_lie_in_the_window_and_who_does_not_run_the_jam_any_more_covers_nothing(cast: Cast) -> None:
    cast.jam.closes_at = soon(8)
    cast.jam.save()
    shift_of(cast, cast.fay, 0, 4)
    before, after = roster.gaps(cast.jam)
    assert (before.starts, before.ends) == (cast.jam.opens_at, soon(0))
    assert (after.starts, after.ends) == (soon(4), soon(8))
    Member.objects.filter(pk=cast.fay.pk).update(role=Role.PARTICIPANT)
    [all_of_it] = roster.gaps(cast.jam)
    assert (all_of_it.starts, all_of_it.ends) == (cast.jam.opens_at, cast.jam.closes_at)


def test_the_checklist_says_that_nobody_is_planned_and_for_how_long_nobody_is_there(cast: Cast) -> None:
    def said() -> list[str]:
        lines = checklist.of(cast.jam, timezone.now())
        return [line.words for line in lines if line.step == "moderation:roster"]

    assert said() == ["No shifts are planned: nobody is said to be on duty."]
    cast.jam.closes_at = soon(5)
    cast.jam.save()
    shift_of(cast, cast.fay, -2, 2)
    assert said() == ["For 3 hours in all, nobody is on duty in some forum."]
    shift_of(cast, cast.ada, 2, 5)
    assert said() == []


def test_an_offered_shift_goes_to_the_first_who_takes_it(cast: Cast) -> None:
    mine = shift_of(cast, cast.fay)
    with pytest.raises(Conflict):
        passing.take(member=cast.ada, shift=mine)
    passing.offer(member=cast.fay, shift=mine)
    assert list(passing.asked_of(cast.ada, timezone.now())) == [mine]
    assert passing.take(member=cast.ada, shift=mine).member == cast.ada
    other = make_member(cast.jam, make_person("Finn"), Role.FACILITATOR)
    with pytest.raises(Conflict) as refused:
        passing.take(member=other, shift=mine)
    assert refused.value.code == "not_offered"


def test_nobody_takes_what_would_put_them_on_duty_twice(cast: Cast) -> None:
    mine = shift_of(cast, cast.fay)
    shift_of(cast, cast.ada, 2, 6)
    passing.offer(member=cast.fay, shift=mine)
    with pytest.raises(Conflict) as refused:
        passing.take(member=cast.ada, shift=mine)
    assert refused.value.code == "overlap"
    mine.refresh_from_db()
    assert mine.member == cast.fay


def test_a_swap_is_between_two_shifts_and_changes_both_or_none(cast: Cast) -> None:
    mine, theirs = shift_of(cast, cast.fay, 0, 4), shift_of(cast, cast.ada, 2, 6)
    passing.offer(member=cast.fay, shift=mine, swap_for=theirs)
    mine.refresh_from_db()
    third = make_member(cast.jam, make_person("Finn"), Role.FACILITATOR)
    with pytest.raises(Conflict) as refused:
        passing.take(member=third, shift=mine)
    assert refused.value.code == "swap"
    passing.take(member=cast.ada, shift=mine)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.member, theirs.member) == (cast.ada, cast.fay)
    assert (mine.offered_at, mine.swap_for) == (None, None)


@pytest.mark.parametrize("verb", [passing.offer, passing.keep, roster.remove])
def test_another_s_shift_is_not_passed_on_or_taken_away(cast: Cast, verb: object) -> None:
    theirs = shift_of(cast, cast.ada)
    with pytest.raises(NotAllowed):
        verb(member=cast.fay, shift=theirs)  # type: ignore[operator]


def test_a_shift_of_another_jam_is_gone_for_who_asks(cast: Cast) -> None:
    theirs = roster.put(member=cast.ned, plan=plan(cast.ned))
    for verb in (passing.offer, passing.take):
        with pytest.raises(Refused) as refused:
            verb(member=cast.ada, shift=theirs)  # type: ignore[operator]
        assert refused.value.code == "gone"


def test_a_shift_that_has_begun_stays_and_one_to_come_goes_once(cast: Cast) -> None:
    coming, begun = shift_of(cast, cast.fay), shift_of(cast, cast.ada, -3, 1)
    roster.remove(member=cast.ada, shift=coming)
    roster.remove(member=cast.ada, shift=coming)
    with pytest.raises(Conflict, match="has begun"):
        roster.remove(member=cast.ada, shift=begun)


def test_what_is_done_to_a_shift_is_in_the_log(cast: Cast) -> None:
    mine = shift_of(cast, cast.fay, forums=[cast.harbour])
    shift_of(cast, cast.fay, 5, 6)
    roster.put(member=cast.ada, plan=plan(cast.fay, 0, 4, forums=[cast.harbour]), shift=mine)  # as it was
    roster.put(member=cast.fay, plan=plan(cast.fay, 1, 4), shift=mine)
    passing.offer(member=cast.fay, shift=mine)
    passing.take(member=cast.ada, shift=mine)
    roster.remove(member=cast.ada, shift=mine)
    done = Action.objects.filter(jam=cast.jam, kind__startswith="shift").order_by("pk")
    assert [(action.kind, action.by, action.subject) for action in done] == [
        ("shift_plan", cast.ada, cast.fay),
        ("shift_plan", cast.ada, cast.fay),
        ("shift_change", cast.fay, cast.fay),
        ("shift_pass", cast.ada, cast.ada),
        ("shift_remove", cast.ada, cast.ada),
    ]
    moved = done[2]
    assert (moved.before["forums"], moved.after["forums"]) == ([cast.harbour.pk], [])
    assert [moved.before["starts_at"], moved.after["starts_at"]] == [soon(at).isoformat() for at in (0, 1)]
    assert (done[3].before["member"], done[3].after["member"]) == (cast.fay.pk, cast.ada.pk)


def test_only_who_runs_the_jam_hears_of_the_roster(cast: Cast) -> None:
    shift_of(cast, cast.fay)
    event = Event.objects.get(kind="shift.changed")
    assert event.rooms == ["staff"]
    assert event.data["what"] == "planned"


# --- pages ----------------------------------------------------------------------------------------------------


def page(client: Client, member: Member, name: str, cast: Cast, *args: object) -> object:
    client.force_login(member.person)
    return client.get(reverse(f"moderation:{name}", args=[cast.jam.slug, *args]))


def test_the_roster_is_for_who_runs_the_jam_and_gaps_for_its_admins(cast: Cast, client: Client) -> None:
    shift_of(cast, cast.fay)
    assert page(client, cast.ana, "roster", cast).status_code == 404  # type: ignore[attr-defined]
    assert page(client, cast.ned, "roster", cast).status_code == 404  # type: ignore[attr-defined]
    for member, sees in ((cast.fay, False), (cast.ada, True)):
        shown = page(client, member, "roster", cast).content.decode()  # type: ignore[attr-defined]
        assert "On duty" not in shown
        assert ("Nobody is on duty" in shown) is sees


@pytest.mark.parametrize("count", [1, 3])
def test_the_roster_asks_as_much_for_three_shifts_as_for_one(
    cast: Cast, client: Client, django_assert_max_num_queries: object, count: int
) -> None:
    for number in range(count):
        shift_of(cast, cast.fay, number, number + 1, forums=[cast.harbour])
    client.force_login(cast.ada.person)
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        assert client.get(reverse("moderation:roster", args=[cast.jam.slug])).status_code == 200


def test_a_shift_is_planned_in_the_planner_s_own_zone_and_asks_which_hour_is_meant(cast: Cast, client: Client) -> None:
    person = cast.ada.person
    person.time_zone = "Europe/Berlin"
    person.save()
    client.force_login(person)
    url = reverse("moderation:shift_new", args=[cast.jam.slug])
    night = {"member": cast.fay.pk, "starts_at": "2199-10-27T02:30", "ends_at": "2199-10-27T09:00", "remind_before": 60}
    answer = client.post(url, night)
    assert answer.status_code == 422
    assert "comes twice" in answer.content.decode()
    assert client.post(url, night | {"starts_at_fold": "1"}).status_code == 302
    assert Shift.objects.get().starts_at.isoformat() == "2199-10-27T01:30:00+00:00"
    skipped = night | {"starts_at": "2199-03-31T02:30", "ends_at": "2199-03-31T09:00"}
    answer = client.post(url, skipped)
    assert answer.status_code == 422
    assert "no such time" in answer.content.decode()


def test_what_is_refused_stays_in_the_form(cast: Cast, client: Client) -> None:
    shift_of(cast, cast.fay)
    client.force_login(cast.ada.person)
    sent = {
        "member": cast.fay.pk,
        "starts_at": f"{soon(1):%Y-%m-%dT%H:%M}",
        "ends_at": f"{soon(2):%Y-%m-%dT%H:%M}",
        "remind_before": 15,
    }
    answer = client.post(reverse("moderation:shift_new", args=[cast.jam.slug]), sent)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "is on duty from" in shown
    assert sent["starts_at"] in shown


def test_my_shifts_are_a_calendar_file_with_an_alarm(cast: Cast, client: Client) -> None:
    shift_of(cast, cast.fay, forums=[cast.harbour])
    shift_of(cast, cast.ada)
    answer = page(client, cast.fay, "my_shifts", cast)
    file = answer.content.decode()  # type: ignore[attr-defined]
    assert file.count("BEGIN:VEVENT") == file.count("BEGIN:VALARM") == 1
    assert "LOCATION:Harbour" in file
    assert page(client, cast.ana, "my_shifts", cast).status_code == 404  # type: ignore[attr-defined]
