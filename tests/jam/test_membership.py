"""Who is in a jam, and as what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Person
from jam.domain.errors import Conflict, Invalid, NotAllowed, Refused
from jam.domain.membership import change_role
from jam.models import Member, Role
from live.models import Event
from tests.cast import Cast, close_by_clock, make_jam, make_member, make_person


def role_of(member: Member) -> str:
    return Member.objects.values_list("role", flat=True).get(pk=member.pk)


def test_a_role_is_changed_and_its_holder_hears_of_it(cast: Cast) -> None:
    assert change_role(member=cast.ana, role=Role.FACILITATOR, by=cast.ada.person).role == Role.FACILITATOR
    assert role_of(cast.ana) == Role.FACILITATOR
    event = Event.objects.get()
    assert (event.kind, event.rooms) == ("member.changed", [f"person:{cast.ana.person_id}"])
    assert event.data == {"member": cast.ana.pk, "role": "facilitator"}


def test_the_window_has_no_say(cast: Cast) -> None:
    close_by_clock(cast.jam)
    change_role(member=cast.ana, role=Role.OBSERVER, by=cast.sid)
    assert role_of(cast.ana) == Role.OBSERVER


def test_the_role_that_somebody_has_is_no_change(cast: Cast) -> None:
    change_role(member=cast.ada, role=Role.ADMIN, by=cast.ada.person)
    assert not Event.objects.exists()


@pytest.mark.parametrize("who", ["ana", "fay", "omar", "ned"])
def test_only_admins_change_roles(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        change_role(member=cast.ben, role=Role.FACILITATOR, by=getattr(cast, who).person)
    assert role_of(cast.ben) == Role.PARTICIPANT


def test_what_is_no_role_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        change_role(member=cast.ben, role="king", by=cast.ada.person)
    assert refused.value.field == "role"


@pytest.mark.parametrize("by", ["ada", "sid"])
def test_a_jam_keeps_an_admin(cast: Cast, by: str) -> None:
    person = cast.sid if by == "sid" else cast.ada.person
    with pytest.raises(Conflict) as refused:
        change_role(member=cast.ada, role=Role.PARTICIPANT, by=person)
    assert refused.value.code == "last_admin"
    change_role(member=cast.fay, role=Role.ADMIN, by=person)
    change_role(member=cast.ada, role=Role.PARTICIPANT, by=person)
    assert role_of(cast.ada) == Role.PARTICIPANT


def test_who_has_left_has_no_role(cast: Cast) -> None:
    Member.objects.filter(pk=cast.ben.pk).delete()
    with pytest.raises(Conflict) as refused:
        change_role(member=cast.ben, role=Role.GUEST, by=cast.ada.person)
    assert refused.value.code == "gone"


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_dismiss_each_other() -> None:
    jam = make_jam("tides")
    one, other = (make_member(jam, make_person(name), Role.ADMIN) for name in ("Ada", "Bo"))

    def dismiss(member: Member, by: Person) -> bool:
        try:
            change_role(member=member, role=Role.PARTICIPANT, by=by)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(dismiss, (other, one), (one.person, other.person)))
    assert done.count(True) == 1
    assert Member.objects.filter(jam=jam, role=Role.ADMIN).count() == 1
