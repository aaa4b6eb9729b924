"""The site as an app: what a browser installs, and what it may keep."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def test_the_manifest_names_the_site_and_its_pictures(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    described = answer.json()
    assert (described["name"], described["start_url"], described["display"]) == ("Jam", "/", "standalone")
    assert (described["lang"], described["dir"]) == ("en", "ltr")
    assert {(icon["sizes"], icon["purpose"]) for icon in described["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    arabic = client.get("/manifest.webmanifest", headers={"accept-language": "ar"}).json()
    assert (arabic["lang"], arabic["dir"]) == ("ar", "rtl")


def test_the_worker_is_served_from_the_root_and_never_kept(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert 'importScripts("/static/js/worker.js")' in answer.content.decode()
    assert 'self.OFFLINE = "/offline/"' in answer.content.decode()
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_a_page_says_whose_it_is(cast: Cast, client: Client) -> None:
    """What is kept for one is forgotten when the next page is another's, or nobody's."""
    assert client.get("/jams/tides/")["X-Reader"] == ""
    client.login(email="ben@example.org", password=PASSWORD)
    assert client.get("/jams/tides/")["X-Reader"] == str(cast.ben.person.pk)
    assert "X-Reader" not in client.get("/clock/")
    client.post("/accounts/logout/")
    assert client.get("/")["X-Reader"] == ""


def test_the_page_without_a_line_is_nobodys(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben.person)
    answer = client.get("/offline/")
    assert "X-Reader" not in answer
    assert "Ben" not in answer.content.decode()


def test_who_is_signed_in_is_told_with_a_token_that_works(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.get("/whoami/").json()["person"] is None
    client.force_login(cast.ben.person)
    answer = client.get("/whoami/")
    assert answer.json()["person"] == cast.ben.person.pk
    assert "no-store" in answer["Cache-Control"]
    idea = cast.idea()
    voted = client.post(
        f"/jams/tides/posts/{idea.pk}/vote/",
        {"value": "1"},
        headers={"X-CSRFToken": answer.json()["token"], "Accept": "application/json"},
    )
    assert voted.status_code == 200


@pytest.mark.parametrize("path", ["me/feeds/", "me/posts/", "me/votes/"])
def test_what_is_not_to_be_kept_says_so(cast: Cast, client: Client, path: str) -> None:
    client.force_login(cast.ben.person)
    assert "no-store" in client.get(f"/jams/tides/{path}")["Cache-Control"]
