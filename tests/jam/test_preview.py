"""Looking at a jam as a participant does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jam.models import Announcement, Jam
from tests.cast import Cast
from threads.models import Post, Visit

pytestmark = pytest.mark.django_db
HOME = "/jams/tides/"


def previewing(cast: Cast, who: Any, slug: str = "tides") -> Client:
    client = Client()
    client.force_login(getattr(who, "person", who))
    assert client.post(f"/jams/{slug}/as-participant/").status_code == 302
    return client


@pytest.mark.parametrize("who", ["fay", "ada", "sid"])
def test_the_pages_are_a_participants_until_it_ends(cast: Cast, who: str) -> None:
    client = previewing(cast, getattr(cast, who))
    page = client.get(HOME)
    assert "You see this jam as a participant does." in page.text
    assert "Running this jam" not in page.text
    assert not page.context["entry"].can_facilitate
    assert client.get("/jams/tides/setup/").status_code == 403
    assert client.get("/jams/tides/export/").status_code in (403, 404)
    assert "You see this jam as a participant does." not in client.get("/").text
    assert client.post("/jams/tides/as-participant/end/").status_code == 302
    assert client.post("/jams/tides/as-participant/end/").status_code == 302
    assert client.get("/jams/tides/setup/").status_code == 200


def test_a_draft_is_shown_as_if_it_were_open(cast: Cast) -> None:
    Jam.objects.filter(pk=cast.jam.pk).update(published_at=None, opens_at=None, closes_at=None)
    client = previewing(cast, cast.fay)
    page = client.get(f"{HOME}forums/{cast.harbour.pk}/")
    assert page.status_code == 200
    assert page.context["phase"] == "open"
    cast.jam.refresh_from_db()
    assert cast.jam.published_at is None


def test_nothing_is_written(cast: Cast) -> None:
    idea = cast.idea()
    client = previewing(cast, cast.ada)
    cast.jam.refresh_from_db()
    for url, data in (
        (f"{HOME}forums/{cast.harbour.pk}/threads/", {"subject": "No", "body": "No"}),
        (f"{HOME}posts/{idea.pk}/reply/", {"body": "No"}),
        (f"{HOME}posts/{idea.pk}/vote/", {"value": "1"}),
        (f"{HOME}announcements/", {"words": "No", "sure": "on"}),
        (f"{HOME}setup/words/", {"title": "No", "version": "1"}),
        (f"{HOME}publish/", {}),
        (f"{HOME}seen/", {}),
    ):
        assert client.post(url, data).status_code == 403, url
        asked = client.post(url, data, headers={"accept": "application/json"})
        assert asked.json()["code"] == "preview"
    assert client.get(HOME).status_code == 200
    assert (Post.objects.count(), Announcement.objects.count(), Visit.objects.count()) == (1, 0, 0)


def test_other_jams_are_as_ever(cast: Cast) -> None:
    client = previewing(cast, cast.sid)
    assert client.get("/jams/other/setup/").status_code == 200
    assert client.post("/jams/other/as-participant/").status_code == 302
    assert client.get("/jams/tides/setup/").status_code == 200


@pytest.mark.parametrize("who", ["ana", "omar", "zoe", "ned"])
def test_it_is_for_who_runs_the_jam(cast: Cast, client: Client, who: str) -> None:
    member = getattr(cast, who)
    client.force_login(getattr(member, "person", member))
    assert client.post("/jams/tides/as-participant/").status_code == 404
    assert client.get("/jams/tides/as-participant/").status_code == 405
    assert "previewing" not in client.session


def test_who_ran_the_jam_and_does_not_any_more_sees_it_as_they_are(cast: Cast) -> None:
    client = previewing(cast, cast.fay)
    cast.fay.role = "observer"
    cast.fay.save()
    page = client.get(HOME)
    assert not page.context["entry"].is_preview
