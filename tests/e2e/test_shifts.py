"""The roster and the journal in a browser: they follow each other live, and a journal is saved as it is typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from moderation.domain import handover, journal, roster
from moderation.domain.roster import ShiftPlan
from moderation.models import Journal
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.pages import assert_equals_the_fresh_page, wait_until_heard
from tests.e2e.shifts import furnish_shifts
from tests.e2e.stack import Site, eventually

pytestmark = [pytest.mark.e2e]


def test_a_roster_and_a_journal_follow_what_others_plan_and_hand_over(
    site: Site, open_page: OpenPage, cast: Cast
) -> None:
    mine = furnish_shifts(cast)
    first = open_page(cast.ada.person)
    first.goto("/jams/tides/shifts/")
    second = first.context.new_page()
    second.goto(f"/jams/tides/shifts/{mine.pk}/")
    starts_at = timezone.now() + timedelta(hours=8)
    roster.put(member=cast.fay, plan=ShiftPlan(cast.fay, starts_at, starts_at + timedelta(hours=2)))
    handover.hand_over(member=cast.fay, shift=mine)
    confirm = second.get_by_role("button", name="I have read this and take over")
    expect(confirm).to_be_visible()
    for page in (first, second):
        wait_until_heard(page, cast.jam)
    expect(first.locator(".badge", has_text="Handed over").first).to_be_visible()
    assert_equals_the_fresh_page(first)
    assert_equals_the_fresh_page(second)
    confirm.click()
    expect(second.get_by_text("Ada has read this and taken over")).to_be_visible()


def test_a_journal_is_saved_as_it_is_typed_and_never_over_somebody_s_text(
    site: Site, open_page: OpenPage, cast: Cast
) -> None:
    mine = furnish_shifts(cast)
    page = open_page(cast.fay.person)
    page.goto(f"/jams/tides/shifts/{mine.pk}/")
    field = page.get_by_label("What the next should know")
    field.fill("The **pier** is quiet.")
    expect(page.locator("[data-journal-state]")).to_have_text("Saved")
    expect(page.locator("[data-journal-words]").get_by_text("pier", exact=True)).to_be_visible()
    kept = Journal.objects.get(shift=mine)
    journal.write(member=cast.ada, shift=mine, words="The mole is not.", version=kept.version)
    field.fill("The pier is loud.")
    expect(page.locator("[data-journal-state]")).to_contain_text("Somebody else wrote here meanwhile")
    page.get_by_role("button", name="Save the journal").click()
    expect(page.locator("[data-journal-words]")).to_contain_text("The mole is not.")
    expect(field).to_have_value("The pier is loud.")
    field.fill("The mole is not, the pier is loud.")
    page.get_by_role("button", name="Save the journal").click()
    eventually(lambda: Journal.objects.get(shift=mine).words == "The mole is not, the pier is loud.")


def test_what_was_typed_last_arrives_when_the_page_is_left(site: Site, open_page: OpenPage, cast: Cast) -> None:
    """Also with the worker of the app: by way of it a browser loses what a page sends when it goes."""
    mine = furnish_shifts(cast)
    page = open_page(cast.fay.person, service_workers="allow")
    page.goto("/jams/tides/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    for words in ("The pier is quiet.", "The pier is loud."):
        page.goto(f"/jams/tides/shifts/{mine.pk}/")
        page.get_by_label("What the next should know").fill(words)
        page.goto("/jams/tides/shifts/")
        eventually(lambda words=words: Journal.objects.get(shift=mine).words == words, what=words)  # type: ignore[misc]
