"""Writing a bundle. The same jam gives the same bytes, and so does what was loaded from them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from django.db.models import OuterRef, Q, Subquery

from jam.domain.naming import EMAIL_IN_FILES
from jam.models import Forum, Jam, Member
from moderation.models import Action
from results.bundle import occasions, pictures, promises, set_up, shifts
from results.bundle.description import described
from results.bundle.follows import rows_of_follows
from results.bundle.layout import (
    ACTIONS,
    ANNOUNCEMENTS,
    CONNECTIONS,
    DESCRIPTION,
    FAVOURITES,
    FOLLOWS,
    FORUMS,
    GUEST_HOURS,
    HIGHLIGHTS,
    IMAGES,
    LOOK,
    OPENING_PROMPTS,
    OUTCOMES,
    PEOPLE,
    PLANNED_POLLS,
    POLL_VOTES,
    POLLS,
    POSTS,
    POSTS_OF_CONTRACT,
    PROFILES,
    PROMISES,
    REMINDERS,
    REVISIONS,
    RULES,
    SHIFTS,
    TAG_SEPARATOR,
    THREADS,
    VOTES,
    Table,
)
from results.bundle.threads import rows_of_connections, rows_of_threads
from results.bundle.values import format_time
from results.exports.sinks import Sink
from threads.models import Favourite, Highlight, Post, PostStatus, Vote

AT_ONCE = 2_000
OURS = Q(edited_at__isnull=False) | Q(withdrawn_at__isnull=False) | Q(is_prompt=True)

Cells = Sequence[object]


def write(jam: Jam, sink: Sink) -> None:
    """Writes the whole of `jam`, row by row. Drafts stay behind: they were never part of the jam."""
    with sink.open(DESCRIPTION) as file:
        json.dump(described(jam), file, ensure_ascii=False, indent=2)
        file.write("\n")
    _write(sink, FORUMS, _forums(jam))
    _write(sink, PEOPLE, _people(jam))
    _write(sink, _posts_table(jam), _posts(jam))
    _write(sink, VOTES, _votes(jam))
    # A jam where nobody kept or hid a post is the contract's five files and no more.
    beyond = {
        FAVOURITES: _favourites(jam),
        FOLLOWS: rows_of_follows(jam),
        ACTIONS: _actions(jam),
        OUTCOMES: _outcomes(jam),
        HIGHLIGHTS: _highlights(jam),
        THREADS: rows_of_threads(jam),
        CONNECTIONS: rows_of_connections(jam),
        REVISIONS: pictures.rows_of_revisions(jam),
        IMAGES: pictures.rows_of_images(jam),
        PROFILES: occasions.profiles(jam),
        RULES: promises.rules(jam),
        PROMISES: promises.promised(jam),
        ANNOUNCEMENTS: occasions.announcements(jam),
        GUEST_HOURS: occasions.guest_hours(jam),
        POLLS: occasions.polls(jam),
        POLL_VOTES: occasions.poll_votes(jam),
        PLANNED_POLLS: set_up.planned_polls(jam),
        OPENING_PROMPTS: set_up.opening_prompts(jam),
        REMINDERS: set_up.reminders(jam),
        LOOK: set_up.look(jam),
        SHIFTS: shifts.shifts(jam),
    }
    for table, found in beyond.items():
        first = next(found, None)
        if first is not None:
            _write(sink, table, chain([first], found))
    pictures.write_files(pictures.posted(jam), sink)
    set_up.write_look(jam, sink)


def _write(sink: Sink, table: Table, cells: Iterable[Cells]) -> None:
    with sink.open(table.file) as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.columns)
        writer.writerows(cells)


# Rows are in the order in which loading them makes them again: posts by time, the rest as they came.


def _forums(jam: Jam) -> Iterator[Cells]:
    return (
        Forum.objects.filter(jam=jam)
        .order_by("position", "pk")
        .values_list("key", "title", "question", "position")
        .iterator(AT_ONCE)
    )


def _people(jam: Jam) -> Iterator[Cells]:
    found = Member.objects.filter(jam=jam).annotate(email=EMAIL_IN_FILES).order_by("pk")
    for key, name, email, *rest in found.values_list("key", "name", "email", "affiliation", "role").iterator(AT_ONCE):
        yield key, name, (email or "").lower(), *rest


def _posts_table(jam: Jam) -> Table:
    """With the contract's columns alone where no post was changed or withdrawn, and none is a prompt."""
    beyond = Post.objects.filter(OURS, jam=jam).exists()
    return POSTS if beyond else replace(POSTS, columns=POSTS_OF_CONTRACT)


def _posts(jam: Jam) -> Iterator[Cells]:
    beyond = len(_posts_table(jam).columns) > len(POSTS_OF_CONTRACT)
    found = Post.objects.filter(jam=jam).order_by("created_at", "pk")
    for key, forum, parent, author, at, subject, body, tags, status, prompt, *moments in found.values_list(
        "key", "thread__forum__key", "parent__key", "author__key", "created_at", "subject", "body", "tags", "status",
        "is_prompt", "edited_at", "withdrawn_at",
    ).iterator(AT_ONCE):  # fmt: skip
        # The contract knows two states: what was withdrawn is hidden to those who know no third.
        known = status if status == PostStatus.VISIBLE else PostStatus.HIDDEN.value
        cells = (key, forum, parent or "", author, format_time(at), subject, body, TAG_SEPARATOR.join(tags), known)
        ours = (*(format_time(moment) if moment else "" for moment in moments), status, "true" if prompt else "")
        yield (*cells, *ours) if beyond else cells


def _votes(jam: Jam) -> Iterator[Cells]:
    found = Vote.objects.filter(post__jam=jam).order_by("pk")
    for post, member, value, at in found.values_list("post__key", "member__key", "value", "cast_at").iterator(AT_ONCE):
        yield post, member, value, format_time(at)


def _favourites(jam: Jam) -> Iterator[Cells]:
    found = Favourite.objects.filter(post__jam=jam).order_by("pk")
    for post, member, at in found.values_list("post__key", "member__key", "kept_at").iterator(AT_ONCE):
        yield post, member, format_time(at)


def _actions(jam: Jam) -> Iterator[Cells]:
    """What was done to a thread is said of its idea; a row without a person is what the site did itself."""
    idea = Post.objects.filter(thread=OuterRef("thread"), parent=None).values("key")[:1]
    found = Action.objects.filter(jam=jam).order_by("pk").annotate(idea_key=Subquery(idea))
    names = (
        "post__key", "idea_key", "by__key", "kind", "reason", "at", "subject__key", "forum__key", "before", "after",
    )  # fmt: skip
    for post, idea_key, member, kind, reason, at, subject, forum, *states in found.values_list(*names).iterator(
        AT_ONCE
    ):
        changed = (json.dumps(state, ensure_ascii=False) if state else "" for state in states)
        yield post or idea_key or "", member or "", kind, reason, format_time(at), subject or "", forum or "", *changed


def _outcomes(jam: Jam) -> Iterator[Cells]:
    found = Post.objects.filter(jam=jam, parent=None, thread__outcome__isnull=False).order_by("created_at", "pk")
    names = ("key", *(f"thread__outcome__{name}" for name in ("by__key", "state", "words", "at")))
    for post, member, state, words, at in found.values_list(*names).iterator(AT_ONCE):
        yield post, member, state, words, format_time(at)


def _highlights(jam: Jam) -> Iterator[Cells]:
    found = Highlight.objects.filter(jam=jam).order_by("at", "pk")
    for post, member, kind, at in found.values_list("post__key", "by__key", "kind", "at").iterator(AT_ONCE):
        yield post, member, kind, format_time(at)
