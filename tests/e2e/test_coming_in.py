"""Coming into a jam in a browser: by an invitation from the mail, by asking, past the rules."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from jam.domain import inviting, requests, rules
from jam.domain.inviting import ListPlan
from jam.models import Door, Jam, JoinRequest, Member, Naming, Policy
from tests.cast import PASSWORD, Cast
from tests.e2e.browser import OpenPage
from tests.e2e.stack import Site, eventually

pytestmark = [pytest.mark.e2e]


def test_from_a_list_to_a_seat(working_site: Site, open_page: OpenPage, cast: Cast) -> None:
    """An admin pastes addresses and sends; who gets the mail signs up by its link and joins under a pseudonym."""
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    Policy.objects.create(jam=cast.jam, naming=Naming.PSEUDONYM)
    page = open_page(cast.ada.person)
    page.goto("/jams/tides/invitations/")
    page.get_by_label("Addresses").fill("nia@x.org\nnobody\nana@example.org")
    page.get_by_role("button", name="Read the list").click()
    expect(page.get_by_text("It has no @.")).to_be_visible()
    assert working_site.mails_to("nia@x.org") == []
    page.get_by_role("button", name="Send 1 invitation").click()
    mail = eventually(lambda: working_site.mails_to("nia@x.org"), within=30, what="the mail goes out")[0]
    found = re.search(r"/i/\S+", mail.get_content())
    assert found

    guest = open_page(None)
    guest.goto(found[0])
    expect(guest.get_by_text("n…@x.org")).to_be_visible()
    guest.get_by_role("button", name="Sign up").click()
    guest.get_by_label("Your name").fill("Nia")
    guest.locator("[name=email]").fill("nia@x.org")
    guest.locator("[name=password1]").fill(PASSWORD)
    guest.locator("main form .button-main").click()
    guest.get_by_label("Your pseudonym").fill("Night Heron")
    guest.get_by_role("button", name="Join this jam").click()

    expect(guest.get_by_text("You are in, as Night Heron.")).to_be_visible()
    assert Member.objects.filter(jam=cast.jam, name="Night Heron").exists()


def test_a_text_waits_while_the_rules_are_read(site: Site, open_page: OpenPage, cast: Cast) -> None:
    """The rules change while somebody writes: the text is refused, kept, and sent once they are accepted."""
    page = open_page(cast.ana.person)
    page.goto(f"/jams/tides/forums/{cast.harbour.pk}/threads/")
    page.locator("[name=subject]").fill("A lamp on the pier")
    page.locator("[name=body]").fill("So that boats find home.")
    rules.change(jam=cast.jam, by=cast.ada, text="Be kind.", version=0)
    page.get_by_role("button", name="Post idea").click()
    page.get_by_role("link", name="Read the rules").click()
    page.get_by_role("button", name="I accept these rules").click()

    expect(page.locator("[name=body]")).to_have_value("So that boats find home.")
    page.get_by_role("button", name="Post idea").click()
    expect(page.get_by_text("A lamp on the pier").first).to_be_visible()
    eventually(lambda: cast.jam.posts.exists(), what="it is posted")


def test_who_runs_the_jam_sees_a_request_come(site: Site, open_page: OpenPage, cast: Cast) -> None:
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.REQUEST)
    cast.jam.refresh_from_db()
    page = open_page(cast.fay.person)
    page.goto("/jams/tides/requests/")
    expect(page.locator("[data-open-requests]")).to_have_text("0 wait for a decision.")

    requests.ask(jam=cast.jam, person=cast.zoe, words="I keep the lamps.")

    expect(page.locator("[data-open-requests]")).to_have_text("1 waits for a decision.")
    page.get_by_role("link", name="Bring the page up to date").click()
    page.get_by_role("button", name="Let in").click()
    expect(page.get_by_text("Nobody waits")).to_be_visible()
    assert JoinRequest.objects.get().decision == "approved"


def test_a_list_of_addresses_without_scripts(site: Site, open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.ada.person, java_script_enabled=False)
    made = inviting.make_list(jam=cast.jam, by=cast.ada, plan=ListPlan(b"a@x.org", name=""))
    page.goto(f"/jams/tides/invitations/{made.pk}/")
    page.get_by_role("button", name="Send 1 invitation").click()
    expect(page.get_by_text("1 mail goes out now.")).to_be_visible()
