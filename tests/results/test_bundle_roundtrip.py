"""Out and in again: the same jam, byte for byte."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pixels

from jam.domain import look, planned_polls
from jam.domain.polls import PollPlan
from jam.domain.reencode import reencode
from jam.models import Jam, Member, OpeningPrompt, ReminderTimes
from moderation.domain import handover, journal, roster
from moderation.domain import posts as moderation
from moderation.models import Shift
from results.bundle.values import BREAKS
from results.exports.formats import export
from tests.cast import Cast
from tests.results.making import HARBOUR, JAM, REAL, Made, contents, load_path, person, post, vote
from threads.domain import (
    connecting,
    favourites,
    follows,
    highlights,
    locking,
    moving,
    outcomes,
    pinning,
    posting,
    voting,
)
from threads.domain.follows import Thing
from threads.models import Connection, Follow, Outcome, Post, Thread

# What a person wrote may be anything that can be seen, or not: quotes, line ends, marks, formulas, other scripts.
TEXT = st.text(
    st.one_of(
        st.sampled_from("\",;\n\t =+-@'#<>&|\\ \u200f\u202e\u2066\ufeff"),
        st.characters(blacklist_categories=("Cs", "Cc")),
    ),
    max_size=40,
)


def out(jam: Jam, path: Path) -> dict[str, bytes]:
    export(jam, "bundle", path)
    return contents(path)


def in_again(jam: Jam, tmp_path: Path) -> Jam:
    """Exports `jam`, loads it under another slug, and finds that this exports to the same."""
    first = out(jam, tmp_path / "first")
    again = load_path(tmp_path / "first", slug=f"{jam.slug[:50]}-again", strict=True).jam
    assert out(again, tmp_path / "second") == first
    export(jam, "bundle", tmp_path / "first.zip")
    export(again, "bundle", tmp_path / "second.zip")
    zipped = load_path(tmp_path / "second.zip", slug=f"{jam.slug[:50]}-zip", strict=True).jam
    assert out(zipped, tmp_path / "third") == first
    return again


@pytest.mark.django_db
def test_a_bundle_comes_out_as_it_went_in(tmp_path: Path) -> None:
    jam = load_path(HARBOUR, strict=True).jam
    export(jam, "bundle", tmp_path / "out")

    for file in HARBOUR.iterdir():
        assert (tmp_path / "out" / file.name).read_bytes() == file.read_bytes(), file.name
    assert len(list((tmp_path / "out").iterdir())) == len(list(HARBOUR.iterdir()))
    in_again(jam, tmp_path)


@pytest.mark.django_db
def test_what_was_written_on_the_site_comes_back(cast: Cast, tmp_path: Path) -> None:
    idea = posting.start_thread(
        member=cast.ana, forum=cast.harbour, subject="A “lamp”", body="One,\r\ntwo\t;\n\n“3”", tags=["Light", "#Pier"]
    )
    for _ in range(5):
        idea = cast.reply(idea)
    voting.cast(member=cast.fay, post=idea, value=-1)
    voting.cast(member=cast.ana, post=idea, value=0)
    favourites.keep(member=cast.omar, post=idea)
    for thing in (Thing(thread=idea.thread), Thing(person=cast.ben), Thing.of_tag("#Pier")):
        follows.follow(member=cast.omar, thing=thing)
    moderation.hide(member=cast.fay, post=idea, reason="To see what comes of it")
    outcomes.set_outcome(member=cast.ada, thread=idea.thread, state="planned", words="In “spring”,\nor *later*.")
    other = cast.idea()
    set_up_beforehand(cast)
    prompt = posting.reply(member=cast.fay, parent=other, body="Who has done this before?", is_prompt=True)
    highlights.highlight(member=cast.ada, post=other, kind="best")
    highlights.highlight(member=cast.fay, post=prompt, kind="emerging")
    handle_threads(cast, other)
    be_on_duty(cast)
    again = in_again(cast.jam, tmp_path)

    assert _picture(again) == _picture(cast.jam)
    assert _connections(again) == _connections(cast.jam)
    assert _follows(again) == _follows(cast.jam)
    assert len(_follows(again)) == 3 + 2 + 2 + 1  # and who wrote in the threads
    assert _shifts(again) == _shifts(cast.jam)
    told = [(each.state, each.words, each.by.name, each.at) for each in Outcome.objects.order_by("pk")]
    assert told[:1] * 3 == told
    assert set(Member.objects.filter(jam=again).values_list("person", flat=True)) == set(
        Member.objects.filter(jam=cast.jam).values_list("person", flat=True)
    )


def be_on_duty(cast: Cast) -> None:
    """A shift in one forum that was written about, handed over and confirmed, and one to come without a word."""
    now = timezone.now()
    over = Shift.objects.create(
        jam=cast.jam, member=cast.fay, starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)
    )
    over.forums.set([cast.harbour])
    journal.write(member=cast.fay, shift=over, words="Keep an “eye”,\non it.", version=0)
    handover.hand_over(member=cast.fay, shift=over)
    handover.confirm(member=cast.ada, shift=over)
    later = now + timedelta(hours=5)
    roster.put(member=cast.ada, plan=roster.ShiftPlan(cast.ada, later, later + timedelta(hours=1), remind_before=15))


def _shifts(jam: Jam) -> list[tuple[Any, ...]]:
    found = Shift.objects.filter(jam=jam).order_by("starts_at").select_related("journal")
    names = ("member__name", "starts_at", "ends_at", "remind_before", "forums__title", "journal__html")
    people = ("journal__handed_by__name", "journal__handed_at", "journal__confirmed_by__name")
    return [(*row[:5], row[5] or "", *row[6:]) for row in found.values_list(*names, *people)]


def handle_threads(cast: Cast, other: Post) -> None:
    """A thread that is locked and pinned, two that are connected, and one that was merged: it goes out as it is."""
    lone, small = cast.idea(subject="Lone"), cast.idea(subject="Small", forum=cast.streets)
    locking.lock(member=cast.fay, thread=lone.thread)
    pinning.pin(member=cast.fay, thread=lone.thread)
    connecting.connect(member=cast.ada, thread=lone.thread, other=other.thread)
    connecting.connect(member=cast.ada, thread=lone.thread, other=small.thread)
    moving.merge(member=cast.fay, thread=small.thread, other=other.thread)


def _connections(jam: Jam) -> set[tuple[Any, ...]]:
    ideas = dict(Post.objects.filter(jam=jam, parent=None).values_list("thread", "key"))
    found = Connection.objects.filter(one__in=ideas, other__in=ideas).select_related("by")
    return {(frozenset((ideas[each.one_id], ideas[each.other_id])), each.by.name, each.at) for each in found}


def set_up_beforehand(cast: Cast) -> None:
    """What opens a forum, a poll to come, other reminders than the usual, a logo and a cover."""
    OpeningPrompt.objects.create(forum=cast.harbour, by=cast.fay, subject="“Begin”", body="One,\ntwo.")
    OpeningPrompt.objects.create(forum=cast.streets, subject="Posted", body="It is.", posted_at=cast.jam.opens_at)
    later = timezone.now() + timedelta(minutes=30)
    plan = PollPlan(question="Which; pier?", choices=["Old", "New, or “so”"], forum=cast.streets, multiple=True)
    planned_polls.plan(member=cast.ada, plan=plan, starts_at=later)
    ReminderTimes.objects.create(jam=cast.jam, before_opening=[1440, 15], before_close=[])
    for kind in ("logo", "cover"):
        file = io.BytesIO()
        Pixels.new("RGB", (8, 4), "teal").save(file, "PNG")
        file.seek(0)
        look.keep(cast.jam, kind, reencode(file), alt=f"The {kind}")


def _follows(jam: Jam) -> list[tuple[Any, ...]]:
    found = Follow.objects.filter(member__jam=jam, thread__moved_to=None).order_by("pk")
    idea = Subquery(Post.objects.filter(thread=OuterRef("thread"), parent=None).values("key"))
    return list(found.values_list("member__key", idea, "person__key", "tag", "since"))


def _picture(jam: Jam) -> Any:
    """All that a reader sees of a jam, in reading order."""
    posts = Post.objects.filter(jam=jam).order_by("thread__created_at", "thread_id", "path")
    shown = posts.values_list(
        "key", "parent__key", "depth", "subject", "html", "tags", "status", "created_at", "author__name",
        "agree_count", "pass_count", "disagree_count", "is_prompt", "highlight__kind", "highlight__by__name",
        "highlight__at",
    )  # fmt: skip
    threads = Thread.objects.filter(jam=jam, moved_to=None).order_by("created_at", "pk")
    kept = threads.values_list("reply_count", "last_post_at", "heat", "locked_at", "locked_by__name", "pinned_at")
    return list(shown), list(kept)


@pytest.mark.django_db
def test_every_time_is_kept_to_the_microsecond(tmp_path: Path) -> None:
    times = ["2026-03-01T09:00:00Z", "2026-03-01T09:00:00.100Z", "2026-03-01T09:00:00.000001Z"]
    posts = [post(str(n), created_at=at) for n, at in enumerate(times)]
    export(load_path(Made(posts=posts, votes=[]).folder(tmp_path / "b")).jam, "bundle", tmp_path / "out")

    written = (tmp_path / "out" / "posts.csv").read_text()
    assert all(f",{at}," in written for at in times)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(words=st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT), ids=st.sets(TEXT, min_size=2, max_size=2))
@pytest.mark.django_db
def test_hostile_text_comes_back(
    words: tuple[str, ...], ids: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    title, question, name, affiliation, subject, body = words
    first, second = (f"{'x' if not key.strip() else ''}{key}".replace("\n", "").replace("\t", "") or "x" for key in ids)
    made = Made(
        jam=JAM | {"title": f"T{title}", "question": question},
        people=[person("ana", name=name, affiliation=affiliation), person("ben")],
        posts=[post(first, subject=subject, body=body), *([post(second, first)] if first != second else [])],
        votes=[vote(first, "ben")],
    )
    tmp_path = tmp_path_factory.mktemp("hostile")
    with transaction.atomic():
        loaded = load_path(made.folder(tmp_path / "made"))
        in_again(loaded.jam, tmp_path)
        kept = Post.objects.get(jam=loaded.jam, key=first)
        assert kept.body == body
        assert kept.subject == BREAKS.sub(" ", subject)
        transaction.set_rollback(True)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real jams (shared/data beside the project) are not there")
@pytest.mark.parametrize(
    ("name", "counts", "said"),
    [
        (
            "madrid",
            {"forums.csv": (9, 9, 0, 0), "people.csv": (2272, 2272, 0, 0), "posts.csv": (5713, 5713, 268, 0),
             "votes.csv": (0, 0, 0, 0)},
            ["posts.csv: 268 replies name a parent that is not there: each now starts a thread of its own",
             "posts.csv: 62 posts have neither subject nor body: they stay for who answered whom"],
        ),
        (
            "canadian-electoral-reform",
            {"forums.csv": (1, 1, 0, 0), "people.csv": (448, 448, 0, 0), "posts.csv": (174, 174, 0, 0),
             "votes.csv": (12018, 11950, 0, 68)},
            [],
        ),
        (
            "biodiversity",
            {"forums.csv": (1, 1, 0, 0), "people.csv": (536, 536, 0, 0), "posts.csv": (316, 316, 0, 0),
             "votes.csv": (29802, 29719, 0, 83)},
            [],
        ),
        (
            "vtaiwan",
            {"forums.csv": (1, 1, 0, 0), "people.csv": (1921, 1921, 0, 0), "posts.csv": (197, 197, 0, 0),
             "votes.csv": (49997, 49443, 0, 554)},
            [],
        ),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_real_jam(name: str, counts: dict[str, tuple[int, ...]], said: list[str], tmp_path: Path) -> None:
    loaded = load_path(REAL / name)

    tallies = loaded.report.tallies()
    assert {t.file: (t.read, t.loaded, t.mended, t.superseded) for t in tallies} == counts
    assert [str(group) for group in loaded.report.groups()] == said
    again = in_again(loaded.jam, tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert _picture(again) == _picture(loaded.jam)
