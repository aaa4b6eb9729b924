"""What people left on posts: votes.csv, favourites.csv, actions.csv, outcomes.csv and highlights.csv."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from jam.models import Jam, Voting
from moderation.domain import log
from moderation.models import Action
from results.bundle import reasons
from results.bundle.layout import ACTIONS, FAVOURITES, HIGHLIGHTS, OUTCOMES, VOTES, Table
from results.bundle.people import batches
from results.bundle.reader import Row, rows
from results.bundle.report import Report, shown
from results.bundle.source import Source
from results.bundle.tree import Node
from results.bundle.values import Cleaner
from threads.models import OUTCOME_WORDS_MAX, Favourite, Highlight, Outcome

VALUES = {"1": 1, "+1": 1, "0": 0, "-1": -1}
COPIED_AT_ONCE = 20_000
REASON_MAX = 500


class MarksLoader:
    def __init__(
        self,
        source: Source,
        jam: Jam,
        *,
        posts: dict[str, Node],
        refused_posts: set[str],
        members: dict[str, int],
        forums: dict[str, int],
        report: Report,
    ) -> None:
        self._source = source
        self._jam = jam
        self._posts = posts
        self._refused_posts = refused_posts
        self._members = members
        self._forums = forums
        self._report = report

    def load_votes(self) -> None:
        """Rows go to a table of their own first: which vote of a person on a post is the last is found there."""
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE bundle_vote "
                "(line bigint, post_id bigint, member_id bigint, value smallint, cast_at timestamptz) ON COMMIT DROP"
            )
            staged = 0
            for batch in batches(self._votes(), COPIED_AT_ONCE):
                cursor.copy_expert("COPY bundle_vote FROM STDIN", io.StringIO("".join(batch)))
                staged += len(batch)
            cursor.execute(
                """
                INSERT INTO threads_vote (post_id, member_id, value, cast_at)
                SELECT post_id, member_id, value, cast_at FROM (
                    SELECT DISTINCT ON (post_id, member_id) * FROM bundle_vote ORDER BY post_id, member_id, line DESC
                ) AS last ORDER BY line
                """
            )
            self._report.count_superseded(VOTES.file, staged - cursor.rowcount)
            cursor.execute("DROP TABLE bundle_vote")

    def load_favourites(self) -> None:
        seen: set[tuple[int, int]] = set()
        for batch in batches(self._favourites(seen)):
            Favourite.objects.bulk_create(batch)

    def load_actions(self) -> None:
        for batch in batches(self._actions()):
            Action.objects.bulk_create(batch)

    def load_outcomes(self) -> None:
        seen: set[int] = set()
        for batch in batches(self._outcomes(seen)):
            Outcome.objects.bulk_create(batch)

    def load_highlights(self) -> None:
        seen: set[int] = set()
        for batch in batches(self._highlights(seen)):
            Highlight.objects.bulk_create(batch)

    def _votes(self) -> Iterator[str]:
        upvote_only = self._jam.voting == Voting.UPVOTE
        for row, post, member_id in self._rows(VOTES):
            value = VALUES.get(row.get("value").strip())
            if value is None or (upvote_only and value != 1):
                reason = reasons.VOTE_VALUE if value is None else reasons.UPVOTE_ONLY
                self._report.refuse(VOTES.file, row.line, reason, shown(row.get("value")))
                continue
            cast_at = self._time(row, VOTES, "cast_at", post)
            yield f"{row.line}\t{post.post_id}\t{member_id}\t{value}\t{cast_at.isoformat()}\n"

    def _favourites(self, seen: set[tuple[int, int]]) -> Iterator[Favourite]:
        for row, post, member_id in self._rows(FAVOURITES):
            if (post.post_id, member_id) in seen:
                self._report.refuse(FAVOURITES.file, row.line, reasons.TWICE)
                continue
            seen.add((post.post_id, member_id))
            kept_at = self._time(row, FAVOURITES, "kept_at", post)
            yield Favourite(post_id=post.post_id, member_id=member_id, kept_at=kept_at)

    def _actions(self) -> Iterator[Action]:
        """What was done; a row without a person was done by the site, one without a post is about something else."""
        known = log.kinds()
        for row in rows(self._source, ACTIONS, self._report):
            kind = row.get("kind").strip().lower()
            post, by = self._posts.get(row.get("post_id")), self._members.get(row.get("person_id"))
            if row.get("post_id") and post is None:
                self._refuse_post(ACTIONS, row)
            elif row.get("person_id") and by is None:
                self._report.refuse(ACTIONS.file, row.line, reasons.NO_PERSON, shown(row.get("person_id")))
            elif kind not in known:
                self._report.refuse(ACTIONS.file, row.line, reasons.ACTION_KIND, shown(kind))
            else:
                yield self._action(row, kind, post, by)

    def _action(self, row: Row, kind: str, post: Node | None, by: int | None) -> Action:
        cleaner = Cleaner(self._report, ACTIONS.file, row.line)
        return Action(
            jam=self._jam,
            by_id=by,
            post_id=post.post_id if post else None,
            thread_id=post.thread_id if post else None,
            forum_id=self._forums.get(row.get("forum_id")) or (post.forum_id if post else None),
            subject_id=self._members.get(row.get("subject_id")),
            kind=kind,
            reason=cleaner.one_line(row.get("reason"), field="reason", limit=REASON_MAX),
            before=_state(row.get("before")),
            after=_state(row.get("after")),
            at=self._time(row, ACTIONS, "at", post),
        )

    def _outcomes(self, seen: set[int]) -> Iterator[Outcome]:
        for row, post, member_id in self._rows(OUTCOMES):
            state = row.get("state").strip().lower()
            if post.parent is not None:
                self._report.refuse(OUTCOMES.file, row.line, reasons.NO_IDEA, shown(row.get("post_id")))
            elif post.thread_id in seen:
                self._report.refuse(OUTCOMES.file, row.line, reasons.TWICE)
            elif state not in Outcome.State.values:
                self._report.refuse(OUTCOMES.file, row.line, reasons.OUTCOME_STATE, shown(state))
            else:
                seen.add(post.thread_id)
                words = Cleaner(self._report, OUTCOMES.file, row.line).text(row.get("words"), field="words")
                at = self._time(row, OUTCOMES, "at", post)
                yield Outcome(
                    thread_id=post.thread_id, by_id=member_id, state=state, words=words[:OUTCOME_WORDS_MAX], at=at
                )

    def _highlights(self, seen: set[int]) -> Iterator[Highlight]:
        for row, post, member_id in self._rows(HIGHLIGHTS):
            kind = row.get("kind").strip().lower()
            if post.post_id in seen:
                self._report.refuse(HIGHLIGHTS.file, row.line, reasons.TWICE)
            elif kind not in Highlight.Kind.values:
                self._report.refuse(HIGHLIGHTS.file, row.line, reasons.HIGHLIGHT_KIND, shown(kind))
            else:
                seen.add(post.post_id)
                at = self._time(row, HIGHLIGHTS, "at", post)
                yield Highlight(jam=self._jam, post_id=post.post_id, by_id=member_id, kind=kind, at=at)

    def _rows(self, table: Table) -> Iterator[tuple[Row, Node, int]]:
        """The rows that name a post and a person who are there."""
        for row in rows(self._source, table, self._report):
            post = self._posts.get(row.get("post_id"))
            if post is None:
                self._refuse_post(table, row)
                continue
            member_id = self._members.get(row.get("person_id"))
            if member_id is None:
                self._report.refuse(table.file, row.line, reasons.NO_PERSON, shown(row.get("person_id")))
                continue
            yield row, post, member_id

    def _refuse_post(self, table: Table, row: Row) -> None:
        key = row.get("post_id")
        reason = reasons.ON_REFUSED_POST if key in self._refused_posts else reasons.NO_POST
        self._report.refuse(table.file, row.line, reason, shown(key))

    def _time(self, row: Row, table: Table, column: str, post: Node | None) -> datetime:
        """The row's time. One that may be missing and is, is taken from the post, or without one from the jam."""
        value = row.get(column)
        otherwise = post.created_at if post else self._jam.created_at
        if not value.strip():
            return otherwise
        cleaner = Cleaner(self._report, table.file, row.line)
        at = cleaner.time(value, field=column)
        if at is None:
            cleaner.mend(reasons.TIME, shown(value))
            return otherwise
        return at


def _state(text: str) -> dict[str, Any]:
    """How something was, as an export wrote it; nothing where it is no such thing."""
    try:
        state = json.loads(text) if text.strip() else {}
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}
