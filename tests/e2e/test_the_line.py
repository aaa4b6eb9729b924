"""A jam from its making to its results, in real browsers on the real site.

Windows are short or moved by hand; nothing here waits for time to pass but for the few seconds before a close.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.domain import tokens
from jam.domain import events
from jam.domain.phases import database_now
from jam.models import Jam, Member, Role
from results.models import Closing, Digest
from tests.cast import PASSWORD, Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually
from threads.models import Draft, Post, Vote


def sign_up(page: Page, site: Site, *, name: str, email: str) -> None:
    """Signs up by e-mail, with the code from the mail that the site wrote."""
    page.goto("/")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/confirm-email/**")
    (mail,) = eventually(lambda: site.mails_to(email), what="the mail with the code")
    body = mail.get_body(("plain",))
    assert body is not None
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", body.get_content(), re.MULTILINE)
    assert code is not None
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("main").get_by_role("button", name="Confirm").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def wall(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def make_jam(page: Page) -> None:
    """Makes a jam step by step that opened a minute ago and is open for two hours, and publishes it."""
    now = database_now()
    page.goto("/")
    page.get_by_role("link", name="New jam").click()
    page.get_by_label("Title").first.fill("Lamps for the mole")
    page.get_by_label(re.compile("^Question")).first.fill("Where is it **dark**?")
    page.get_by_role("button", name="Save the draft and go on").click()
    titles = page.locator(".forum-row").get_by_label("Title")
    titles.nth(0).fill("Piers")
    titles.nth(1).fill("Lanes")
    go_on(page)
    page.get_by_label("The jam’s time zone").select_option("UTC")
    page.get_by_label("Opens").fill(wall(now - timedelta(minutes=1)))
    page.get_by_label("Closes").fill(wall(now + timedelta(hours=2)))
    go_on(page)
    page.get_by_label("Anyone with an account here").check()
    go_on(page)
    go_on(page)  # its look stays as it is
    page.get_by_label("Agree, pass or disagree").check()
    go_on(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("button", name="An hour more").first).to_be_visible()


def go_on(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Save and (go on|check)")).last.click()


def start_idea(page: Page, *, subject: str, body: str) -> None:
    page.get_by_text("Start an idea").click()
    page.get_by_label("Your idea in one line").fill(subject)
    page.get_by_label("Say more").fill(body)
    page.get_by_role("button", name="Post idea").click()


def reply_to(page: Page, post: Post, text: str, *, send: bool = True) -> None:
    article = page.locator(f"#post-{post.pk}")
    article.get_by_role("link", name="Reply").click()
    form = page.locator(f"form[data-composer][data-place='post:{post.pk}']")
    form.locator("textarea").fill(text)
    if send:
        form.get_by_role("button", name="Post reply").click()


def close_in(jam: Jam, seconds: float) -> datetime:
    """Moves the close to `seconds` from now and tells the tabs, as a facilitator's change does."""
    with transaction.atomic():
        held = Jam.objects.select_for_update().get(pk=jam.pk)
        held.closes_at = database_now() + timedelta(seconds=seconds)
        held.save()
        events.window_changed(held)
    assert held.closes_at is not None
    return held.closes_at


def test_a_jam_from_its_making_to_its_results(
    working_site: Site, open_page: OpenPage, cast: Cast, tmp_path: Path
) -> None:
    site = working_site
    fay, nia, ben = open_page(), open_page(), open_page(cast.ben.person, viewport={"width": 390, "height": 844})

    # A facilitator makes a jam; a new participant signs up, finds it and joins.
    sign_in(fay, "fay@example.org")
    make_jam(fay)
    jam = Jam.objects.get(slug="lamps-for-the-mole")
    sign_up(nia, site, name="Nia Néw", email="nia@example.org")
    nia.goto("/")
    nia.get_by_role("link", name="Lamps for the mole").click()
    nia.get_by_role("button", name="Join this jam").click()
    ben.goto(f"/jams/{jam.slug}/")
    ben.get_by_role("button", name="Join this jam").click()
    ben.get_by_role("link", name="Piers").click()

    # An idea in one tab is in the other, behind a pill; so are a vote and a reply.
    nia.get_by_role("link", name="Piers").click()
    start_idea(nia, subject="A lamp on the pier", body="So that boats find **home**.")
    nia.wait_for_url("**/threads/*/**")
    idea = Post.objects.get()
    ben.get_by_role("button", name="1 new idea").click()
    ben.get_by_role("link", name="A lamp on the pier").click()
    agree = ben.locator(f"#post-{idea.pk}").get_by_role("button", name=re.compile("^Agree"))
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true")
    expect(nia.locator(f"#post-{idea.pk} [data-count=agree]")).to_have_text("1")
    reply_to(ben, idea, "Yes, and *one* on the mole.")
    expect(ben.locator(".tree .post")).to_have_count(1)
    nia.get_by_role("button", name="1 new reply").click()
    expect(nia.locator(".tree .prose")).to_have_text("Yes, and one on the mole.")
    assert [(vote.member.name, vote.value) for vote in Vote.objects.all()] == [("Ben", 1)]

    # What is kept is found again.
    with nia.expect_response("**/favourite/"):
        nia.locator(".tree .post").get_by_role("button", name="Keep").click()
    expect(nia.locator(".tree .post").get_by_role("button", name="Kept")).to_be_visible()
    nia.goto(f"/jams/{jam.slug}/me/favourites/")
    expect(nia.get_by_text("Yes, and one on the mole.")).to_be_visible()

    # The close moves, and everybody's countdown with it.
    before = Jam.objects.get(pk=jam.pk).closes_at
    assert before is not None
    fay.goto(f"/jams/{jam.slug}/")
    fay.get_by_role("button", name="An hour more").first.click()
    later = str(int((before + timedelta(hours=1)).timestamp() * 1000))
    expect(ben.locator("body")).to_have_attribute("data-closes", later)
    assert Jam.objects.get(pk=jam.pk).closes_at == before + timedelta(hours=1)

    # At the close every tab says so. What was being written is kept.
    reply_to(ben, idea, "I was still writing this", send=False)
    fay.goto(f"/jams/{jam.slug}/window/")
    fay.get_by_role("button", name="Close now").click()
    expect(ben.locator("[data-phase-notice]")).to_be_visible()
    expect(ben.locator("body")).to_have_attribute("data-phase", "reading")
    expect(ben.locator("[data-late]")).to_contain_text("kept in your drafts")
    draft = eventually(Draft.objects.first, what="the draft")
    assert (draft.body, draft.member.person) == ("I was still writing this", cast.ben.person)

    # A digest for each member, on a page and by mail, once.
    eventually(lambda: Closing.objects.filter(finished_at__isnull=False).exists(), within=30, what="the closing")
    members = ["ben@example.org", "fay@example.org", "nia@example.org"]
    eventually(lambda: all(digests_to(site, address) for address in members), within=30, what="the digests' mails")
    assert [len(digests_to(site, address)) for address in members] == [1, 1, 1]
    assert sorted(Digest.objects.values_list("member__person__email", flat=True)) == members
    nia.goto(f"/jams/{jam.slug}/digest/")
    expect(nia.get_by_role("heading", name="Your part")).to_be_visible()
    expect(nia.get_by_role("link", name="A lamp on the pier").first).to_be_visible()

    # The jam's admin takes it away; an admin of the site brings it back under another name.
    fay.goto(f"/jams/{jam.slug}/export/")
    with fay.expect_download() as download:
        fay.locator("a[href='?format=bundle']").click()
    bundle = tmp_path / "lamps.zip"
    download.value.save_as(bundle)
    sid = open_page(cast.sid)
    sid.goto("/import/")
    sid.set_input_files("input[type=file]", bundle)
    sid.get_by_label("Its name in the address").fill("lamps-again")
    sid.get_by_role("button", name="Load the jam").click()
    expect(sid.get_by_role("main")).to_contain_text("Loaded Lamps for the mole")
    again = Jam.objects.get(slug="lamps-again")
    assert [(post.key, post.body) for post in again.posts.order_by("key")] == [
        (post.key, post.body) for post in jam.posts.order_by("key")
    ]


def digests_to(site: Site, address: str) -> list[object]:
    return [mail for mail in site.mails_to(address) if "what came of it" in str(mail["Subject"])]


def test_the_clock_closes_a_jam_with_every_worker_stopped(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    ana, ben = open_page(cast.ana.person), open_page(cast.ben.person)
    for page in (ana, ben):
        page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    reply_to(ben, idea, "Too late by a breath", send=False)
    closes_at = close_in(cast.jam, 4)
    for page in (ana, ben):
        expect(page.locator("body")).to_have_attribute("data-closes", str(int(closes_at.timestamp() * 1000)))
    for page in (ana, ben):
        expect(page.locator("body")).to_have_attribute("data-phase", "reading", timeout=20_000)
        expect(page.locator("[data-phase-notice]")).to_be_visible()
        expect(page.get_by_role("button", name="Post reply")).to_have_count(0)
    expect(ben.locator("[data-late]")).to_contain_text("kept in your drafts")
    assert [draft.body for draft in Draft.objects.all()] == ["Too late by a breath"]

    # Whoever goes round the page is refused as well, from that second on.
    answer = ana.request.post(
        f"/api/v1/threads/{idea.thread_id}/posts",
        headers={"Authorization": f"Bearer {tokens.make_token(person=cast.ben.person)}"},
        data={"body": "around the page"},
    )
    assert (answer.status, answer.json()["phase"]) == (409, "reading")
    assert Post.objects.count() == 1
    assert not Closing.objects.exists()  # nobody was there to do what follows


def test_a_form_that_was_open_over_the_close_gives_its_text_back_without_javascript(
    site: Site, open_page: OpenPage, cast: Cast
) -> None:
    idea = cast.idea(by=cast.ana)
    page = open_page(cast.ben.person, java_script_enabled=False)
    page.goto(f"/jams/tides/posts/{idea.pk}/reply/")
    page.get_by_role("textbox").fill("Written in time, sent too late")
    close_in(cast.jam, 0)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("textbox")).to_have_value("Written in time, sent too late")
    expect(page.get_by_role("main")).to_contain_text("drafts")
    assert [(draft.body, draft.late) for draft in Draft.objects.all()] == [("Written in time, sent too late", True)]
    page.get_by_role("link", name="Your drafts").first.click()
    expect(page.get_by_role("main")).to_contain_text("Written in time, sent too late")


def test_everything_works_without_javascript(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ben.person, java_script_enabled=False)
    page.goto("/jams/tides/")
    page.get_by_role("link", name="Harbour").click()
    start_idea(page, subject="A bell", body="For the fog.")
    idea = Post.objects.get()
    assert urlsplit(page.url).path == f"/jams/tides/threads/{idea.thread_id}/"
    cast.reply(idea, by=cast.ana, body="A low one.")
    page.reload()
    answer = page.locator(".tree .post")
    answer.get_by_role("button", name=re.compile("^Agree")).click()
    answer.get_by_role("button", name="Keep").click()
    answer.get_by_role("link", name="Reply").click()
    page.get_by_role("textbox").fill("As low as the mole.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator(".tree .post")).to_have_count(2)
    assert list(Vote.objects.values_list("member__name", "value")) == [("Ben", 1)]
    page.goto("/jams/tides/me/favourites/")
    expect(page.get_by_text("A low one.")).to_be_visible()


def test_a_tab_that_was_away_catches_up_and_shows_nothing_twice(site: Site, open_page: OpenPage, cast: Cast) -> None:
    idea = cast.idea(by=cast.ana)
    page = open_page(cast.ben.person)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    cast.reply(idea, by=cast.ana, body="While you listen")
    expect(page.get_by_role("button", name="1 new reply")).to_be_visible()
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(page.get_by_text("There is no connection to the jam")).to_be_visible()
    for number in range(3):
        cast.reply(idea, by=cast.ana, body=f"While you are away {number}")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Connected again")).to_be_visible()
    page.get_by_role("button", name="4 new replies").click()
    expect(page.locator(".tree .prose")).to_have_text(
        ["While you listen", *(f"While you are away {number}" for number in range(3))]
    )


@pytest.mark.parametrize("role", [Role.OBSERVER])
def test_an_observer_has_no_form(site: Site, open_page: OpenPage, cast: Cast, role: Role) -> None:
    idea = cast.idea()
    assert Member.objects.get(person=cast.omar.person).role == role
    page = open_page(cast.omar.person)
    page.goto(f"/jams/tides/threads/{idea.thread_id}/")
    expect(page.get_by_role("link", name="Reply")).to_have_count(0)
