"""The steps in which a jam is made and changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jam.forms.schedule import ScheduleForm
from jam.models import Forum, Jam, OpeningPrompt, Role
from jam.views.setup import BY_NAME
from tests.cast import Cast, close_by_clock, make_member

NEW = "/new/"
SETUP = "/jams/tides/setup/"


def step(name: str, slug: str = "tides") -> str:
    return f"/jams/{slug}/setup/{name}/"


def form_of(jam: Jam, name: str, **changes: Any) -> dict[str, Any]:
    """What a browser sends of a step as it is shown, with `changes`."""
    jam.refresh_from_db()
    form = BY_NAME[name].form.showing(jam)
    sent = {name: "" if field.value() is None else field.value() for name, field in zip(form.fields, form, strict=True)}
    for number, row in enumerate(getattr(form, "rows", ())):
        sent |= {
            f"forums-{number}-{name}": "" if row[name].value() is None else row[name].value() for name in row.fields
        }
        sent.pop(f"forums-{number}-remove")
        sent["forums-count"] = number + 1
    return {name: value for name, value in sent.items() if value is not False} | changes


def save(client: Client, url: str, form: dict[str, Any]) -> Any:
    """Sends a step, and confirms what it says it means."""
    answer = client.post(url, form)
    if answer.status_code == 200 and answer.context.get("meanings"):
        answer = client.post(url, form | {"confirmed": answer.context["mark"]})
    return answer


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422, response.status_code
    form = response.context["form"]
    found = dict(form.errors)
    for index, row in enumerate(getattr(form, "rows", ())):
        found |= {f"forums-{index}-{name}": list(told) for name, told in row.errors.items()}
    return found


@pytest.fixture
def draft(cast: Cast, client: Client) -> Jam:
    """A new jam of Sid's, who is signed in."""
    client.force_login(cast.sid)
    assert client.post(NEW, {"title": "The old harbour", "language": "en"}).status_code == 302
    return Jam.objects.get(slug="the-old-harbour")


# --- making one ---------------------------------------------------------------------------------------


def test_a_title_makes_a_draft_and_leads_on(cast: Cast, client: Client) -> None:
    client.force_login(cast.sid)
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, {"title": "The old harbour", "language": "en"})
    assert (response.status_code, response["Location"]) == (302, step("forums", "the-old-harbour"))
    jam = Jam.objects.get(slug="the-old-harbour")
    assert jam.published_at is None
    assert (jam.members.get().person, jam.members.get().role) == (cast.sid, Role.ADMIN)


def test_a_jam_is_set_up_step_by_step_and_published(client: Client, draft: Jam) -> None:
    def go(name: str, **fields: str) -> str:
        answer = save(client, step(name, draft.slug), {"version": Jam.objects.get(pk=draft.pk).version} | fields)
        assert answer.status_code == 302, errors(answer)
        return answer["Location"]

    year = timezone.now().year + 1
    assert go("words", title="The old harbour", slug=draft.slug, question="What of **it**?", language="en") == step(
        "forums", draft.slug
    )
    forums = {"forums-count": "3", "forums-0-title": "Water", "forums-0-question": "Who may swim?"}
    forums |= {"forums-1-title": "Land", "forums-1-prompt_subject": "Begin", "forums-1-prompt_body": "Here."}
    assert go("forums", **forums) == step("schedule", draft.slug)
    assert client.post(f"/jams/{draft.slug}/publish/")["Location"] == f"/jams/{draft.slug}/setup/"
    assert "Set the window first." in client.get(f"/jams/{draft.slug}/setup/").text
    times = {"time_zone": "Europe/Berlin", "opens_at": f"{year}-06-01T09:00", "closes_at": f"{year}-06-03T18:00"}
    assert go("schedule", before_opening="60", **times) == step("people", draft.slug)
    assert go("people", door="account", home_domains="") == step("look", draft.slug)
    assert go("look", accent="#7A3CFF") == step("rules", draft.slug)
    assert go("rules", voting="upvote", edit_minutes="", then="stay") == step("rules", draft.slug)
    assert go("rules", voting="upvote", edit_minutes="30") == f"/jams/{draft.slug}/setup/"
    assert client.post(f"/jams/{draft.slug}/publish/")["Location"] == f"/jams/{draft.slug}/"
    jam = Jam.objects.get(pk=draft.pk)
    assert jam.opens_at == datetime(year, 6, 1, 7, 0, tzinfo=UTC)
    assert (jam.voting, jam.edit_minutes, jam.accent, jam.door) == ("upvote", 30, "#7a3cff", "account")
    assert list(jam.forums.values_list("title", "question", "position")) == [
        ("Water", "Who may swim?", 1),
        ("Land", "", 2),
    ]
    prompt = OpeningPrompt.objects.get()
    assert (prompt.forum.title, prompt.subject, prompt.by) == ("Land", "Begin", jam.members.get())
    assert jam.reminder_times.before_opening == [60]


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("zoe", 403), ("fay", 200), ("ada", 200), ("sid", 200)])
def test_who_may_make_one(cast: Cast, client: Client, who: str, status: int) -> None:
    member = getattr(cast, who)
    client.force_login(getattr(member, "person", member))
    assert client.get(NEW).status_code == status
    if status == 403:
        assert client.post(NEW, {"title": "Mine", "language": "en"}).status_code == 403
        assert not Jam.objects.filter(slug="mine").exists()


def test_visitors_are_asked_to_sign_in(cast: Cast, client: Client) -> None:
    for url in (NEW, SETUP, *(step(name) for name in BY_NAME)):
        assert client.get(url)["Location"] == f"/accounts/login/?next={url}"
    for url in (NEW, *(step(name) for name in BY_NAME)):
        assert client.post(url, {"title": "x"})["Location"] == f"/accounts/login/?next={url}"


WINDOW = {"time_zone": "Europe/Berlin", "opens_at": "2199-06-01T09:00", "closes_at": "2199-06-03T18:00"}
FORUMS = {"forums-count": "2", "forums-0-title": "Water", "forums-0-question": "Who?", "forums-1-title": "Land"}


@pytest.mark.parametrize(
    ("name", "changes", "field", "words"),
    [
        ("words", {"title": ""}, "title", "Give the jam a title."),
        ("words", {"title": "x" * 201}, "title", "at most 200 characters"),
        ("words", {"title": "a\x00b"}, "title", "Null characters"),
        ("words", {"title": "a\x07b"}, "title", "cannot be shown (U+0007)"),
        ("words", {"title": "台北", "slug": ""}, "slug", "gives no address"),
        ("words", {"slug": "Not a slug"}, "slug", "small letters"),
        ("words", {"slug": "tides"}, "slug", "Another jam has this address."),
        ("words", {"question": "x" * 5001}, "question", "at most 5000 characters"),
        ("words", {"language": "tlh"}, "language", "not one of the available choices"),
        ("schedule", WINDOW | {"time_zone": "Mars/Olympus"}, "time_zone", "not a time zone we know"),
        ("schedule", WINDOW | {"time_zone": ""}, "time_zone", "required"),
        ("schedule", WINDOW | {"opens_at": "tomorrow"}, "opens_at", "Write a date and a time"),
        ("schedule", WINDOW | {"opens_at": "2199-13-01T09:00"}, "opens_at", "Write a date and a time"),
        ("schedule", WINDOW | {"opens_at": "0001-01-01T00:00"}, "opens_at", "Choose a year"),
        ("schedule", WINDOW | {"closes_at": "9999-12-31T23:59"}, "closes_at", "Choose a year"),
        ("schedule", WINDOW | {"closes_at": "2020-01-01T09:00", "opens_at": "2019-01-01T09:00"}, "closes_at", "past"),
        ("schedule", WINDOW | {"closes_at": "2020-01-01T09:00"}, "closes_at", "close before it opens"),
        ("schedule", WINDOW | {"reading_until": "2020-01-01T09:00"}, "reading_until", "end before the close"),
        ("schedule", WINDOW | {"review_until": "2199-12-01T09:00"}, "review_until", "Review begins when reading ends"),
        ("schedule", WINDOW | {"opens_at": "2027-03-28T02:30"}, "opens_at", "There is no 02:30 on that day in Europe"),
        ("schedule", WINDOW | {"opens_at": "2026-10-25T02:30"}, "opens_at", "02:30 comes twice on that day"),
        (
            "schedule",
            WINDOW | {"opens_at": "2026-10-25T02:30", "opens_at_fold": "7"},
            "opens_at_fold",
            "not one of the available choices",
        ),
        ("schedule", WINDOW | {"before_opening": "61"}, "before_opening", "not one of the available choices"),
        ("rules", {"voting": "loud"}, "voting", "not one of the available choices"),
        ("rules", {"voting": ""}, "voting", "Choose how people vote."),
        ("rules", {"edit_minutes": "-1"}, "edit_minutes", "greater than or equal to 0"),
        ("people", {"door": ""}, "door", "Choose who may come in."),
        ("people", {"home_domains": "no domain"}, "home_domains", "domain"),
        ("look", {"accent": "red"}, "accent", "six digits"),
        ("forums", FORUMS | {"forums-0-title": ""}, "forums-0-title", "Give the forum a title"),
        ("forums", FORUMS | {"forums-1-title": "x" * 201}, "forums-1-title", "at most 200 characters"),
        ("forums", FORUMS | {"forums-1-title": "a\x07b"}, "forums-1-title", "cannot be shown"),
        ("forums", FORUMS | {"forums-0-id": "999"}, "forums-0-title", "not part of this jam"),
        ("forums", FORUMS | {"forums-0-id": "x"}, "forums-0-id", "whole number"),
        ("forums", FORUMS | {"forums-1-prompt_body": "Words"}, "forums-1-prompt_subject", "a subject"),
        ("forums", FORUMS | {"forums-1-prompt_subject": "Words"}, "forums-1-prompt_body", "Write the opening prompt"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(
    client: Client, draft: Jam, name: str, changes: dict[str, str], field: str, words: str
) -> None:
    before = Jam.objects.filter(pk=draft.pk).values().get()
    response = client.post(step(name, draft.slug), form_of(draft, name) | changes)
    told = errors(response)
    assert list(told) == [field]
    assert words in " ".join(told[field])
    # nothing typed is lost, nothing half is saved
    shown = response.context["form"]
    for sent, value in changes.items():
        if sent.startswith("forums-") and sent != "forums-count":
            _forums, row, column = sent.split("-")
            assert shown.rows[int(row)][column].value() == value
        elif sent in shown.fields and not isinstance(shown[sent].value(), list):
            assert shown[sent].value() == value
    assert Jam.objects.filter(pk=draft.pk).values().get() == before
    assert Forum.objects.filter(jam=draft).count() == 0


def test_the_error_is_tied_to_its_field(cast: Cast, client: Client) -> None:
    client.force_login(cast.sid)
    page = client.post(NEW, {"title": "", "language": "en"}).text
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_title_error"' in page
    assert 'id="id_title_error"' in page
    assert 'href="#id_title"' in page


def test_an_hour_that_comes_twice_can_be_chosen(client: Client, draft: Jam) -> None:
    url = step("schedule", draft.slug)
    year = timezone.now().year + 1
    twice = "2027-10-31T02:30" if year == 2027 else "2029-10-28T02:30"
    times = {"opens_at": twice, "closes_at": twice[:4] + "-12-01T09:00", "time_zone": "Europe/Berlin"}
    form = form_of(draft, "schedule", **times)
    page = client.post(url, form).text
    assert "The first: 02:30 CEST (UTC+02:00)" in page
    assert "The second: 02:30 CET (UTC+01:00)" in page
    assert client.post(url, form | {"opens_at_fold": "1"}).status_code == 302
    draft.refresh_from_db()
    assert draft.opens_at is not None
    assert f"{draft.opens_at.astimezone(UTC):%H:%M}" == "01:30"
    # the form shows the choice that was made
    assert 'value="1" id="id_opens_at_fold_1" checked' in client.get(url).text.replace("\n", "")


def test_rows_are_added_and_moved_without_saving(client: Client, draft: Jam) -> None:
    url = step("forums", draft.slug)
    form = form_of(draft, "forums") | FORUMS | {"forums-count": "3", "forums-0-prompt_subject": "Begin"}

    def titles(**pressed: str) -> list[str]:
        response = client.post(url, form | pressed)
        assert response.status_code == 200
        return [row["title"].value() or "" for row in response.context["form"].rows]

    assert titles(add="1") == ["Water", "Land", "", ""]
    assert titles(move="1:up") == ["Land", "Water", ""]
    for nonsense in ("0:up", "2:down", "9:up", "x", "-1:up"):
        assert titles(move=nonsense) == ["Water", "Land", ""]
    moved = client.post(url, form | {"move": "0:down"}).context["form"]
    assert moved.rows[1]["prompt_subject"].value() == "Begin"
    assert moved["version"].value() == str(draft.version)
    assert Forum.objects.filter(jam=draft).count() == 0


# --- changing one ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 403), ("omar", 403), ("zoe", 403), ("fay", 200), ("ada", 200), ("sid", 200)]
)
def test_who_may_change_one(cast: Cast, client: Client, who: str, status: int) -> None:
    member = getattr(cast, who)
    client.force_login(getattr(member, "person", member))
    admins = (403 if who == "fay" else status) if status == 200 else 403
    assert client.get(SETUP).status_code == status
    for name in BY_NAME:
        assert client.get(step(name)).status_code == (admins if name == "people" else status)
    answer = save(client, step("words"), form_of(cast.jam, "words", title="Changed"))
    assert answer.status_code == (302 if status == 200 else 403)
    cast.jam.refresh_from_db()
    assert cast.jam.title == ("Changed" if status == 200 else "The tides jam")
    answer = save(client, step("people"), form_of(cast.jam, "people", door="invitation"))
    cast.jam.refresh_from_db()
    assert cast.jam.door == ("invitation" if admins == 200 else "account")


def test_a_facilitator_is_led_past_what_an_admin_changes(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    assert save(client, step("schedule"), form_of(cast.jam, "schedule"))["Location"] == step("look")
    page = client.get(step("look")).text
    assert step("people") not in page
    assert f'href="{step("schedule")}">Back to Schedule' in page


def test_what_is_not_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    assert client.get("/jams/nothing/setup/").status_code == 404
    assert client.get(step("nothing")).status_code == 404
    assert client.delete(step("words")).status_code == 405
    assert client.post(SETUP).status_code == 405


def test_saving_what_is_shown_changes_nothing(cast: Cast, client: Client) -> None:
    """The form shows minutes; a window may have been set to the microsecond by closing now."""
    client.force_login(cast.ada.person)
    before = Jam.objects.filter(pk=cast.jam.pk).values().get()
    for name in BY_NAME:
        assert client.post(step(name), form_of(cast.jam, name)).status_code == 302
    assert Jam.objects.filter(pk=cast.jam.pk).values().get() == before


def wall(at: datetime) -> str:
    return str(ScheduleForm.initial_of(Jam(time_zone="Europe/Berlin", closes_at=at))["closes_at"])


def test_the_close_is_moved_to_an_exact_time_once_its_meaning_was_read(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    assert cast.jam.closes_at is not None
    earlier = (cast.jam.closes_at - timedelta(hours=1)).replace(second=0, microsecond=0)
    form = form_of(cast.jam, "schedule", closes_at=wall(earlier))
    said = client.post(step("schedule"), form)
    assert said.status_code == 200
    assert "The jam closes 1 hour" in said.text
    assert "5 members see it at once" in said.text
    cast.jam.refresh_from_db()
    assert cast.jam.closes_at != earlier
    # what was confirmed is what was read: another time is said anew
    other = form | {"closes_at": wall(earlier - timedelta(minutes=30)), "confirmed": said.context["mark"]}
    assert client.post(step("schedule"), other).status_code == 200
    # who joined meanwhile changes what is said, and not what was confirmed
    make_member(cast.jam, cast.zoe)
    staying = client.post(f"{step('schedule')}?then=stay", form | {"confirmed": said.context["mark"]})
    assert (staying.status_code, staying["Location"]) == (302, step("schedule"))
    cast.jam.refresh_from_db()
    assert cast.jam.closes_at == earlier


def test_a_jam_that_closed_says_that_it_opens_again(cast: Cast, client: Client) -> None:
    close_by_clock(cast.jam)
    client.force_login(cast.fay.person)
    later = timezone.now() + timedelta(hours=5)
    said = client.post(step("schedule"), form_of(cast.jam, "schedule", closes_at=wall(later)))
    assert "The jam opens again" in said.text


def test_forums_are_added_moved_renamed_and_removed(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    form = form_of(cast.jam, "forums") | {
        "forums-count": "3",
        "forums-0-id": str(cast.streets.pk),
        "forums-0-title": "Roads",
        "forums-1-id": "",
        "forums-1-title": "Parks",
        "forums-2-id": str(cast.harbour.pk),
        "forums-2-title": "Harbour",
        "forums-2-remove": "on",
    }
    said = client.post(step("forums"), form)
    assert "“Harbour” is taken away" in said.text
    assert save(client, step("forums"), form).status_code == 302
    assert list(Forum.objects.filter(jam=cast.jam).values_list("title", flat=True)) == ["Roads", "Parks"]


def test_a_forum_with_threads_is_not_removed(cast: Cast, client: Client) -> None:
    cast.idea()
    client.force_login(cast.fay.person)
    told = errors(save(client, step("forums"), form_of(cast.jam, "forums", **{"forums-0-remove": "on"})))
    assert told == {"__all__": ["“Harbour” has threads and cannot be removed."]}
    assert cast.jam.forums.count() == 2


@pytest.mark.parametrize(
    ("name", "mine", "theirs", "told"),
    [
        ("words", {"question": "Mine"}, {"question": "Theirs"}, ("Question", "Theirs")),
        ("schedule", {"time_zone": "Europe/Paris"}, {"time_zone": "UTC"}, ("The jam’s time zone", "UTC")),
        (
            "schedule",
            {"before_close": ["60"]},
            {"before_close": ["180", "60"]},
            ("Remind members before it closes", "3 hours, 1 hour"),
        ),
        ("forums", {"forums-0-question": "Mine"}, {"forums-0-question": "Theirs"}, ("Harbour", "Theirs")),
        ("look", {"accent": "#111111"}, {"accent": "#222222"}, ("Accent", "#222222")),
    ],
)
def test_a_stale_form_is_found_out_and_keeps_what_was_typed(
    cast: Cast, client: Client, name: str, mine: dict[str, Any], theirs: dict[str, Any], told: tuple[str, str]
) -> None:
    client.force_login(cast.ada.person)
    form = form_of(cast.jam, name, **mine)
    assert save(client, step(name), form_of(cast.jam, name, **theirs)).status_code == 302
    response = save(client, step(name), form)
    assert response.status_code == 409
    assert told in response.context["changes"]
    assert "Somebody else changed this jam" in response.text
    again = form | {"version": str(response.context["form"]["version"].value())}
    assert save(client, step(name), again).status_code == 302
    shown = form_of(cast.jam, name)
    assert {field: shown[field] for field in mine} == {
        field: tuple(int(one) for one in value) if isinstance(value, list) else value for field, value in mine.items()
    }


@pytest.mark.parametrize("version", ["", "0", "x"])
def test_a_form_without_its_version_is_not_taken(cast: Cast, client: Client, version: str) -> None:
    client.force_login(cast.fay.person)
    answer = client.post(step("words"), form_of(cast.jam, "words", version=version, question="Changed"))
    assert answer.status_code in (409, 422)
    cast.jam.refresh_from_db()
    assert cast.jam.question == "What should we do first?"


def test_the_address_is_fixed_once_published(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    assert errors(client.post(step("words"), form_of(cast.jam, "words", slug="elsewhere"))).keys() == {"slug"}


def test_words_in_other_scripts_are_kept(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    title = "مستقبل \u200fالميناء <b>&\u202e 港"
    assert save(client, step("words"), form_of(cast.jam, "words", title=title)).status_code == 302
    cast.jam.refresh_from_db()
    assert cast.jam.title == title
    assert "<b>&" not in client.get(step("words")).text


@pytest.mark.parametrize("url", [SETUP, *(step(name) for name in BY_NAME)])
def test_as_many_queries_for_three_forums_as_for_one(
    cast: Cast, client: Client, django_assert_max_num_queries: Any, url: str
) -> None:
    client.force_login(cast.ada.person)
    client.get(url)
    cast.streets.delete()
    with CaptureQueriesContext(connection) as few:
        assert client.get(url).status_code == 200
    for title in ("Streets", "Parks"):
        forum = Forum.objects.create(jam=cast.jam, title=title)
        OpeningPrompt.objects.create(forum=forum, subject="Begin", body="Here", by=cast.fay)
    with django_assert_max_num_queries(len(few)):
        assert client.get(url).status_code == 200
