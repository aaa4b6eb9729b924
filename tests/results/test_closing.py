"""What a closing window asks for happens once, however often it is asked."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from live.models import Event
from results import tasks
from results.domain import closing as closings
from results.domain import digests
from results.models import Closing, Digest
from tests.cast import Cast, close_by_clock, set_window
from threads.domain import voting
from threads.models import Post, PostStatus


@pytest.fixture
def run_at_once(settings: object) -> None:
    """Tasks run where they are asked for."""
    from jam.celery import app

    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = False
    app.conf.task_eager_propagates = False


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """An idea by Ana that Ben answered and agreed with, and a hidden one by Ben."""
    idea = cast.idea()
    cast.reply(idea)
    voting.cast(member=cast.ben, post=idea, value=1)
    hidden = cast.idea(by=cast.ben, subject="Buy my lamps", forum=cast.streets)
    voting.cast(member=cast.ana, post=hidden, value=-1)
    Post.objects.filter(pk=hidden.pk).update(status=PostStatus.HIDDEN)
    return cast


def test_an_open_jam_is_not_due(cast: Cast) -> None:
    assert list(closings.due()) == []
    assert closings.claim(cast.jam) is None


def test_a_jam_that_came_as_an_archive_is_not_due(cast: Cast) -> None:
    close_by_clock(cast.jam)
    cast.jam.published_at = timezone.now()
    cast.jam.save()
    assert list(closings.due()) == []


def test_the_counts_are_those_at_the_close(busy: Cast) -> None:
    close_by_clock(busy.jam)
    closing = closings.claim(busy.jam)
    assert closing is not None
    assert closing.counts == {
        "members": 5, "authors": 2, "voters": 1, "ideas": 1, "replies": 1, "posts": 2, "votes": 1,
    }  # fmt: skip
    assert [idea["title"] for idea in closing.summary["most_agreed"]] == ["A lamp on the pier"]
    event = Event.objects.latest("seq")
    assert (event.kind, event.rooms, event.data["counts"]) == ("jam.closed", ["pulse"], closing.counts)


def test_only_one_worker_takes_a_closing_on(cast: Cast) -> None:
    close_by_clock(cast.jam)
    assert closings.claim(cast.jam) is not None
    assert closings.claim(cast.jam) is None
    assert Event.objects.filter(kind="jam.closed").count() == 1


def test_a_closing_whose_worker_died_is_taken_up_once(cast: Cast) -> None:
    close_by_clock(cast.jam)
    closing = closings.claim(cast.jam)
    Closing.objects.update(claimed_at=timezone.now() - closings.LEASE - timedelta(seconds=1))
    assert closings.claim(cast.jam) == closing
    assert closings.claim(cast.jam) is None
    assert Event.objects.filter(kind="jam.closed").count() == 1


def test_a_window_opened_again_closes_again(cast: Cast, run_at_once: None) -> None:
    close_by_clock(cast.jam)
    tasks.close_due_jams()
    assert list(closings.due()) == []
    set_window(cast.jam, opens_in=-timedelta(hours=2), closes_in=timedelta(hours=1))
    assert list(closings.due()) == []
    set_window(cast.jam, opens_in=-timedelta(hours=2), closes_in=-timedelta(seconds=2))
    tasks.close_due_jams()
    assert Closing.objects.filter(finished_at__isnull=False).count() == 2


def test_each_member_gets_one_digest_and_one_mail(busy: Cast, run_at_once: None) -> None:
    close_by_clock(busy.jam)
    for _ in range(3):
        tasks.close_due_jams()
    closing = Closing.objects.get()
    tasks.build_digests(closing.pk)
    tasks.mail_forgotten_digests()
    assert Digest.objects.count() == 5
    assert sorted(message.to for message in mail.outbox) == [
        ["ada@example.org"], ["ana@example.org"], ["ben@example.org"], ["fay@example.org"], ["omar@example.org"],
    ]  # fmt: skip
    assert closing.finished_at is not None


def test_a_digest_says_what_became_of_ones_own_posts(busy: Cast) -> None:
    close_by_clock(busy.jam)
    closing = closings.claim(busy.jam)
    assert closing is not None
    list(digests.build(closing))
    mine = {digest.member_id: digest.content for digest in Digest.objects.all()}
    ana, ben = mine[busy.ana.pk], mine[busy.ben.pk]
    assert (ana["post_count"], ana["agreed"], ana["reply_count"], ana["votes_cast"]) == (1, 1, 1, 1)
    assert [(reply["author"], reply["excerpt"]) for reply in ana["replies"]] == [("Ben", "Yes, and one on the mole.")]
    assert [post["answers"] for post in ana["posts"]] == [1]
    assert (ben["post_count"], ben["reply_count"]) == (1, 0)


def test_a_mail_is_html_and_text_in_the_readers_zone(busy: Cast) -> None:
    close_by_clock(busy.jam)
    busy.ana.person.time_zone = "Asia/Tokyo"
    busy.ana.person.save()
    closing = closings.claim(busy.jam)
    assert closing is not None
    list(digests.build(closing))
    digest = Digest.objects.get(member=busy.ana)
    assert digests.mail(digest.pk)
    (message,) = mail.outbox
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    for text in (message.body, html):
        assert "A lamp on the pier" in text
        assert "Asia/Tokyo" in text
        assert f"/jams/tides/posts/{Post.objects.earliest('pk').pk}/" in text
    assert message.subject == "The tides jam: what came of it"


def test_a_mail_that_failed_is_sent_later_and_once(busy: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    close_by_clock(busy.jam)
    closing = closings.claim(busy.jam)
    assert closing is not None
    list(digests.build(closing))
    digest = Digest.objects.get(member=busy.ana)

    def away(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        with pytest.raises(ConnectionRefusedError):
            digests.mail(digest.pk)
    assert [digests.mail(digest.pk), digests.mail(digest.pk)] == [True, False]
    assert len(mail.outbox) == 1


def test_who_has_no_address_or_may_not_sign_in_gets_no_mail(cast: Cast, run_at_once: None) -> None:
    close_by_clock(cast.jam)
    cast.ana.person.email = None
    cast.ana.person.save()
    cast.ben.person.is_active = False
    cast.ben.person.save()
    tasks.close_due_jams()
    assert sorted(message.to for message in mail.outbox) == [
        ["ada@example.org"], ["fay@example.org"], ["omar@example.org"],
    ]  # fmt: skip
    assert Digest.objects.count() == 5


@pytest.mark.parametrize("members", [1, 3])
def test_a_batch_of_digests_costs_the_same_however_many(
    busy: Cast, members: int, django_assert_num_queries: object
) -> None:
    from jam.models import Member

    keep = [busy.ana.pk, busy.ben.pk, busy.fay.pk][:members]
    close_by_clock(busy.jam)
    closing = closings.claim(busy.jam)
    assert closing is not None
    rows = list(Member.objects.filter(pk__in=keep))
    with django_assert_num_queries(4):  # type: ignore[operator]
        digests._contents(rows)
