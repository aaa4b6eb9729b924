"""Every page of the site fits a phone and a desk and can be used by all, in light and in dark.

The pages are found in the site's own list of addresses: a new one is looked at without being named here, or named as
one that is no page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page

from accounts.models import Person
from jam.models import Announcement, GuestHour
from moderation.domain import posts as moderation
from notifications.domain import unsubscribing
from results.domain import closing
from tests.cast import Cast, close_by_clock, make_member, set_window
from tests.e2e.browser import OpenPage
from tests.e2e.door import INVITED, furnish_door
from tests.e2e.moderation import furnish_moderation
from tests.e2e.occasions import LONG, furnish
from tests.e2e.set_up import furnish_set_up
from tests.e2e.shifts import furnish_shifts
from tests.e2e.stack import Site
from threads.domain import (
    collections,
    connecting,
    drafts,
    editing,
    favourites,
    follows,
    moving,
    outcomes,
    tags,
    telling,
    voting,
)
from threads.domain.follows import Thing
from threads.models import Collection, Draft, Moved, Post, PostStatus, Theme, ThemeIdea

pytestmark = [pytest.mark.e2e]

Scheme = Literal["dark", "light"]
SIZES: dict[str, tuple[int, int, Scheme]] = {"phone": (390, 844, "dark"), "desk": (1280, 900, "light")}
"""Width and height in pixels, and the colours in which it is looked at with all rules; in the others, for contrast."""
OTHER: dict[Scheme, Scheme] = {"dark": "light", "light": "dark"}
AXE = Axe().axe_script
FOUND = "async (rules) => (await axe.run(document, rules)).violations.map(({ id, nodes }) => [id, nodes[0].html])"
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "selectors": False,
}
OF_COLOUR = {
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
    "resultTypes": ["violations"],
    "selectors": False,
}
STILL: dict[str, Any] = {"reduced_motion": "reduce"}
"""A colour on its way from light to dark is neither."""
WIDER_THAN_THE_VIEW = "document.documentElement.scrollWidth - innerWidth"

NO_PAGES = {
    "answers to programs": {
        "healthz",
        "jam:clock",
        "jam:whoami",
        "live:changes",
        "notifications:unseen",
        "threads:people_suggest",
        "threads:tags_suggest",
        "threads:similar",
        "threads:unread",
    },
    "files": {
        "accounts:data_file",
        "jam:accents",
        "jam:calendar",
        "jam:invitation_list_csv",
        "jam:look_picture",
        "jam:manifest",
        "mfa_download_recovery_codes",
        "jam:words",
        "jam:worker",
        "moderation:log_file",
        "moderation:my_shifts",
        "threads:image",
        "threads:jam_feed",
        "threads:forum_feed",
        "threads:search_feed",
        "threads:thread_feed",
    },
    "tests/e2e/test_doors.py looks at, since they want a provider, a second factor or a fresh sign-in": {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_deactivate_totp",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "openid_connect_callback",
        "openid_connect_login",
        "socialaccount_login_error",
        "socialaccount_signup",
    },
    "only lead on": {
        "None",  # to where allauth's and our own addresses have moved
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_set_password",
        "mfa_login_webauthn",
        "moderation:suspended",
        "notifications:open",
        "usersessions_list",
        "threads:first_unread",
        "threads:next_unread",
        "threads:post",
    },
    "are only sent to": {
        "accounts:keep",
        "accounts:language",
        "accounts:theme",
        "jam:announcement_dismiss",
        "jam:announcement_take_back",
        "jam:guest_hour_remove",
        "jam:invitation_act",
        "jam:invitation_ask",
        "jam:invitation_list_send",
        "jam:invitation_revoke",
        "jam:invitation_sign_up",
        "jam:link_make",
        "jam:link_revoke",
        "jam:planned_poll_remove",
        "jam:poll_close",
        "jam:poll_remove",
        "jam:poll_vote",
        "jam:preview",
        "jam:preview_end",
        "jam:publish",
        "jam:role_remove",
        "jam:request_decide",
        "jam:rules_accept",
        "moderation:let_all_in",
        "moderation:shift_confirm",
        "moderation:shift_hand_over",
        "moderation:shift_keep",
        "moderation:shift_offer",
        "moderation:shift_remove",
        "moderation:shift_take",
        "notifications:all_seen",
        "notifications:device_add",
        "notifications:device_end",
        "notifications:device_here",
        "results:rehearsal_remove",
        "results:rehearsal_throw_away",
        "threads:all_seen",
        "threads:collection_delete",
        "threads:collection_item",
        "threads:collection_share",
        "threads:discard",
        "threads:favourite",
        "threads:image_add",
        "threads:lock",
        "threads:pin",
        "threads:preview",
        "threads:put_back",
        "threads:seen",
        "threads:shown",
        "threads:undo_all_seen",
        "threads:vote",
    },
}
"""Addresses that show no page to anybody, by why not."""


@dataclass(frozen=True)
class Address:
    name: str
    """As the site's code calls it."""
    path: str


def addresses(numbers: dict[str, Any]) -> Iterator[Address]:
    """Every address of the site that `numbers` fill in, but those of the API."""

    def walk(patterns: list[URLPattern | URLResolver], route: str, space: str) -> Iterator[Address]:
        for one in patterns:
            here = route + str(one.pattern).removeprefix("^").removesuffix("$")
            if isinstance(one, URLPattern):
                path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(numbers.get(match[1], "-")), here)
                yield Address(f"{space}{one.name}", f"/{path}")
            elif not here.startswith("api/"):
                yield from walk(one.url_patterns, here, f"{one.namespace}:" if one.namespace else space)

    return walk(get_resolver().url_patterns, "", "")


def pages_for(person: Person | None, numbers: dict[str, Any]) -> list[Address]:
    """Those that show this reader a page of their own."""
    client = Client()
    if person:
        client.force_login(person)
    found = []
    for address in addresses(numbers):
        answer = client.get(address.path)
        if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
            found.append(address)
    return found


def look(tab: Page, path: str) -> list[str]:
    """What is wrong with the page that the tab shows, a line each: where, looked at how, what."""
    wrong = []
    tab.evaluate(AXE)
    for name, (width, height, colours) in SIZES.items():
        tab.set_viewport_size({"width": width, "height": height})
        if (over := tab.evaluate(WIDER_THAN_THE_VIEW)) > 0:
            wrong.append(f"{path} {name}: {over} px wider than the view")
        for scheme, rules in ((colours, RULES), (OTHER[colours], OF_COLOUR)):
            tab.emulate_media(color_scheme=scheme)
            wrong += [f"{path} {name}, {scheme}: {rule}, {html}" for rule, html in tab.evaluate(FOUND, rules)]
    return wrong


def write(cast: Cast) -> Post:
    """An idea with 24 levels of replies, long words, and something of all that can be done to a post."""
    idea = cast.idea(subject=LONG)
    tagged = cast.idea(by=cast.ana, subject="With tags")
    Post.objects.filter(pk=tagged.pk).update(tags=["lamps", "wort" + "verbindung" * 3, "ماء"])
    tags.recount(cast.jam.pk)
    posts = [idea]
    for number in range(24):
        posts.append(cast.reply(posts[-1], by=(cast.ana, cast.ben)[number % 2], body=f"Turn {number} " + "x" * 300))
    for number in range(6):
        parent = posts[-1 - (number * 5) % 3]
        posts.append(cast.reply(parent, by=(cast.ben, cast.fay)[number % 2], body=f"Turn {number} of the talk."))
    moderation.hide(member=cast.fay, post=posts[5], reason="rash")
    editing.edit(member=cast.ben, post=posts[-2], body="مصباح " * 40 + LONG, version="first")
    editing.withdraw(member=posts[8].author, post=posts[8])
    voting.cast(member=cast.ben, post=idea, value=1)
    favourites.keep(member=cast.ben, post=posts[1])
    Post.objects.filter(pk=cast.idea(forum=cast.streets).pk).update(subject="")
    collection = collections.make(member=cast.ben, title=LONG, note="For\nlater")
    for post in (idea, posts[1], posts[5]):
        collections.add(collection=collection, post=post)
        collections.annotate(collection=collection, post=post, note="x" * 300)
    collections.share(collection=collection)
    outcomes.set_outcome(member=cast.fay, thread=idea.thread, state="planned", words="In **spring**. " + "x" * 300)
    drafts.save(member=cast.ben, place=drafts.reply_place(idea), subject="", body="Half " + LONG, tags="", late=True)
    theme = Theme.objects.create(jam=cast.jam, words=["lamp", "pier", "verbindung" * 8], idea_count=1)
    ThemeIdea.objects.create(theme=theme, thread=idea.thread)
    return idea


def split_off(cast: Cast) -> Moved:
    """A reply that was made a thread, beside which another is named as one to see also."""
    other = cast.idea(forum=cast.streets, subject="Where it was")
    move = moving.split(member=cast.fay, post=cast.reply(other), subject=LONG, reason="x" * 300)
    connecting.connect(member=cast.fay, thread=move.to_thread, other=Post.objects.earliest("pk").thread)
    return move


def full_jam(cast: Cast) -> dict[str, Any]:
    """Fills the jam with something for every page; what fills in the addresses of its pages."""
    idea, poll = write(cast), furnish(cast)
    for thing in (Thing(person=cast.ana), Thing(tag="lamps")):
        follows.follow(member=cast.ben, thing=thing)
    telling.tell_all()
    make_member(cast.other, cast.ben.person)
    collection = Collection.objects.get()
    return {
        "slug": cast.jam.slug,
        "forum_id": cast.harbour.pk,
        "thread_id": idea.thread_id,
        "post_id": idea.pk,
        "member_id": cast.ana.pk,
        "person_id": cast.ana.person_id,
        "collection_id": collection.pk,
        "poll_id": poll.pk,
        "announcement_id": Announcement.objects.latest("pk").pk,
        "hour_id": GuestHour.objects.latest("pk").pk,
        "move_id": split_off(cast).pk,
        "theme_id": Theme.objects.latest("pk").pk,
        "draft_id": Draft.objects.latest("pk").pk,
        "key": collection.share_key,
        "step_name": "words",
        "planned_id": furnish_set_up(cast).pk,
        "shift_id": furnish_shifts(cast).pk,
        **furnish_door(cast),
        **furnish_moderation(cast, post_for("ben", cast)),
        "token": unsubscribing.token(cast.ben.person_id, "daily"),
    }


def post_for(who: str, cast: Cast) -> Post:
    """The one whose pages this reader opens: Ben may change and withdraw his, Fay may show the hidden one again."""
    if who == "fay":
        return Post.objects.get(status=PostStatus.HIDDEN)
    return Post.objects.filter(author=cast.ben, parent__isnull=False).latest("pk")


def reader(who: str, cast: Cast) -> Person | None:
    people = {"ben": cast.ben.person, "fay": cast.fay.person, "ada": cast.ada.person, "sid": cast.sid}
    return people.get(who)


STATES = {
    "ben": (
        "/jams/tides/catch-up/?size=all",
        "/jams/tides/search/?q=turn",
        "/jams/tides/search/?q=nowhere+to+be+found&kind=ideas",
        "/search/?q=turn",
        "/jams/tides/ideas/?tag=lamps",
        "/jams/tides/ideas/?sort=top",
        "/jams/tides/people/?q=nobody+at+all",
        "/jams/other/",
        "/jams/other/me/posts/",
        "/jams/nowhere/",
    ),
    "fay": (),
    "ada": (
        "/jams/tides/shifts/",
        "/jams/tides/export/",
        "/jams/tides/setup/forums/",
        "/jams/tides/setup/schedule/",
        "/jams/tides/setup/people/",
        "/jams/tides/setup/look/",
        "/jams/tides/setup/rules/",
        "/jams/tides/people-and-rules/",
        "/jams/tides/roles/",
        "/jams/tides/people-and-rules/rules/",
    ),
    "sid": ("/", "/people/", "/new/", "/import/", "/jams/tides/request/"),
    "visitor": ("/jams/tides/", INVITED, "/accounts/password/reset/key/1-no/"),
}
"""More looks of pages: when something was asked of them, where there is nothing yet, and those of a site's admin."""


def paths_for(who: str, cast: Cast, numbers: dict[str, Any]) -> list[str]:
    if who in ("ada", "sid"):  # the rest they see as Fay does
        traced = [f"/jams/tides/people/{numbers['member_id']}/trace/"] if who == "ada" else []
        roles = f"/jams/tides/roles/{numbers['member_id']}/" if who == "ada" else f"/people/{numbers['person_id']}/"
        return [*STATES[who], *traced, roles]
    own = numbers | {"post_id": post_for(who, cast).pk}
    return [page.path for page in pages_for(reader(who, cast), own)] + list(STATES[who])


@pytest.mark.parametrize("who", STATES)
def test_every_page_fits_and_can_be_used_by_all(site: Site, open_page: OpenPage, cast: Cast, who: str) -> None:
    """Nothing wider than the view, and axe finds nothing to complain of, with real lengths and 24 levels of replies."""
    numbers = full_jam(cast)
    tab = open_page(reader(who, cast), **STILL)
    wrong = []
    for path in paths_for(who, cast, numbers):
        tab.goto(path)
        if path == f"/jams/tides/threads/{numbers['thread_id']}/" and who == "ben":
            tab.locator(".post-reply").first.click()
        wrong += look(tab, path)
    assert not wrong, "\n".join(wrong)


def test_pages_of_other_phases_too(site: Site, open_page: OpenPage, cast: Cast) -> None:
    numbers = full_jam(cast)
    tab = open_page(cast.ben.person, **STILL)
    home = "/jams/tides/"
    wrong = []
    for early in (True, False):
        if early:
            set_window(cast.jam, opens_in=timedelta(hours=5), closes_in=timedelta(hours=9))
        else:
            claimed = closing.claim(close_by_clock(cast.jam))
            assert claimed is not None
        for path in (home, f"{home}threads/{numbers['thread_id']}/", f"{home}digest/", f"{home}guests/"):
            tab.goto(path)
            wrong += look(tab, path)
    assert not wrong, "\n".join(wrong)


def test_every_address_is_looked_at_or_is_no_page(cast: Cast) -> None:
    numbers = full_jam(cast)
    paths = {path for who in STATES for path in paths_for(who, cast, numbers)}
    shown = {resolve(urlsplit(path).path).view_name for path in paths}
    no_pages = set().union(*NO_PAGES.values())
    assert shown & no_pages == set()
    assert shown | no_pages == {address.name for address in addresses(numbers)}
