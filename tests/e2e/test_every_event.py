"""Page state plus event equals the fresh page, for every kind of event and every page that shows it.

A page is open, something happens, the page hears of it; then it shows what a tab shows that was loaded afterwards.
What is held back from a reader (new posts, another order) they ask for first, as they would. Where a page does not
follow an event but offers to load again, that offer is what is tested.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from jam.domain import announcements, guest_hours, polls, requests, setup
from jam.domain import events as jam_events
from jam.domain.plans import Words
from jam.models import Announcement, Door, Member, Poll, Role
from live.domain.kinds import all_kinds
from moderation.domain import flags, handling, roster
from moderation.domain import posts as moderation
from moderation.domain.handling import Matter
from results.domain import closing
from tests.e2e.browser import OpenPage
from tests.e2e.pages import ask_for_what_is_held_back, assert_equals_the_fresh_page, shown, wait_until_heard
from tests.e2e.scene import Scene
from tests.e2e.stack import Site
from threads.domain import connecting, editing, highlights, locking, moving, outcomes, pinning, telling, voting
from threads.domain.undoing import undo
from threads.models import Moved

pytestmark = [pytest.mark.e2e]


# --- what happens: before the pages are open, and while they are ---------------------------------------------------


def nothing(scene: Scene) -> None:
    pass


def write_what_all_hear(scene: Scene, subject: str) -> None:
    """Ends a case whose last event is for some alone: who does not hear of it would wait for its number."""
    scene.cast.idea(by=scene.cast.fay, subject=subject)


def write(scene: Scene) -> None:
    cast, at = scene.cast, scene.under
    cast.idea(by=cast.ben, subject="A second lamp")
    cast.reply(scene.waiting, by=cast.fay)
    cast.reply(scene.idea, by=cast.fay, body="# A heading\n\n- and\n- a list")
    for number in range(9):
        at = cast.reply(at, by=(cast.ben, cast.ana, cast.fay)[number % 3], body=f"Down, {number}. " + "word " * 60)
        cast.reply(scene.reply, by=(cast.ana, cast.fay)[number % 2], body=f"Beside, {number}.")


def hide_some(scene: Scene) -> None:
    cast = scene.cast
    new = cast.reply(scene.under, by=cast.ben, body="Held back still when it is hidden.")
    for post in (scene.under, new, scene.waiting, scene.idea):
        moderation.hide(member=cast.ada, post=post, reason="rash")
    write_what_all_hear(scene, "Written when they were hidden")


def restore_some(scene: Scene) -> None:
    cast = scene.cast
    for post in (scene.under, scene.waiting):
        moderation.restore(member=cast.ada, post=post, reason="calm")
    moderation.hide(member=cast.ada, post=scene.reply, reason="rash")
    moderation.restore(member=cast.ada, post=scene.reply, reason="calm")
    write_what_all_hear(scene, "Written when they were shown again")


def say_what_became(scene: Scene) -> None:
    cast = scene.cast
    for post, state, words in ((scene.idea, "planned", "In **spring**."), (scene.waiting, "done", "")):
        outcomes.set_outcome(member=cast.fay, thread=post.thread, state=state, words=words)
    outcomes.set_outcome(member=cast.ada, thread=scene.other.thread, state="")


def say_of_two(scene: Scene) -> None:
    for post in (scene.idea, scene.other):
        outcomes.set_outcome(member=scene.cast.fay, thread=post.thread, state="considered", words="> We look at it.")


def edit_some(scene: Scene) -> None:
    cast = scene.cast
    new = cast.reply(scene.under, by=cast.ben, body="Held back still when it is changed.")
    for post in (scene.under, new):
        editing.edit(member=post.author, post=post, body="Said *otherwise*.", version="first")
    for post in (scene.idea, scene.waiting):
        words = "Not on the pier. " + "word " * 60
        editing.edit(
            member=post.author, post=post, subject="Two lamps", body=words, tag_list=["light"], version="first"
        )


def withdraw_some(scene: Scene) -> None:
    cast = scene.cast
    new = cast.reply(scene.under, by=cast.ben, body="Held back still when it is withdrawn.")
    for post in (scene.under, new, scene.waiting, scene.reply):
        editing.withdraw(member=post.author, post=post)
    editing.put_back(member=cast.ben, post=scene.reply)
    moderation.hide(member=cast.ada, post=scene.waiting, reason="rash")
    moderation.restore(member=cast.ada, post=scene.waiting, reason="calm")
    write_what_all_hear(scene, "Written when it was shown again")


def highlight_some(scene: Scene) -> None:
    cast = scene.cast
    new = cast.reply(scene.under, by=cast.ben, body="Held back still when it is highlighted.")
    for post, kind in ((new, "best"), (scene.under, "emerging"), (scene.idea, "best"), (scene.waiting, "emerging")):
        highlights.highlight(member=cast.fay, post=post, kind=kind)
    highlights.highlight(member=cast.ada, post=scene.reply, kind="")
    highlights.highlight(member=cast.ada, post=scene.other, kind="")


def highlight_two(scene: Scene) -> None:
    for post in (scene.reply, scene.other):
        highlights.highlight(member=scene.cast.fay, post=post, kind="best")


def take_up(scene: Scene) -> None:
    """What it changes is the console, which has tests of its own (test_console.py): other pages stay as they are.

    Only the staff hear of it; what is written afterwards all do.
    """
    handling.claim(member=scene.cast.fay, matter=Matter.of_thread(scene.idea))
    handling.release(member=scene.cast.fay, matter=Matter.of_thread(scene.idea))
    write_what_all_hear(scene, "Written when it was taken up")


def hide_two(scene: Scene) -> None:
    for post in (scene.under, scene.waiting):
        moderation.hide(member=scene.cast.ada, post=post, reason="rash")
    write_what_all_hear(scene, "Written when two were hidden")


# --- what is done to threads as a whole: moves are offered on a thread's own page, and shown in lists ----------------


def lock_two(scene: Scene) -> None:
    for post in (scene.idea, scene.waiting):
        locking.lock(member=scene.cast.fay, thread=post.thread)


def lock_and_unlock(scene: Scene) -> None:
    locking.lock(member=scene.cast.ada, thread=scene.idea.thread)
    locking.unlock(member=scene.cast.ada, thread=scene.waiting.thread)
    locking.lock(member=scene.cast.fay, thread=scene.other.thread)


def pin_two(scene: Scene) -> None:
    for post in (scene.idea, scene.waiting):
        pinning.pin(member=scene.cast.fay, thread=post.thread)


def connect_two(scene: Scene) -> None:
    connecting.connect(member=scene.cast.fay, thread=scene.idea.thread, other=scene.waiting.thread)
    connecting.connect(member=scene.cast.fay, thread=scene.other.thread, other=scene.idea.thread)
    connecting.take_apart(member=scene.cast.fay, thread=scene.idea.thread, other=scene.waiting.thread)


def move_another(scene: Scene) -> None:
    moving.move_thread(member=scene.cast.fay, thread=scene.waiting.thread, forum=scene.cast.streets)


def merge_others(scene: Scene) -> None:
    moving.merge(member=scene.cast.fay, thread=scene.waiting.thread, other=scene.other.thread)


def split_another(scene: Scene) -> None:
    reply = scene.cast.reply(scene.waiting, by=scene.cast.ana, body="And a boat?")
    moving.split(member=scene.cast.fay, post=reply, subject="A boat")


def move_a_reply_elsewhere(scene: Scene) -> None:
    reply = scene.cast.reply(scene.waiting, by=scene.cast.ana, body="And a boat?")
    moving.move_branch(member=scene.cast.fay, post=reply, under=scene.other)


def undo_all(scene: Scene) -> None:
    for move in Moved.objects.order_by("-pk"):
        undo(member=scene.cast.fay, move=move)


# --- what those who run the jam put into it: the case before, and what happens -------------------------------------


def announce(scene: Scene) -> None:
    announcements.make(member=scene.cast.fay, words="**Lunch** is at one.")
    announcements.make(member=scene.cast.ada, words="The ferry is late.", forum=scene.cast.harbour)


def take_one_back(scene: Scene) -> None:
    announcements.take_back(member=scene.cast.ada, announcement=Announcement.objects.latest("pk"))


def ask(scene: Scene) -> None:
    for number, place in enumerate((None, scene.cast.harbour)):
        for results in Poll.Results.values:
            plan = polls.PollPlan(
                question=f"Which {results}?",
                choices=["A lamp", "A bench <b>", "مقعد"],
                multiple=number == 1,
                results=results,
                forum=place,
                closes_at=scene.cast.jam.closes_at if number else None,
            )
            polls.make(member=scene.cast.fay, plan=plan)


def ask_and_vote(scene: Scene) -> None:
    ask(scene)
    for poll in Poll.objects.all():
        polls.vote(member=scene.cast.ben, poll=poll, choices=[poll.choices.all()[1].pk])
    polls.tell_counts()


def vote_in_polls(scene: Scene) -> None:
    for poll in Poll.objects.all():
        polls.vote(member=scene.cast.ada, poll=poll, choices=[poll.choices.all()[0].pk])
    polls.tell_counts()


def end_polls(scene: Scene) -> None:
    for poll in Poll.objects.all():
        polls.close(member=scene.cast.fay, poll=poll)


def ask_vote_and_end(scene: Scene) -> None:
    ask(scene)
    vote_in_polls(scene)
    for poll in Poll.objects.all()[:2]:
        polls.close(member=scene.cast.fay, poll=poll)


def remove_polls(scene: Scene) -> None:
    for poll in Poll.objects.all():
        polls.remove(member=scene.cast.fay, poll=poll)


def plan_of(scene: Scene, guest: Member, begins_in: timedelta) -> guest_hours.HourPlan:
    starts_at = timezone.now() + begins_in
    forum = scene.cast.harbour if guest == scene.cast.ana else None
    return guest_hours.HourPlan(guest, starts_at, starts_at + timedelta(hours=1), words="Ask about <b>", forum=forum)


def set_hours(scene: Scene) -> None:
    for guest, begins_in in ((scene.cast.ben, timedelta(hours=1)), (scene.cast.ana, -timedelta(minutes=1))):
        guest_hours.put(member=scene.cast.fay, plan=plan_of(scene, guest, begins_in))


def begin_hours(scene: Scene) -> None:
    guest_hours.alert_begun()


def answer_ana(scene: Scene) -> None:
    scene.cast.reply(scene.under, by=scene.cast.fay)


def tell_of_a_reply(scene: Scene) -> None:
    """What it changes is the bell, which has tests of its own (test_bell.py): the page beside it stays as it is.

    Only Ana hears of it; what is written afterwards all do.
    """
    telling.tell_all()
    write_what_all_hear(scene, "Written when it was told")


def flag_some(scene: Scene) -> None:
    """The queue itself, which follows it, has a test of its own (test_moderation.py)."""
    for post in (scene.under, scene.waiting):
        flags.flag(member=scene.cast.ada, post=post, kind="spam")
    moderation.dismiss(member=scene.cast.fay, post=scene.waiting)
    moderation.hide(member=scene.cast.fay, post=scene.under, reason="rash")
    write_what_all_hear(scene, "Written when it was flagged")


def plan_a_shift(scene: Scene) -> None:
    """The roster and the journals, which follow it, have a test of their own (test_shifts.py)."""
    starts_at = timezone.now() + timedelta(hours=1)
    plan = roster.ShiftPlan(scene.cast.fay, starts_at, starts_at + timedelta(hours=4))
    roster.put(member=scene.cast.ada, plan=plan)
    write_what_all_hear(scene, "Written when it was planned")


def ask_to_come_in(scene: Scene) -> None:
    """The page of requests, which follows it, has a test of its own (test_coming_in.py)."""
    jam = scene.cast.jam
    jam.door = Door.REQUEST
    requests.ask(jam=jam, person=scene.cast.zoe, words="I keep the lamps.")
    write_what_all_hear(scene, "Written when it was asked")


@dataclass(frozen=True)
class Case:
    verb: Callable[[Scene], None]
    before: Callable[[Scene], None] = nothing


FOLLOWED = {
    "announcement.made": Case(announce),
    "announcement.taken_back": Case(take_one_back, before=announce),
    "guest.on": Case(begin_hours, before=set_hours),
    "guest_hours.changed": Case(set_hours),
    "poll.changed": Case(ask_vote_and_end),
    "poll.counted": Case(vote_in_polls, before=ask_and_vote),
    "poll.removed": Case(remove_polls, before=ask),
    "post.created": Case(write),
    "post.edited": Case(edit_some),
    "post.hidden": Case(hide_some),
    "post.highlighted": Case(highlight_some, before=highlight_two),
    "post.restored": Case(restore_some, before=hide_two),
    "handling.changed": Case(take_up),
    "notified": Case(tell_of_a_reply, before=answer_ana),
    "outcome.set": Case(say_what_became, before=say_of_two),
    "post.moderated": Case(hide_two),
    "post.withdrawn": Case(withdraw_some),
    "queue.changed": Case(flag_some),
    "requests.changed": Case(ask_to_come_in),
    "shift.changed": Case(plan_a_shift),
    "thread.locked": Case(lock_and_unlock, before=lock_two),
    "thread.pinned": Case(pin_two),
    "threads.connected": Case(connect_two),
    "thread.moved": Case(move_another),
    "thread.merged": Case(merge_others),
    "thread.split": Case(split_another),
    "post.moved": Case(move_a_reply_elsewhere),
    "move.undone": Case(undo_all, before=merge_others),
}
"""Pages become the fresh page."""

# The bell is on every page alike; which rows a list has, and where, follows from these two.
ABOUT_POSTS = ("post", "outcome", "thread", "threads", "move")
MOVES_ROWS = ("post.created", "post.hidden")

OFFERED = {"jam.changed", "jam.closed", "member.changed", "window.changed"}
"""Pages keep what they show and say what happened; each has a test of its own below."""


def test_every_kind_has_a_case() -> None:
    assert {kind.kind for kind in all_kinds()} == FOLLOWED.keys() | OFFERED


@pytest.mark.parametrize("kind", FOLLOWED)
def test_what_happened_shows_as_on_a_fresh_page(kind: str, site: Site, open_page: OpenPage, scene: Scene) -> None:
    case = FOLLOWED[kind]
    case.before(scene)
    opened: dict[tuple[str, str], Page] = {}
    tabs = scene.tabs(about_posts=kind.partition(".")[0] in ABOUT_POSTS, every_order=kind in MOVES_ROWS)
    for who, member, names in tabs:
        first = open_page(member.person)
        for name in names:
            page = opened[who, name] = first if name == names[0] else first.context.new_page()
            page.goto(scene.pages()[name])
    case.verb(scene)
    for (who, name), page in opened.items():
        wait_until_heard(page, scene.cast.jam)
        ask_for_what_is_held_back(page)
        assert_equals_the_fresh_page(page, f"{name}, {who}")
        page.close()


@pytest.mark.parametrize("who", ["observer", "visitor"])
def test_who_only_reads_gets_no_controls(who: str, site: Site, open_page: OpenPage, scene: Scene) -> None:
    page = open_page(scene.cast.omar.person if who == "observer" else scene.cast.zoe)
    page.goto(scene.pages()["thread"])
    write(scene)
    wait_until_heard(page, scene.cast.jam)
    ask_for_what_is_held_back(page)
    assert_equals_the_fresh_page(page)


def test_votes_are_those_of_the_fresh_page(site: Site, open_page: OpenPage, scene: Scene) -> None:
    """Also those on a post that is held back. A home is not told of votes: they would go to every tab of the jam."""
    cast = scene.cast
    pages = []
    for name in ("forum", "thread"):
        pages.append(open_page(cast.ana.person))
        pages[-1].goto(scene.pages()[name])
    new = cast.reply(scene.idea, by=cast.ben)
    voting.cast(member=cast.fay, post=new, value=1)
    voting.cast(member=cast.ada, post=new, value=-1)
    voting.cast(member=cast.fay, post=scene.under, value=0)
    voting.cast(member=cast.ada, post=scene.waiting, value=1)
    voting.withdraw(member=cast.fay, post=scene.idea)
    votes = cast.idea(by=cast.fay, subject="Told after the votes")
    for page in pages:
        wait_until_heard(page, cast.jam)
        agree = page.locator(f"[data-post-id='{scene.idea.pk}'] [data-count=agree]")
        expect(agree).to_have_text("0")
        ask_for_what_is_held_back(page)
        assert_equals_the_fresh_page(page)
    expect(pages[0].locator(f"[data-post-id='{votes.pk}']")).to_be_visible()


# --- kinds that a page says rather than follows ---------------------------------------------------------------------


def test_a_moved_close_shows_everywhere(site: Site, open_page: OpenPage, scene: Scene) -> None:
    cast = scene.cast
    page = open_page(cast.fay.person)
    page.goto(scene.pages()["home"])
    setup.extend(jam=cast.jam, expected_close=cast.jam.closes_at)
    wait_until_heard(page, cast.jam)
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"The jam now closes in (3 h|2 h 59 min), on "))
    fresh = page.context.new_page()
    fresh.goto(page.url)
    # The shape of what was posted is moved along as it is, and counted anew when the page is loaded.
    drawn = [line for line in shown(page) if not line.strip().startswith("line ")]
    assert drawn == [line for line in shown(fresh) if not line.strip().startswith("line ")]
    window = "['opens', 'closes', 'readingUntil', 'reviewUntil', 'phase'].map((name) => document.body.dataset[name])"
    assert page.evaluate(window) == fresh.evaluate(window)


def test_a_close_ends_what_can_be_done_on_an_open_page(site: Site, open_page: OpenPage, scene: Scene) -> None:
    """By the clock; that what follows a close was begun changes nothing any more."""
    cast = scene.cast
    page = open_page(cast.ben.person)
    page.goto(scene.pages()["thread"])
    page.locator(".node-idea .post-reply").click()
    page.get_by_label("Your reply").fill("Half a thought")
    jam = setup.close_now(jam=cast.jam, expected_close=cast.jam.closes_at)
    expect(page.get_by_role("alert").first).to_contain_text("The jam has closed.")
    expect(page.locator("body")).to_have_attribute("data-phase", "reading")
    expect(page.locator("button.vote:enabled")).to_have_count(0)
    expect(page.locator(".post-reply:visible")).to_have_count(0)
    expect(page.get_by_label("Your reply")).to_have_value("Half a thought")
    expect(page.locator("[data-late]")).to_contain_text("kept in your drafts")
    before = shown(page)
    assert closing.claim(jam) is not None
    wait_until_heard(page, jam)
    assert shown(page) == before


def test_changed_words_of_the_jam_are_offered(site: Site, open_page: OpenPage, scene: Scene) -> None:
    cast = scene.cast
    page = open_page(cast.ben.person)
    page.goto(scene.pages()["home"])
    before = shown(page)
    jam = cast.jam
    words = replace(Words.of(jam), title="Other words")
    setup.change_jam(jam=jam, plan=words, version=jam.version, by=None)
    expect(page.get_by_role("status").filter(has_text="The words of this jam were changed")).to_be_visible()
    assert shown(page) == before
    page.get_by_role("button", name="Load again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Other words")


def test_another_role_is_offered_to_who_has_it_and_to_nobody_else(
    site: Site, open_page: OpenPage, scene: Scene
) -> None:
    ben, ana = open_page(scene.cast.ben.person), open_page(scene.cast.ana.person)
    for page in (ben, ana):
        page.goto(scene.pages()["thread"])
    member = scene.cast.ben
    member.role = Role.FACILITATOR
    with transaction.atomic():
        member.save(update_fields=["role"])
        jam_events.member_changed(member)
    expect(ben.get_by_role("status").filter(has_text="What you may do in this jam was changed")).to_be_visible()
    wait_until_heard(ana, scene.cast.jam)
    expect(ana.locator(".toast")).to_have_count(0)
    ben.get_by_role("button", name="Load again").click()
    expect(ben.locator(".tools").first).to_be_visible()
