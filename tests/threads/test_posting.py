"""Writing: what is refused, what is kept, and that a post is never written twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from jam.domain.errors import Conflict, Invalid, NotAllowed, OutsideWindow
from jam.domain.phases import Phase
from jam.models import Activity, Forum
from live.models import Event
from tests.cast import Cast, close_by_clock, set_window
from threads.domain import posting
from threads.models import BODY_MAX, DEPTH_MAX, SUBJECT_MAX, Draft, Post, PostStatus, Thread

REL = 'rel="nofollow ugc noopener noreferrer"'


def start(cast: Cast, **changes: object) -> Post:
    arguments = {"member": cast.ana, "forum": cast.harbour, "subject": "A lamp", "body": "On the pier."} | changes
    return posting.start_thread(**arguments)  # type: ignore[arg-type]


def test_an_idea_starts_a_thread(cast: Cast) -> None:
    post = start(cast, body="On the **pier**.", tags=["Light", "#light", " pier  side "])
    assert post.html == '<p dir="auto">On the <strong>pier</strong>.</p>'
    assert post.tags == ["light", "pier side"]
    assert (post.depth, post.parent, post.thread.reply_count) == (0, None, 0)
    cast.harbour.refresh_from_db()
    assert (cast.harbour.thread_count, cast.harbour.post_count) == (1, 1)
    assert list(Activity.objects.values_list("jam_id", "posts")) == [(cast.jam.pk, 1)]


def test_replies_stand_under_what_they_answer_in_reading_order(cast: Cast) -> None:
    idea = cast.idea()
    first = cast.reply(idea, body="first")
    cast.reply(idea, body="second")
    cast.reply(first, by=cast.ana, body="first, answered")
    in_order = Post.objects.filter(thread=idea.thread).order_by("path").values_list("body", "depth")
    assert list(in_order) == [
        ("So that boats find **home**.", 0),
        ("first", 1),
        ("first, answered", 2),
        ("second", 1),
    ]
    idea.thread.refresh_from_db()
    assert idea.thread.reply_count == 3
    cast.harbour.refresh_from_db()
    assert (cast.harbour.thread_count, cast.harbour.post_count) == (1, 4)


def test_a_post_appends_one_event_to_its_rooms(cast: Cast) -> None:
    idea = cast.idea()
    event = Event.objects.get()
    assert (event.seq, event.kind) == (1, "post.created")
    assert event.rooms == ["pulse", f"forum:{cast.harbour.pk}", f"thread:{idea.thread_id}"]
    assert event.html_room == f"thread:{idea.thread_id}"
    assert (event.data["post"], event.data["replies"], event.data["forum_threads"]) == (idea.pk, 0, 1)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"subject": ""}, "subject", "required"),
        ({"subject": " \u200b\u00a0 "}, "subject", "required"),
        ({"body": ""}, "body", "required"),
        ({"body": "\u200b \n\t"}, "body", "required"),
        ({"body": "<!-- -->"}, None, None),
        ({"subject": "x" * (SUBJECT_MAX + 1)}, "subject", "too_long"),
        ({"body": "x" * (BODY_MAX + 1)}, "body", "too_long"),
        ({"body": "bell\x07"}, "body", "control_character"),
        ({"subject": "nul\0"}, "subject", "control_character"),
        ({"body": "lone \ud800 surrogate"}, "body", "control_character"),
        ({"tags": ["x" * 41]}, "tags", "too_long"),
        ({"tags": [f"tag{n}" for n in range(9)]}, "tags", "too_many"),
        ({"tags": ["a;b"]}, "tags", "tags"),
        ({"request_key": ""}, "request_key", "idempotency_key"),
        ({"request_key": "x" * 101}, "request_key", "idempotency_key"),
    ],
)
def test_what_cannot_be_taken_is_named(cast: Cast, changes: dict[str, object], field: str | None, code: str) -> None:
    if field is None:
        start(cast, **changes)  # raw HTML is text like any other
        return
    with pytest.raises(Invalid) as refused:
        start(cast, **changes)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert (Post.objects.count(), Thread.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_the_longest_text_is_kept_whole(cast: Cast) -> None:
    post = start(cast, subject="s" * SUBJECT_MAX, body="字" * BODY_MAX)
    post.refresh_from_db()
    assert (post.subject, post.body) == ("s" * SUBJECT_MAX, "字" * BODY_MAX)


def test_right_to_left_text_keeps_its_marks(cast: Cast) -> None:
    body = "\u200fمرحبا \u2067بالعالم\u2069"
    post = start(cast, subject=body, body=body)
    assert (post.subject, post.body) == (body, body)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<style>p{}</style>", "<p>&lt;style&gt;p{}&lt;/style&gt;</p>"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("[go](javascript:alert(1))", "<p>[go](javascript:alert(1))</p>"),
        ("[go](JaVaScRiPt:alert(1))", "<p>[go](JaVaScRiPt:alert(1))</p>"),
        ("[go](data:text/html,x)", "<p>[go](data:text/html,x)</p>"),
        ("[go](ftp://x.example/)", f"<p><a {REL}>go</a></p>"),
        ("[go](https://x.example/)", f'<p><a href="https://x.example/" {REL}>go</a></p>'),
        ("https://x.example/", f'<p><a href="https://x.example/" {REL}>https://x.example/</a></p>'),
        ("![spy](https://x.example/p.png)", f'<p>!<a href="https://x.example/p.png" {REL}>spy</a></p>'),
        ("# Large", "<h3>Large</h3>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
    ],
)
def test_markdown_becomes_safe_html(cast: Cast, markdown: str, html: str) -> None:
    assert start(cast, body=markdown).html.replace(' dir="auto"', "") == html


def test_a_forum_of_another_jam_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        start(cast, forum=cast.elsewhere)
    assert refused.value.field == "forum"


def test_a_forum_removed_meanwhile_is_said_so(cast: Cast) -> None:
    Forum.objects.filter(pk=cast.streets.pk).delete()
    with pytest.raises(Conflict) as refused:
        start(cast, forum=cast.streets)
    assert refused.value.code == "forum_gone"


def test_a_parent_of_another_jam_is_refused(cast: Cast) -> None:
    foreign = cast.idea(by=cast.ned, forum=cast.elsewhere)
    with pytest.raises(Invalid) as refused:
        cast.reply(foreign)
    assert refused.value.field == "parent"


def test_a_hidden_post_takes_no_reply(cast: Cast) -> None:
    idea = cast.idea()
    Post.objects.update(status=PostStatus.HIDDEN)
    with pytest.raises(Conflict) as refused:
        cast.reply(idea)
    assert refused.value.code == "parent_hidden"


def test_a_branch_ends_somewhere(cast: Cast) -> None:
    idea = cast.idea()
    deepest = cast.reply(idea)
    Post.objects.filter(pk=deepest.pk).update(depth=DEPTH_MAX)
    with pytest.raises(Invalid) as refused:
        cast.reply(deepest)
    assert refused.value.code == "too_deep"


def test_an_observer_reads_and_does_not_write(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        cast.idea(by=cast.omar)


@pytest.mark.parametrize(
    ("opens_in", "closes_in", "phase"),
    [
        (timedelta(hours=1), timedelta(hours=2), Phase.SCHEDULED),
        (-timedelta(hours=2), timedelta(0), Phase.READING),
        (-timedelta(hours=2), -timedelta(hours=1), Phase.READING),
    ],
)
def test_outside_its_window_a_jam_takes_nothing(
    cast: Cast, opens_in: timedelta, closes_in: timedelta, phase: Phase
) -> None:
    idea = cast.idea()
    set_window(cast.jam, opens_in=opens_in, closes_in=closes_in)
    for write in (cast.idea, lambda: cast.reply(idea)):
        with pytest.raises(OutsideWindow) as refused:
            write()
        assert (refused.value.phase, refused.value.closes_at) == (phase, cast.jam.closes_at)
    assert Post.objects.count() == 1


def test_the_same_request_gives_the_same_post(cast: Cast) -> None:
    first = start(cast, request_key="one")
    again = start(cast, request_key="one")
    assert again == first
    assert (Post.objects.count(), Thread.objects.count(), Event.objects.count()) == (1, 1, 1)


def test_a_retry_after_the_close_still_gives_the_post_that_was_written(cast: Cast) -> None:
    first = start(cast, request_key="one")
    close_by_clock(cast.jam)
    assert start(cast, request_key="one") == first


@pytest.mark.parametrize("changes", [{"body": "Another."}, {"subject": "Another"}, {"forum": "streets"}])
def test_one_request_key_is_for_one_post(cast: Cast, changes: dict[str, object]) -> None:
    start(cast, request_key="one")
    if "forum" in changes:
        changes = {"forum": cast.streets}
    with pytest.raises(Conflict) as refused:
        start(cast, request_key="one", **changes)
    assert refused.value.code == "idempotency_key"


def test_another_person_may_use_the_same_request_key(cast: Cast) -> None:
    first = start(cast, request_key="one")
    second = start(cast, request_key="one", member=cast.ben)
    assert first != second


def test_posting_throws_the_draft_away(cast: Cast) -> None:
    Draft.objects.create(jam=cast.jam, member=cast.ana, place=f"forum:{cast.harbour.pk}", body="On the")
    Draft.objects.create(jam=cast.jam, member=cast.ana, place=f"forum:{cast.streets.pk}", body="Else")
    start(cast)
    assert list(Draft.objects.values_list("body", flat=True)) == ["Else"]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_two_threads_writes_one_post(cast: Cast) -> None:
    def click(_: int) -> int:
        try:
            return start(cast, request_key="double").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(click, range(8)))
    assert len(ids) == 1
    assert (Post.objects.count(), Thread.objects.count(), Event.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_lose_nothing_and_leave_no_gap(cast: Cast) -> None:
    idea = cast.idea()

    def write(number: int) -> None:
        try:
            cast.reply(idea, by=(cast.ana, cast.ben)[number % 2], body=f"reply {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    idea.thread.refresh_from_db()
    cast.harbour.refresh_from_db()
    assert (idea.thread.reply_count, cast.harbour.post_count) == (40, 41)
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 42))
    assert [e.data["replies"] for e in Event.objects.order_by("seq")] == list(range(41))


class TestTheDatabaseHolds:
    """What the verbs promise holds against any other way in, too."""

    @staticmethod
    def update(posts: QuerySet[Post], **changes: object) -> None:
        with transaction.atomic():
            posts.update(**changes)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_that_a_parent_is_in_the_same_thread(self, cast: Cast) -> None:
        other = cast.idea(subject="Other")
        reply = cast.reply(cast.idea())
        with pytest.raises(IntegrityError, match="post_parent_same_thread"):
            self.update(Post.objects.filter(pk=reply.pk), parent=other)

    def test_that_an_author_is_a_member_of_the_jam(self, cast: Cast) -> None:
        idea = cast.idea()
        with pytest.raises(IntegrityError, match="post_author_same_jam"):
            self.update(Post.objects.filter(pk=idea.pk), author=cast.ned)

    def test_that_a_thread_is_of_the_same_jam(self, cast: Cast) -> None:
        idea = cast.idea()
        with pytest.raises(IntegrityError, match="post_thread_same_jam"):
            self.update(Post.objects.filter(pk=idea.pk), jam=cast.other, author=cast.ned)

    def test_that_a_thread_has_one_idea(self, cast: Cast) -> None:
        reply = cast.reply(cast.idea())
        with pytest.raises(IntegrityError, match="thread_has_one_idea"):
            self.update(Post.objects.filter(pk=reply.pk), parent=None, depth=0)
