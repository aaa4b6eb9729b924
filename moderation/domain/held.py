"""Posts that wait until somebody has looked at them: kept by the gate, then let in or turned away."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from jam.domain.errors import Conflict, NotAllowed, Refused
from jam.models import Member
from moderation.domain import cases, gatekeeping, telling
from moderation.domain.events import queue_changed
from moderation.domain.record import record
from moderation.models import Action, ActionKind, Case, HeldPost, HeldState
from threads.domain import drafts, posting
from threads.domain.gate import Asked
from threads.models import Post

IN_ONE_GO = 200


def keep(asked: Asked, reason: str) -> None:
    """Keeps what somebody wrote for a look (`threads.domain.gate.keep_with`). The same again is kept once.

    Raises Conflict if its request key was used for another text.
    """
    written, digest = asked.written, gatekeeping.digest_of(asked)
    with transaction.atomic():
        made = HeldPost(
            jam_id=asked.member.jam_id, author=asked.member, forum=asked.forum, parent=asked.parent,
            subject=written.subject, body=written.body, html=written.html, tags=written.tags,
            picked=list(asked.picked), request_key=written.request_key, digest=digest, reason=reason, at=asked.now,
        )  # fmt: skip
        # Two of one form, or one text twice: the second finds the first, also if both come at once.
        HeldPost.objects.bulk_create([made], ignore_conflicts=True)
        mine = HeldPost.objects.filter(author=asked.member)
        held = mine.filter(digest=digest, state=HeldState.WAITING).first()
        if held is None:
            earlier = mine.filter(request_key=written.request_key).first()
            if earlier is None or (earlier.subject, earlier.body) != (written.subject, written.body):
                message = gettext("This form was sent before with another text. Load it again, and post what is new.")
                raise Conflict(message, code="idempotency_key")
            return
        place = drafts.forum_place(asked.forum) if asked.forum else drafts.reply_place(asked.parent or Post())
        drafts.forget(member=asked.member, place=place)
        if not Case.objects.filter(held=held).exists():
            queue_changed(cases.open_for_held(held, asked.forum_id))


def let_in(*, member: Member, held: HeldPost, reason: str = "") -> Post:
    """Posts it for its author, as of now. Raises NotAllowed, Conflict (somebody was quicker; its author may not write
    now; what it answers cannot be answered) and OutsideWindow: only while the jam is open."""
    reason = cases.check_reason(reason, required=False)
    with transaction.atomic():
        row = _hold(member, held)
        # Before anything is told, as in `posts`: others who wait for the counter of events may hold the case's rows.
        case = cases.settle(Case.objects.filter(held=row, settled_at=None).first(), by=member)
        post = _post(row)
        row.state, row.post = HeldState.LET_IN, post
        row.save(update_fields=["state", "post"])
        action = record(jam=row.jam, by=member, kind=ActionKind.LET_IN, reason=reason, post=post, subject=row.author)
        _tell(row, case, action)
    return post


def turn_away(*, member: Member, held: HeldPost, reason: str) -> HeldPost:
    """Does not post it; its author is told why and keeps the text. Raises NotAllowed, Invalid and Conflict."""
    reason = cases.check_reason(reason)
    with transaction.atomic():
        row = _hold(member, held)
        case = cases.settle(Case.objects.filter(held=row, settled_at=None).first(), by=member)
        row.state = HeldState.REFUSED
        row.save(update_fields=["state"])
        action = record(
            jam=row.jam, by=member, kind=ActionKind.TURN_AWAY, reason=reason, subject=row.author,
            forum=row.forum, thread=row.parent.thread if row.parent else None, after={"held": row.pk},
        )  # fmt: skip
        _tell(row, case, action)
    return row


def let_all_in(*, member: Member, forums: frozenset[int] | None) -> tuple[int, int]:
    """Lets in all that waits in these forums (None: all), the longest waiting first, IN_ONE_GO at most.

    Says how many were posted, and how many of those looked at were not: each in a transaction of its own, so that one
    that cannot be posted holds up no other. Raises OutsideWindow at the first if the jam is not open.
    """
    waiting = Case.objects.filter(jam=member.jam_id, held__isnull=False, settled_at=None).order_by("opened_at", "pk")
    if forums is not None:
        waiting = waiting.filter(forum__in=forums)
    posted = failed = 0
    for case in waiting.select_related("held")[:IN_ONE_GO]:
        assert case.held is not None
        try:
            let_in(member=member, held=case.held)
        except (Conflict, NotAllowed, Refused) as refused:
            if refused.code == "outside_window":
                raise
            failed += 1
        else:
            posted += 1
    return posted, failed


def _hold(member: Member, held: HeldPost) -> HeldPost:
    row = (
        HeldPost.objects.select_related("author__person", "jam", "forum", "parent__thread")
        .select_for_update(of=("self",))
        .get(pk=held.pk)
    )
    row.author.jam = row.jam
    place = row.forum_id or (row.parent.thread.forum_id if row.parent else None)
    cases.check_runs(member, row.jam_id, place)
    if row.state != HeldState.WAITING:
        done = cases.last_action(post=row.post_id) if row.post_id else None
        done = done or cases.last_action(kind=ActionKind.TURN_AWAY, after__held=row.pk)
        raise cases.done_already(done, gettext("Somebody looked at this already."))
    return row


def _post(row: HeldPost) -> Post:
    try:
        if row.parent is not None:
            return posting.reply(
                member=row.author, parent=row.parent, subject=row.subject, body=row.body, tags=row.tags,
                request_key=row.request_key, picked=row.picked, looked_at=True,
            )  # fmt: skip
        assert row.forum is not None
        return posting.start_thread(
            member=row.author, forum=row.forum, subject=row.subject, body=row.body, tags=row.tags,
            request_key=row.request_key, picked=row.picked, looked_at=True,
        )  # fmt: skip
    except NotAllowed as refused:
        raise Conflict(gettext("Its author may not post here now."), code="author") from refused


def _tell(row: HeldPost, case: Case | None, action: Action) -> None:
    if case is not None:
        queue_changed(case)
    telling.tell_held(action, row)
