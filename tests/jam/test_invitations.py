"""Going in by an invitation: once, for the address it was sent to, and never by looking."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from jam.domain import invitations, inviting, requests, shared_links
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.invitation_links import find, token_of
from jam.domain.inviting import ListPlan
from jam.models import Door, Invitation, Jam, JoinRequest, Member, Role, SharedLink
from tests.cast import PASSWORD, Cast, make_person


@pytest.fixture
def private(cast: Cast) -> Cast:
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    cast.jam.refresh_from_db()
    return cast


def invited(cast: Cast, email: str = "zoe@example.org", role: str = "participant") -> Invitation:
    plan = ListPlan(content=email.encode(), name="", role=role)
    inviting.make_list(jam=cast.jam, by=cast.ada, plan=plan)
    return Invitation.objects.select_related("jam").get(email=email)


def link(cast: Cast, most: int | None = None) -> SharedLink:
    made = shared_links.make(jam=cast.jam, by=cast.ada, words="For the hall", most=most, expires_at=None)
    return SharedLink.objects.select_related("jam").get(pk=made.pk)


def url(thing: Invitation | SharedLink, more: str = "") -> str:
    return f"/i/{token_of(thing)}/{more}"


def is_in(cast: Cast, person: Person) -> bool:
    return Member.objects.filter(jam=cast.jam, person=person).exists()


def test_a_token_is_signed_and_opens_only_what_it_was_made_for(private: Cast) -> None:
    one = invited(private)
    token = token_of(one)

    assert find(token) == one
    for forged in (token[:-1], f"p{one.key}", f"p{one.key}.AAAA", token.replace("p", "s", 1), "", "x" * 500):
        assert find(forged) is None
    assert one.key not in (None, "")
    assert token.rpartition(".")[2] not in str(list(Invitation.objects.values()))


def test_looking_joins_nobody_and_a_press_does(private: Cast, client: Client) -> None:
    one = invited(private, role="guest")
    client.force_login(private.zoe)

    for _ in range(2):
        page = client.get(url(one))
        assert page.status_code == 200
        assert client.head(url(one)).status_code == 200
    assert not is_in(private, private.zoe)
    one.refresh_from_db()
    assert one.opened_at is not None
    assert one.joined_at is None

    answer = client.post(url(one))

    assert answer.headers["Location"] == "/jams/tides/"
    member = Member.objects.get(jam=private.jam, person=private.zoe)
    assert member.role == Role.GUEST
    one.refresh_from_db()
    assert one.member == member
    assert client.get(url(one)).headers["Location"] == "/jams/tides/"


def test_a_forwarded_link_gives_nobody_a_seat(private: Cast, client: Client) -> None:
    one = invited(private, "eva@example.org")
    client.force_login(private.zoe)

    page = client.get(url(one))
    assert "This invitation was sent to" in page.text
    assert "e…@example.org" in page.text
    assert "eva@example.org" not in page.text
    answer = client.post(url(one))

    assert answer.status_code == 422
    assert not is_in(private, private.zoe)
    with pytest.raises(NotAllowed):
        invitations.join(invitation=one, person=private.zoe, pseudonym=None)


def test_who_got_it_forwarded_can_ask_and_is_let_in_by_who_runs_the_jam(private: Cast, client: Client) -> None:
    one = invited(private, "eva@example.org")
    client.force_login(private.zoe)
    assert client.get("/jams/tides/request/").status_code == 404

    answer = client.post(url(one, "ask/"), {"words": "Eva passed it on."})
    assert answer.headers["Location"] == "/jams/tides/request/"
    assert "have still to decide" in client.get("/jams/tides/request/").text
    asked = JoinRequest.objects.get()
    assert asked.invited_as == "e…@example.org"
    requests.decide(request=asked, by=private.ada, approve=True)
    client.post("/jams/tides/request/")

    assert is_in(private, private.zoe)
    one.refresh_from_db()
    assert one.joined_at is None


@pytest.mark.parametrize("what", ["unknown", "revoked"])
def test_unknown_and_revoked_look_alike_and_say_nothing_of_the_jam(private: Cast, client: Client, what: str) -> None:
    one = invited(private)
    address = url(one) if what == "revoked" else "/i/pabc.def/"
    invitations.revoke(invitation=one, by=private.ada)

    page = client.get(address)

    assert page.status_code == 404
    assert "This link opens nothing" in page.text
    assert "tides" not in page.text
    client.force_login(private.zoe)
    client.post(address)
    assert not is_in(private, private.zoe)


def test_an_expired_and_a_used_one_say_so_and_join_nobody(private: Cast, client: Client) -> None:
    one = invited(private)
    client.force_login(private.zoe)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expired = client.get(url(one))
    assert expired.status_code == 410
    assert "has expired" in expired.text
    client.post(url(one))
    assert not is_in(private, private.zoe)

    Invitation.objects.update(expires_at=None, joined_at=timezone.now())
    used = client.get(url(one))
    assert used.status_code == 410
    assert "used already" in used.text


def test_it_expires_with_the_jam_unless_it_says_otherwise(private: Cast) -> None:
    one = invited(private)
    assert isinstance(one.jam.closes_at, datetime)
    after = one.jam.closes_at + timedelta(seconds=1)

    assert invitations.state_of(one, timezone.now()) == "valid"
    assert invitations.state_of(one, after) == "expired"
    one.expires_at = after + timedelta(days=1)
    assert invitations.state_of(one, after) == "valid"


def test_signing_up_by_the_link_confirms_the_address(private: Cast, client: Client) -> None:
    one = invited(private, "new@x.org")

    page = client.get(url(one))
    assert "n…@x.org" in page.text
    to_sign_up = client.post(url(one, "sign-up/"))
    assert to_sign_up.headers["Location"].startswith("/accounts/signup/?next=")
    sign_up = {"email": "new@x.org", "password1": PASSWORD, "name": "Nia", "next": url(one)}
    client.post(to_sign_up.headers["Location"], sign_up)

    person = Person.objects.get(email="new@x.org")
    assert EmailAddress.objects.get(user=person).verified
    assert not is_in(private, person)
    client.post(url(one))
    assert is_in(private, person)


def test_the_form_for_an_account_offers_what_the_list_says(private: Cast, client: Client) -> None:
    one = invited(private, "new@x.org")
    Invitation.objects.filter(pk=one.pk).update(name="Nia Nobody", affiliation="Ferries")

    page = client.post(url(one, "sign-up/"), follow=True)

    assert [page.context["form"][name].value() for name in ("email", "name", "affiliation")] == [
        "new@x.org",
        "Nia Nobody",
        "Ferries",
    ]
    assert Client().get("/accounts/signup/").context["form"]["name"].value() is None


def test_signing_up_with_another_address_after_it_confirms_nothing(private: Cast, client: Client) -> None:
    one = invited(private, "new@x.org")
    client.post(url(one, "sign-up/"))

    client.post("/accounts/signup/", {"email": "other@x.org", "password1": PASSWORD, "name": "Nia"})

    assert not EmailAddress.objects.filter(email="other@x.org", verified=True).exists()


def test_an_address_of_theirs_that_was_not_confirmed_is_by_the_link(private: Cast) -> None:
    EmailAddress.objects.create(user=private.zoe, email="zoe@work.example", verified=False)

    invitations.join(invitation=invited(private, "zoe@work.example"), person=private.zoe, pseudonym=None)

    assert EmailAddress.objects.get(email="zoe@work.example").verified


def test_an_address_that_another_account_confirmed_lets_nobody_else_in(private: Cast) -> None:
    EmailAddress.objects.create(user=private.zoe, email="ned@example.org", verified=False)

    with pytest.raises(NotAllowed):
        invitations.join(invitation=invited(private, "ned@example.org"), person=private.zoe, pseudonym=None)
    assert not is_in(private, private.zoe)


def test_who_is_signed_out_is_asked_to_sign_in_and_comes_back(private: Cast, client: Client) -> None:
    one = invited(private)

    answer = client.post(url(one))

    assert answer.status_code == 302
    assert token_of(one).split(".")[0] in answer.headers["Location"]


@pytest.mark.django_db(transaction=True)
def test_one_invitation_pressed_twice_at_once_is_one_seat(private: Cast) -> None:
    one = invited(private)

    def press(_number: int) -> str:
        try:
            invitations.join(invitation=one, person=private.zoe, pseudonym=None)
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(press, range(4)))

    assert said == ["in", "used", "used", "used"]


@pytest.mark.django_db(transaction=True)
def test_a_link_lets_in_as_many_as_it_was_made_for_however_they_come(private: Cast) -> None:
    shared = link(private, most=3)
    people = [make_person(f"P{number}") for number in range(8)]

    def press(person: Person) -> str:
        try:
            shared_links.join(link=shared, person=person, pseudonym=None)
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(press, people))

    assert said.count("in") == 3
    assert said.count("full") == 5
    shared.refresh_from_db()
    assert shared.joined_count == 3
    assert sum(is_in(private, person) for person in people) == 3


def test_a_link_makes_participants_and_a_member_takes_no_place(private: Cast, client: Client) -> None:
    shared = link(private, most=1)
    shared_links.join(link=shared, person=private.ana.person, pseudonym=None)
    shared.refresh_from_db()
    assert shared.joined_count == 0
    client.force_login(private.zoe)

    client.post(url(shared))

    assert Member.objects.get(jam=private.jam, person=private.zoe).role == Role.PARTICIPANT
    client.force_login(private.ned.person)
    full = client.get(url(shared))
    assert full.status_code == 410
    assert "used up" in full.text


def test_a_revoked_link_lets_in_nobody_more_and_leaves_who_is_in(private: Cast, client: Client) -> None:
    shared = link(private)
    shared_links.join(link=shared, person=private.zoe, pseudonym=None)
    client.force_login(private.ada.person)
    assert url(shared) in client.get("/jams/tides/invitations/").text

    client.post(reverse("jam:link_revoke", args=["tides", shared.pk]))

    assert url(shared) not in client.get("/jams/tides/invitations/").text
    shared.refresh_from_db()
    with pytest.raises(Conflict):
        shared_links.join(link=shared, person=private.ned.person, pseudonym=None)
    assert is_in(private, private.zoe)


@pytest.mark.parametrize(("most", "days", "field"), [(0, None, "most"), (None, -1, "expires_at")])
def test_a_link_that_could_let_in_nobody_is_not_made(
    private: Cast, most: int | None, days: int | None, field: str
) -> None:
    expires_at = None if days is None else timezone.now() + timedelta(days=days)

    with pytest.raises(Invalid) as refused:
        shared_links.make(jam=private.jam, by=private.ada, words="", most=most, expires_at=expires_at)

    assert refused.value.field == field


def test_an_invitation_to_facilitate_makes_a_facilitator(private: Cast) -> None:
    member = invitations.join(invitation=invited(private, role="facilitator"), person=private.zoe, pseudonym=None)

    assert member.role == Role.FACILITATOR


def test_ninety_days_after_the_close_the_addresses_are_gone(private: Cast) -> None:
    one = invited(private)
    invitations.join(invitation=one, person=private.zoe, pseudonym=None)
    assert invitations.trim() == 0

    Jam.objects.filter(pk=private.jam.pk).update(
        opens_at=timezone.now() - timedelta(days=100), closes_at=timezone.now() - timedelta(days=91)
    )

    assert invitations.trim() == 1
    assert not Invitation.objects.exists()
    assert is_in(private, private.zoe)
