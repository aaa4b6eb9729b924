"""The form in which a jam is made and changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jam.forms.jams import jam_initial
from jam.models import Forum, Jam, Role
from tests.cast import Cast

NEW = "/new/"
EDIT = "/jams/tides/edit/"


def sent(**changes: Any) -> dict[str, str]:
    """A form that would do."""
    year = timezone.now().year + 1
    form = {
        "title": "The old harbour",
        "slug": "",
        "question": "What should **become** of it?",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "opens_at": f"{year}-06-01T09:00",
        "closes_at": f"{year}-06-03T18:00",
        "voting": "agree-disagree",
        "door": "account",
        "accent": "",
        "forums-count": "3",
        "forums-0-title": "Water",
        "forums-0-question": "Who may swim?",
        "forums-1-title": "Land",
        "forums-2-title": "",
    }
    return form | changes


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    found = dict(response.context["form"].errors)
    for index, row in enumerate(response.context["forums"].rows):
        found |= {f"forums-{index}-{name}": list(told) for name, told in row.errors.items()}
    return found


# --- making one ---------------------------------------------------------------------------------------


def test_a_jam_is_made_as_a_draft(cast: Cast, client: Client) -> None:
    client.force_login(cast.sid)
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, sent())
    assert (response.status_code, response["Location"]) == (302, "/jams/the-old-harbour/edit/")
    jam = Jam.objects.get(slug="the-old-harbour")
    assert jam.published_at is None
    assert jam.opens_at == datetime(timezone.now().year + 1, 6, 1, 7, 0, tzinfo=UTC)
    assert jam.question_html == '<p dir="auto">What should <strong>become</strong> of it?</p>'
    assert list(jam.forums.values_list("title", "question", "position")) == [
        ("Water", "Who may swim?", 1),
        ("Land", "", 2),
    ]
    assert jam.members.get().person == cast.sid
    assert jam.members.get().role == Role.ADMIN


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("zoe", 403), ("fay", 200), ("ada", 200), ("sid", 200)])
def test_who_may_make_one(cast: Cast, client: Client, who: str, status: int) -> None:
    member = getattr(cast, who)
    client.force_login(getattr(member, "person", member))
    assert client.get(NEW).status_code == status
    if status == 403:
        assert client.post(NEW, sent()).status_code == 403
        assert not Jam.objects.filter(slug="the-old-harbour").exists()


def test_visitors_are_asked_to_sign_in(cast: Cast, client: Client) -> None:
    for url in (NEW, EDIT):
        assert client.get(url)["Location"] == f"/accounts/login/?next={url}"
        assert client.post(url, sent())["Location"] == f"/accounts/login/?next={url}"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "Give the jam a title."),
        ({"title": "x" * 201}, "title", "at most 200 characters"),
        ({"title": "a\x00b"}, "title", "Null characters"),
        ({"title": "a\x07b"}, "title", "cannot be shown (U+0007)"),
        ({"title": "台北"}, "slug", "gives no address"),
        ({"slug": "Not a slug"}, "slug", "small letters"),
        ({"slug": "tides"}, "slug", "Another jam has this address."),
        ({"question": "x" * 5001}, "question", "at most 5000 characters"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "not a time zone we know"),
        ({"time_zone": ""}, "time_zone", "required"),
        ({"opens_at": ""}, "opens_at", "Say when it opens."),
        ({"opens_at": "tomorrow"}, "opens_at", "Write a date and a time"),
        ({"opens_at": "2199-13-01T09:00"}, "opens_at", "Write a date and a time"),
        ({"opens_at": "0001-01-01T00:00"}, "opens_at", "Choose a year"),
        ({"closes_at": "9999-12-31T23:59"}, "closes_at", "Choose a year"),
        ({"closes_at": "2020-01-01T09:00", "opens_at": "2019-01-01T09:00"}, "closes_at", "in the past"),
        ({"closes_at": "2020-01-01T09:00"}, "closes_at", "close before it opens"),
        ({"reading_until": "2020-01-01T09:00"}, "reading_until", "end before the close"),
        ({"review_until": "2199-01-01T09:00"}, "review_until", "Review begins when reading ends"),
        ({"opens_at": "2027-03-28T02:30"}, "opens_at", "There is no 02:30 on that day in Europe/Berlin"),
        ({"opens_at": "2026-10-25T02:30"}, "opens_at", "02:30 comes twice on that day"),
        ({"opens_at": "2026-10-25T02:30", "opens_at_fold": "7"}, "opens_at_fold", "not one of the available choices"),
        ({"voting": "loud"}, "voting", "not one of the available choices"),
        ({"voting": ""}, "voting", "Choose how people vote."),
        ({"door": ""}, "door", "Choose who may come in."),
        ({"accent": "red"}, "accent", "six digits"),
        ({"language": "tlh"}, "language", "not one of the available choices"),
        ({"forums-0-title": ""}, "forums-0-title", "Give the forum a title"),
        ({"forums-1-title": "x" * 201}, "forums-1-title", "at most 200 characters"),
        ({"forums-1-title": "a\x07b"}, "forums-1-title", "cannot be shown"),
        ({"forums-0-id": "999"}, "forums-0-title", "not part of this jam"),
        ({"forums-0-id": "x"}, "forums-0-id", "whole number"),
        ({"forums-count": "0"}, "__all__", "needs a forum"),
        ({"forums-count": "none"}, "__all__", "needs a forum"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(
    cast: Cast, client: Client, changes: dict[str, str], field: str, words: str
) -> None:
    client.force_login(cast.sid)
    response = client.post(NEW, sent(**changes))
    told = errors(response)
    assert list(told) == [field]
    assert words in " ".join(told[field])
    # nothing typed is lost, nothing half is saved
    assert response.context["form"]["question"].value() == changes.get("question", "What should **become** of it?")
    assert response.context["forums"].rows[1:2] == [] or "forums-1-title" in response.text
    assert Jam.objects.count() == 2


def test_the_error_is_tied_to_its_field(cast: Cast, client: Client) -> None:
    client.force_login(cast.sid)
    page = client.post(NEW, sent(title="")).text
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_title_error"' in page
    assert 'id="id_title_error"' in page
    assert 'href="#id_title"' in page


def test_an_hour_that_comes_twice_can_be_chosen(cast: Cast, client: Client) -> None:
    client.force_login(cast.sid)
    year = timezone.now().year + 1
    twice = "2027-10-31T02:30" if year == 2027 else "2029-10-28T02:30"
    form = sent(opens_at=twice, closes_at=twice[:4] + "-12-01T09:00")
    page = client.post(NEW, form).text
    assert "The first: 02:30 CEST (UTC+02:00)" in page
    assert "The second: 02:30 CET (UTC+01:00)" in page
    assert client.post(NEW, form | {"opens_at_fold": "1"}).status_code == 302
    jam = Jam.objects.get(slug="the-old-harbour")
    assert jam.opens_at is not None
    assert f"{jam.opens_at.astimezone(UTC):%H:%M}" == "01:30"
    # the form shows the choice that was made
    assert 'value="1" id="id_opens_at_fold_1" checked' in client.get("/jams/the-old-harbour/edit/").text.replace(
        "\n", ""
    )


def test_rows_are_added_and_moved_without_saving(cast: Cast, client: Client) -> None:
    client.force_login(cast.sid)
    response = client.post(NEW, sent(title="", add="1"))
    assert response.status_code == 200
    assert [row["title"].value() for row in response.context["forums"].rows] == ["Water", "Land", "", None]
    response = client.post(NEW, sent(move="1:up"))
    assert [row["title"].value() for row in response.context["forums"].rows] == ["Land", "Water", ""]
    for nonsense in ("0:up", "2:down", "9:up", "x", "-1:up"):
        response = client.post(NEW, sent(move=nonsense))
        assert [row["title"].value() for row in response.context["forums"].rows] == ["Water", "Land", ""]
    assert response.context["form"]["question"].value() == "What should **become** of it?"
    assert Jam.objects.count() == 2


# --- changing one ---------------------------------------------------------------------------------------


def form_of(cast: Cast, **changes: Any) -> dict[str, str]:
    cast.jam.refresh_from_db()
    form = {name: str(value) for name, value in jam_initial(cast.jam).items()}
    forums = list(cast.jam.forums.all())
    form["forums-count"] = str(len(forums))
    for index, forum in enumerate(forums):
        form |= {
            f"forums-{index}-id": str(forum.pk),
            f"forums-{index}-title": forum.title,
            f"forums-{index}-question": forum.question,
        }
    return form | changes


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("omar", 403), ("zoe", 403), ("fay", 200), ("sid", 200)])
def test_who_may_change_one(cast: Cast, client: Client, who: str, status: int) -> None:
    member = getattr(cast, who)
    client.force_login(getattr(member, "person", member))
    assert client.get(EDIT).status_code == status
    expected = 403 if status == 403 else 302
    assert client.post(EDIT, form_of(cast, title="Changed")).status_code == expected
    cast.jam.refresh_from_db()
    assert cast.jam.title == ("Changed" if status == 200 else "The tides jam")


def test_a_jam_that_is_not_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    assert client.get("/jams/nothing/edit/").status_code == 404
    assert client.delete(EDIT).status_code == 405


def test_saving_what_is_shown_changes_no_time(cast: Cast, client: Client) -> None:
    """The form shows minutes; a window may have been set to the microsecond by closing now."""
    client.force_login(cast.fay.person)
    before = (cast.jam.opens_at, cast.jam.closes_at)
    assert client.post(EDIT, form_of(cast, title="Changed")).status_code == 302
    cast.jam.refresh_from_db()
    assert (cast.jam.opens_at, cast.jam.closes_at) == before


def test_the_close_is_moved_to_an_exact_time(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    assert cast.jam.closes_at is not None
    later = (cast.jam.closes_at + timedelta(days=1)).replace(second=0, microsecond=0)
    moved = jam_initial(Jam(time_zone="Europe/Berlin", closes_at=later))["closes_at"]
    assert client.post(EDIT, form_of(cast, closes_at=moved)).status_code == 302
    cast.jam.refresh_from_db()
    assert cast.jam.closes_at == later


def test_forums_are_added_moved_renamed_and_removed(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    form = form_of(cast)
    form |= {
        "forums-count": "3",
        "forums-0-id": str(cast.streets.pk),
        "forums-0-title": "Roads",
        "forums-1-id": "",
        "forums-1-title": "Parks",
        "forums-2-id": str(cast.harbour.pk),
        "forums-2-title": "Harbour",
        "forums-2-remove": "on",
    }
    assert client.post(EDIT, form).status_code == 302
    assert list(Forum.objects.filter(jam=cast.jam).values_list("title", flat=True)) == ["Roads", "Parks"]


def test_a_forum_with_threads_is_not_removed(cast: Cast, client: Client) -> None:
    cast.idea()
    client.force_login(cast.fay.person)
    told = errors(client.post(EDIT, form_of(cast, **{"forums-0-remove": "on"})))
    assert told == {"__all__": ["“Harbour” has threads and cannot be removed."]}
    assert cast.jam.forums.count() == 2


def test_a_stale_form_is_found_out_and_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    mine = form_of(cast, title="Mine")
    assert client.post(EDIT, form_of(cast, title="Theirs")).status_code == 302
    response = client.post(EDIT, mine)
    assert response.status_code == 409
    assert response.context["form"]["title"].value() == "Mine"
    assert ("Title", "Theirs") in response.context["changes"]
    assert "Somebody else changed this jam" in response.text
    again = mine | {"version": str(response.context["form"]["version"].value())}
    assert client.post(EDIT, again).status_code == 302
    cast.jam.refresh_from_db()
    assert cast.jam.title == "Mine"


@pytest.mark.parametrize("version", ["", "0", "x"])
def test_a_form_without_its_version_is_not_taken(cast: Cast, client: Client, version: str) -> None:
    client.force_login(cast.fay.person)
    assert client.post(EDIT, form_of(cast, version=version, title="Changed")).status_code in (409, 422)
    cast.jam.refresh_from_db()
    assert cast.jam.title == "The tides jam"


def test_the_address_is_fixed_once_published(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    assert errors(client.post(EDIT, form_of(cast, slug="elsewhere"))).keys() == {"slug"}


def test_words_in_other_scripts_are_kept(cast: Cast, client: Client) -> None:
    client.force_login(cast.fay.person)
    title = "مستقبل \u200fالميناء <b>&\u202e 港"
    assert client.post(EDIT, form_of(cast, title=title)).status_code == 302
    cast.jam.refresh_from_db()
    assert cast.jam.title == title
    page = client.get(EDIT).text
    assert "<b>&" not in page


def test_as_many_queries_for_three_forums_as_for_one(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.fay.person)
    cast.streets.delete()
    client.get(EDIT)
    # person, jam, member, seq, activity, forums, the bell; the session is cached
    with django_assert_num_queries(7):
        client.get(EDIT)
    for title in ("A", "B"):
        Forum.objects.create(jam=cast.jam, title=title)
    with django_assert_num_queries(7):
        client.get(EDIT)
