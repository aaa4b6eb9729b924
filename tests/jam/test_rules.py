"""The rules of a jam: versions, and nobody posts without having accepted the one that holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.domain.tokens import make_token
from jam.domain import membership, rules
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.rules import RulesNotAccepted
from jam.models import Jam, Member, Rules
from tests.cast import Cast
from threads.domain import editing, voting
from threads.models import Post


@pytest.fixture
def ruled(cast: Cast) -> Cast:
    rules.change(jam=cast.jam, by=cast.ada, text="Be **kind**.", version=0)
    cast.jam.refresh_from_db()
    return cast


def fresh(member: Member) -> Member:
    return Member.objects.select_related("jam", "person").get(pk=member.pk)


def test_rules_are_rendered_and_counted_and_their_author_has_accepted_them(ruled: Cast) -> None:
    made = Rules.objects.get()

    assert (made.version, made.html.strip(), ruled.jam.rules_version) == (
        1,
        '<p dir="auto">Be <strong>kind</strong>.</p>',
        1,
    )
    assert fresh(ruled.ada).rules_accepted == 1
    assert fresh(ruled.ada).rules_accepted_at is not None


def test_nobody_posts_before_they_accepted_and_everybody_does_after(ruled: Cast) -> None:
    with pytest.raises(RulesNotAccepted) as refused:
        ruled.idea()
    assert (refused.value.code, refused.value.version) == ("rules", 1)
    assert not Post.objects.exists()

    rules.accept(member=ruled.ana, version=1)

    assert ruled.idea(by=fresh(ruled.ana)).pk


def test_new_rules_have_to_be_accepted_again_and_the_old_are_kept(ruled: Cast) -> None:
    rules.accept(member=ruled.ana, version=1)
    idea = ruled.idea(by=fresh(ruled.ana))
    rules.change(jam=ruled.jam, by=ruled.ada, text="Be kind and brief.", version=1)

    with pytest.raises(RulesNotAccepted):
        ruled.reply(idea, by=fresh(ruled.ana))
    with pytest.raises(Conflict) as stale:
        rules.accept(member=ruled.ana, version=1)

    assert stale.value.code == "stale"
    assert [one.text for one in Rules.objects.order_by("version")] == ["Be **kind**.", "Be kind and brief."]


def test_the_same_words_are_no_new_version(ruled: Cast) -> None:
    rules.change(jam=ruled.jam, by=ruled.ada, text=" Be **kind**.\r\n", version=1)

    assert Rules.objects.count() == 1


def test_who_takes_back_and_who_votes_need_not_accept(ruled: Cast) -> None:
    rules.accept(member=ruled.ana, version=1)
    idea = ruled.idea(by=fresh(ruled.ana))
    rules.change(jam=ruled.jam, by=ruled.ada, text="Other rules.", version=1)

    voting.cast(member=fresh(ruled.ben), post=idea, value=1)
    editing.withdraw(member=fresh(ruled.ana), post=idea)

    with pytest.raises(RulesNotAccepted):
        editing.put_back(member=fresh(ruled.ana), post=idea)


def test_only_an_admin_writes_rules_and_not_over_those_of_another(ruled: Cast) -> None:
    for who in (ruled.fay, ruled.ana, ruled.ned):
        with pytest.raises(NotAllowed):
            rules.change(jam=ruled.jam, by=who, text="Mine.", version=1)
    with pytest.raises(Conflict):
        rules.change(jam=ruled.jam, by=ruled.ada, text="Mine.", version=0)
    with pytest.raises(Invalid):
        rules.change(jam=ruled.jam, by=ruled.ada, text="​ ", version=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_rules_at_once_one_is_told(cast: Cast) -> None:
    def change(text: str) -> str:
        try:
            rules.change(jam=cast.jam, by=cast.ada, text=text, version=0)
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(change, ["First.", "Second."]))

    assert sorted(said) == ["saved", "stale"]
    assert Jam.objects.get(pk=cast.jam.pk).rules_version == 1


def test_a_refused_form_keeps_its_words_and_leads_to_the_rules_and_back(ruled: Cast, client: Client) -> None:
    client.force_login(ruled.ana.person)
    start = reverse("threads:start", args=["tides", ruled.harbour.pk])

    refused = client.post(start, {"subject": "A lamp", "body": "On the pier.", "request_key": "k1"})

    assert refused.status_code == 403
    assert "A lamp" in refused.text
    assert "On the pier." in refused.text
    assert f"/jams/tides/rules/?next={start}" in refused.text

    page = client.get("/jams/tides/rules/", {"next": start})
    assert "<strong>kind</strong>" in page.text
    answer = client.post("/jams/tides/rules/accept/", {"version": "1", "next": start})
    assert answer.headers["Location"] == start
    back = client.get(start)
    assert "On the pier." in back.text
    assert "Read the rules" not in back.text
    assert client.post(start, {"subject": "A lamp", "body": "On the pier.", "request_key": "k1"}).status_code == 302


def test_rules_that_changed_while_they_were_read_are_read_again(ruled: Cast, client: Client) -> None:
    client.force_login(ruled.ana.person)

    answer = client.post("/jams/tides/rules/accept/", {"version": "7", "next": "/jams/tides/"})

    assert answer.headers["Location"] == "/jams/tides/rules/"
    assert fresh(ruled.ana).rules_accepted == 0


def test_who_joins_can_accept_at_the_door_or_later(ruled: Cast, client: Client) -> None:
    client.force_login(ruled.zoe)
    assert "<strong>kind</strong>" in client.get("/jams/tides/join/").text

    client.post("/jams/tides/join/", {"rules": "on", "version": "1"})

    assert Member.objects.get(jam=ruled.jam, person=ruled.zoe).rules_accepted == 1
    assert membership.member_of(ruled.jam, ruled.ben.person).rules_accepted == 0  # type: ignore[union-attr]


def test_the_api_refuses_with_the_version_and_takes_the_acceptance(ruled: Cast, client: Client) -> None:
    headers = {"Authorization": f"Bearer {make_token(person=ruled.ana.person)}"}
    idea = {"forum": ruled.harbour.pk, "subject": "A lamp", "body": "On the pier."}
    send: Any = {"content_type": "application/json", "headers": headers}

    refused = client.post("/api/v1/jams/tides/threads", idea, **send)
    assert refused.status_code == 403
    assert (refused.json()["code"], refused.json()["rules_version"]) == ("rules", 1)

    assert client.get("/api/v1/jams/tides/rules", headers=headers).json()["text"] == "Be **kind**."
    assert client.put("/api/v1/jams/tides/rules", {"version": 3}, **send).status_code == 409
    assert client.put("/api/v1/jams/tides/rules", {"version": 1}, **send).status_code == 204
    assert client.get("/api/v1/jams/tides/rules", headers=headers).json()["accepted"] is True
    assert client.post("/api/v1/jams/tides/threads", idea, **send).status_code == 201


def test_an_admin_writes_the_rules_on_their_page_and_nobody_else_finds_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada.person)
    answer = client.post("/jams/tides/people-and-rules/rules/", {"text": "Be kind.", "version": "0"})
    assert answer.status_code == 302
    stale = client.post("/jams/tides/people-and-rules/rules/", {"text": "Be brief.", "version": "0"})
    assert stale.status_code == 422
    assert "Be brief." in stale.text
    assert "Be kind." in stale.text
    again = client.post("/jams/tides/people-and-rules/rules/", {"text": "Be brief.", "version": "1"})
    assert again.status_code == 302

    for person in (cast.fay.person, cast.ana.person, cast.ned.person, cast.zoe):
        client.force_login(person)
        assert client.get("/jams/tides/people-and-rules/rules/").status_code == 404
        assert client.post("/jams/tides/people-and-rules/rules/", {"text": "Ha.", "version": "2"}).status_code == 404
