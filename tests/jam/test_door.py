"""What the door of a jam wants, and whom it lets in."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from jam.access import enter
from jam.domain import door, membership, policies
from jam.domain.door import Knock
from jam.domain.errors import NotAllowed
from jam.models import Door, Jam, Member, Policy, Role
from tests.cast import Cast, close_by_clock


def set_door(jam: Jam, which: Door, **policy: Any) -> Policy:
    jam.door = which
    jam.save()
    Policy.objects.update_or_create(jam=jam, defaults=policy)
    return policies.of(jam)


def test_a_jam_without_a_policy_has_the_usual_one(cast: Cast) -> None:
    policy = policies.of(cast.jam)

    assert (policy.naming, policy.on_deletion, policy.required_second_factor) == ("real", "keep", False)
    assert not Policy.objects.exists()


@pytest.mark.parametrize("which", [Door.DOMAINS, Door.INVITATION, Door.REQUEST, Door.SSO])
def test_no_other_door_opens_to_whoever_has_an_account(cast: Cast, which: Door) -> None:
    set_door(cast.jam, which, domains=["town.example"], sso_providers=["corp"])

    with pytest.raises(NotAllowed) as refused:
        membership.join(jam=cast.jam, person=cast.zoe)

    assert refused.value.code == "door"
    assert not Member.objects.filter(jam=cast.jam, person=cast.zoe).exists()


def test_an_admin_of_the_site_comes_in_by_every_door_and_in_every_phase(cast: Cast) -> None:
    set_door(cast.jam, Door.INVITATION)
    Jam.objects.filter(pk=cast.jam.pk).update(published_at=None)

    assert membership.join(jam=cast.jam, person=cast.sid).role == Role.ADMIN


@pytest.mark.parametrize(
    ("email", "verified", "opens"),
    [
        ("zoe@town.example", True, True),
        ("zoe@harbour.town.example", True, True),
        ("zoe@town.example", False, False),
        ("zoe@downtown.example", True, False),
    ],
)
def test_the_door_of_domains_asks_for_a_confirmed_address(cast: Cast, email: str, verified: bool, opens: bool) -> None:
    policy = set_door(cast.jam, Door.DOMAINS, domains=["town.example"])
    EmailAddress.objects.create(user=cast.zoe, email=email, verified=verified)

    answer = door.answer(policy, Knock(cast.zoe))

    assert answer.opens is opens
    assert opens or (answer.step == "address" and "town.example" in answer.words)


def test_the_domains_of_the_organisation_are_meant_where_none_are_named(cast: Cast) -> None:
    cast.jam.home_domains = ["example.org"]
    policy = set_door(cast.jam, Door.DOMAINS)

    assert door.answer(policy, Knock(cast.zoe)).opens


def test_a_door_of_domains_without_any_lets_nobody_in_and_says_so(cast: Cast) -> None:
    policy = set_door(cast.jam, Door.DOMAINS)

    assert door.answer(policy, Knock(cast.zoe)).step == ""


@pytest.mark.parametrize(
    ("providers", "step"), [(("corp",), "join"), (("other",), "sso"), ((), "sso"), (("other", "corp"), "join")]
)
def test_single_sign_on_opens_to_the_named_providers(cast: Cast, providers: tuple[str, ...], step: str) -> None:
    policy = set_door(cast.jam, Door.SSO, sso_providers=["corp"])

    assert door.answer(policy, Knock(cast.zoe, providers)).step == step


@pytest.mark.parametrize("which", [Door.ACCOUNT, Door.DOMAINS, Door.REQUEST, Door.SSO])
def test_the_home_tells_who_is_signed_out_what_the_door_wants(cast: Cast, client: Client, which: Door) -> None:
    policy = set_door(cast.jam, which, domains=["town.example"], sso_providers=["corp"])

    home, join = client.get("/jams/tides/"), client.get("/jams/tides/join/")

    words = door.answer(policy, Knock(None)).words
    assert which == Door.ACCOUNT or words in home.text.replace("&#x27;", "'")
    assert words in join.text.replace("&#x27;", "'")
    assert "Real names" in join.text


def test_a_jam_by_invitation_is_not_there_for_others(cast: Cast, client: Client) -> None:
    set_door(cast.jam, Door.INVITATION)
    client.force_login(cast.zoe)

    assert [client.get(f"/jams/tides/{page}").status_code for page in ("", "join/", "rules/")] == [404, 404, 404]


def test_getting_a_page_joins_nobody_and_pressing_does_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.zoe)

    client.get("/jams/tides/join/")
    assert not Member.objects.filter(jam=cast.jam, person=cast.zoe).exists()

    answers = [client.post("/jams/tides/join/", {"next": "/jams/tides/ideas/"}) for _ in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, "/jams/tides/ideas/")] * 2
    assert Member.objects.filter(jam=cast.jam, person=cast.zoe).count() == 1


def test_joining_leads_to_no_other_site(cast: Cast, client: Client) -> None:
    client.force_login(cast.zoe)

    answer = client.post("/jams/tides/join/", {"next": "https://evil.example/"})

    assert answer.headers["Location"] == "/jams/tides/"


def test_nobody_joins_a_jam_that_is_over(cast: Cast, client: Client) -> None:
    close_by_clock(cast.jam)
    Jam.objects.filter(pk=cast.jam.pk).update(reading_until=cast.jam.closes_at)
    client.force_login(cast.zoe)

    assert client.post("/jams/tides/join/").status_code == 403


def test_the_door_opens_no_reading_but_to_members(cast: Cast) -> None:
    set_door(cast.jam, Door.DOMAINS, domains=["example.org"])

    entry = enter(cast.zoe, "tides")

    assert entry.can_see
    assert not entry.can_read
