"""The matters of the queue: opened by flags, by what is held and by messages, and settled by whoever acts on them.

The row of what a case is about (the post, the held post, the talk) is locked by whoever opens or settles it, so of two
who act at once the second finds it settled.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain.errors import Conflict, Invalid
from jam.domain.text import clean_line, is_blank
from jam.models import Member
from moderation.models import REASON_MAX, Action, Case, CaseKind, Flag, FlagState, Handling, HeldPost, Talk
from threads.models import Post


def open_for_post(post: Post, *, flags: int) -> Case:
    """The open case of `post`, whose row is locked, with so many flags more. Two queries."""
    case = Case.objects.filter(post=post, settled_at=None).first()
    if case is None:
        return Case.objects.create(
            jam_id=post.jam_id, kind=CaseKind.POST, post=post, forum_id=post.thread.forum_id, flag_count=flags
        )
    case.flag_count = F("flag_count") + flags
    case.save(update_fields=["flag_count"])
    case.refresh_from_db(fields=["flag_count"])
    return case


def open_for_held(held: HeldPost, forum_id: int) -> Case:
    return Case.objects.create(jam_id=held.jam_id, kind=CaseKind.HELD, held=held, forum_id=forum_id)


def open_for_talk(talk: Talk, forum_id: int | None) -> Case:
    """The open case of `talk`, whose row is locked."""
    case, _ = Case.objects.get_or_create(
        talk=talk, settled_at=None, defaults={"jam_id": talk.jam_id, "kind": CaseKind.TALK, "forum_id": forum_id}
    )
    return case


def settle(case: Case | None, *, by: Member, flags: FlagState = FlagState.UPHELD) -> Case | None:
    """The case waits for nobody any more, and what its flags said is decided. The event is for the caller to append."""
    if case is None:
        return None
    case.settled_at, case.settled_by = timezone.now(), by
    case.save(update_fields=["settled_at", "settled_by"])
    if case.kind == CaseKind.POST:
        Flag.objects.filter(case=case, state=FlagState.OPEN).update(state=flags)
    number: Any = case.post_id or case.held_id or case.talk_id
    Handling.objects.filter(jam=case.jam_id, what=case.kind, number=number).delete()
    return case


def open_of(post: Post) -> Case | None:
    return Case.objects.filter(post=post, settled_at=None).first()


def check_reason(reason: str, *, required: bool = True) -> str:
    """Raises Invalid without one, and for one that is too long or cannot be shown."""
    cleaned = clean_line(reason, field="reason", name=gettext("The reason"), limit=REASON_MAX)
    if is_blank(cleaned):
        if required:
            raise Invalid(gettext("Say why: the author will be told."), code="required", field="reason")
        return ""
    return cleaned


def check_runs(member: Member, jam_id: int, forum_id: int | None) -> None:
    """Raises Invalid for another jam's, NotAllowed for who does not run the forum (None: all of the jam)."""
    if member.jam_id != jam_id:
        raise Invalid(gettext("That is not part of this jam."), code="jam")
    require_runs(member, forum_id)


def done_already(action: Action | None, otherwise: str) -> Conflict:
    """That somebody was quicker, and who, with what they did; `otherwise` where nobody knows."""
    if action is None:
        return Conflict(otherwise, code="already")
    if action.by is None:
        return Conflict(gettext("The site did this already: %(what)s.") % {"what": action.label}, code="already")
    words = {"name": action.by.name, "what": action.label}
    return Conflict(gettext("%(name)s was quicker: %(what)s.") % words, code="already")


def last_action(**about: object) -> Action | None:
    """The last that was done to something (`post=…`, `subject=…`), with who did it. One query."""
    return Action.objects.filter(**about).select_related("by").order_by("-pk").first()
