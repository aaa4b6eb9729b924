"""Writing to those who run a jam, and their answers: a message of one's own, or about what was done to a post.

A member's words come to the queue; an answer goes to the member, who is told who runs the jam and not which of them
wrote.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from jam.domain.errors import Conflict, Invalid, NotAllowed, TooMany
from jam.domain.text import clean_text, is_blank
from jam.models import Member
from jam.roles import Right
from moderation.domain import cases, telling
from moderation.domain.admission import entry_of
from moderation.domain.events import queue_changed
from moderation.domain.record import record
from moderation.models import MESSAGE_MAX, ActionKind, Case, HeldPost, Message, Talk
from threads.models import Post

NEW_AN_HOUR = 5
IN_A_ROW = 3
"""How many messages of a member wait for an answer in one talk."""
PAGE_MAX = 300


def write(
    *,
    member: Member,
    words: str,
    talk: Talk | None = None,
    post: Post | None = None,
    held: HeldPost | None = None,
    page: str = "",
) -> Message:
    """Writes to those who run the jam: on in `talk`, or about a post or a held post of one's own, or of its own.

    Who is suspended may as well, as it may be what they are suspended for. `page` is the address that it was written
    from. Raises NotAllowed (a phase; a post of another), Invalid and TooMany. Locks the member's row and the talk's.
    """
    words = _check_words(words)
    _check_theirs(member, talk, post, held)
    with transaction.atomic():
        now = _admit(member)
        about: dict[str, Any] = {"post": post} if post is not None else {"held": held} if held is not None else {}
        if talk is None and about:
            talk = Talk.objects.filter(member=member, **about).first()
        if talk is None:
            if Talk.objects.filter(member=member, began_at__gt=now - timedelta(hours=1)).count() >= NEW_AN_HOUR:
                raise TooMany(gettext("You wrote several messages just now. Wait for an answer."), code="too_often")
            path = page if page.startswith("/") and not page.startswith("//") else ""
            talk = Talk.objects.create(
                jam_id=member.jam_id, member=member, page=path[:PAGE_MAX], began_at=now, last_at=now, **about
            )
        talk = Talk.objects.select_for_update().get(pk=talk.pk)
        last = list(talk.messages.order_by("-pk").values_list("from_staff", flat=True)[:IN_A_ROW])
        if len(last) == IN_A_ROW and not any(last):
            raise TooMany(gettext("Your last messages wait for an answer. Wait for that."), code="too_often")
        message = Message.objects.create(talk=talk, by=member, from_staff=False, words=words, at=now)
        talk.last_at = now
        talk.save(update_fields=["last_at"])
        queue_changed(cases.open_for_talk(talk, _forum_of(talk)))
    return message


def answer(*, member: Member, talk: Talk, words: str) -> Message:
    """Answers for those who run the jam. Raises NotAllowed, Invalid, and Conflict, naming who was quicker."""
    words = _check_words(words)
    with transaction.atomic():
        row, case = _hold(member, talk)
        message = Message.objects.create(talk=row, by=member, from_staff=True, words=words)
        row.last_at = message.at
        row.save(update_fields=["last_at"])
        cases.settle(case, by=member)
        record(
            jam=row.jam, by=member, kind=ActionKind.ANSWER, post=row.post, subject=row.member, after={"talk": row.pk}
        )
        queue_changed(case)
        telling.tell_answer(message)
    return message


def close(*, member: Member, talk: Talk) -> None:
    """Leaves it without an answer. Raises as `answer`."""
    with transaction.atomic():
        row, case = _hold(member, talk)
        cases.settle(case, by=member)
        record(
            jam=row.jam, by=member, kind=ActionKind.DISMISS, post=row.post, subject=row.member, after={"talk": row.pk}
        )
        queue_changed(case)


def _admit(member: Member) -> datetime:
    """The time, with the member's row locked, for who may write to the facilitators now."""
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=member.pk)
    entry = entry_of(member)
    if not entry.is_suspended and not entry.may(Right.CALL):
        raise NotAllowed(gettext("You cannot write to the facilitators of this jam now."), code="role")
    return entry.now


def _check_theirs(member: Member, talk: Talk | None, post: Post | None, held: HeldPost | None) -> None:
    owners = [talk.member_id if talk else None, post.author_id if post else None, held.author_id if held else None]
    if any(owner not in (None, member.pk) for owner in owners):
        raise NotAllowed(gettext("That is not yours."), code="not_yours")


def _hold(member: Member, talk: Talk) -> tuple[Talk, Case]:
    row = (
        Talk.objects.select_related("jam", "member", "post__thread", "held__parent__thread")
        .select_for_update(of=("self",))
        .get(pk=talk.pk)
    )
    cases.check_runs(member, row.jam_id, _forum_of(row))
    case = Case.objects.filter(talk=row, settled_at=None).first()
    if case is None:
        last = Case.objects.filter(talk=row).select_related("settled_by").order_by("-settled_at").first()
        name = last.settled_by.name if last and last.settled_by else ""
        message = gettext("%(name)s has answered this already.") if name else gettext("This was answered already.")
        raise Conflict(message % {"name": name} if name else message, code="already")
    return row, case


def _forum_of(talk: Talk) -> int | None:
    """The forum of the post that it is about; None for a message of its own, which concerns the whole jam."""
    if talk.post is not None:
        return talk.post.thread.forum_id
    if talk.held is not None:
        return talk.held.forum_id or (talk.held.parent.thread.forum_id if talk.held.parent else None)
    return None


def _check_words(words: str) -> str:
    words = clean_text(words, field="words", name=gettext("The message"), limit=MESSAGE_MAX)
    if is_blank(words):
        raise Invalid(gettext("Write something first."), code="required", field="words")
    return words
