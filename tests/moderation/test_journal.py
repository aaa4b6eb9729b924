"""The journal of a shift and its hand-over: `moderation.domain.journal`, `.found` and `.handover`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jam.domain import announcements
from jam.domain.errors import Conflict, NotAllowed
from jam.models import Member
from moderation.domain import handover, journal, posts, shift_notices
from moderation.models import Journal, Shift
from notifications.models import Notification
from tests.cast import Cast
from threads.domain import highlights, voting
from threads.models import Post, Thread

HOUR = timedelta(hours=1)


def shift(cast: Cast, member: Member, start: float, end: float) -> Shift:
    """From so many hours from now to so many: shifts that are over cannot be planned any more."""
    now = timezone.now()
    return Shift.objects.create(
        jam=cast.jam, member=member, starts_at=now + start * HOUR, ends_at=now + end * HOUR, remind_before=0
    )


def at(post: Post, hours: float) -> Post:
    """As if it had been written so many hours from now."""
    when = timezone.now() + hours * HOUR
    Post.objects.filter(pk=post.pk).update(created_at=when)
    if post.parent_id is None:
        Thread.objects.filter(pk=post.thread_id).update(created_at=when)
    return post


# --- what the site finds ------------------------------------------------------------------------------------------


def test_a_journal_counts_what_happened_in_its_hours_and_no_more(cast: Cast) -> None:
    at(cast.idea(subject="Before"), -5)
    mine = at(cast.idea(subject="In it"), -2)
    at(cast.reply(mine), -2)
    voting.cast(member=cast.ben, post=mine, value=1)  # now, after it
    ended = shift(cast, cast.fay, -3, -1)
    facts = journal.facts_of(ended, cast.jam)
    assert facts["counts"] == {"posts": 2, "ideas": 1, "votes": 0, "people": 2, "newcomers": 0}


def test_a_vote_counts_where_it_was_cast(cast: Cast) -> None:
    idea = at(cast.idea(), -9)
    voting.cast(member=cast.ben, post=idea, value=1)
    facts = journal.facts_of(shift(cast, cast.fay, -1, 1), cast.jam)
    assert (facts["counts"]["votes"], facts["counts"]["people"]) == (1, 1)
    assert facts["counts"]["newcomers"] == Member.objects.filter(jam=cast.jam).count()


def test_a_shift_in_some_forums_is_about_those_alone(cast: Cast) -> None:
    cast.idea(forum=cast.harbour)
    cast.idea(forum=cast.streets)
    mine = shift(cast, cast.fay, -1, 1)
    mine.forums.set([cast.streets])
    facts = journal.facts_of(mine, cast.jam)
    assert facts["counts"]["ideas"] == 1
    assert facts["open"]["first_reply"]["count"] == 1


def test_highlights_announcements_actions_and_what_is_open_are_listed(cast: Cast) -> None:
    good, bad, waits = cast.idea(subject="Good"), cast.idea(subject="Bad"), cast.idea(subject="Waits")
    cast.reply(good)
    highlights.highlight(member=cast.fay, post=good, kind="best")
    posts.hide(member=cast.fay, post=bad, reason="Spam.")
    announcements.make(member=cast.fay, words="Half an hour left.")
    facts = journal.facts_of(shift(cast, cast.fay, -1, 1), cast.jam)
    assert facts["highlights"] == {"count": 1, "first": [good.pk]}
    assert facts["announcements"]["count"] == 1
    assert facts["actions"]["hide"] == facts["actions"]["highlight"] == 1
    assert facts["open"]["first_reply"]["first"] == [waits.thread_id]


def test_the_shift_before_is_counted_beside_it(cast: Cast) -> None:
    at(cast.idea(), -4)
    at(cast.idea(), -4)
    at(cast.idea(), -1)
    before, now = shift(cast, cast.ada, -6, -3), shift(cast, cast.fay, -3, 0.5)
    facts = journal.facts_of(now, cast.jam)
    assert facts["before"]["shift"] == before.pk
    assert (facts["before"]["counts"]["ideas"], facts["counts"]["ideas"]) == (2, 1)


def test_when_a_shift_ends_the_clock_writes_it_down_once_and_for_good(cast: Cast) -> None:
    at(cast.idea(), -2)
    ended = shift(cast, cast.fay, -3, -1)
    shift(cast, cast.ada, -1, 3)
    [closed] = journal.close_ended()
    assert (closed.shift, journal.close_ended()) == (ended, [])
    at(cast.idea(), -2)  # a later look finds what was found then
    ended = Shift.objects.select_related("journal", "member").get(pk=ended.pk)
    assert journal.facts_of(ended, cast.jam)["counts"]["ideas"] == 1


# --- the words ----------------------------------------------------------------------------------------------------


def test_words_are_saved_version_by_version_and_never_over_a_newer_one(cast: Cast) -> None:
    mine = shift(cast, cast.fay, -1, 1)
    assert journal.write(member=cast.fay, shift=mine, words="**Watch** the pier.", version=0).version == 1
    assert journal.write(member=cast.fay, shift=mine, words="**Watch** the pier.", version=0).version == 1
    with pytest.raises(journal.Newer) as refused:
        journal.write(member=cast.ada, shift=mine, words="Watch the mole.", version=0)
    assert refused.value.journal.words == "**Watch** the pier."
    assert "<strong>Watch</strong> the pier." in Journal.objects.get().html


def test_only_who_runs_the_jam_writes(cast: Cast) -> None:
    mine = shift(cast, cast.fay, -1, 1)
    for stranger in (cast.ana, cast.omar, cast.ned):
        with pytest.raises(NotAllowed):
            journal.write(member=stranger, shift=mine, words="x", version=0)


def test_who_was_overtaken_sees_both_texts_and_can_save_them_together(cast: Cast, client: Client) -> None:
    mine = shift(cast, cast.fay, -1, 1)
    journal.write(member=cast.ada, shift=mine, words="The text of Ada.", version=0)
    client.force_login(cast.fay.person)
    url = reverse("moderation:shift", args=[cast.jam.slug, mine.pk])
    answer = client.post(url, {"words": "The text of Fay.", "version": 0})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "The text of Ada." in shown
    assert "The text of Fay." in shown
    version = answer.context["form"]["version"].value()
    assert client.post(url, {"words": "Both.", "version": version}).status_code == 302
    assert Journal.objects.get().words == "Both."


def test_a_module_is_answered_as_json(cast: Cast, client: Client) -> None:
    mine = shift(cast, cast.fay, -1, 1)
    client.force_login(cast.fay.person)
    url = reverse("moderation:shift", args=[cast.jam.slug, mine.pk])
    answer = client.post(url, {"words": "Hello.", "version": 0}, headers={"accept": "application/json"})
    assert answer.json()["version"] == 1
    assert "Hello.</p>" in answer.json()["html"]
    answer = client.post(url, {"words": "Again.", "version": 0}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "newer")


# --- handing over -------------------------------------------------------------------------------------------------


def test_one_hands_over_and_another_confirms_each_once(cast: Cast) -> None:
    mine = shift(cast, cast.fay, -3, 0.25)
    shift(cast, cast.ada, 0.25, 4)
    with pytest.raises(Conflict):
        handover.confirm(member=cast.ada, shift=mine)
    first = handover.hand_over(member=cast.fay, shift=mine)
    assert handover.hand_over(member=cast.fay, shift=mine).handed_at == first.handed_at
    with pytest.raises(NotAllowed):
        handover.confirm(member=cast.fay, shift=mine)
    done = handover.confirm(member=cast.ada, shift=mine)
    assert (done.handed_by, done.confirmed_by) == (cast.fay, cast.ada)
    assert handover.confirm(member=cast.ada, shift=mine).confirmed_at == done.confirmed_at


def test_what_stands_in_the_form_is_handed_over_with_the_shift(cast: Cast) -> None:
    mine = shift(cast, cast.fay, -3, 0.25)
    browser, address = Client(), f"/jams/tides/shifts/{mine.pk}/hand-over/"
    browser.force_login(cast.fay.person)
    journal.write(member=cast.ada, shift=mine, words="Ada was quicker.", version=0)

    answer = browser.post(address, {"words": "The pier is *calm*.", "version": "0"})
    assert (answer.status_code, answer.context["theirs"].words) == (409, "Ada was quicker.")
    assert answer.context["form"]["words"].value() == "The pier is *calm*."
    assert Journal.objects.get().handed_at is None

    browser.post(address, {"words": "The pier is *calm*.", "version": "1"})
    kept = Journal.objects.get()
    assert (kept.words, kept.handed_by) == ("The pier is *calm*.", cast.fay)


def test_a_shift_is_not_handed_over_hours_before_its_end_or_by_somebody_else(cast: Cast) -> None:
    mine = shift(cast, cast.fay, -1, 2)
    with pytest.raises(Conflict) as refused:
        handover.hand_over(member=cast.fay, shift=mine)
    assert refused.value.code == "early"
    theirs = shift(cast, cast.ada, -3, 0.1)
    with pytest.raises(NotAllowed):
        handover.hand_over(member=cast.fay, shift=theirs)


def test_who_comes_next_is_found_also_across_a_gap_and_only_in_the_same_forums(cast: Cast) -> None:
    mine = shift(cast, cast.fay, -3, -1)
    mine.forums.set([cast.harbour])
    assert handover.next_of(mine) is None
    elsewhere = shift(cast, cast.ada, -1, 1)
    elsewhere.forums.set([cast.streets])
    assert handover.next_of(mine) is None
    later = shift(cast, cast.ada, 1, 3)
    follows = handover.next_of(mine)
    assert follows is not None
    assert (follows.shift, follows.is_after_gap) == (later, True)


def test_if_nobody_takes_over_admins_are_told_once_and_it_stands_on_the_roster(cast: Cast, client: Client) -> None:
    shift(cast, cast.fay, -3, -1)
    shift_notices.run()
    shift_notices.run()
    told = Notification.objects.filter(kind="shift", data__what="late")
    assert [one.member for one in told] == [cast.ada]
    client.force_login(cast.ada.person)
    shown = client.get(reverse("moderation:roster", args=[cast.jam.slug])).content.decode()
    assert "Nobody has taken over" in shown
    assert "ended without a hand-over" in shown


def test_who_comes_next_is_asked_to_read_and_admins_wait_until_they_are_late(cast: Cast) -> None:
    shift(cast, cast.ada, -3, -0.1)
    following = shift(cast, cast.fay, -0.1, 3)
    shift_notices.run()
    [told] = Notification.objects.filter(kind="shift")
    assert (told.member, told.data["what"]) == (cast.fay, "read")
    Shift.objects.filter(pk=following.pk).update(starts_at=timezone.now() - HOUR / 2)
    Shift.objects.exclude(pk=following.pk).update(ends_at=timezone.now() - HOUR / 2)
    shift_notices.run()
    assert Notification.objects.filter(kind="shift", data__what="late").count() == 1


def test_a_shift_is_reminded_of_once_and_again_when_it_is_moved(cast: Cast) -> None:
    coming = shift(cast, cast.fay, 0.5, 3)
    Shift.objects.filter(pk=coming.pk).update(remind_at=timezone.now())
    assert (shift_notices.remind(), shift_notices.remind()) == (1, 0)
    told = Notification.objects.get(kind="shift")
    assert (told.member, told.data["what"]) == (cast.fay, "begins")
    assert not shift_notices.look([told])[told.pk].gone
    Shift.objects.filter(pk=coming.pk).update(member=cast.ada)
    assert shift_notices.look([told])[told.pk].gone


# --- the page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_of_each_as_for_one(
    cast: Cast, client: Client, django_assert_max_num_queries: object, count: int
) -> None:
    for number in range(count):
        idea = cast.idea(subject=f"Idea {number}")
        highlights.highlight(member=cast.fay, post=idea, kind="emerging")
        posts.hide(member=cast.fay, post=cast.idea(subject="Spam"), reason="Spam.")
    mine = shift(cast, cast.fay, -1, 1)
    shift(cast, cast.ada, -4, -1)
    client.force_login(cast.ada.person)
    with django_assert_max_num_queries(42):  # type: ignore[operator]
        answer = client.get(reverse("moderation:shift", args=[cast.jam.slug, mine.pk]))
    assert answer.status_code == 200
    assert "Idea 0" in answer.content.decode()


def test_the_page_is_for_who_runs_the_jam(cast: Cast, client: Client) -> None:
    mine = shift(cast, cast.fay, -1, 1)
    url = reverse("moderation:shift", args=[cast.jam.slug, mine.pk])
    for member, status in ((cast.ana, 404), (cast.omar, 404), (cast.ned, 404), (cast.fay, 200), (cast.ada, 200)):
        client.force_login(member.person)
        assert client.get(url).status_code == status
    client.force_login(cast.sid)
    shown = client.get(url)
    assert shown.status_code == 200
    assert "data-journal " not in shown.content.decode()
    other = reverse("moderation:shift", args=["other", mine.pk])
    assert client.get(other).status_code == 404
