"""What is asked before a post is written: words, how often, whether it says the same again, who is looked at first."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jam.domain.errors import Conflict, Invalid, NotAllowed, OutsideWindow, TooMany
from jam.models import Jam, Member, Role
from moderation.domain import held, policy, posts, slowing
from moderation.models import Action, Case, Flag, HeldPost, HeldState
from tests.cast import Cast, close_by_clock, make_member, make_person
from threads.domain import drafts, editing, posting
from threads.domain.gate import Held
from threads.models import Draft, Post


def rule(cast: Cast, **plan: Any) -> None:
    policy.change(member=cast.ada, jam=cast.jam, plan=plan)


def say(cast: Cast, body: str, *, by: Member | None = None, **more: Any) -> Post:
    return posting.start_thread(member=by or cast.ana, forum=cast.harbour, subject="A lamp", body=body, **more)


def at(model: type, pk: int, **values: Any) -> None:
    model.objects.filter(pk=pk).update(**values)  # type: ignore[attr-defined]


# --- words ----------------------------------------------------------------------------------------------------


def test_a_refused_word_names_itself_and_nothing_is_written(cast: Cast) -> None:
    rule(cast, words_refused="casino*")
    with pytest.raises(Invalid) as refused:
        say(cast, "A CASINOS guide")
    assert (refused.value.field, "casino*" in refused.value.message) == ("body", True)
    assert not Post.objects.exists()


@pytest.mark.parametrize("where", ["subject", "body", "tags"])
def test_words_are_looked_for_in_all_of_a_post(cast: Cast, where: str) -> None:
    rule(cast, words_refused="casino")
    texts: dict[str, Any] = {"subject": "A lamp", "body": "Light.", "tags": ["pier"]} | {
        where: ["casino"] if where == "tags" else "The casino"
    }
    with pytest.raises(Invalid):
        posting.start_thread(member=cast.ana, forum=cast.harbour, **texts)


def test_a_flagged_word_is_posted_and_comes_to_the_queue(cast: Cast) -> None:
    rule(cast, words_flagged="casino")
    post = say(cast, "The casino again")
    flag = Flag.objects.get(post=post)
    assert (flag.member, flag.counts, flag.words) == (None, False, "word:casino")
    assert (Case.objects.get(post=post).flag_count, post.is_visible) == (1, True)


def test_a_change_of_the_lists_holds_at_once(cast: Cast) -> None:
    say(cast, "The casino")
    rule(cast, words_refused="casino")
    with pytest.raises(Invalid):
        say(cast, "The casino!")
    rule(cast, words_refused="")
    say(cast, "The casino!!")


def test_nobody_edits_a_word_in_afterwards(cast: Cast) -> None:
    post = say(cast, "Harmless.")
    rule(cast, words_refused="casino", words_held="bets")
    for body, code in (("The casino", "word"), ("Bets here", "held")):
        with pytest.raises((Invalid, Conflict)) as refused:
            editing.edit(member=cast.ana, post=post, body=body, version=editing.version_of(post))
        assert refused.value.code == code


def test_who_runs_the_jam_is_held_up_by_nothing(cast: Cast) -> None:
    rule(cast, words_refused="casino", holding="all", participant_posts_an_hour=1)
    say(cast, "About that casino", by=cast.fay)
    say(cast, "About that casino", by=cast.ada)


# --- how often --------------------------------------------------------------------------------------------------


def test_so_many_posts_an_hour_by_role(cast: Cast) -> None:
    rule(cast, participant_posts_an_hour=2, guest_posts_an_hour=1)
    vip = make_member(cast.jam, make_person("Vip"), Role.GUEST)
    for member, most in ((cast.ana, 2), (vip, 1)):
        for number in range(most):
            say(cast, f"Number {number}", by=member)
        with pytest.raises(TooMany) as refused:
            say(cast, "One more", by=member)
        assert refused.value.code == "posts_an_hour"
    Post.objects.filter(author=cast.ana).update(created_at=timezone.now() - timedelta(minutes=61))
    say(cast, "An hour later")


def test_a_new_account_posts_less(cast: Cast) -> None:
    rule(cast, new_account_posts_an_hour=1, new_account_hours=24)
    say(cast, "One")
    with pytest.raises(TooMany):
        say(cast, "Two")
    at(type(cast.ana.person), cast.ana.person_id, date_joined=timezone.now() - timedelta(hours=25))
    say(cast, "Two, as somebody who has been here a day")


@pytest.mark.parametrize("thing", ["member", "thread", "forum"])
def test_slow_mode(cast: Cast, thing: str) -> None:
    idea = cast.idea()
    about = {"member": cast.ben, "thread": idea.thread, "forum": cast.harbour}[thing]
    slowing.slow(by=cast.fay, thing=about, minutes=5, reason="Too fast.")
    reply = cast.reply(idea)
    with pytest.raises(TooMany) as refused:
        cast.reply(idea, body="And another thing.")
    assert (refused.value.code, "5 minutes" in refused.value.message) == ("slow", True)
    elsewhere = lambda: cast.idea(by=cast.ben, forum=cast.streets)  # noqa: E731
    if thing == "member":
        with pytest.raises(TooMany):
            elsewhere()
    else:
        elsewhere()
    at(Post, reply.pk, created_at=timezone.now() - timedelta(minutes=6))
    Post.objects.filter(author=cast.ben, thread__forum=cast.streets).update(
        created_at=timezone.now() - timedelta(minutes=6)
    )
    cast.reply(idea, body="Six minutes later.")
    slowing.slow(by=cast.fay, thing=about, minutes=0)
    cast.reply(idea, body="At once.")
    assert list(Action.objects.order_by("pk").values_list("kind", flat=True)) == ["slow", "unslow"]


def test_slow_mode_is_for_who_runs_the_forum_and_never_for_them(cast: Cast) -> None:
    for by, about in ((cast.ana, cast.harbour), (cast.ned, cast.harbour), (cast.fay, cast.ada)):
        with pytest.raises((NotAllowed, Invalid)):
            slowing.slow(by=by, thing=about, minutes=5, reason="No.")


# --- the same again -----------------------------------------------------------------------------------------------


def test_the_same_text_is_posted_once_a_day(cast: Cast) -> None:
    rule(cast, catches_duplicates=True)
    idea = say(cast, "So that boats find **home** in the fog.", request_key="k")
    with pytest.raises(Conflict) as refused:
        posting.start_thread(
            member=cast.ana, forum=cast.streets, subject="a LAMP", body="so that  boats find home in the fog"
        )
    assert refused.value.code == "duplicate"
    assert say(cast, "So that boats find **home** in the fog.", request_key="k") == idea, "a retry is none"
    say(cast, "So that boats find **home** in the fog.", by=cast.ben)
    connection.cursor().execute("UPDATE moderation_fingerprint SET at = at - interval '25 hours'")
    say(cast, "So that boats find **home** in the fog.")


def test_short_words_may_be_said_in_many_places(cast: Cast) -> None:
    rule(cast, catches_duplicates=True)
    one, two = cast.idea(), cast.idea(subject="Another lamp")
    cast.reply(one, body="Thank you!")
    cast.reply(two, body="Thank you!")
    with pytest.raises(Conflict):
        cast.reply(one, body="thank YOU")


# --- a look first ---------------------------------------------------------------------------------------------------


def test_everybody_waits_for_a_look(cast: Cast) -> None:
    rule(cast, holding="all")
    with pytest.raises(Held):
        say(cast, "First words", tags=["pier"], request_key="k")
    with pytest.raises(Held):
        say(cast, "First words", tags=["pier"], request_key="k")
    assert not Post.objects.exists()
    waiting = HeldPost.objects.get()
    assert (waiting.author, waiting.forum, waiting.body, waiting.tags, waiting.reason) == (
        cast.ana, cast.harbour, "First words", ["pier"], "all",
    )  # fmt: skip
    post = held.let_in(member=cast.fay, held=waiting)
    assert (post.author, post.subject, post.tags, post.is_visible) == (cast.ana, "A lamp", ["pier"], True)
    assert (Case.objects.get().settled_by, Action.objects.latest("pk").kind) == (cast.fay, "let_in")
    assert say(cast, "First words", tags=["pier"], request_key="k") == post, "a retry after that finds it"


def test_newcomers_wait_until_they_have_posted(cast: Cast) -> None:
    rule(cast, holding="newcomers", newcomer_posts=2)
    for number in range(2):
        with pytest.raises(Held):
            say(cast, f"Number {number}")
        held.let_in(member=cast.fay, held=HeldPost.objects.get(state=HeldState.WAITING))
    assert say(cast, "Number three").is_visible
    rule(cast, newcomer_minutes=30)
    with pytest.raises(Held):
        say(cast, "Number four")
    at(Member, cast.ana.pk, joined_at=timezone.now() - timedelta(minutes=31))
    say(cast, "Number five")


def test_outsiders_wait(cast: Cast) -> None:
    rule(cast, holding="outsiders")
    at(Member, cast.ana.pk, outside=True)
    with pytest.raises(Held):
        say(cast, "From outside")
    say(cast, "From inside", by=cast.ben)


def test_switched_off_what_waits_goes_on_waiting_until_all_are_let_in(cast: Cast) -> None:
    rule(cast, holding="all")
    for number in range(3):
        with pytest.raises(Held):
            say(cast, f"Number {number}")
    rule(cast, holding="nobody")
    assert HeldPost.objects.filter(state=HeldState.WAITING).count() == 3
    say(cast, "At once")
    assert held.let_all_in(member=cast.fay, forums=None) == (3, 0)
    assert Post.objects.count() == 4


def test_turned_away_the_author_keeps_the_text(cast: Cast) -> None:
    rule(cast, words_held="casino")
    idea = cast.idea()
    with pytest.raises(Held):
        cast.reply(idea, body="The casino")
    waiting = HeldPost.objects.get()
    with pytest.raises(Invalid):
        held.turn_away(member=cast.fay, held=waiting, reason=" ")
    held.turn_away(member=cast.fay, held=waiting, reason="No bets.")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.body) == (HeldState.REFUSED, "The casino")
    with pytest.raises(Conflict) as refused:
        held.let_in(member=cast.ada, held=waiting)
    assert "Fay" in refused.value.message
    with pytest.raises(Held):
        cast.reply(idea, body="The casino")


def test_it_is_let_in_only_while_the_jam_is_open_and_its_author_may_post(cast: Cast) -> None:
    rule(cast, holding="all")
    with pytest.raises(Held):
        say(cast, "Before the close")
    waiting = HeldPost.objects.get()
    at(Member, cast.ana.pk, suspended_at=timezone.now())
    with pytest.raises(Conflict):
        held.let_in(member=cast.fay, held=waiting)
    at(Member, cast.ana.pk, suspended_at=None)
    close_by_clock(cast.jam)
    with pytest.raises(OutsideWindow):
        held.let_in(member=cast.fay, held=waiting)
    waiting.refresh_from_db()
    assert waiting.state == HeldState.WAITING


def test_what_waits_leaves_no_draft_and_letting_it_in_takes_none(cast: Cast) -> None:
    rule(cast, holding="all")
    place = drafts.forum_place(cast.harbour)
    drafts.save(member=cast.ana, place=place, subject="A lamp", body="Some words", tags="", late=False)
    with pytest.raises(Held):
        say(cast, "Some words")
    assert not Draft.objects.exists()
    drafts.save(member=cast.ana, place=place, subject="", body="The next idea", tags="", late=False)
    held.let_in(member=cast.fay, held=HeldPost.objects.get())
    assert Draft.objects.get().body == "The next idea"


def test_so_many_wait_at_a_time(cast: Cast) -> None:
    rule(cast, holding="all")
    for number in range(10):
        with pytest.raises(Held):
            say(cast, f"Number {number}")
    with pytest.raises(TooMany):
        say(cast, "Number eleven")


# --- what it costs ------------------------------------------------------------------------------------------------


def test_the_gate_asks_one_question_however_much_there_is(cast: Cast) -> None:
    def cost(body: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            say(cast, body)
        return sum("moderation_fingerprint" in query["sql"] for query in captured.captured_queries)

    assert cost("One") == 1
    rule(cast, words_held="casino", participant_posts_an_hour=100, holding="newcomers", newcomer_posts=1)
    slowing.slow(by=cast.fay, thing=cast.streets, minutes=5)
    assert cost("Two") == 1


# --- the rules themselves --------------------------------------------------------------------------------------------


def test_who_runs_all_of_the_jam_changes_them_and_it_is_written_down(cast: Cast) -> None:
    for member in (cast.ana, cast.omar, cast.ned):
        with pytest.raises((NotAllowed, Invalid)):
            policy.change(member=member, jam=cast.jam, plan={"holding": "all"})
    rule(cast, holding="all", flags_to_hide=5)
    action = Action.objects.get(kind="moderation")
    assert (action.before, action.after) == (
        {"holding": "nobody", "flags_to_hide": 3}, {"holding": "all", "flags_to_hide": 5},
    )  # fmt: skip
    rule(cast, holding="all")
    assert Action.objects.filter(kind="moderation").count() == 1, "what changes nothing is not written down"


@pytest.mark.parametrize(
    "plan", [{"holding": "some"}, {"flags_to_hide": -1}, {"flags_an_hour": 0}, {"words_refused": "*"}, {"flags": 1}]
)
def test_what_cannot_be_is_refused(cast: Cast, plan: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        rule(cast, **plan)
    assert Jam.objects.get(pk=cast.jam.pk).moderation_policy.version == 0


def test_posts_of_the_staff_can_be_hidden_all_the_same(cast: Cast) -> None:
    post = say(cast, "Words", by=cast.fay)
    assert not posts.hide(member=cast.ada, post=post, reason="No.").is_visible
