"""What the jam itself tells, and whom."""

from __future__ import annotations

from jam.domain import events
from jam.models import Role
from live.models import Event
from tests.cast import Cast


def test_a_new_role_is_told_to_the_one_person(cast: Cast) -> None:
    cast.ben.role = Role.FACILITATOR
    cast.ben.save()
    cast.ben.refresh_from_db()
    assert events.member_changed(cast.ben) == 1
    event = Event.objects.get()
    assert (event.kind, event.rooms) == ("member.changed", [f"person:{cast.ben.person_id}"])
    assert event.data == {"member": cast.ben.pk, "role": "facilitator"}


def test_the_window_is_told_to_everybody(cast: Cast) -> None:
    events.window_changed(cast.jam)
    event = Event.objects.get()
    assert (event.kind, event.rooms) == ("window.changed", ["pulse"])
    assert cast.jam.opens_at is not None
    assert cast.jam.closes_at is not None
    assert event.data == {
        "opens_at": cast.jam.opens_at.isoformat(),
        "closes_at": cast.jam.closes_at.isoformat(),
        "reading_until": None,
        "review_until": None,
    }
