"""The log of what was done: nobody changes it, who sees which of it, and taking it along."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jam.domain import announcements, doings
from jam.models import Duty, Jam, Role
from moderation.domain import posts, record
from moderation.models import Action, ActionKind
from tests.cast import Cast, make_forum, make_jam, make_member, make_person


def note(cast: Cast, reason: str = "Because.", **about: object) -> Action:
    about.setdefault("kind", "announce")
    return record.record(jam=cast.jam, by=cast.fay, reason=reason, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE moderation_action SET reason = 'Other.'",
        "DELETE FROM moderation_action",
        "TRUNCATE moderation_action",
        "TRUNCATE moderation_action CASCADE",
    ],
)
def test_the_database_lets_nobody_change_it(cast: Cast, statement: str) -> None:
    note(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Action.objects.get().reason == "Because."


def test_nor_does_the_program(cast: Cast) -> None:
    action = note(cast)
    action.reason = "Other."
    for change in (action.save, action.delete, Action.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(ProtectedError):
        cast.jam.delete()


def test_a_rehearsal_is_thrown_away_with_its_log(cast: Cast) -> None:
    rehearsal = make_jam("rehearsal")
    other = note(cast)
    record.record(jam=rehearsal, by=None, kind="pin")
    erase = "DELETE FROM moderation_action WHERE jam_id = %s"
    for jam, is_rehearsal, said in ((rehearsal, False, True), (rehearsal, True, False), (cast.jam, False, True)):
        Jam.objects.filter(pk=rehearsal.pk).update(rehearsal_of=cast.jam if is_rehearsal else None)
        said_what = f"SET LOCAL jam.erasing = '{jam.pk if said else 0}'; "
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(said_what + erase, [jam.pk])
    Jam.objects.filter(pk=rehearsal.pk).update(rehearsal_of=cast.jam)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL jam.erasing = '{rehearsal.pk}'")
        cursor.execute(erase, [rehearsal.pk])
    assert Action.objects.get() == other


def test_it_outlives_what_it_is_about(cast: Cast) -> None:
    gone = make_forum(cast.jam, "Short-lived")
    number = gone.pk
    note(cast, forum=gone, before={"title": "Short-lived"})
    gone.delete()
    assert Action.objects.select_related("forum").get().forum_id == number


def test_where_a_post_is_follows_from_it(cast: Cast) -> None:
    action = note(cast, post=cast.reply(cast.idea()))
    assert (action.thread_id, action.forum_id) == (action.post.thread_id, cast.harbour.pk)


def test_lower_floors_are_written_down_too(cast: Cast) -> None:
    doings.did(
        jam=cast.jam, by=cast.ada, kind="role", subject=cast.ben, before={"role": "guest"}, after={"role": "admin"}
    )
    action = Action.objects.get()
    assert (action.by, action.subject, str(action.label)) == (cast.ada, cast.ben, "Role changed")


def test_every_kind_has_words(cast: Cast) -> None:
    for kind in [*ActionKind.values, *doings.KINDS]:
        assert Action(kind=kind).label != kind.replace("_", " ")


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 200), ("fay", 200), ("ana", 404), ("omar", 404), ("ned", 404), ("sid", 404)]
)
def test_the_page_and_the_files_are_for_who_runs_the_jam(cast: Cast, client: Client, who: str, status: int) -> None:
    person = getattr(cast, who)
    client.force_login(getattr(person, "person", person))
    for path in ("log/", "log/log.csv", "log/log.json"):
        assert client.get(f"/jams/tides/{path}").status_code == status
    assert client.get("/jams/tides/log/log.exe").status_code == 404


def test_a_facilitator_sees_what_was_done_in_their_forums(cast: Cast, client: Client) -> None:
    note(cast, "In the harbour", forum=cast.harbour)
    note(cast, "In the streets", forum=cast.streets)
    note(cast, "Everywhere")
    gil = make_member(cast.jam, make_person("Gil"), Role.FACILITATOR)
    Duty.objects.create(member=gil, forum=cast.streets)
    client.force_login(gil.person)
    for path in ("log/", "log/log.json"):
        answer = client.get(f"/jams/tides/{path}")
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert ("In the streets" in text, "In the harbour" in text, "Everywhere" in text) == (True, False, False)


def test_the_filters(cast: Cast, client: Client) -> None:
    posts.hide(member=cast.fay, post=cast.idea(), reason="It sells lamps.")
    note(cast, "An announcement")
    record.record(jam=cast.jam, by=None, kind="hide", reason="flags")
    client.force_login(cast.ada.person)

    def shown(query: str) -> list[str]:
        return [action.reason for action in client.get(f"/jams/tides/log/?{query}").context["actions"]]

    assert shown("") == ["flags", "An announcement", "It sells lamps."]
    assert shown("kind=hide") == ["flags", "It sells lamps."]
    assert shown("by=0") == ["flags"]
    assert shown(f"by={cast.fay.pk}&kind=announce") == ["An announcement"]
    assert shown(f"forum={cast.harbour.pk}") == ["It sells lamps."]
    assert shown(f"subject={cast.ana.pk}") == ["It sells lamps."]
    assert len(shown("kind=nonsense&by=x&forum=99999999999999999999")) == 3


def test_the_files_say_all_of_it_and_run_nothing(cast: Cast, client: Client) -> None:
    note(cast, "=HYPERLINK(evil)", subject=cast.ben, before={"role": "guest"}, after={"role": "admin"}, kind="role")
    client.force_login(cast.ada.person)
    answer = client.get("/jams/tides/log/log.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="tides-log.csv"'
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert (row["reason"], row["by"], row["subject"], row["what"]) == (
        "'=HYPERLINK(evil)",
        "Fay",
        "Ben",
        "Role changed",
    )
    assert json.loads(row["after"]) == {"role": "admin"}
    (told,) = json.loads(b"".join(client.get("/jams/tides/log/log.json").streaming_content))
    assert (told["reason"], told["before"], told["by_id"]) == ("=HYPERLINK(evil)", {"role": "guest"}, cast.fay.pk)


def test_its_queries_do_not_depend_on_rows(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada.person)
    counts = []
    for rows in (1, 3):
        for _ in range(rows):
            note(cast, post=cast.idea(), subject=cast.ana)
        with CaptureQueriesContext(connection) as captured:
            client.get("/jams/tides/log/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_long_log_has_pages(cast: Cast, client: Client) -> None:
    for number in range(51):
        note(cast, f"Number {number}")
    client.force_login(cast.ada.person)
    first = client.get("/jams/tides/log/")
    assert len(first.context["actions"]) == 50
    (last,) = client.get(f"/jams/tides/log/{first.context['next']}").context["actions"]
    assert last.reason == "Number 0"


def test_announcements_are_written_down(cast: Cast) -> None:
    made = announcements.make(member=cast.fay, words="Lunch is at one.", forum=cast.harbour)
    announcements.take_back(member=cast.ada, announcement=made)
    told = Action.objects.order_by("pk").values_list("kind", "by__name", "forum")
    assert list(told) == [("announce", "Fay", cast.harbour.pk), ("announcement_taken_back", "Ada", cast.harbour.pk)]


def test_every_kind_that_the_code_tells_of_has_words() -> None:
    """Read from the code: an unknown one would stand in the log as a programmer wrote it."""
    told = set()
    for path in (Path(settings.BASE_DIR) / floor for floor in ("jam", "threads", "results")):
        for file in path.rglob("*.py"):
            for call in re.findall(r"\bdid\((.*?)\n    \S|\bdid\((.*)\)", file.read_text(), re.S):
                told |= set(re.findall(r'kind="(\w+)"', "".join(call)))
    assert {"role", "window", "announce"} <= told
    assert told <= doings.KINDS.keys() | set(ActionKind.values)
