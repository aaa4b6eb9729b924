"""What is unread, beside a member's every post counted one by one."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from jam.domain.phases import database_now
from jam.models import Member
from moderation.domain import posts as moderation
from tests.cast import Cast
from threads.domain import reading, visits
from threads.models import Post, PostStatus, Thread, ThreadReading, Visit

pytestmark = [pytest.mark.django_db]


def settle() -> None:
    """As if all that was written so far had been written an hour ago."""
    hour = timedelta(hours=1)
    Post.objects.update(created_at=F("created_at") - hour)
    Thread.objects.update(created_at=F("created_at") - hour, last_post_at=F("last_post_at") - hour)


class Naive:
    """What Ana saw, post by post."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.one_by_one: set[int] = set()
        self.at_once: set[int] = set()

    def unread(self) -> set[int]:
        others = Post.objects.filter(jam=self.member.jam_id, status=PostStatus.VISIBLE).exclude(author=self.member)
        return set(others.values_list("pk", flat=True)) - self.one_by_one - self.at_once

    def check(self) -> None:
        new = self.unread()
        by_forum: dict[int, int] = {}
        by_thread: dict[int, set[int]] = {}
        for post in Post.objects.filter(pk__in=new).select_related("thread").order_by("path"):
            by_forum[post.thread.forum_id] = by_forum.get(post.thread.forum_id, 0) + 1
            by_thread.setdefault(post.thread_id, set()).add(post.pk)
        found = reading.unread(self.member)
        assert {forum: count for forum, count in found.posts.items() if count} == by_forum
        assert found.total == len(new)
        assert sum(found.threads.values()) == len(by_thread)
        threads = list(Thread.objects.filter(jam=self.member.jam_id))
        in_threads = reading.unread_in_threads(self.member, [thread.pk for thread in threads])
        assert in_threads == {thread: len(posts) for thread, posts in by_thread.items()}
        for thread in threads:
            posts = list(thread.posts.order_by("path").values_list("pk", flat=True))
            mine = by_thread.get(thread.pk, set())
            assert reading.unread_posts(self.member, thread, posts) == mine
            first = reading.first_unread(self.member, thread)
            assert (first and first.pk) == next((pk for pk in posts if pk in mine), None)


@pytest.mark.parametrize("seed", range(6))
def test_every_count_is_the_naive_one_whatever_happened(cast: Cast, seed: int) -> None:
    dice, ana = random.Random(seed), cast.ana
    naive = Naive(ana)
    visits.arrive(ana, now=database_now())
    posts = [cast.idea(by=cast.ben, forum=cast.harbour)]
    before: set[int] | None = None
    for _ in range(60):
        match dice.choice(["idea", "reply", "reply", "reply", "see", "see", "see", "hide", "settle", "all", "undo"]):
            case "idea":
                posts.append(
                    cast.idea(
                        by=dice.choice([ana, cast.ben, cast.fay]), forum=dice.choice([cast.harbour, cast.streets])
                    )
                )
            case "reply":
                parents = [post for post in posts if Post.objects.get(pk=post.pk).status == PostStatus.VISIBLE]
                posts.append(cast.reply(dice.choice(parents), by=dice.choice([ana, cast.ben, cast.fay])))
            case "see":
                shown = [post.pk for post in dice.sample(posts, min(len(posts), dice.randint(1, 8)))]
                reading.see(ana, shown)
                naive.one_by_one |= set(shown)
            case "hide" if len(posts) > 3:
                post = dice.choice(posts[1:])
                if Post.objects.get(pk=post.pk).status == PostStatus.VISIBLE:
                    moderation.hide(member=cast.fay, post=post, reason="rash")
            case "settle":
                settle()
            case "all":
                known = visits.known_posts(ana)
                all_posts = set(Post.objects.values_list("pk", flat=True))
                assert {pk for pk in all_posts if pk <= known.upto} | set(known.also) == all_posts
                if visits.mark_all(ana, known):
                    before, naive.at_once = naive.at_once, all_posts
            case "undo":
                assert visits.undo_mark_all(ana) is (before is not None)
                if before is not None:
                    naive.at_once, before = before, None
        naive.check()


def test_a_position_stays_short_while_a_thread_is_read_to_the_end(cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    replies = [cast.reply(idea, by=(cast.ben, cast.ana)[number % 2]) for number in range(9)]
    settle()
    reading.see(cast.ana, [replies[6].pk, replies[2].pk])
    position = ThreadReading.objects.get(member=cast.ana)
    assert (position.upto, sorted(position.beyond)) == (0, [replies[2].pk, replies[6].pk])
    reading.see(cast.ana, [idea.pk, replies[0].pk])
    position.refresh_from_db()
    assert (position.upto, position.beyond) == (replies[3].pk, [replies[6].pk])
    reading.see(cast.ana, [post.pk for post in replies])
    position.refresh_from_db()
    assert (position.upto, position.beyond) == (replies[8].pk, [])


def test_a_number_does_not_stand_for_a_post_that_may_still_appear(cast: Cast) -> None:
    """Of two writers at once the one with the later number may be first to show."""
    idea = cast.idea(by=cast.ben)
    settle()
    late, shown = cast.reply(idea), cast.reply(idea)
    Post.objects.filter(pk=late.pk).update(status=PostStatus.HIDDEN)  # as good as not there yet
    reading.see(cast.ana, [idea.pk, shown.pk])
    known = visits.known_posts(cast.fay)
    assert known.upto == idea.pk
    Post.objects.filter(pk=late.pk).update(status=PostStatus.VISIBLE)
    assert reading.unread(cast.ana).total == 1
    visits.arrive(cast.fay, now=database_now())
    visits.mark_all(cast.fay, visits.Known(known.upto, (shown.pk,)))
    assert reading.unread(cast.fay).total == 1
    settle()
    reading.see(cast.ana, [late.pk])
    assert ThreadReading.objects.get(member=cast.ana).beyond == []


def test_of_many_posts_seen_past_a_gap_the_newest_are_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BEYOND_MAX", 3)
    idea = cast.idea(by=cast.ben)
    replies = [cast.reply(idea) for _ in range(5)]
    settle()
    reading.see(cast.ana, [post.pk for post in replies])
    assert sorted(ThreadReading.objects.get(member=cast.ana).beyond) == [post.pk for post in replies[2:]]
    assert reading.unread(cast.ana).total == 3  # the idea, and the two that were let go


def test_a_count_stops_at_its_bound(cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    for number in range(4):
        cast.reply(cast.idea(by=cast.ben, forum=cast.streets) if number else idea)
    found = reading.unread(cast.ana, most=3)
    assert found.posts == {cast.harbour.pk: 2, cast.streets.pk: 3}
    assert (found.is_bounded, found.label) == (True, "2+")
    found = reading.unread(cast.ana)
    assert (found.total, found.label, found.is_bounded) == (8, "8", False)


def test_what_is_of_another_jam_or_not_there_is_passed_over(cast: Cast) -> None:
    idea = cast.idea(by=cast.ben)
    assert reading.see(cast.ned, [idea.pk, 10**15]) == []
    assert reading.see(cast.ana, []) == []
    assert reading.see(cast.ana, [idea.pk, idea.pk, 10**15]) == [idea.thread_id]
    assert reading.see(cast.ana, [idea.pk]) == [idea.thread_id]
    assert reading.unread(cast.ana).total == 0
    assert reading.unread(None).label == ""


# --- visits ---


def pretend(member: Member, **ago: timedelta) -> None:
    now = timezone.now()
    Visit.objects.update_or_create(member=member, defaults={name: now - past for name, past in ago.items()})


def test_a_visit_is_noted_once_a_minute_and_ends_after_half_an_hour(cast: Cast, django_assert_num_queries: Any) -> None:
    ana, now = cast.ana, database_now()
    with django_assert_num_queries(2):
        assert visits.arrive(ana, now=now).left_at is None
    with django_assert_num_queries(1):
        visits.arrive(ana, now=now)
    pretend(ana, last_at=timedelta(minutes=29))
    with django_assert_num_queries(2):
        assert visits.arrive(ana, now=now).left_at is None
    pretend(ana, last_at=timedelta(hours=8))
    left = Visit.objects.get(member=ana).last_at
    assert visits.arrive(ana, now=now).left_at == left
    visit = Visit.objects.get(member=ana)
    assert (visit.left_at, visit.last_at > left) == (left, True)
    assert visits.arrive(ana, now=now).left_at == left


def test_marking_all_covers_what_the_page_knew_and_can_be_undone_until_the_visit_ends(cast: Cast) -> None:
    ana = cast.ana
    visits.arrive(ana, now=database_now())
    idea = cast.idea(by=cast.ben)
    settle()
    fresh = cast.reply(idea)
    known = visits.known_posts(ana)
    came_later = cast.reply(idea)
    assert visits.mark_all(ana, known) is True
    assert reading.unread_posts(ana, idea.thread, [idea.pk, fresh.pk, came_later.pk]) == {came_later.pk}
    assert visits.mark_all(ana, known) is False  # pressed twice: it can be undone still
    assert visits.mark_all(ana, visits.Known(0, ())) is False  # and so with an older page's
    assert reading.unread(ana).can_undo is True
    assert visits.undo_mark_all(ana) is True
    assert visits.undo_mark_all(ana) is False
    assert reading.unread(ana).total == 3
    visits.mark_all(ana, known)
    pretend(ana, last_at=timedelta(hours=1))
    assert visits.arrive(ana, now=database_now()).can_undo is False
    assert visits.undo_mark_all(ana) is False
    assert reading.unread(ana).total == 1


def test_no_number_marks_what_is_not_written_yet(cast: Cast) -> None:
    visits.arrive(cast.ana, now=database_now())
    idea = cast.idea(by=cast.ben)
    visits.mark_all(cast.ana, visits.Known(10**18, ()))
    cast.reply(idea)
    assert reading.unread(cast.ana).total == 1
