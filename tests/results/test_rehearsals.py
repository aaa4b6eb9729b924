"""Rehearsals, and jams made like another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from jam.domain import announcements, copying, doings, erasing, guest_hours, polls
from jam.domain.errors import Conflict, NotAllowed
from jam.domain.guest_hours import HourPlan
from jam.domain.phases import Phase, database_now, phase_of
from jam.domain.polls import PollPlan
from jam.forms.fields import WALL
from jam.models import (
    Duty,
    Forum,
    GuestHour,
    Jam,
    Member,
    OpeningPrompt,
    PlannedPoll,
    Policy,
    Poll,
    ReminderTimes,
    Role,
    Rules,
)
from live.models import Event, Stream
from moderation.models import Action, ModerationPolicy
from results.domain import rehearsals
from tests.cast import Cast
from threads.domain import drafts, favourites, opening, posting, voting
from threads.models import Post, Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def furnished(cast: Cast) -> Jam:
    """The jam with everything that can be set up in it."""
    OpeningPrompt.objects.create(forum=cast.harbour, by=cast.fay, subject="Begin here", body="Here.")
    Rules.objects.create(jam=cast.jam, version=3, text="Be kind.", html="<p>Be kind.</p>")
    Jam.objects.filter(pk=cast.jam.pk).update(rules_version=3, accent="#112233")
    Member.objects.filter(jam=cast.jam).update(rules_accepted=3)
    Policy.objects.create(jam=cast.jam, naming="pseudonym")
    ModerationPolicy.objects.update_or_create(jam=cast.jam, defaults={"flags_to_hide": 7})
    ReminderTimes.objects.create(jam=cast.jam, before_opening=[15])
    Duty.objects.create(member=cast.fay, forum=cast.harbour)
    cast.jam.refresh_from_db()
    for member in (cast.ana, cast.fay, cast.ada, cast.ben):
        member.refresh_from_db()
    polls.make(member=cast.ada, plan=PollPlan(question="Which pier?", choices=["Old", "New"]))
    begins = timezone.now() + timedelta(hours=1)
    guest_hours.put(member=cast.ada, plan=HourPlan(cast.ben, begins, begins + timedelta(minutes=30), words="Lamps"))
    return cast.jam


def begin(cast: Cast, hours: int = 2) -> Jam:
    return rehearsals.begin(jam=cast.jam, person=cast.ada.person, by=cast.ada, hours=hours)


def test_a_rehearsal_is_a_copy_that_is_open_to_who_runs_the_jam(cast: Cast, furnished: Jam) -> None:
    cast.idea()
    made = begin(cast)
    assert phase_of(made, database_now()) is Phase.OPEN
    assert made.title == "Rehearsal: The tides jam"
    assert (made.rehearsal_of, made.door, made.accent) == (cast.jam, "invitation", "#112233")
    roles = set(made.members.values_list("person__name", "role", "rules_accepted"))
    assert roles == {("Fay", Role.FACILITATOR, 1), ("Ada", Role.ADMIN, 1)}
    assert [forum.title for forum in made.forums.all()] == ["Harbour", "Streets"]
    assert Duty.objects.get(member__jam=made).forum.title == "Harbour"
    assert (made.policy.naming, made.moderation_policy.flags_to_hide) == ("pseudonym", 7)
    assert made.rules.get().text == "Be kind."
    assert made.reminder_times.before_opening == [15]
    planned = PlannedPoll.objects.get(jam=made)
    assert planned.choices == ["Old", "New"]
    # the poll was made an hour into a jam of three
    assert abs(planned.starts_at - made.opens_at - timedelta(minutes=40)) < timedelta(minutes=1)
    hour = GuestHour.objects.get(jam=made)
    assert (hour.guest.person, hour.words) == (cast.ada.person, "Instead of Ben: Lamps")
    assert (Post.objects.filter(jam=made).count(), opening.post_due()) == (0, 2)
    assert Post.objects.get(jam=made).author.name == "Fay"
    assert mail.outbox == []


def test_one_at_a_time_and_none_of_a_rehearsal(cast: Cast) -> None:
    made = begin(cast)
    with pytest.raises(Conflict):
        begin(cast)
    with pytest.raises(NotAllowed):
        rehearsals.begin(jam=made, person=cast.ada.person, by=None, hours=1)


def use(cast: Cast, made: Jam) -> None:
    """Leaves a row in whatever is written while a jam runs."""
    fay, ada = (made.members.get(person=member.person) for member in (cast.fay, cast.ada))
    forum = made.forums.get(title="Harbour")
    idea = posting.start_thread(member=fay, forum=forum, subject="A lamp", body="Here.", tags=["light"])
    posting.reply(member=ada, parent=idea, body="Yes")
    voting.cast(member=ada, post=idea, value=1)
    favourites.keep(member=ada, post=idea)
    announcements.make(member=ada, words="Hello")
    drafts.save(member=ada, place=drafts.reply_place(idea), body="Later")
    doings.did(jam=made, by=ada, kind="pin", post=idea)


def rows(jam: Jam) -> dict[str, int]:
    found = {model._meta.label: model._base_manager.filter(**{way: jam.pk}).count() for model, way in erasing.tables()}
    return {label: count for label, count in found.items() if count}


def test_what_was_written_is_thrown_away_and_what_was_set_up_stays(cast: Cast, furnished: Jam) -> None:
    made, own = begin(cast), cast.idea()
    before = rows(made)
    use(cast, made)
    assert rows(made).keys() > before.keys()
    own_rows = rows(cast.jam)
    rehearsals.throw_away(rehearsal=made)
    assert rows(made) == before
    assert list(made.forums.values_list("thread_count", "post_count")) == [(0, 0), (0, 0)]
    assert list(Event.objects.filter(jam_key=made.pk).values_list("kind", flat=True)) == ["jam.changed"]
    assert rows(cast.jam) == own_rows
    assert Post.objects.get(pk=own.pk).is_visible
    rehearsals.throw_away(rehearsal=made)
    assert opening.post_due() == 2  # the rehearsal's anew, and the jam's own


def test_removed_for_good_after_a_week(cast: Cast, furnished: Jam) -> None:
    made = begin(cast)
    use(cast, made)
    own = rows(cast.jam)
    assert rehearsals.remove_old() == 0
    Jam.objects.filter(pk=made.pk).update(created_at=timezone.now() - rehearsals.KEPT - timedelta(minutes=1))
    assert (rehearsals.remove_old(), rehearsals.remove_old()) == (1, 0)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what refers to a row that is gone fails here
    assert rows(made) == {}
    assert not Jam.objects.filter(pk=made.pk).exists()
    assert not Stream.objects.filter(jam_key=made.pk).exists()
    assert rows(cast.jam) == own


def test_no_jam_that_was_held_is_thrown_away(cast: Cast) -> None:
    cast.idea()
    doings.did(jam=cast.jam, by=cast.ada, kind="pin")
    for verb in (rehearsals.throw_away, rehearsals.remove):
        with pytest.raises(NotAllowed):
            verb(rehearsal=cast.jam)
    assert (Thread.objects.count(), Action.objects.count()) == (1, 1)


def test_every_table_of_a_jam_is_found(cast: Cast) -> None:
    found = {model._meta.label for model, _way in erasing.tables()}
    assert {"threads.Post", "threads.Vote", "jam.PollVote", "moderation.Action", "results.Digest"} <= found
    assert not [label for label in found if label.startswith(("accounts.", "live."))]


# --- the pages ----------------------------------------------------------------------------------------------


def test_the_pages_of_a_rehearsal(cast: Cast, client: Client) -> None:
    url = "/jams/tides/rehearsal/"
    client.force_login(cast.ana.person)
    assert (client.get(url).status_code, client.post(url, {"hours": 2}).status_code) == (403, 403)
    client.force_login(cast.ada.person)
    assert client.get(url).status_code == 200
    assert client.post(url, {"hours": 3}).status_code == 422
    assert client.post(url, {"hours": 2}).status_code == 302
    assert client.post(url, {"hours": 2}).status_code == 409
    made = Jam.objects.get(rehearsal_of=cast.jam)
    assert "This is a rehearsal." in client.get(f"/jams/{made.slug}/").text
    here = f"/jams/{made.slug}/rehearsal/"
    assert "It is removed by itself" in client.get(here).text
    assert client.post(f"{url}throw-away/").status_code == 403
    assert client.post(f"{url}remove/").status_code == 403
    stranger = Client()
    stranger.force_login(cast.ana.person)
    assert stranger.post(f"{here}remove/").status_code == 404
    assert client.post(f"{here}throw-away/").status_code == 302
    assert client.post(f"{here}remove/")["Location"] == "/jams/tides/setup/"
    assert client.get(here).status_code == 404


def test_a_jam_is_the_template_of_the_next(cast: Cast, furnished: Jam, client: Client) -> None:
    cast.idea()
    url = "/jams/tides/copy/"
    client.force_login(cast.ana.person)
    assert client.get(url).status_code == 403
    client.force_login(cast.ada.person)
    assert client.get(url).status_code == 200
    assert cast.jam.opens_at is not None
    later = (cast.jam.opens_at + timedelta(days=28)).replace(second=0, microsecond=0)
    sent: dict[str, Any] = {"title": "Tides again", "staff": [cast.fay.pk]}
    sent["opens_at"] = timezone.localtime(later, timezone.get_default_timezone()).strftime(WALL)
    Jam.objects.filter(pk=cast.jam.pk).update(time_zone="UTC")
    assert client.post(url, sent | {"slug": "tides"}).status_code == 422
    assert client.post(url, sent | {"staff": [cast.ana.pk]}).status_code == 422
    assert client.post(url, sent)["Location"] == "/jams/tides-again/setup/"
    made = Jam.objects.get(slug="tides-again")
    assert (made.published_at, made.opens_at, made.rehearsal_of) == (None, later, None)
    assert cast.jam.closes_at is not None
    assert made.closes_at == cast.jam.closes_at + (later - cast.jam.opens_at)
    assert set(made.members.values_list("person__name", "role")) == {("Fay", "facilitator"), ("Ada", "admin")}
    assert (Post.objects.filter(jam=made).count(), GuestHour.objects.filter(jam=made).count()) == (0, 0)
    assert PlannedPoll.objects.get(jam=made).starts_at > later
    assert OpeningPrompt.objects.get(forum__jam=made).by == made.members.get(person=cast.fay.person)


def test_who_copies_is_the_admin_of_the_copy(cast: Cast) -> None:
    made = copying.copy_jam(
        jam=cast.jam, person=cast.fay.person, title="T", slug="t", staff=[cast.fay], when=lambda at: at
    )
    assert [(member.person, member.role) for member in made.members.all()] == [(cast.fay.person, Role.ADMIN)]
    assert Forum.objects.filter(jam=made).exclude(key__in=cast.jam.forums.values("key")).count() == 2
    assert not Poll.objects.filter(jam=made).exists()
