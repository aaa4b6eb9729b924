"""What became of an idea. Who runs the jam says it, at any time after the opening: answers come after the talk."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain.errors import Conflict, Invalid
from jam.domain.phases import Phase, database_now, phase_of
from jam.domain.text import clean_text, is_blank
from jam.models import Jam, Member
from threads.domain.events import outcome_set
from threads.models import OUTCOME_WORDS_MAX, Outcome, Post, PostStatus, Thread

TOO_EARLY = (Phase.DRAFT, Phase.SCHEDULED)


def set_outcome(*, member: Member, thread: Thread, state: str, words: str = "") -> Outcome | None:
    """Says what became of the idea of `thread`, with `words` in Markdown; with the empty state, that nothing is said.

    What is set already is left as it is, and nobody is told again. Raises NotAllowed unless `member` runs the forum,
    Invalid, and Conflict before the jam has opened. Locks the thread's row and, at the end, the jam's event counter.
    """
    words = clean_text(words, field="words", name=gettext("The text"), limit=OUTCOME_WORDS_MAX)
    words = "" if is_blank(words) else words
    _check(member, thread, state)
    with transaction.atomic():
        # Two who set it at once: the second finds what the first said.
        Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
        before = Outcome.objects.filter(thread=thread).first()
        if (before.state, before.words) == (state, words) if before else not state:
            return before
        if before and not state:
            before.delete()
        after = _put(member, thread, state, words) if state else None
        idea = Post.objects.select_related("thread").get(thread=thread, parent=None)
        outcome_set(idea, after)
    return after


def _check(member: Member, thread: Thread, state: str) -> None:
    if thread.jam_id != member.jam_id:
        raise Invalid(gettext("That thread is not part of this jam."), code="thread", field="thread")
    require_runs(member, thread.forum_id)
    if state and state not in Outcome.State.values:
        raise Invalid(gettext("Choose one of the four, or nothing."), code="state", field="state")
    now = database_now()
    if phase_of(Jam.objects.get(pk=thread.jam_id), now) in TOO_EARLY:
        raise Conflict(gettext("The jam has not opened yet: there is nothing to say of its ideas."), code="too_early")


def _put(member: Member, thread: Thread, state: str, words: str) -> Outcome:
    values = {"state": state, "words": words, "by": member, "at": database_now()}
    return Outcome.objects.update_or_create(thread=thread, defaults=values)[0]


def outcome_of(thread: Thread) -> Outcome | None:
    """What is said of one idea, and by whom. One query."""
    return Outcome.objects.filter(thread=thread).select_related("by").first()


def outcomes_of(member: Member) -> list[Post]:
    """The ideas of `member` of which something is said, the latest first, each with `thread.outcome`. One query."""
    return list(
        Post.objects.filter(author=member, parent=None, thread__outcome__isnull=False)
        .select_related("author", "thread__forum", "thread__outcome__by")
        .order_by("-thread__outcome__at", "-pk")
    )


def listed(jam: Jam, states: Sequence[str] = ()) -> QuerySet[Post]:
    """The visible ideas of a jam of which something is said, the latest first, each with `thread.outcome`. One query.

    In `states` alone, if any are given.
    """
    found = Post.objects.filter(jam=jam, parent=None, status=PostStatus.VISIBLE, thread__outcome__isnull=False)
    if states:
        found = found.filter(thread__outcome__state__in=states)
    return found.select_related("author", "thread__forum", "thread__outcome__by").order_by(
        "-thread__outcome__at", "-pk"
    )
