"""What is one's own: votes, what is kept, drafts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jam.models import Jam
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock, set_window
from tests.threads.test_views import at, body_of, browser
from tests.threads.test_views_writing import send, text_of
from threads.domain import drafts
from threads.models import Draft, Favourite, Vote

# --- votes and what is kept ---


def test_a_vote_without_a_script_comes_back_to_the_post(cast: Cast) -> None:
    idea = cast.idea()
    url = at(cast.jam, "forum", cast.harbour.pk) + "?sort=new"
    response = send(browser(cast.ben), at(cast.jam, "vote", idea.pk), value="1", back=url)
    assert (response.status_code, response["Location"]) == (302, f"{url}#post-{idea.pk}")
    assert Vote.objects.get().value == 1


@pytest.mark.parametrize(
    "back", ["", "//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_way_back_that_is_not_ours_is_not_taken(cast: Cast, back: str) -> None:
    idea = cast.idea()
    response = send(browser(cast.ben), at(cast.jam, "vote", idea.pk), value="1", back=back)
    assert response["Location"] == f"{at(cast.jam, 'post', idea.pk)}#post-{idea.pk}"


def test_a_vote_pressed_twice_is_one_and_can_be_taken_back(cast: Cast) -> None:
    idea = cast.idea()
    client, url = browser(cast.ben), at(cast.jam, "vote", idea.pk)
    for value, counts in (
        ("1", {"agree": 1, "pass": 0, "disagree": 0}),
        ("1", {"agree": 1, "pass": 0, "disagree": 0}),
        ("-1", {"agree": 0, "pass": 0, "disagree": 1}),
        ("none", {"agree": 0, "pass": 0, "disagree": 0}),
    ):
        answer = send(client, url, json=True, value=value).json()
        mine = None if value == "none" else int(value)
        assert answer == {"post": idea.pk, "mine": mine, "counts": counts}


@pytest.mark.parametrize("value", ["", "2", "-2", "yes", "1.0", "1\x00"])
def test_a_vote_that_is_none_is_refused(cast: Cast, value: str) -> None:
    idea = cast.idea()
    assert send(browser(cast.ben), at(cast.jam, "vote", idea.pk), value=value).status_code == 422
    assert not Vote.objects.exists()


def test_votes_that_may_not_be(cast: Cast) -> None:
    idea, hidden = cast.idea(), cast.idea()
    moderation.hide(member=cast.fay, post=hidden, reason="rash")
    own = send(browser(cast.ana), at(cast.jam, "vote", idea.pk), value="1")
    assert (own.status_code, "You cannot vote on your own post." in text_of(own)) == (403, True)
    gone = send(browser(cast.ben), at(cast.jam, "vote", hidden.pk), json=True, value="1")
    assert (gone.status_code, gone.json()["code"]) == (409, "hidden")
    Jam.objects.filter(pk=cast.jam.pk).update(voting="upvote")
    assert send(browser(cast.ben), at(cast.jam, "vote", idea.pk), value="-1").status_code == 422
    close_by_clock(cast.jam)
    late = send(browser(cast.ben), at(cast.jam, "vote", idea.pk), json=True, value="1")
    assert (late.status_code, late.json()["phase"]) == (409, "reading")
    assert not Vote.objects.exists()


def test_a_post_is_kept_and_kept_no_longer_also_after_the_close(cast: Cast) -> None:
    idea = cast.idea()
    close_by_clock(cast.jam)
    client, url = browser(cast.ben), at(cast.jam, "favourite", idea.pk)
    assert send(client, url, json=True, keep="1").json() == {"post": idea.pk, "kept": True}
    assert send(client, url, json=True, keep="1").json() == {"post": idea.pk, "kept": True}
    assert "A lamp on the pier" in body_of(client, at(cast.jam, "favourites"))
    assert "A lamp on the pier" not in body_of(browser(cast.fay), at(cast.jam, "favourites"))
    assert send(client, url, keep="0")["Location"].endswith(f"#post-{idea.pk}")
    assert send(client, url, keep="maybe").status_code == 422
    assert not Favourite.objects.exists()


# --- drafts ---


def test_a_draft_is_kept_shown_continued_and_thrown_away(cast: Cast) -> None:
    client, place = browser(cast.ben), f"forum:{cast.harbour.pk}"
    for body in ("Half", "Half an idea"):
        answer = send(client, at(cast.jam, "drafts"), json=True, place=place, subject="S", body=body, tags="a")
        assert answer.json()["kept"] is True
    draft = Draft.objects.get()
    assert (draft.body, draft.late, draft.member) == ("Half an idea", False, cast.ben)
    page = body_of(client, at(cast.jam, "drafts"))
    assert "Half an idea" in page
    assert at(cast.jam, "start", cast.harbour.pk) in page
    assert "Half an idea" in body_of(client, at(cast.jam, "start", cast.harbour.pk))
    discard = at(cast.jam, "discard", draft.pk)
    assert send(browser(cast.ana), discard).status_code == 302
    assert Draft.objects.exists()
    send(client, discard)
    assert not Draft.objects.exists()


def test_a_draft_of_nothing_is_not_kept(cast: Cast) -> None:
    answer = send(browser(cast.ben), at(cast.jam, "drafts"), json=True, place=f"forum:{cast.harbour.pk}", body="  ")
    assert answer.json() == {"kept": False, "version": ""}


@pytest.mark.parametrize("place", ["", "forum:", "forum:x", "person:1", "forum:0", "forum:1\n", "post:" + "9" * 30])
def test_a_draft_for_no_place_is_refused(cast: Cast, place: str) -> None:
    assert send(browser(cast.ben), at(cast.jam, "drafts"), place=place, body="B").status_code == 422


def test_drafts_stay_with_their_author_when_reading_ended(cast: Cast) -> None:
    drafts.save(member=cast.ben, place=drafts.forum_place(cast.harbour), body="Mine", late=True)
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert "Mine" in body_of(browser(cast.ben), at(cast.jam, "drafts"))
    assert "Mine" not in body_of(browser(cast.ana), at(cast.jam, "drafts"))
