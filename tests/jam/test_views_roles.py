"""People and roles of a jam, and the people of the site."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from jam.domain import membership, site_admins
from jam.domain.errors import Conflict, NotAllowed, Refused
from jam.models import Duty, Member, Role
from tests.cast import Cast, make_member, make_person

pytestmark = pytest.mark.django_db


def as_(who: Any) -> Client:
    client = Client()
    client.force_login(getattr(who, "person", who))
    return client


def send(cast: Cast, member: Member, *, by: Any = None, **data: Any) -> Any:
    return as_(by or cast.ada).post(f"/jams/tides/roles/{member.pk}/", data)


# --- of a jam -----------------------------------------------------------------------------------


def test_the_list_says_who_is_what_and_who_changed_it_last(cast: Cast) -> None:
    membership.change_role(member=cast.ben, role=Role.FACILITATOR, by=cast.ada.person)
    membership.change_role(member=cast.ben, role=Role.OBSERVER, by=cast.sid)
    membership.assign(member=cast.fay, forums=[cast.streets], by=cast.ada.person)
    page = as_(cast.ada).get("/jams/tides/roles/").content.decode()
    assert "Facilitator" in page
    assert "Role changed: Facilitator" in page
    assert "<bdi>Sid</bdi>" in page
    assert "Runs: <bdi>Streets</bdi>" in " ".join(page.split())


def test_it_is_searched_and_narrowed_to_a_role(cast: Cast) -> None:
    def names(query: str) -> list[str]:
        return [row["member"].name for row in as_(cast.ada).get(f"/jams/tides/roles/{query}").context["rows"]]

    membership.remove(member=cast.ben, by=cast.ada.person)
    assert names("") == ["Ada", "Ana", "Fay", "Omar"]
    assert names("?q=a&role=facilitator") == ["Fay"]
    assert names("?role=left") == ["Ben"]
    assert names("?q=%00nobody") == []
    assert names("?after=99999999999999999999&role=king") == ["Ada", "Ana", "Fay", "Omar"]


def test_a_long_list_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jam.domain.members.A_PAGE", 2)
    client, names, after = as_(cast.ada), [], ""
    while True:
        context = client.get(f"/jams/tides/roles/?after={after}").context
        names += [row["member"].name for row in context["rows"]]
        if not context["more"]:
            break
        after = context["more"]
    assert names == ["Ada", "Ana", "Ben", "Fay", "Omar"]


def test_queries_do_not_grow_with_people(cast: Cast) -> None:
    def queries() -> int:
        client = as_(cast.ada)
        client.get("/jams/tides/roles/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/jams/tides/roles/")
        return len(asked)

    membership.change_role(member=cast.ben, role=Role.FACILITATOR, by=cast.ada.person)
    membership.assign(member=cast.ben, forums=[cast.streets], by=cast.ada.person)
    few = queries()
    for name in ("Gus", "Hal", "Ida"):
        member = make_member(cast.jam, make_person(name))
        membership.change_role(member=member, role=Role.FACILITATOR, by=cast.ada.person)
        membership.assign(member=member, forums=[cast.streets, cast.harbour], by=cast.ada.person)
    assert queries() == few


def test_a_role_and_forums_are_changed_in_one_go(cast: Cast) -> None:
    answer = send(cast, cast.ben, role="facilitator", forums=[cast.streets.pk])
    assert answer.status_code == 302
    cast.ben.refresh_from_db()
    assert cast.ben.role == Role.FACILITATOR
    assert list(Duty.objects.values_list("member", "forum")) == [(cast.ben.pk, cast.streets.pk)]
    page = as_(cast.ada).get(f"/jams/tides/roles/{cast.ben.pk}/")
    assert page.context["form"].initial == {"role": "facilitator", "forums": [cast.streets.pk]}


@pytest.mark.parametrize("data", [{}, {"role": "king"}, {"role": "facilitator", "forums": ["elsewhere"]}])
def test_what_will_not_do_changes_nothing(cast: Cast, data: dict[str, Any]) -> None:
    sent = {**data, "forums": [cast.elsewhere.pk]} if "forums" in data else data
    assert send(cast, cast.ben, **sent).status_code == 422
    cast.ben.refresh_from_db()
    assert cast.ben.role == Role.PARTICIPANT


def test_the_last_admin_is_told_why_they_stay(cast: Cast) -> None:
    answer = send(cast, cast.ada, role="participant")
    assert answer.status_code == 409
    assert "make somebody else one first" in answer.content.decode()


def test_who_gives_their_own_role_away_is_taken_home(cast: Cast) -> None:
    send(cast, cast.ben, role="admin")
    answer = send(cast, cast.ada, role="facilitator", forums=[cast.streets.pk])
    assert answer["Location"] == "/jams/tides/"
    cast.ada.refresh_from_db()
    assert cast.ada.role == Role.FACILITATOR


def test_taking_out_asks_first(cast: Cast) -> None:
    client = as_(cast.ada)
    client.post(f"/jams/tides/roles/{cast.ben.pk}/remove/")
    assert Member.objects.get(pk=cast.ben.pk).left_at is None
    client.post(f"/jams/tides/roles/{cast.ben.pk}/remove/", {"sure": "on"})
    assert Member.objects.get(pk=cast.ben.pk).left_at is not None
    assert client.post(f"/jams/tides/roles/{cast.ben.pk}/remove/", {"sure": "on"}).status_code == 409
    assert "They were taken out" in client.get(f"/jams/tides/roles/{cast.ben.pk}/").content.decode()
    assert send(cast, cast.ben, role="admin").status_code == 200
    assert Member.objects.get(pk=cast.ben.pk).role == Role.PARTICIPANT
    assert client.post(f"/jams/tides/roles/{cast.ada.pk}/remove/", {"sure": "on"}).status_code == 409


def test_nobody_of_another_jam_is_found_here(cast: Cast) -> None:
    assert as_(cast.ada).get(f"/jams/tides/roles/{cast.ned.pk}/").status_code == 404
    assert send(cast, cast.ned, role="participant").status_code == 404


# --- of the site ----------------------------------------------------------------------------------


def test_people_of_the_site_are_found_by_name_and_address(cast: Cast) -> None:
    def names(query: str) -> list[str]:
        return [one.name for one in as_(cast.sid).get(f"/people/{query}").context["people"]]

    make_person("Eve")
    assert names("?q=eve@") == ["Eve"]
    assert names("?admins=on") == ["Sid"]
    assert "Ana" in names("")


def test_a_page_of_somebody_tells_their_jams_and_no_name_of_theirs_there(cast: Cast) -> None:
    Member.objects.filter(pk=cast.ana.pk).update(name="Blue Whale")
    page = as_(cast.sid).get(f"/people/{cast.ana.person_id}/").content.decode()
    assert "The tides jam" in page
    assert "Blue Whale" not in page


def test_an_admin_of_the_site_is_made_and_ended(cast: Cast) -> None:
    client = as_(cast.sid)
    client.post(f"/people/{cast.zoe.pk}/", {"admin": "yes"})
    assert Person.objects.get(pk=cast.zoe.pk).is_staff
    assert client.post(f"/people/{cast.sid.pk}/", {"admin": "no"})["Location"] == "/"
    assert not Person.objects.get(pk=cast.sid.pk).is_staff
    assert client.get("/people/").status_code == 404
    assert as_(cast.zoe).post(f"/people/{cast.zoe.pk}/", {"admin": "no"}).status_code == 409
    assert as_(cast.zoe).post(f"/people/{cast.zoe.pk}/", {"admin": "maybe"}).status_code == 422


def test_who_cannot_sign_in_is_made_no_admin_and_others_make_none(cast: Cast) -> None:
    Person.objects.filter(pk=cast.zoe.pk).update(is_active=False)
    with pytest.raises(Conflict):
        site_admins.appoint(person=cast.zoe, by=cast.sid)
    with pytest.raises(NotAllowed):
        site_admins.appoint(person=cast.ana.person, by=cast.ada.person)
    assert not Person.objects.filter(is_staff=True).exclude(pk=cast.sid.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_admins_of_the_site_cannot_dismiss_each_other() -> None:
    one, other = make_person("Sid", is_staff=True), make_person("Sue", is_staff=True)

    def end(person: Person, by: Person) -> bool:
        try:
            site_admins.dismiss(person=person, by=by)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(end, (other, one), (one, other)))
    assert done.count(True) == 1
    assert Person.objects.filter(is_staff=True).count() == 1
