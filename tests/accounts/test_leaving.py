"""Having an account deleted: `accounts.domain.leaving`, and what each floor then forgets.

The name is looked for in every text of every table afterwards, so that no place has to be remembered here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import authenticate
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.domain import leaving, taking_out
from accounts.domain.personal import HOLDINGS
from accounts.domain.tokens import make_token
from accounts.models import Departure, Person
from jam.domain import feed_keys, policies
from jam.models import Member, OnDeletion, Role
from results.domain import closing, digests
from results.models import Closing, Digest
from tests.cast import PASSWORD, Cast, close_by_clock, make_member, make_person
from threads.domain import collections, drafts, favourites, follows, mentions, search_index, telling, voting
from threads.domain.follows import Thing
from threads.models import Post, Vote

NAME = "Quillerine"


@pytest.fixture
def quill(cast: Cast, settings: Any) -> Member:
    """Somebody with a name that no text has by chance, who did a bit of everything."""
    settings.ACCOUNT_DELETION_DAYS = 0
    quill = make_member(cast.jam, make_person(NAME))
    idea = cast.idea(by=quill, subject="The idea of the one who leaves")
    cast.reply(idea, by=cast.ana, body=f"Well said, @{NAME}! I told @{NAME.lower()} so, @{NAME}berg.")
    answer = cast.reply(cast.idea(by=cast.ana), by=quill, body="An answer to Ana.")
    cast.reply(answer, by=cast.ben)
    voting.cast(member=quill, post=answer.parent, value=1)
    voting.cast(member=cast.ben, post=idea, value=1)
    favourites.keep(member=quill, post=answer.parent)
    collections.make(member=quill, title=f"{NAME}’s own", note="")
    follows.follow(member=quill, thing=Thing(person=cast.ana))
    follows.follow(member=cast.ana, thing=Thing(person=quill))
    drafts.save(member=quill, place=drafts.reply_place(idea), subject="", body="Half", tags="", late=False)
    feed_keys.renew(member=quill)
    make_token(person=quill.person)
    telling.tell_all()
    return quill


def leave(person: Person) -> None:
    leaving.ask(person)
    assert leaving.leave(person.pk)


def where_it_says(text: str) -> list[str]:
    """Every column of every table with a row that holds `text`, in any case."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_the_name_and_the_address_are_gone_from_every_table(cast: Cast, quill: Member) -> None:
    assert {"accounts_person", "jam_member", "live_event", "threads_post"} <= set(where_it_says(NAME))
    person, number = quill.person, quill.person_id
    leave(person)
    # “Quillerineberg” is no name of anybody's, and Ana's own words.
    [hers] = Post.objects.filter(body__contains="berg")
    Post.objects.filter(pk=hers.pk).update(body="", html="")
    search_index.add(hers.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE live_event SET html = replace(html, %s, '')", [f"@{NAME}berg"])
        cursor.execute("UPDATE live_event SET data = replace(data::text, %s, '')::jsonb", [f"@{NAME}berg"])
    left = where_it_says(NAME)
    assert left == []
    assert not Person.objects.filter(pk=number).exists()
    assert not EmailAddress.objects.filter(email__icontains=NAME).exists()


def test_posts_stay_under_a_former_jammer_with_their_votes_and_replies(
    cast: Cast, quill: Member, client: Client
) -> None:
    leave(quill.person)
    idea = Post.objects.get(subject="The idea of the one who leaves")
    assert (idea.author.name, idea.author.person.email, idea.author.person.is_active) == (
        "A former jammer",
        None,
        False,
    )
    assert (idea.agree_count, idea.thread.reply_count) == (1, 1)
    assert mentions.suggest(cast.jam, "A former", member=cast.ana) == [], "there is nobody to name"
    assert Vote.objects.filter(member=quill.pk).count() == 1
    client.force_login(cast.ana.person)
    shown = client.get(reverse("threads:detail", args=[cast.jam.slug, idea.thread_id])).content.decode()
    assert "A former jammer" in shown
    assert f"@{NAME}<" not in shown
    assert f"@{NAME}berg" in shown


def test_where_the_jam_s_rule_says_so_the_words_go_and_the_replies_stay(cast: Cast, quill: Member) -> None:
    policy = policies.of(cast.jam)
    policy.on_deletion = OnDeletion.REMOVE
    policy.save()
    leave(quill.person)
    theirs = Post.objects.filter(author=quill.pk)
    assert theirs.count() == 2
    assert not any((post.subject, post.body, post.html, post.is_visible) != ("", "", "", False) for post in theirs)
    assert Post.objects.filter(parent__in=theirs).visible().count() == 2
    assert where_it_says("the one who leaves") == []


def test_what_is_frozen_of_a_closed_jam_keeps_its_numbers_and_not_the_name(cast: Cast, quill: Member) -> None:
    claimed = closing.claim(close_by_clock(cast.jam))
    assert claimed is not None
    list(digests.build(claimed))
    counts = Closing.objects.get().counts
    assert "results_digest" in where_it_says(NAME)
    leave(quill.person)
    assert not {"results_digest", "results_closing"} & set(where_it_says(f'"{NAME}"'))
    assert Closing.objects.get().counts == counts
    assert not Digest.objects.filter(member=quill.pk).exists()


def test_two_jams_cannot_be_put_together_by_who_was_in_them(cast: Cast, quill: Member) -> None:
    other = make_member(cast.other, quill.person)
    leave(quill.person)
    people = set(Member.objects.filter(pk__in=[quill.pk, other.pk]).values_list("person", flat=True))
    assert len(people) == 2
    assert not {quill.key, other.key} & set(Member.objects.values_list("key", flat=True))


def test_the_address_can_sign_up_anew_as_somebody_else(cast: Cast, quill: Member) -> None:
    email = quill.person.email
    leave(quill.person)
    assert authenticate(email=email, password=PASSWORD) is None
    again = make_person(NAME)
    assert (again.email, again.memberships.count()) == (email, 0)


def test_it_waits_for_the_days_to_think_and_can_be_kept_till_then(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_DELETION_DAYS = 7
    first = leaving.ask(cast.ana.person)
    assert leaving.ask(cast.ana.person).due_at == first.due_at
    assert leaving.due() == []
    assert not leaving.leave(cast.ana.person_id)
    assert leaving.keep(cast.ana.person)
    assert not leaving.keep(cast.ana.person)
    Departure.objects.create(person=cast.ana.person, due_at=timezone.now() - timedelta(seconds=1))
    assert leaving.due() == [cast.ana.person_id]
    assert leaving.leave(cast.ana.person_id)


def test_the_only_admin_of_a_jam_is_told_what_to_do_first(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_DELETION_DAYS = 0
    with pytest.raises(leaving.CannotLeave, match=r"only admin of “The tides jam”\. Make somebody else"):
        leaving.ask(cast.ada.person)
    with pytest.raises(leaving.CannotLeave, match="only admin of this site"):
        leaving.ask(cast.sid)
    Member.objects.filter(pk=cast.fay.pk).update(role=Role.ADMIN)
    leaving.ask(cast.ada.person)
    Member.objects.filter(pk=cast.fay.pk).update(role=Role.FACILITATOR)
    assert not leaving.leave(cast.ada.person_id), "what is in the way when the time comes holds it up"
    assert Member.objects.get(pk=cast.ada.pk).person == cast.ada.person


def test_a_worker_that_died_half_way_is_gone_on_from(
    cast: Cast, quill: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(Exception):
        pass

    def die(person: Person) -> None:
        raise Died

    leaving.ask(quill.person)
    with monkeypatch.context() as patched:
        patched.setitem(HOLDINGS, "votes", HOLDINGS["votes"].__class__(**vars(HOLDINGS["votes"]) | {"forget": die}))
        with pytest.raises(Died):
            leaving.leave(quill.person_id)
    person = Person.objects.get(pk=quill.person_id)
    assert (person.is_active, Member.objects.get(pk=quill.pk).name) == (False, "A former jammer")
    assert not leaving.keep(person), "it cannot be kept once it has begun"
    assert not leaving.leave(person.pk), "another is at it"
    Departure.objects.update(claimed_at=timezone.now() - leaving.LEASE - timedelta(seconds=1))
    assert leaving.leave(person.pk)
    assert not Person.objects.filter(pk=quill.person_id).exists()


def test_nobody_is_signed_in_any_more_from_the_start_of_it(cast: Cast, quill: Member, client: Client) -> None:
    client.force_login(quill.person)
    leave(quill.person)
    answer = client.get(reverse("accounts:profile"))
    assert answer.status_code == 302


# --- pages ------------------------------------------------------------------------------------------------------


def sign_in(client: Client, person: Person) -> None:
    """As somebody who has just shown once more who they are."""
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_what_goes_and_what_stays_is_said_before_it_is_asked_for(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    shown = client.get(reverse("accounts:delete")).content.decode()
    assert "The tides jam" in shown
    assert "former jammer" in shown
    client.force_login(cast.ada.person)
    shown = client.get(reverse("accounts:delete")).content.decode()
    assert "You are the only admin" in shown
    assert "Yes, delete my account" not in shown


def test_leaving_is_asked_of_who_has_just_shown_who_they_are(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    answer = client.post(reverse("accounts:delete"), {"sure": "on"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not Departure.objects.exists()


def test_it_is_asked_for_confirmed_by_mail_and_kept_after_all(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(tasks.tell_of_leaving, "delay", tasks.tell_of_leaving.run)
    sign_in(client, cast.ana.person)
    assert client.post(reverse("accounts:delete")).status_code == 422
    assert client.post(reverse("accounts:delete"), {"sure": "on"}).status_code == 302
    [message] = mail.outbox
    assert message.to == [cast.ana.person.email]
    assert reverse("accounts:data") in message.body
    assert "Your account is deleted on" in client.get(reverse("accounts:data")).content.decode()
    client.post(reverse("accounts:keep"))
    assert not Departure.objects.exists()


def test_the_task_deletes_and_says_so_once(cast: Cast, quill: Member) -> None:
    leaving.ask(quill.person)
    tasks.delete_account.run(quill.person_id)
    tasks.delete_account.run(quill.person_id)
    assert [message.to for message in mail.outbox] == [[f"{NAME.lower()}@example.org"]]


def test_the_file_with_the_data_goes_too(
    cast: Cast, quill: Member, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    taking_out.ask(quill.person)
    file = taking_out.make(quill.person_id)
    assert file is not None
    assert default_storage.exists(file.path)
    leaving.ask(quill.person)
    with django_capture_on_commit_callbacks(execute=True):
        leaving.leave(quill.person_id)
    assert list(tmp_path.glob("data/*")) == []
