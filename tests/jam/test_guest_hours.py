"""Guest hours: setting them, what is shown before, while and after, and the alert when one begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jam.domain import guest_hours
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.guest_hours import HourPlan
from jam.models import Forum, GuestHour, Jam, Member, Role
from jam.tasks import tell_occasions
from live.models import Event
from tests.cast import Cast, make_member, make_person

HOUR = timedelta(hours=1)


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.person if isinstance(who, Member) else who)
    return client


def plan(guest: Member, *, begins_in: timedelta, lasts: timedelta = HOUR, forum: Forum | None = None) -> HourPlan:
    starts_at = timezone.now() + begins_in
    return HourPlan(guest=guest, starts_at=starts_at, ends_at=starts_at + lasts, words="Ask about lamps", forum=forum)


def wall(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def test_tabs_are_told_what_comes_next(cast: Cast) -> None:
    later = guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=2 * HOUR))
    sooner = guest_hours.put(member=cast.fay, plan=plan(cast.ana, begins_in=HOUR, forum=cast.harbour))
    told = Event.objects.filter(kind="guest_hours.changed").latest("seq")
    assert told.rooms == ["pulse"]
    assert [hour["id"] for hour in told.data["hours"]] == [sooner.pk, later.pk]
    assert told.data["hours"][0] | {"id": 0, "starts_at": "", "ends_at": ""} == {
        "id": 0,
        "guest": {"id": cast.ana.pk, "name": "Ana"},
        "forum": cast.harbour.pk,
        "words": "Ask about lamps",
        "starts_at": "",
        "ends_at": "",
    }


@pytest.mark.parametrize("who", ["ana", "omar", "ned"])
def test_only_who_runs_the_jam_sets_them(cast: Cast, who: str) -> None:
    member = getattr(cast, who)
    hour = guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=HOUR))
    with pytest.raises((NotAllowed, Invalid)):
        guest_hours.put(member=member, plan=plan(cast.ben, begins_in=3 * HOUR))
    with pytest.raises((NotAllowed, Invalid)):
        guest_hours.remove(member=member, hour=hour)
    for path in ("", f"{hour.pk}/", f"{hour.pk}/remove/"):
        assert browser(member).post(f"/jams/tides/guests/{path}").status_code == 404
    assert browser(member).get(f"/jams/tides/guests/{hour.pk}/").status_code == 404
    assert browser(cast.sid).post("/jams/tides/guests/").status_code == 404
    assert GuestHour.objects.get() == hour


def test_what_is_no_guest_hour_is_refused_by_name(cast: Cast) -> None:
    good = plan(cast.ben, begins_in=HOUR)
    bad = {
        "guest": HourPlan(guest=cast.ned, starts_at=good.starts_at, ends_at=good.ends_at),
        "forum": HourPlan(guest=cast.ben, starts_at=good.starts_at, ends_at=good.ends_at, forum=cast.elsewhere),
        "ends_at": HourPlan(guest=cast.ben, starts_at=good.starts_at, ends_at=good.starts_at),
        "words": HourPlan(guest=cast.ben, starts_at=good.starts_at, ends_at=good.ends_at, words="x" * 501),
    }
    for field, wrong in bad.items():
        with pytest.raises(Invalid) as refused:
            guest_hours.put(member=cast.fay, plan=wrong)
        assert refused.value.field == field
    for begins_in, lasts in ((-3 * HOUR, HOUR), (HOUR, 25 * HOUR)):
        with pytest.raises(Invalid):
            guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=begins_in, lasts=lasts))
    guest_hours.put(member=cast.fay, plan=good)
    with pytest.raises(Conflict):
        guest_hours.put(member=cast.fay, plan=good)
    assert GuestHour.objects.count() == 1


def test_that_one_began_is_told_once(cast: Cast) -> None:
    hour = guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=-timedelta(minutes=1)))
    guest_hours.put(member=cast.fay, plan=plan(cast.ana, begins_in=HOUR))
    tell_occasions()
    tell_occasions()
    told = Event.objects.get(kind="guest.on")
    assert (told.rooms, told.data["hour"]["id"]) == (["pulse"], hour.pk)
    # Moved to later, it begins anew then.
    moved = plan(cast.ben, begins_in=2 * HOUR)
    guest_hours.put(member=cast.fay, plan=moved, hour=hour)
    hour.refresh_from_db()
    assert hour.alerted_at is None


def test_one_that_passed_while_no_worker_ran_is_told_to_nobody(cast: Cast) -> None:
    hour = guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=-timedelta(minutes=1)))
    past = timezone.now() - 2 * HOUR
    GuestHour.objects.update(starts_at=past, ends_at=past + HOUR)
    tell_occasions()
    hour.refresh_from_db()
    assert hour.alerted_at is not None
    assert not Event.objects.filter(kind="guest.on").exists()


def test_a_draft_alerts_nobody(cast: Cast) -> None:
    guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=-timedelta(minutes=1)))
    Jam.objects.filter(pk=cast.jam.pk).update(published_at=None)
    tell_occasions()
    assert not Event.objects.filter(kind="guest.on").exists()


def test_one_taken_away_or_changed_meanwhile(cast: Cast) -> None:
    hour = guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=HOUR))
    guest_hours.remove(member=cast.ada, hour=hour)
    guest_hours.remove(member=cast.fay, hour=GuestHour(pk=hour.pk or 1, jam=cast.jam))
    with pytest.raises(Conflict):
        guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=HOUR), hour=GuestHour(pk=1, jam=cast.jam))
    assert Event.objects.filter(kind="guest_hours.changed").count() == 2
    assert Event.objects.latest("seq").data == {"hours": []}


def test_the_form_takes_the_clocks_of_the_reader(cast: Cast) -> None:
    client = browser(cast.fay)
    client.cookies["jam_tz"] = "Asia/Tokyo"
    starts = (timezone.now() + HOUR).replace(second=0, microsecond=0)
    local = starts + timedelta(hours=9)
    data = {"guest": "ben", "starts_at": wall(local), "ends_at": wall(local + HOUR), "words": "Lamps", "forum": ""}
    assert client.post("/jams/tides/guests/", data).status_code == 302
    hour = GuestHour.objects.get()
    assert (hour.guest, hour.starts_at, hour.ends_at) == (cast.ben, starts, starts + HOUR)
    assert wall(local) in client.get(f"/jams/tides/guests/{hour.pk}/").content.decode()
    data["guest"] = "Nobody"
    refused = client.post(f"/jams/tides/guests/{hour.pk}/", data)
    assert refused.status_code == 422
    assert "Nobody in this jam is called that." in refused.content.decode()


def test_namesakes_are_told_apart_by_number(cast: Cast) -> None:
    other = make_member(cast.jam, make_person("Bee"))
    Member.objects.filter(pk=other.pk).update(name="Ben")
    client, starts = browser(cast.fay), timezone.now() + HOUR
    data = {"guest": "Ben", "starts_at": wall(starts), "ends_at": wall(starts + HOUR)}
    assert f"Ben #{other.pk}" in client.post("/jams/tides/guests/", data).content.decode()
    assert client.post("/jams/tides/guests/", data | {"guest": f"Ben #{other.pk}"}).status_code == 302
    assert GuestHour.objects.get().guest == other
    elsewhere = client.post("/jams/tides/guests/", data | {"guest": f"Ned #{cast.ned.pk}"})
    assert elsewhere.status_code == 422


def test_where_one_is_shown(cast: Cast) -> None:
    guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=-timedelta(minutes=5)))
    for path in ("/jams/tides/", "/jams/tides/guests/", f"/jams/tides/people/{cast.ben.pk}/"):
        page = browser(cast.ana).get(path).content.decode()
        assert "Ask about lamps" in page, path
        assert " data-on>" in page, path
    assert "Ask about lamps" not in Client().get("/jams/tides/").content.decode()


def test_the_list_asks_as_much_for_three_as_for_one(cast: Cast) -> None:
    client, asked = browser(cast.ana), []
    for number in range(3):
        guest_hours.put(member=cast.fay, plan=plan(cast.ben, begins_in=(number + 1) * HOUR))
        with CaptureQueriesContext(connection) as queries:
            client.get("/jams/tides/guests/")
        asked.append(len(queries))
    assert asked[1:] == asked[:1] * 2


def test_the_page_lists_the_guests_and_leads_to_their_pages(cast: Cast, client: Client) -> None:
    """Also before they have an hour; nobody else stands there."""
    Member.objects.filter(pk=cast.ana.pk).update(role=Role.GUEST, about="I build lamps.")
    client.force_login(cast.ben.person)

    page = client.get("/jams/tides/guests/")

    assert f'href="/jams/tides/people/{cast.ana.pk}/"' in page.text
    assert "I build lamps." in page.text
    assert f"/jams/tides/people/{cast.fay.pk}/" not in page.text
    assert "I build lamps." in client.get(f"/jams/tides/people/{cast.ana.pk}/").text
