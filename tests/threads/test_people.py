"""Who is in a jam: the list, a page for each, what one says of oneself, inside and outside."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jam.domain import membership
from jam.domain.errors import Invalid
from jam.models import Door, Jam, Member
from moderation.domain import posts as moderation
from tests.cast import Cast, make_member, make_person
from threads.domain import people

PEOPLE = "/jams/tides/people/"


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.person if isinstance(who, Member) else who)
    return client


def names(found: list[Member]) -> list[str]:
    return [member.name for member in found]


def test_people_are_found_by_parts_of_name_and_affiliation(cast: Cast) -> None:
    Member.objects.filter(pk=cast.ben.pk).update(affiliation="Port of Éire")
    jam = cast.jam
    assert names(people.search(jam)[0]) == ["Ada", "Ana", "Ben", "Fay", "Omar"]
    assert names(people.search(jam, words="port BEN")[0]) == ["Ben"]
    assert names(people.search(jam, words="100%")[0]) == []
    assert names(people.search(jam, affiliation="Port of Éire")[0]) == ["Ben"]


def test_the_list_goes_on_where_it_stopped_also_among_namesakes(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(people, "PEOPLE_A_PAGE", 2)
    for name in ("anna", "Bo", "Bi"):
        make_member(cast.jam, make_person(name))
    Member.objects.filter(name="Bi").update(name="ana")
    seen: list[str] = []
    after = None
    while True:
        found, after = people.search(cast.jam, after=after)
        seen += names(found)
        if after is None:
            break
    assert seen == ["Ada", "Ana", "ana", "anna", "Ben", "Bo", "Fay", "Omar"]
    assert people.search(cast.jam, after=cast.ned.pk) == people.search(cast.jam)


def test_the_list_is_for_members_and_a_page_for_who_may_read(cast: Cast) -> None:
    for who, status in ((cast.ana, 200), (cast.omar, 200), (cast.sid, 200), (cast.zoe, 403)):
        assert browser(who).get(PEOPLE).status_code == status
        assert browser(who).get(f"{PEOPLE}{cast.ben.pk}/").status_code == 200
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    for path in (PEOPLE, f"{PEOPLE}{cast.ben.pk}/"):
        assert browser(cast.zoe).get(path).status_code == 404
        assert Client().get(path).status_code == 302
    assert browser(cast.ana).get(f"{PEOPLE}{cast.ned.pk}/").status_code == 404
    assert browser(cast.ana).get(f"/jams/other/people/{cast.ana.pk}/").status_code == 404


def test_no_page_tells_an_address(cast: Cast) -> None:
    cast.idea(by=cast.ben)
    for path in (PEOPLE, f"{PEOPLE}{cast.ben.pk}/"):
        assert "ben@example.org" not in browser(cast.ana).get(path).content.decode()


def test_a_page_has_what_somebody_wrote_but_what_was_hidden(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(people, "POSTS_A_PAGE", 2)
    idea = cast.idea(by=cast.ben, subject="A bench")
    for number in range(3):
        cast.reply(idea, by=cast.ben, body=f"Reply {number}")
    moderation.hide(member=cast.fay, post=cast.idea(by=cast.ben, subject="Lamps for sale"), reason="spam")
    client = browser(cast.ana)
    page = client.get(f"{PEOPLE}{cast.ben.pk}/").content.decode()
    assert page.index("Reply 2") < page.index("Reply 1")
    assert "Reply 0" not in page
    assert "Lamps for sale" not in browser(cast.fay).get(f"{PEOPLE}{cast.ben.pk}/").content.decode()
    assert "1 idea<" in page
    assert "3 replies<" in page
    before = page.split("?before=")[1].split('"')[0]
    older = client.get(f"{PEOPLE}{cast.ben.pk}/?before={before}").content.decode()
    assert older.index("Reply 0") < older.rindex("A bench")
    assert client.get(f"{PEOPLE}{cast.ben.pk}/?before=nine").status_code == 200


def test_a_page_asks_as_much_for_many_posts_as_for_one(cast: Cast) -> None:
    client = browser(cast.ana)

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    idea = cast.idea(by=cast.ben)
    cast.reply(idea, by=cast.ben)
    paths = (PEOPLE, f"{PEOPLE}{cast.ben.pk}/")
    client.get(PEOPLE)  # begins a visit
    with_one = [asked(path) for path in paths]
    for number in range(3):
        cast.reply(cast.idea(by=cast.ana, subject=f"Idea {number}"), by=cast.ben)
        make_member(cast.jam, make_person(f"Person{number}"))
    assert [asked(path) for path in paths] == with_one


def test_every_name_beside_a_post_leads_to_its_page(cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    href = f'href="{PEOPLE}{cast.ben.pk}/"'
    for path in ("/jams/tides/", f"/jams/tides/forums/{cast.harbour.pk}/", f"/jams/tides/threads/{idea.thread_id}/"):
        assert href in browser(cast.ana).get(path).content.decode(), path


# --- what one says of oneself ---------------------------------------------------------------------------------


def test_a_changed_name_shows_wherever_one_is_named(cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    client = browser(cast.ben)
    data = {"name": "  Benno  Blix ", "affiliation": "Port", "about": "I keep\nlamps <b>."}
    answer = client.post("/jams/tides/me/edit/", data)
    assert answer["Location"] == f"{PEOPLE}{cast.ben.pk}/"
    for path in ("/jams/tides/", f"/jams/tides/threads/{idea.thread_id}/", PEOPLE):
        assert "Benno Blix" in browser(cast.ana).get(path).content.decode()
    assert "I keep<br>lamps &lt;b&gt;." in browser(cast.ana).get(f"{PEOPLE}{cast.ben.pk}/").content.decode()
    cast.ben.person.refresh_from_db()
    assert cast.ben.person.name == "Ben"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " ​"}, "name"), ({"about": "x" * 501}, "about"), ({"affiliation": "\0"}, "affiliation")],
)
def test_what_cannot_be_said_of_oneself_is_kept_in_the_form(cast: Cast, change: dict[str, str], field: str) -> None:
    data = {"name": "Ben", "affiliation": "", "about": "Lamps", **change}
    with pytest.raises(Invalid) as refused:
        membership.change_profile(member=cast.ben, **data)
    assert refused.value.field == field
    answer = browser(cast.ben).post("/jams/tides/me/edit/", data)
    assert answer.status_code == 422
    assert data["about"] in answer.content.decode()
    cast.ben.refresh_from_db()
    assert cast.ben.name == "Ben"


def test_who_is_no_member_has_nothing_to_change(cast: Cast) -> None:
    assert browser(cast.zoe).get("/jams/tides/me/edit/").status_code == 403
    assert browser(cast.zoe).post("/jams/tides/me/edit/", {"name": "Zoe"}).status_code == 403


# --- inside and outside -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domains", "outside"),
    [
        ([], None),
        (["example.org"], False),
        (["org"], False),
        (["ample.org"], True),
        (["other.example", "EXAMPLE.org".lower()], False),
    ],
)
def test_who_joins_is_inside_by_a_proven_address(cast: Cast, domains: list[str], outside: bool | None) -> None:
    cast.jam.home_domains = domains
    cast.jam.save()
    assert membership.join(jam=cast.jam, person=cast.zoe).outside is outside
    Member.objects.filter(jam=cast.jam).update(outside=None)
    membership.tell_apart(cast.jam)
    assert Member.objects.get(pk=cast.ana.pk).outside is outside


def test_an_address_that_was_not_proven_makes_nobody_an_insider(cast: Cast) -> None:
    cast.zoe.emailaddress_set.update(verified=False)
    cast.jam.home_domains = ["example.org"]
    cast.jam.save()
    assert membership.join(jam=cast.jam, person=cast.zoe).outside is True


def test_domains_named_late_tell_apart_who_is_there_already(cast: Cast) -> None:
    Member.objects.filter(pk=cast.ben.pk).update(outside=True)
    people = "/jams/tides/setup/people/"
    data = {"version": cast.jam.version, "door": cast.jam.door, "home_domains": "@Example.org, *.port.example"}
    client = browser(cast.ada)
    assert client.post(people, data | {"home_domains": "no domain"}).status_code == 422
    said = client.post(people, data)
    assert (said.status_code, cast.jam.members.filter(outside=False).count()) == (200, 0)
    assert client.post(people, data | {"confirmed": said.context["mark"]}).status_code == 302
    cast.jam.refresh_from_db()
    assert cast.jam.home_domains == ["example.org", "port.example"]
    told = dict(Member.objects.filter(jam=cast.jam).values_list("name", "outside"))
    assert told == {"Ana": False, "Ben": True, "Fay": False, "Ada": False, "Omar": False}
    assert "From inside" in browser(cast.ana).get(PEOPLE).content.decode()
