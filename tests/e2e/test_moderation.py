"""Trouble and how it ends, in browsers: flagged, hidden, shown again; suspended; two facilitators and one queue."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jam.models import Member
from moderation.domain import flags, people, policy, posts
from moderation.models import Action, Case, HeldPost
from tests.cast import Cast
from tests.e2e.browser import OpenPage
from tests.e2e.pages import wait_until_heard
from tests.e2e.stack import Site
from threads.models import Post

pytestmark = [pytest.mark.e2e]


def here_for_hours() -> None:
    Member.objects.update(joined_at=timezone.now() - timedelta(hours=2))


def listening(page: Page, cast: Cast) -> Page:
    wait_until_heard(page, cast.jam)
    return page


def test_flagged_hidden_and_shown_again_in_two_browsers(site: Site, open_page: OpenPage, cast: Cast) -> None:
    here_for_hours()
    policy.change(member=cast.ada, jam=cast.jam, plan={"flags_to_hide": 2})
    idea = cast.idea()
    thread = f"/jams/tides/threads/{idea.thread_id}/"
    reader, staff = open_page(cast.omar.person), open_page(cast.fay.person)
    reader.goto(thread)
    staff.goto("/jams/tides/queue/")
    expect(staff.get_by_text("Nothing waits")).to_be_visible()
    for member in (cast.ben, cast.ada):
        tab = open_page(member.person)
        tab.goto(thread)
        tab.get_by_role("link", name=re.compile("Flag the post by Ana")).click()
        tab.get_by_label("It sells something, or is spam").check()
        tab.get_by_role("button", name="Flag it").click()
        expect(tab.get_by_text("Those who run the jam look at it")).to_be_visible()
        at = time.monotonic()
    expect(reader.locator(f"#post-{idea.pk}")).to_contain_text("This idea is hidden.")
    expect(reader.get_by_text("So that boats find")).to_have_count(0)
    print(f"hidden for others after {time.monotonic() - at:.2f} s")
    expect(staff.locator(".queue-row")).to_contain_text("Hidden by flags")
    staff.locator(".queue-row .row-link").click()
    expect(staff.get_by_role("heading", name="2 flags")).to_be_visible()
    staff.keyboard.press("l")
    expect(staff.get_by_text("The post stays as it is.")).to_be_visible()
    at = time.monotonic()
    expect(reader.locator(f"#post-{idea.pk}")).to_contain_text("So that boats find")
    print(f"shown again for others after {time.monotonic() - at:.2f} s")
    assert [(action.by, action.kind) for action in Action.objects.filter(post=idea).order_by("pk")] == [
        (None, "hide"), (cast.fay, "dismiss"),
    ]  # fmt: skip


def test_one_key_hides_with_the_reason_that_people_gave(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea, other = cast.idea(), cast.idea(subject="Another")
    for post in (idea, other):
        flags.flag(member=cast.ben, post=post, kind="abuse")
    page = open_page(cast.fay.person)
    page.goto("/jams/tides/queue/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 flag")).to_be_visible()
    page.keyboard.press("h")
    expect(page.get_by_text("The post is hidden.")).to_be_visible()
    assert Action.objects.get(kind="hide").reason == "It attacks or insults somebody"
    expect(page.locator(".case-post")).to_contain_text("Another")
    page.keyboard.press("h")
    expect(page.get_by_text("Nothing waits")).to_be_visible()


def test_the_second_of_two_facilitators_hears_who_was_quicker(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    flags.flag(member=cast.ben, post=idea, kind="spam")
    case = Case.objects.get()
    first, second = open_page(cast.fay.person), open_page(cast.ada.person)
    for page in (first, second):
        page.goto(f"/jams/tides/queue/{case.pk}/")
    first.get_by_role("button", name="I take this").click()
    expect(first.get_by_text("You are handling it")).to_be_visible()
    first.get_by_role("button", name="Hide it").click()
    expect(first.get_by_text("The post is hidden.")).to_be_visible()
    expect(second.locator("[data-case-settled]")).to_be_visible()
    second.get_by_role("button", name="Leave it as it is").click()
    expect(second.get_by_text("Fay was quicker: Hidden.")).to_be_visible()
    assert Action.objects.count() == 1


def test_the_tab_of_who_is_suspended_says_so(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    tabs = [open_page(cast.ana.person) for _ in range(2)]
    tabs[0].goto(f"/jams/tides/threads/{idea.thread_id}/")
    tabs[1].goto("/jams/tides/")
    for tab in tabs:
        expect(tab.locator("[data-here-box]:not(.is-waiting)")).to_be_visible()
    staff = open_page(cast.fay.person)
    staff.goto(f"/jams/tides/moderation/people/{cast.ana.pk}/")
    panel = staff.locator("section", has=staff.get_by_role("heading", name="Suspend from this jam"))
    panel.get_by_label("For how long").select_option("24")
    panel.get_by_label("Why").fill("It sells lamps.")
    panel.get_by_role("button", name="Suspend from this jam").click()
    expect(staff.get_by_text("Their tabs are closed")).to_be_visible()
    at = time.monotonic()
    for tab in tabs:
        expect(tab.get_by_role("heading", name="You are suspended from The tides jam")).to_be_visible()
        expect(tab.get_by_text("It sells lamps.")).to_be_visible()
    print(f"both tabs say so after {time.monotonic() - at:.2f} s")
    tabs[0].get_by_label("Your message").fill("It was a mistake.")
    tabs[0].get_by_role("button", name="Send it to the facilitators").click()
    expect(tabs[0].get_by_text("It was a mistake.")).to_be_visible()
    assert Case.objects.get().kind == "talk"
    people.lift(by=cast.fay, member=cast.ana)
    tabs[1].goto("/jams/tides/")
    expect(tabs[1].get_by_role("heading", level=1)).to_contain_text("The tides jam")


def test_who_is_writing_keeps_the_text(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    tab = open_page(cast.ana.person)
    tab.goto(f"/jams/tides/threads/{idea.thread_id}/")
    expect(tab.locator("[data-here-box]:not(.is-waiting)")).to_be_visible()
    tab.locator(".node-idea .post-reply").click()
    tab.get_by_label("Your reply").fill("Half a novel")
    people.suspend(by=cast.fay, member=cast.ana, reason="Enough.", length=None)
    expect(tab.get_by_text("You cannot go on here.")).to_be_visible()
    expect(tab.get_by_label("Your reply")).to_have_value("Half a novel")


def test_a_text_that_waits_for_a_look(site: Site, open_page: OpenPage, cast: Cast) -> None:
    policy.change(member=cast.ada, jam=cast.jam, plan={"holding": "all"})
    idea = cast.idea(by=cast.fay)
    writer, staff = open_page(cast.ana.person), open_page(cast.fay.person)
    staff.goto("/jams/tides/queue/")
    writer.goto(f"/jams/tides/threads/{idea.thread_id}/")
    writer.locator(".node-idea .post-reply").click()
    writer.get_by_label("Your reply").fill("A bell would do.")
    writer.get_by_role("button", name="Post reply").click()
    expect(writer.get_by_text("A facilitator looks at it before others can read it")).to_be_visible()
    expect(writer.get_by_label("Your reply")).to_have_value("")
    staff.locator(".queue-row .row-link").click()
    expect(staff.locator(".case-post")).to_contain_text("A bell would do.")
    staff.get_by_role("button", name="Post it", exact=True).click()
    expect(staff.get_by_text("It is posted.")).to_be_visible()
    expect(writer.get_by_text("A bell would do.", exact=True)).to_be_attached()
    assert Post.objects.filter(body="A bell would do.", author=cast.ana).exists()
    assert HeldPost.objects.get().state == "let_in"


def test_all_of_it_without_javascript(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea()
    ben = open_page(cast.ben.person, java_script_enabled=False)
    ben.goto(f"/jams/tides/posts/{idea.pk}/flag/")
    ben.get_by_label("Something else").check()
    ben.get_by_role("button", name="Flag it").click()
    expect(ben.get_by_role("alert")).to_contain_text("Say in a few words what is wrong with it.")
    ben.get_by_label("In your own words").fill("It names my neighbour.")
    ben.get_by_role("button", name="Flag it").click()
    fay = open_page(cast.fay.person, java_script_enabled=False)
    fay.goto("/jams/tides/queue/")
    fay.locator(".queue-row .row-link").click()
    expect(fay.get_by_text("It names my neighbour.")).to_be_visible()
    fay.get_by_label("Why").fill("No names.")
    fay.get_by_role("button", name="Warn its author").click()
    expect(fay.get_by_text("The author is told.")).to_be_visible()
    ana = open_page(cast.ana.person, java_script_enabled=False)
    ana.goto(f"/jams/tides/matters/posts/{idea.pk}/")
    expect(ana.get_by_text("No names.")).to_be_visible()
    ana.get_by_label("Your message").fill("I am the neighbour.")
    ana.get_by_role("button", name="Answer the facilitators").click()
    fay.goto("/jams/tides/queue/")
    fay.locator(".queue-row .row-link").click()
    expect(fay.get_by_text("I am the neighbour.")).to_be_visible()
    fay.get_by_label("Your answer").fill("Then it is well.")
    fay.get_by_role("button", name="Send the answer").click()
    ana.reload()
    expect(ana.get_by_text("Then it is well.")).to_be_visible()
    assert not posts.is_hidden_by_site(idea)
