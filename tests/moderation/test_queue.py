"""The queue and what is around a matter, the pages of one's own matters, and messages to those who run the jam."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jam.domain.errors import Conflict, Invalid, NotAllowed, TooMany
from jam.models import Duty, Member, Role
from live.models import Event
from moderation.domain import flags, held, policy, posts, queue, talks
from moderation.models import Action, Case, HeldPost, Talk
from notifications.models import Notification
from tests.cast import Cast, make_member, make_person
from threads.domain import posting, versions
from threads.domain.gate import Held
from threads.models import Post

QUEUE = "/jams/tides/queue/"


@pytest.fixture
def fay(cast: Cast, client: Client) -> Client:
    client.force_login(cast.fay.person)
    return client


@pytest.fixture
def gil(cast: Cast) -> Member:
    """Runs the streets alone."""
    member = make_member(cast.jam, make_person("Gil"), Role.FACILITATOR)
    Duty.objects.create(member=member, forum=cast.streets)
    return member


def flagged(cast: Cast, **where: Any) -> Post:
    post = cast.idea(**where)
    flags.flag(member=cast.ben, post=post, kind="spam")
    return post


def hold(cast: Cast, **more: Any) -> HeldPost:
    policy.change(member=cast.ada, jam=cast.jam, plan={"holding": "all"})
    with suppress(Held):
        posting.start_thread(member=cast.ana, forum=more.get("forum", cast.harbour), subject="A lamp", body="Words")
    policy.change(member=cast.ada, jam=cast.jam, plan={"holding": "nobody"})
    return HeldPost.objects.latest("pk")


# --- the list -----------------------------------------------------------------------------------------------------


def test_everything_that_waits_is_one_list_the_longest_waiting_first(cast: Cast, fay: Client) -> None:
    post, waiting = flagged(cast), hold(cast)
    talks.write(member=cast.ben, words="The map is wrong.")
    rows = fay.get(QUEUE).context["page"].rows
    assert [row.case.kind for row in rows] == ["post", "held", "talk"]
    assert (rows[0].case.post, rows[0].why, rows[1].case.held, rows[2].message.words) == (
        post, [("It sells something, or is spam", 1)], waiting, "The map is wrong.",
    )  # fmt: skip
    assert [row.case.kind for row in fay.get(QUEUE + "?what=talk").context["page"].rows] == ["talk"]
    assert fay.get(QUEUE).context["page"].counts == {"post": 1, "held": 1, "talk": 1, "all": 3}


def test_what_is_settled_is_gone_from_it(cast: Cast, fay: Client) -> None:
    posts.dismiss(member=cast.ada, post=flagged(cast))
    assert "Nothing waits" in fay.get(QUEUE).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("fay", 200), ("ada", 200), ("ana", 404), ("omar", 404), ("ned", 404), ("sid", 404)]
)
def test_it_is_for_members_who_run_the_jam(cast: Cast, client: Client, who: str, status: int) -> None:
    flagged(cast)
    person = getattr(cast, who)
    client.force_login(getattr(person, "person", person))
    for path in ("", f"{Case.objects.get().pk}/"):
        assert client.get(QUEUE + path).status_code == status
    assert client.post(f"{QUEUE}{Case.objects.get().pk}/", {"act": "dismiss"}).status_code == (
        302 if status == 200 else 404
    )


def test_a_facilitator_of_some_forums_sees_those(cast: Cast, client: Client, gil: Member) -> None:
    theirs, others = flagged(cast, forum=cast.streets), flagged(cast)
    talks.write(member=cast.ben, words="To everybody who runs it.")
    client.force_login(gil.person)
    page = client.get(QUEUE).context["page"]
    assert [row.case.post for row in page.rows] == [theirs]
    assert page.counts["all"] == 1
    assert client.get(f"{QUEUE}{Case.objects.get(post=others).pk}/").status_code == 404
    assert client.get(f"{QUEUE}{Case.objects.get(kind='talk').pk}/").status_code == 404


def test_all_that_waits_is_let_in_with_one_button_in_their_forums(cast: Cast, client: Client, gil: Member) -> None:
    here, elsewhere = hold(cast, forum=cast.streets), hold(cast)
    client.force_login(gil.person)
    client.post(f"{QUEUE}let-all-in/")
    here.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (here.state, elsewhere.state) == ("let_in", "waiting")


def test_its_queries_do_not_depend_on_what_waits(cast: Cast, fay: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert fay.get(QUEUE).status_code == 200
        return len(captured)

    def more() -> None:
        flagged(cast)
        hold(cast)
        talks.write(member=cast.ben, words="Hello.")
        Talk.objects.update(began_at=timezone.now() - timedelta(hours=2))

    more()
    first = cost()
    more()
    more()
    assert cost() == first


def test_a_long_queue_has_pages_that_miss_nothing(cast: Cast, fay: Client) -> None:
    idea = cast.idea()
    now = timezone.now()
    cases = [
        Case.objects.create(
            jam=cast.jam, kind="post", post=cast.reply(idea, body=f"{number}"), forum=cast.harbour,
            opened_at=now - timedelta(seconds=number // 2),
        )
        for number in range(queue.A_PAGE * 2 + 5)
    ]  # fmt: skip
    found: list[int] = []
    following = ""
    for _ in range(3):
        page = fay.get(QUEUE + following)
        found += [row.case.pk for row in page.context["page"].rows]
        following = page.context["next"]
    assert following == ""
    assert sorted(found) == sorted(case.pk for case in cases)
    for cursor in ("x", "2026-01-01_1", "_", "9" * 40, "2026-11-23T00:00:00+00:00_-1"):
        assert fay.get(QUEUE, {"after": cursor}).status_code == 200


def test_the_tabs_of_the_staff_hear_of_it_and_nobody_else(cast: Cast) -> None:
    posts.dismiss(member=cast.fay, post=flagged(cast))
    told = Event.objects.filter(kind="queue.changed").order_by("seq")
    assert [(event.data["open"], event.data["flags"], event.rooms) for event in told] == [
        (True, 1, ["staff"]), (False, 1, ["staff"]),
    ]  # fmt: skip


# --- one matter -----------------------------------------------------------------------------------------------------


def test_what_stands_around_it_and_who_wrote_it(cast: Cast, fay: Client) -> None:
    idea = cast.idea(by=cast.fay)
    reply = cast.reply(idea, by=cast.ana, body="Buy lamps.")
    cast.reply(reply, by=cast.ben, body="No thanks.")
    posts.hide(member=cast.ada, post=cast.idea(by=cast.ana), reason="Spam before.")
    flags.flag(member=cast.ben, post=reply, kind="other", words="Again!")
    shown = fay.get(f"{QUEUE}{Case.objects.get().pk}/")
    assert (shown.context["around"].above, [post.body for post in shown.context["around"].below]) == (
        [idea], ["No thanks."],
    )  # fmt: skip
    history = shown.context["history"]
    assert (history.posts, history.hidden, history.flagged) == (2, 1, 1)
    text = shown.content.decode()
    assert ("Again!" in text, "Spam before." in text) == (True, True)


def test_what_was_done_leads_to_the_next(cast: Cast, fay: Client) -> None:
    flagged(cast)
    flagged(cast, subject="Another")
    first, second = Case.objects.order_by("pk")
    answer = fay.post(f"{QUEUE}{first.pk}/", {"act": "hide", "reason": "Spam."})
    assert answer["Location"] == f"{QUEUE}{second.pk}/"
    assert fay.post(f"{QUEUE}{second.pk}/", {"act": "warn", "reason": "Mind it."})["Location"] == QUEUE
    assert list(Action.objects.order_by("pk").values_list("kind", flat=True)) == ["hide", "warn"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"act": "hide"}, 422), ({"act": "let_in"}, 422), ({}, 422), ({"act": "warn", "reason": ""}, 422)],
)
def test_what_will_not_do_is_said_and_nothing_lost(cast: Cast, fay: Client, sent: dict[str, str], status: int) -> None:
    flagged(cast)
    assert fay.post(f"{QUEUE}{Case.objects.get().pk}/", sent).status_code == status
    assert not Action.objects.exists()


def test_a_facilitator_corrects_a_post_with_a_trace(cast: Cast, fay: Client) -> None:
    idea = cast.idea()
    sent = {"subject": "A lamp", "body": "Without the name.", "reason": "A name.", "version": "first"}
    assert fay.post(f"/jams/tides/posts/{idea.pk}/correct/", sent).status_code == 302
    idea.refresh_from_db()
    first, second = versions.versions_of(idea)
    assert (idea.body, first.body, first.by, second.by) == (
        "Without the name.", "So that boats find **home**.", "", "Fay",
    )  # fmt: skip
    late = fay.post(f"/jams/tides/posts/{idea.pk}/correct/", sent | {"body": "Mine."})
    assert (late.status_code, "Mine." in late.content.decode()) == (409, True)
    assert "changed by" in fay.get(f"/jams/tides/posts/{idea.pk}/history/").content.decode()


# --- what concerns one's own posts -----------------------------------------------------------------------------------


def test_the_author_reads_why_and_not_who(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    posts.hide(member=cast.fay, post=idea, reason="It names somebody.")
    client.force_login(cast.ana.person)
    for path in ("matters/", f"matters/posts/{idea.pk}/"):
        text = client.get(f"/jams/tides/{path}").content.decode()
        assert ("It names somebody." in text, "Fay" in text) == (True, False)
    client.force_login(cast.ben.person)
    assert client.get(f"/jams/tides/matters/posts/{idea.pk}/").status_code == 404


def test_the_author_answers_and_is_answered(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    idea = cast.idea()
    posts.hide(member=cast.fay, post=idea, reason="It names somebody.")
    client.force_login(cast.ana.person)
    here = f"/jams/tides/matters/posts/{idea.pk}/"
    assert client.post(here, {"words": "They said I may."}).status_code == 302
    case = Case.objects.get(settled_at=None)
    assert (case.kind, case.forum) == ("talk", cast.harbour)
    with django_capture_on_commit_callbacks(execute=True):
        talks.answer(member=cast.ada, talk=case.talk, words="Then have them write.")  # type: ignore[arg-type]
    text = client.get(here).content.decode()
    assert ("Then have them write." in text, "Ada" in text) == (True, False)
    assert Notification.objects.filter(member=cast.ana, kind="answered").count() == 1
    with pytest.raises(Conflict) as refused:
        talks.answer(member=cast.fay, talk=case.talk, words="And again.")  # type: ignore[arg-type]
    assert "Ada" in refused.value.message
    assert client.post(here, {"words": "They will."}).status_code == 302
    assert Talk.objects.count() == 1


def test_a_held_text_and_what_became_of_it(cast: Cast, client: Client) -> None:
    waiting = hold(cast)
    client.force_login(cast.ana.person)
    here = f"/jams/tides/matters/held/{waiting.pk}/"
    assert "Waits for a look" in client.get(here).content.decode()
    held.turn_away(member=cast.fay, held=waiting, reason="Off the topic.")
    text = client.get(here).content.decode()
    assert ("Off the topic." in text, "Words" in text) == (True, True)
    client.force_login(cast.ben.person)
    assert client.get(here).status_code == 404


def test_a_message_from_any_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben.person)
    assert "/jams/tides/message/?page=/jams/tides/" in client.get("/jams/tides/").content.decode()
    sent = {"words": "The map is wrong.", "page": "/jams/tides/ideas/"}
    assert client.post("/jams/tides/message/", sent).status_code == 302
    assert Talk.objects.get().page == "/jams/tides/ideas/"
    client.post("/jams/tides/message/", sent | {"page": "https://evil.example/"})
    assert Talk.objects.latest("pk").page == ""


def test_who_writes_too_much_waits(cast: Cast) -> None:
    for number in range(5):
        talks.write(member=cast.ben, words=f"Number {number}")
    with pytest.raises(TooMany):
        talks.write(member=cast.ben, words="One more")
    talk = Talk.objects.earliest("pk")
    for number in range(2):
        talks.write(member=cast.ben, words=f"And {number}", talk=talk)
    with pytest.raises(TooMany):
        talks.write(member=cast.ben, words="And more", talk=talk)
    talks.answer(member=cast.fay, talk=talk, words="We heard you.")
    talks.write(member=cast.ben, words="Thank you.", talk=talk)


def test_nobody_writes_in_anothers_name(cast: Cast) -> None:
    talks.write(member=cast.ben, words="Hello.")
    with pytest.raises(NotAllowed):
        talks.write(member=cast.ana, words="Hello.", talk=Talk.objects.get())
    with pytest.raises(NotAllowed):
        talks.write(member=cast.ana, words="Hello.", post=cast.idea(by=cast.ben))
    with pytest.raises((NotAllowed, Invalid)):
        talks.answer(member=cast.ana, talk=Talk.objects.get(), words="As staff.")
    with pytest.raises(Invalid):
        talks.write(member=cast.ben, words=" \u200b ")


# --- the rules -------------------------------------------------------------------------------------------------------


def test_the_page_of_the_rules(cast: Cast, fay: Client, gil: Member) -> None:
    page = "/jams/tides/moderation/"
    sent = {
        "holding": "newcomers", "newcomer_posts": 2, "newcomer_minutes": 0, "flags_to_hide": 4, "flags_an_hour": 10,
        "catches_duplicates": "on", "participant_posts_an_hour": "", "guest_posts_an_hour": 5, "new_account_hours": 24,
        "new_account_posts_an_hour": "", "words_refused": "casino*", "words_held": "", "words_flagged": "",
    }  # fmt: skip
    assert fay.post(page, sent).status_code == 302
    kept = policy.of(cast.jam)
    assert (kept.holding, kept.flags_to_hide, kept.guest_posts_an_hour, kept.words_refused) == (
        "newcomers", 4, 5, "casino*",
    )  # fmt: skip
    wrong = fay.post(page, sent | {"words_held": "**", "flags_to_hide": "7"})
    assert (wrong.status_code, "**" in wrong.content.decode()) == (422, True)
    assert policy.of(cast.jam).flags_to_hide == 4
    fay.force_login(gil.person)
    assert fay.get(page).status_code == 403
