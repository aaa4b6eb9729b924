"""Taking one's data home: `accounts.domain.taking_out`, and forgetting what is old: `accounts.domain.trimming`."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.domain import taking_out, trimming
from accounts.domain.personal import HOLDINGS
from accounts.domain.tokens import make_token
from accounts.models import DataFile, Person
from tests.accounts.test_leaving import sign_in
from tests.cast import PASSWORD, Cast
from tests.threads.pictures import sent_by
from threads.domain import favourites, voting


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def zip_of(person: Person) -> ZipFile:
    file = BytesIO()
    taking_out.write(person, file)
    return ZipFile(file)


def test_the_zip_has_what_is_theirs_and_nothing_of_others(cast: Cast) -> None:
    mine, theirs = cast.idea(by=cast.ana, subject="Mine <b>"), cast.idea(by=cast.ben, subject="Not mine")
    voting.cast(member=cast.ana, post=theirs, value=-1)
    favourites.keep(member=cast.ana, post=theirs)
    token = make_token(person=cast.ana.person)
    zipped = zip_of(cast.ana.person)
    assert zipped.testzip() is None
    [post] = json.loads(zipped.read("posts.json"))
    assert (post["subject"], post["post"], post["jam"]) == ("Mine <b>", mine.pk, "tides")
    [vote] = json.loads(zipped.read("votes.json"))
    assert (vote["post"], vote["value"]) == (theirs.pk, -1)
    page = zipped.read("index.html").decode()
    assert "Mine &lt;b&gt;" in page
    everything = b"".join(zipped.read(name) for name in zipped.namelist()).decode()
    for secret in (token, "Not mine", cast.ben.person.email, cast.ana.person.password):
        assert secret not in everything


def test_every_holding_with_something_to_say_is_a_file(cast: Cast) -> None:
    names = set(zip_of(cast.ana.person).namelist())
    assert {f"{name}.json" for name, one in HOLDINGS.items() if one.fields or one.read} <= names


def test_pictures_are_in_it(cast: Cast) -> None:
    image = sent_by(cast.ana)
    zipped = zip_of(cast.ana.person)
    with image.file.open() as file:
        assert zipped.read(f"pictures/tides-{image.key}.webp") == file.read()


def test_there_is_one_file_at_a_time_made_once(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    person = cast.ana.person
    taking_out.ask(person)
    taking_out.ask(person)
    assert DataFile.objects.count() == 1
    assert taking_out.waiting() == [person.pk]
    made = taking_out.make(person.pk)
    assert made is not None
    assert (taking_out.make(person.pk), taking_out.waiting()) == (None, [])
    assert taking_out.ask(person).path == made.path, "a new one only some minutes later"
    DataFile.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert taking_out.ask(person).path == ""
    assert not default_storage.exists(made.path)


def test_a_file_whose_maker_died_is_made_by_another(cast: Cast) -> None:
    taking_out.ask(cast.ana.person)
    DataFile.objects.update(begun_at=timezone.now())
    assert taking_out.make(cast.ana.person_id) is None
    DataFile.objects.update(begun_at=timezone.now() - taking_out.LEASE - timedelta(seconds=1))
    assert taking_out.make(cast.ana.person_id) is not None


def test_it_is_removed_when_its_days_are_over(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    taking_out.ask(cast.ana.person)
    made = taking_out.make(cast.ana.person_id)
    assert made is not None
    assert taking_out.remove_ended() == 0
    DataFile.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert taking_out.file_of(cast.ana.person) is None
    with django_capture_on_commit_callbacks(execute=True):
        assert taking_out.remove_ended() == 1
    assert not default_storage.exists(made.path)


def test_it_is_fetched_by_who_asked_for_it_alone(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(tasks.make_data_file, "delay", tasks.make_data_file.run)
    sign_in(client, cast.ana.person)
    assert client.get(reverse("accounts:data_file")).status_code == 404
    assert client.post(reverse("accounts:data")).status_code == 302
    [message] = mail.outbox
    assert message.to == [cast.ana.person.email]
    assert "Fetch the file" in client.get(reverse("accounts:data")).content.decode()
    answer = client.get(reverse("accounts:data_file"))
    assert ZipFile(BytesIO(b"".join(answer.streaming_content))).testzip() is None
    client.force_login(cast.ben.person)
    assert client.get(reverse("accounts:data_file")).status_code == 404
    client.logout()
    assert client.get(reverse("accounts:data_file")).status_code == 302


def test_asking_for_it_wants_to_know_who_asks(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    answer = client.post(reverse("accounts:data"))
    assert "reauthenticate" in answer["Location"]
    assert not DataFile.objects.exists()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_kept_is_said_to_everybody_from_what_is_declared(cast: Cast, client: Client, language: str) -> None:
    shown = client.get(reverse("accounts:kept"), headers={"accept-language": language})
    assert shown.status_code == 200
    assert len(shown.context["holdings"]) == len(HOLDINGS)
    assert reverse("accounts:kept") in client.get("/").content.decode()


def test_the_page_says_whom_to_ask(cast: Cast, client: Client, settings: Any) -> None:
    settings.CONTACT_EMAIL = "privacy@example.org"
    assert "mailto:privacy@example.org" in client.get(reverse("accounts:kept")).content.decode()


# --- forgetting -----------------------------------------------------------------------------------------------------


def test_sessions_that_ended_go_and_addresses_that_are_old_are_emptied(cast: Cast, client: Client) -> None:
    client.post("/accounts/login/", {"login": cast.ana.person.email, "password": PASSWORD})
    here = UserSession.objects.get(user=cast.ana.person)
    assert here.ip == "127.0.0.1"
    UserSession.objects.create(user=cast.ana.person, ip="10.1.2.3", session_key="gone", user_agent="Firefox")
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    trimming.trim()
    assert not Session.objects.filter(session_key="old").exists()
    assert [one.pk for one in UserSession.objects.all()] == [here.pk]
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=31), user_agent="Firefox")
    trimming.trim()
    here.refresh_from_db()
    assert (here.ip, here.user_agent) == ("0.0.0.0", "")
    assert client.get(reverse("accounts:profile")).status_code == 200, "still signed in"
