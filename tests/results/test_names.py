"""As whom people take part: where a jam says that nobody finds out, nothing of the site says it."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.domain.tokens import make_token
from accounts.models import Person
from jam.domain import membership, naming, policies, rules, tracing
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.feed_keys import key_of
from jam.domain.policies import PolicyPlan
from jam.models import Jam, Member, Naming, Policy, Role
from live.models import Event
from moderation.domain import posts as moderation
from moderation.models import Action
from notifications.domain import mailing
from notifications.models import Notification
from results.domain import closing as closings
from results.domain import digests, parting
from results.exports.formats import export
from tests.cast import Cast, close_by_clock, make_person, set_window
from tests.results.making import contents, load_path
from threads.domain import favourites, follows, posting, telling, voting
from threads.domain.follows import Thing

REAL = ("Quillfeather", "quillfeather", "Secretorg")


def set_naming(cast: Cast, which: str) -> Policy:
    plan = PolicyPlan(naming=which, on_deletion="keep", required_second_factor=False)
    return policies.change(jam=cast.jam, by=cast.ada, plan=plan)


def real_person() -> Person:
    person = make_person("Quillfeather")
    person.name, person.affiliation = "Quillfeather Marsh", "Secretorg"
    person.save()
    return person


def enter_as(cast: Cast, person: Person, pseudonym: str = "Night Heron") -> Member:
    member = membership.join(jam=cast.jam, person=person, pseudonym=pseudonym)
    member.jam, member.person = cast.jam, person
    return member


def furnished(cast: Cast, which: str) -> Member:
    """Somebody masked who did in the jam all that one can do in it."""
    set_naming(cast, which)
    cast.jam.refresh_from_db()
    shown = enter_as(cast, real_person())
    for one in (cast.ana, cast.ben, cast.fay, cast.ada):
        one.refresh_from_db()
    idea = posting.start_thread(
        member=shown, forum=cast.harbour, subject="A lamp on the pier", body=f"With @{cast.ben.name}.", tags=["light"]
    )
    reply = cast.reply(idea)
    own = posting.reply(member=shown, parent=reply, body="Yes.")
    voting.cast(member=shown, post=reply, value=1)
    favourites.keep(member=shown, post=reply)
    follows.follow(member=cast.ben, thing=Thing(person=shown))
    moderation.hide(member=cast.fay, post=own, reason="To see what comes of it")
    telling.tell_all()
    return shown


def paths(numbers: dict[str, Any]) -> list[str]:
    """Every address of the site that can be filled in."""
    found: list[str] = []

    def walk(patterns: list[Any], names: tuple[str, ...]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, (*names, pattern.namespace) if pattern.namespace else names)
            elif isinstance(pattern, URLPattern) and pattern.name:
                wanted = pattern.pattern.converters
                if set(wanted) <= set(numbers) and (not names or names[0] != "api"):
                    try:
                        filled = {name: numbers[name] for name in wanted}
                        found.append(reverse(":".join((*names, pattern.name)), kwargs=filled))
                    except NoReverseMatch:
                        continue

    walk(get_resolver().url_patterns, ())
    return sorted(path for path in set(found) if "logout" not in path and not path.startswith("/admin"))


def named_in(text: str) -> list[str]:
    return [word for word in REAL if word in text]


MASKED = [Naming.PSEUDONYM, Naming.ANONYMOUS, Naming.UNTRACEABLE]


@pytest.mark.parametrize("which", MASKED)
def test_no_page_names_who_is_masked(cast: Cast, client: Client, which: str) -> None:
    shown = furnished(cast, which)
    post = shown.posts.first()
    assert post is not None
    numbers = {
        "slug": "tides", "post_id": post.pk, "thread_id": post.thread_id, "forum_id": cast.harbour.pk,
        "member_id": shown.pk, "tag": "light", "key": key_of(cast.ben), "format": "csv",
    }  # fmt: skip
    looked = 0

    for reader in (cast.ben.person, cast.fay.person, cast.ada.person, cast.sid, None):
        client.logout()
        if reader is not None:
            client.force_login(reader)
        for path in paths(numbers):
            page = client.get(path)
            sent: Any = page
            text = b"".join(sent.streaming_content).decode("utf-8", "replace") if page.streaming else page.text
            if path.startswith("/people/") and reader == cast.sid:
                # The accounts of the site: that they have one is no secret, who they are in the jam is.
                assert shown.name not in text, path
                continue
            assert named_in(text) == [], f"{path} for {reader}"
            looked += page.status_code == 200 and shown.name in text
    assert looked > 20


@pytest.mark.parametrize("which", MASKED)
def test_no_answer_of_the_api_and_no_event_names_them(cast: Cast, client: Client, which: str) -> None:
    shown = furnished(cast, which)
    post = shown.posts.order_by("pk").first()
    assert post is not None
    headers = {"Authorization": f"Bearer {make_token(person=cast.ada.person)}"}
    calls = ("jams", "jams/tides", "jams/tides/threads", f"threads/{post.thread_id}", "jams/tides/changes?since=0")

    for call in calls:
        answer = client.get(f"/api/v1/{call}", headers=headers)
        assert answer.status_code == 200, call
        assert named_in(answer.text) == []
    events = list(Event.objects.filter(jam_key=cast.jam.pk).values())
    assert named_in(str(events)) == []
    assert shown.name in str(events)


@pytest.mark.parametrize("which", MASKED)
@pytest.mark.parametrize("form", ["bundle", "csv", "xlsx", "json", "html", "graphml"])
def test_no_export_names_them(cast: Cast, tmp_path: Path, which: str, form: str) -> None:
    shown = furnished(cast, which)
    export(cast.jam, form, tmp_path / "out")

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    texts = []
    for path in files:
        if form == "xlsx":
            with zipfile.ZipFile(path) as sheets:
                texts += [sheets.read(name).decode("utf-8", "replace") for name in sheets.namelist()]
        else:
            texts.append(path.read_bytes().decode("utf-8", "replace"))
    text = "\n".join(texts)
    assert named_in(text) == []
    assert shown.name in text


@pytest.mark.parametrize("which", MASKED)
def test_no_mail_to_others_names_them_and_their_own_goes_to_them(cast: Cast, which: str) -> None:
    furnished(cast, which)
    Notification.objects.update(mail_due_at=timezone.now() - timedelta(minutes=1))
    for person in mailing.due_people():
        mailing.mail_person(person)
    close_by_clock(cast.jam)
    for jam in closings.due():
        closing = closings.claim(jam)
        assert closing is not None
        for ids in digests.build(closing):
            for digest in ids:
                digests.mail(digest)

    others = [message for message in mail.outbox if message.to != ["quillfeather@example.org"]]
    assert len(others) > 2
    assert named_in("".join(str(message.message()) for message in others)) == []
    assert any(message.to == ["quillfeather@example.org"] for message in mail.outbox)


def test_real_names_stay_real(cast: Cast) -> None:
    member = enter_as(cast, real_person())

    assert (member.name, member.affiliation, member.alias) == ("Quillfeather Marsh", "Secretorg", None)


def test_a_pseudonym_is_asked_for_at_the_door_and_nobody_else_has_it(cast: Cast, client: Client) -> None:
    set_naming(cast, Naming.PSEUDONYM)
    client.force_login(cast.zoe)
    assert "Your pseudonym" in client.get("/jams/tides/join/").text

    for wrong in ("", "  ", "​", "x" * 41, "Fay", "...", "a\x07b"):
        page = client.post("/jams/tides/join/", {"name": wrong})
        assert page.status_code in (409, 422), wrong
    assert not Member.objects.filter(jam=cast.jam, person=cast.zoe).exists()

    client.post("/jams/tides/join/", {"name": "Night Heron"})
    assert Member.objects.get(jam=cast.jam, person=cast.zoe).name == "Night Heron"
    for like in ("night heron", "Night-Heron", "ＮＩＧＨＴ　ＨＥＲＯＮ", "Night\u200dHeron"):
        with pytest.raises((Conflict, Invalid)):
            membership.join(jam=cast.jam, person=cast.ned.person, pseudonym=like)


def test_a_handle_says_nothing_and_is_somebodys_for_the_whole_jam(cast: Cast) -> None:
    set_naming(cast, Naming.ANONYMOUS)
    member = enter_as(cast, real_person())

    assert member.name.startswith("Jammer ")
    assert member.affiliation == ""
    with pytest.raises(Invalid):
        membership.change_profile(member=member, name="Somebody", affiliation="", about="")
    membership.change_profile(member=member, name=member.name, affiliation="Secretorg", about="I like lamps.")
    member.refresh_from_db()
    assert (member.affiliation, member.about) == ("", "I like lamps.")


def test_who_runs_the_jam_and_guests_keep_their_names_and_a_new_role_changes_none(cast: Cast) -> None:
    set_naming(cast, Naming.ANONYMOUS)
    for member in Member.objects.filter(jam=cast.jam):
        assert (member.alias is None) is (member.role in (Role.ADMIN, Role.FACILITATOR, Role.GUEST))

    ana = Member.objects.get(pk=cast.ana.pk)
    before = ana.name
    membership.change_role(member=ana, role=Role.FACILITATOR, by=cast.ada.person)

    ana.refresh_from_db()
    assert (ana.name, ana.role) == (before, Role.FACILITATOR)


def test_the_naming_is_fixed_once_somebody_posted(cast: Cast) -> None:
    set_naming(cast, Naming.ANONYMOUS)
    set_naming(cast, Naming.REAL)
    cast.ana.refresh_from_db()
    assert (cast.ana.name, cast.ana.alias) == ("Ana", None)

    cast.idea()

    assert naming.is_fixed(cast.jam)
    with pytest.raises(Conflict) as fixed:
        set_naming(cast, Naming.PSEUDONYM)
    assert fixed.value.code == "fixed"
    set_naming(cast, Naming.REAL)


def test_it_is_said_beforehand_and_at_the_form(cast: Cast, client: Client) -> None:
    set_naming(cast, Naming.UNTRACEABLE)
    assert "Who operates the" in client.get("/jams/tides/rules/").text
    assert "No page, file, log or answer" in client.get("/jams/tides/join/").text
    client.force_login(cast.ana.person)

    page = client.get(f"/jams/tides/forums/{cast.harbour.pk}/")

    assert "Nobody can look up on this site who you are." in page.text


def test_only_an_admin_traces_with_a_reason_that_is_recorded(cast: Cast, client: Client) -> None:
    shown = furnished(cast, Naming.ANONYMOUS)
    path = f"/jams/tides/people/{shown.pk}/trace/"
    for person in (cast.ana.person, cast.fay.person, cast.omar.person, cast.sid, cast.ned.person):
        client.force_login(person)
        assert client.get(path).status_code == 404
        assert client.post(path, {"reason": "I want to know."}).status_code == 404
    client.force_login(cast.ada.person)
    assert client.post(path, {"reason": " "}).status_code == 422
    assert not Action.objects.filter(kind="trace").exists()

    found = client.post(path, {"reason": "A threat against a person."})

    assert "quillfeather@example.org" in found.text
    assert "no-store" in found.headers["Cache-Control"]
    look = Action.objects.get(kind="trace")
    assert (look.by, look.reason, look.subject) == (cast.ada, "A threat against a person.", shown)
    assert named_in(str(Action.objects.filter(pk=look.pk).values())) == []


@pytest.mark.parametrize("which", [Naming.PSEUDONYM, Naming.UNTRACEABLE])
def test_nobody_traces_where_the_jam_does_not_say_so(cast: Cast, client: Client, which: str) -> None:
    shown = furnished(cast, which)
    client.force_login(cast.ada.person)

    assert client.post(f"/jams/tides/people/{shown.pk}/trace/", {"reason": "Why not."}).status_code == 404
    with pytest.raises(NotAllowed):
        tracing.look_up(member=shown, by=cast.ada, reason="Why not.")


def test_the_link_of_an_untraceable_jam_is_cut_when_reading_ends(cast: Cast, client: Client) -> None:
    shown = furnished(cast, Naming.UNTRACEABLE)
    account = shown.person_id
    client.force_login(shown.person)
    assert parting.due() == []
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert parting.due() == [cast.jam]

    parting.part(cast.jam)
    parting.part(Jam.objects.get(pk=cast.jam.pk))

    assert parting.due() == []
    shown = Member.objects.select_related("person").get(pk=shown.pk)
    assert shown.person_id != account
    assert (shown.person.email, shown.person.is_active, shown.person.name) == (None, False, shown.name)
    assert not Notification.objects.filter(person=account).exists()
    assert f"person:{account}" not in str(list(Event.objects.values_list("rooms", flat=True)))
    assert Member.objects.get(pk=cast.ada.pk).person_id == cast.ada.person_id
    assert shown.posts.count() == 2
    assert Person.objects.filter(pk=account).exists()


def test_where_reading_has_no_end_it_is_cut_thirty_days_after_the_close(cast: Cast) -> None:
    set_naming(cast, Naming.UNTRACEABLE)
    set_window(cast.jam, opens_in=-timedelta(days=40), closes_in=-timedelta(days=29))
    assert parting.due() == []

    set_window(cast.jam, opens_in=-timedelta(days=40), closes_in=-timedelta(days=31))

    assert parting.due() == [cast.jam]


def test_every_table_that_names_a_person_and_a_member_is_known_to_the_cut() -> None:
    both = set()
    for model in apps.get_models():
        related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        if Person in related and (Member in related or Jam in related):
            both.add(model.__name__)

    assert both == {"Member", "Notification", "JoinRequest"}, "results.domain.parting has to remove it"


def test_a_bundle_brings_the_promises_back(cast: Cast, tmp_path: Path) -> None:
    furnished(cast, Naming.PSEUDONYM)
    rules.change(jam=cast.jam, by=cast.ada, text="Be kind.\n\n*Always.*", version=0)
    rules.accept(member=Member.objects.get(pk=cast.ben.pk), version=1)
    export(cast.jam, "bundle", tmp_path / "first")

    again = load_path(tmp_path / "first", slug="again", strict=True).jam
    export(again, "bundle", tmp_path / "second")

    first, second = contents(tmp_path / "first"), contents(tmp_path / "second")
    assert json.loads(first["jam.json"])["naming"] == "pseudonym"
    assert {name: text for name, text in first.items() if name != "jam.json"} == {
        name: text for name, text in second.items() if name != "jam.json"
    }
    assert policies.of(again).naming == Naming.PSEUDONYM
    assert Jam.objects.get(slug="again").rules_version == 1
    assert Member.objects.get(jam=again, name="Night Heron").alias == "nightheron"
