"""Announcements: who may, what tabs hear, what pages show, and taking one back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jam.domain import announcements
from jam.domain.errors import Conflict, Invalid, NotAllowed, TooMany
from jam.models import WORDS_MAX, Announcement, Jam, Member
from live.models import Event
from tests.cast import Cast, close_by_clock, set_window

LUNCH = "**Lunch** is at one."


def browser(who: Any) -> Client:
    client = Client()
    client.force_login(who.person if isinstance(who, Member) else who)
    return client


def page_of(jam: Jam) -> str:
    return f"/jams/{jam.slug}/announcements/"


def send(who: Any, jam: Jam, **data: Any) -> Any:
    return browser(who).post(page_of(jam), {"words": LUNCH, "sure": "on", **data})


def test_open_tabs_hear_the_words_and_for_whom_they_are(cast: Cast) -> None:
    everywhere = announcements.make(member=cast.fay, words=f"  {LUNCH} ")
    in_the_harbour = announcements.make(member=cast.ada, words="<b>Boats</b> first", forum=cast.harbour)
    first, second = Event.objects.filter(kind="announcement.made").order_by("seq")
    assert (first.rooms, first.html) == (["pulse"], '<p dir="auto"><strong>Lunch</strong> is at one.</p>')
    assert first.data["announcement"] == everywhere.pk
    assert first.data["forum"] is None
    assert second.data["forum"] == cast.harbour.pk
    assert "<b>" not in second.html
    assert (everywhere.words, in_the_harbour.by) == (LUNCH, cast.ada)


@pytest.mark.parametrize("who", ["ana", "omar"])
def test_only_who_runs_the_jam_announces(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        announcements.make(member=getattr(cast, who), words=LUNCH)
    made = announcements.make(member=cast.fay, words=LUNCH)
    with pytest.raises(NotAllowed):
        announcements.take_back(member=getattr(cast, who), announcement=made)
    assert send(getattr(cast, who), cast.jam).status_code == 404
    assert browser(getattr(cast, who)).post(f"{page_of(cast.jam)}{made.pk}/take-back/").status_code == 404
    assert Announcement.objects.get().taken_back_at is None


def test_an_admin_of_the_site_joins_first(cast: Cast) -> None:
    assert send(cast.sid, cast.jam).status_code == 404
    assert not Announcement.objects.exists()


def test_nothing_of_another_jam_is_touched(cast: Cast) -> None:
    made = announcements.make(member=cast.fay, words=LUNCH)
    with pytest.raises(Invalid):
        announcements.make(member=cast.fay, words="Over there", forum=cast.elsewhere)
    with pytest.raises(Invalid):
        announcements.take_back(member=cast.ned, announcement=made)
    assert browser(cast.ned).post(f"{page_of(cast.other)}{made.pk}/take-back/").status_code == 404
    assert send(cast.fay, cast.jam, words="x", forum=cast.elsewhere.pk).status_code == 422
    assert Announcement.objects.get().taken_back_at is None


@pytest.mark.parametrize(("words", "field"), [(" ​ ", "words"), ("x" * (WORDS_MAX + 1), "words"), ("\0", "words")])
def test_what_cannot_be_announced_is_said_and_kept(cast: Cast, words: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        announcements.make(member=cast.fay, words=words)
    assert refused.value.field == field


def test_a_form_sent_twice_is_one_announcement(cast: Cast) -> None:
    announcements.make(member=cast.fay, words=LUNCH)
    with pytest.raises(Conflict):
        announcements.make(member=cast.fay, words=LUNCH)
    announcements.make(member=cast.fay, words=LUNCH, forum=cast.harbour)
    assert Announcement.objects.count() == 2


def test_a_fourth_within_five_minutes_has_to_wait(cast: Cast) -> None:
    for number in range(3):
        announcements.make(member=cast.fay, words=f"Number {number}")
    with pytest.raises(TooMany):
        announcements.make(member=cast.fay, words="Number 3")
    answer = send(cast.fay, cast.jam, words="Number 3")
    assert answer.status_code == 429
    assert "Number 3</textarea>" in answer.content.decode()
    announcements.make(member=cast.ada, words="From another")
    Announcement.objects.update(created_at=timezone.now() - announcements.WITHIN)
    announcements.make(member=cast.fay, words="Number 3")


def test_everybody_is_told_only_when_that_is_said_to_be_meant(cast: Cast) -> None:
    answer = browser(cast.fay).post(page_of(cast.jam), {"words": LUNCH})
    assert answer.status_code == 422
    assert "Say that you mean it." in answer.content.decode()
    assert not Announcement.objects.exists()
    assert browser(cast.fay).post(page_of(cast.jam), {"words": LUNCH, "forum": cast.harbour.pk}).status_code == 302
    assert Announcement.objects.get().forum == cast.harbour


def test_one_taken_back_is_told_by_nothing_any_more(cast: Cast) -> None:
    made = announcements.make(member=cast.fay, words=LUNCH)
    assert browser(cast.ada).post(f"{page_of(cast.jam)}{made.pk}/take-back/").status_code == 302
    announcements.take_back(member=cast.fay, announcement=made)
    assert Event.objects.get(kind="announcement.taken_back").data == {"announcement": made.pk}
    assert Event.objects.get(kind="announcement.made").html == ""
    assert announcements.since(cast.jam, made.created_at - timedelta(seconds=1)) == []
    assert "Lunch" not in browser(cast.ana).get(page_of(cast.jam)).content.decode()
    assert "Taken back" in browser(cast.fay).get(page_of(cast.jam)).content.decode()


def test_they_do_not_keep_to_the_window(cast: Cast) -> None:
    set_window(cast.jam, opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    assert send(cast.fay, cast.jam, words="We open at nine").status_code == 302
    assert "We open at nine" in browser(cast.ana).get(page_of(cast.jam)).content.decode()
    assert "We open at nine" in browser(cast.zoe).get(f"/jams/{cast.jam.slug}/").content.decode()
    close_by_clock(cast.jam)
    assert send(cast.fay, cast.jam, words="Thank you all").status_code == 302
    page = browser(cast.ana).get(page_of(cast.jam)).content.decode()
    assert page.index("Thank you all") < page.index("We open at nine")
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert browser(cast.ana).get(page_of(cast.jam)).status_code == 404
    assert browser(cast.fay).get(page_of(cast.jam)).status_code == 200


def test_a_draft_has_nobody_to_hear_it(cast: Cast) -> None:
    Jam.objects.filter(pk=cast.jam.pk).update(published_at=None)
    assert send(cast.fay, cast.jam).status_code == 409


def test_a_page_shows_what_is_fresh_and_for_it(cast: Cast) -> None:
    idea = cast.idea()
    announcements.make(member=cast.fay, words="To all of you")
    announcements.make(member=cast.fay, words="To the harbour", forum=cast.harbour)
    old = announcements.make(member=cast.fay, words="Long ago")
    Announcement.objects.filter(pk=old.pk).update(created_at=timezone.now() - announcements.FRESH_FOR)
    home, client = f"/jams/{cast.jam.slug}/", browser(cast.ana)

    def bar(path: str) -> str:
        page = client.get(path).content.decode()
        return page[page.index("data-callouts") : page.index('<template id="callout"')]

    for path in (f"{home}forums/{cast.harbour.pk}/", f"{home}threads/{idea.thread_id}/"):
        assert bar(path).index("To the harbour") < bar(path).index("To all of you")
    assert "To the harbour" not in bar(home)
    assert "To all of you" in bar(home)
    assert "Long ago" not in bar(home)


def test_who_is_signed_out_hears_nothing(cast: Cast) -> None:
    announcements.make(member=cast.fay, words=LUNCH)
    assert "Lunch" not in Client().get(f"/jams/{cast.jam.slug}/").content.decode()


def test_dismissed_is_not_shown_again_and_newer_ones_are(cast: Cast) -> None:
    first = announcements.make(member=cast.fay, words="The first")
    home, client = f"/jams/{cast.jam.slug}/", browser(cast.ana)
    answer = client.post(f"{page_of(cast.jam)}{first.pk}/dismiss/", {"back": "https://elsewhere.example/"})
    assert (answer.status_code, answer["Location"]) == (302, home)
    announcements.make(member=cast.fay, words="The second")
    page = client.get(home).content.decode()
    assert "The first" not in page
    assert "The second" in page
    client.cookies["jam_dismissed"] = "one"
    assert "The first" in client.get(home).content.decode()


def test_the_list_asks_as_much_for_three_as_for_one(cast: Cast) -> None:
    client, asked = browser(cast.ana), []
    for number in range(3):
        announcements.make(member=cast.fay, words=f"Number {number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(cast.jam))
        asked.append(len(queries))
    assert asked[1:] == asked[:1] * 2
