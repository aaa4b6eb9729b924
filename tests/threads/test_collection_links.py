"""What a link opens of a collection that somebody shared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Person
from jam.models import Door, Jam
from moderation.domain import posts as moderation
from tests.cast import Cast, set_window
from tests.threads.collecting import link_of, make
from tests.threads.test_views import at, body_of, browser
from threads.domain import collections


def test_a_link_opens_signed_out_where_anyone_may_read(cast: Cast) -> None:
    idea = cast.idea()
    collection = make(cast, idea)
    collections.annotate(collection=collection, post=idea, note="This first")
    response = browser().get(link_of(collection))
    page = response.content.decode()
    assert response.status_code == 200
    for words in ("For the mayor", "A lamp on the pier", "<strong>home</strong>", "Ana", "This first"):
        assert words in page
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert {"private", "no-store"} <= {part.strip() for part in response["Cache-Control"].split(",")}


def test_a_link_opens_no_more_than_the_jam_does(cast: Cast) -> None:
    url = link_of(make(cast, cast.idea()))
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    signed_out = browser().get(url)
    assert (signed_out.status_code, signed_out["Location"].endswith(f"?next={url}")) == (302, True)
    assert [browser(who).get(url).status_code for who in (cast.zoe, cast.ned, cast.ana, cast.sid)] == [
        404,
        404,
        200,
        200,
    ]


@pytest.mark.parametrize("reading", ["not yet", "ended", "draft"])
def test_a_link_opens_nothing_outside_the_time_for_reading(cast: Cast, reading: str) -> None:
    url = link_of(make(cast, cast.idea()))
    hour = timedelta(hours=1)
    if reading == "draft":
        Jam.objects.filter(pk=cast.jam.pk).update(published_at=None)
    elif reading == "not yet":
        set_window(cast.jam, opens_in=hour, closes_in=2 * hour)
    else:
        set_window(cast.jam, opens_in=-3 * hour, closes_in=-2 * hour, reading_in=-hour)
    assert [browser(who).get(url).status_code for who in (None, cast.zoe, cast.ben, cast.fay)] == [302, 404, 404, 200]


def test_a_link_that_was_taken_back_or_guessed_opens_nothing(cast: Cast) -> None:
    collection = make(cast, cast.idea())
    url = link_of(collection)
    assert browser(cast.ana).get(at(cast.other, "shared", collection.share_key)).status_code == 404
    assert browser(cast.ana).get(at(cast.jam, "shared", "None")).status_code == 404
    collections.unshare(collection=collection)
    assert browser(cast.ana).get(url).status_code == 404
    assert browser().get(url).status_code == 302


def test_what_a_suspended_person_shared_is_not_shown(cast: Cast) -> None:
    url = link_of(make(cast, cast.idea()))
    Person.objects.filter(pk=cast.ben.person_id).update(is_active=False)
    assert browser(cast.ana).get(url).status_code == 404


def test_a_hidden_post_is_shown_as_hidden_to_everybody(cast: Cast) -> None:
    idea = cast.idea(subject="Burn the pier")
    collection = make(cast, idea, cast.reply(idea))
    url = link_of(collection)
    moderation.hide(member=cast.fay, post=idea, reason="rash")
    for who, page in (
        (None, url),
        (cast.fay, url),
        (cast.ben, at(cast.jam, "collection", collection.pk)),
        (cast.ben, at(cast.jam, "collect", idea.pk)),
    ):
        shown = body_of(browser(who), page)
        assert "This post is hidden." in shown
        assert "Burn the pier" not in shown
        assert "So that boats find" not in shown


def test_the_files_are_there_signed_out_too(cast: Cast) -> None:
    idea = cast.idea()
    url = link_of(make(cast, idea))
    page = body_of(browser(), url)
    for name, kind in (("markdown", "text/markdown"), ("html", "text/html"), ("csv", "text/csv")):
        assert f'href="?format={name}"' in page
        file = browser().get(f"{url}?format={name}")
        assert file["Content-Type"] == f"{kind}; charset=utf-8"
        assert file["Content-Disposition"].startswith("attachment")
        assert file["X-Robots-Tag"] == "noindex, nofollow"
        assert "A lamp on the pier" in file.content.decode()
    assert browser().get(f"{url}?format=doc").status_code == 404
