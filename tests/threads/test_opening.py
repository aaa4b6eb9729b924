"""What opens a forum is posted when the clock opens its jam."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jam.models import Jam, Member, OpeningPrompt, Role, Rules
from tests.cast import Cast, close_by_clock
from threads.domain import opening
from threads.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def prompt(cast: Cast) -> OpeningPrompt:
    return OpeningPrompt.objects.create(forum=cast.harbour, by=cast.fay, subject="Begin here", body="What of **it**?")


def test_it_is_posted_once_in_the_name_of_who_wrote_it(cast: Cast, prompt: OpeningPrompt) -> None:
    assert (opening.post_due(), opening.post_due()) == (1, 0)
    post = Post.objects.get()
    assert (post.subject, post.author, post.thread.forum) == ("Begin here", cast.fay, cast.harbour)
    assert "<strong>it</strong>" in post.html
    prompt.refresh_from_db()
    assert prompt.posted_at is not None


def test_not_before_the_jam_opens_and_not_after_it_closed(cast: Cast, prompt: OpeningPrompt) -> None:
    Jam.objects.filter(pk=cast.jam.pk).update(opens_at=timezone.now() + timedelta(hours=1))
    assert opening.post_due() == 0
    close_by_clock(cast.jam)
    assert opening.post_due() == 0
    Jam.objects.filter(pk=cast.jam.pk).update(published_at=None)
    assert opening.post_due() == 0
    assert not Post.objects.exists()


def test_an_admin_posts_it_for_who_does_not_run_the_jam_any_more(cast: Cast, prompt: OpeningPrompt) -> None:
    Member.objects.filter(pk=cast.fay.pk).update(role=Role.PARTICIPANT)
    assert opening.post_due() == 1
    assert Post.objects.get().author == cast.ada


def test_it_waits_for_somebody_who_accepted_the_rules(cast: Cast, prompt: OpeningPrompt) -> None:
    Rules.objects.create(jam=cast.jam, version=1, text="Be kind.", html="<p>Be kind.</p>")
    Jam.objects.filter(pk=cast.jam.pk).update(rules_version=1)
    assert opening.post_due() == 0
    Member.objects.filter(pk=cast.ada.pk).update(rules_accepted=1)
    assert opening.post_due() == 1
    assert Post.objects.get().author == cast.ada


def test_when_nothing_is_due_it_is_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert opening.post_due() == 0
