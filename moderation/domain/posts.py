"""What facilitators do to a post. They may at any time: trouble does not keep to the window.

Each locks the post's row and, at the end, the jam's event counter until the commit. A flagged post's case is settled by
it, and its author and those who flagged it are told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from jam.domain.errors import Conflict, Invalid
from jam.domain.phases import database_now
from jam.models import Jam, Member
from moderation.domain import cases, telling
from moderation.domain.events import post_moderated, queue_changed
from moderation.domain.record import record
from moderation.models import Action, ActionKind, FlagState
from threads.domain import editing, tags
from threads.domain.events import post_hidden, post_restored, post_withdrawn
from threads.domain.whole import HOLD_POST
from threads.domain.written import check
from threads.models import Post, PostStatus

TELL = {PostStatus.HIDDEN: post_hidden, PostStatus.VISIBLE: post_restored, PostStatus.WITHDRAWN: post_withdrawn}


def hide(*, member: Member, post: Post, reason: str) -> Post:
    """Hides `post` from everybody but its author and who runs the jam; its replies stay. Its author cannot put it back.

    What the site hid is hidden by `member` from then on. Raises NotAllowed (their role, or a forum that is not theirs),
    Invalid (no reason) and Conflict, naming who was quicker.
    """
    reason = cases.check_reason(reason)
    with transaction.atomic():
        held = hold(member, post)
        by_site = is_hidden_by_site(held)
        if held.status == PostStatus.HIDDEN and not by_site:
            raise cases.done_already(cases.last_action(post=held), gettext("It is hidden already."))
        action = _write_down(held, member, ActionKind.HIDE, reason)
        _end(held, action, FlagState.UPHELD, status=PostStatus.HIDDEN)
    return held


def restore(*, member: Member, post: Post, reason: str) -> Post:
    """Shows a hidden post again; one that its author withdrew before is withdrawn again, and nobody else puts it back.

    Raises as `hide`.
    """
    reason = cases.check_reason(reason)
    with transaction.atomic():
        held = hold(member, post)
        if held.status == PostStatus.VISIBLE:
            raise cases.done_already(cases.last_action(post=held), gettext("It is visible already."))
        if held.status == PostStatus.WITHDRAWN:
            raise Conflict(
                gettext("Its author withdrew this post. Only they can show it again."), code="withdrawn", field="post"
            )
        action = _write_down(held, member, ActionKind.RESTORE, reason)
        _end(held, action, FlagState.DISMISSED, status=_shown(held))
    return held


def dismiss(*, member: Member, post: Post, reason: str = "") -> Post:
    """Leaves a flagged post as it is, and shows it again if the site hid it. The same people cannot flag it again.

    Raises as `hide`; the reason may be left out.
    """
    reason = cases.check_reason(reason, required=False)
    with transaction.atomic():
        held = hold(member, post)
        case = cases.open_of(held)
        if case is None:
            raise cases.done_already(cases.last_action(post=held), gettext("Nobody flagged this post."))
        status = _as_left(held)
        action = _write_down(held, member, ActionKind.DISMISS, reason, before={"flags": case.flag_count})
        _end(held, action, FlagState.DISMISSED, status=status, tells_author=status != held.status)
    return held


def edit(
    *,
    member: Member,
    post: Post,
    subject: str,
    body: str,
    version: str,
    reason: str,
    tag_list: Sequence[str] | None = None,
) -> Post:
    """Changes what another wrote; what it said is kept for everybody to read, with who changed it.

    `version` is `editing.version_of` the post as it was read. What the site hid is shown again. Raises as `hide`, and
    Conflict if it was changed meanwhile.
    """
    reason = cases.check_reason(reason)
    written = check(
        member=member,
        subject=subject,
        body=body,
        tags=post.tags if tag_list is None else tag_list,
        thread_id=post.thread_id,
        post_id=post.pk,
    )
    if post.parent_id is None and not written.subject:
        raise Invalid(gettext("Give the idea a subject."), code="required", field="subject")
    with transaction.atomic():
        held = hold(member, post)
        if editing.version_of(held) != version:
            raise Conflict(gettext("This post was changed meanwhile. Look at it again."), code="changed")
        status = _as_left(held)
        action = _write_down(held, member, ActionKind.EDIT, reason)
        change = partial(editing.change, held, written, at=database_now(), by=member)
        _end(held, action, FlagState.UPHELD, status=status, change=change)
    return held


def warn(*, member: Member, post: Post, reason: str) -> Post:
    """Tells its author that what they wrote is not wanted here, and leaves it where it stands. Raises as `hide`."""
    reason = cases.check_reason(reason)
    with transaction.atomic():
        held = hold(member, post)
        status = _as_left(held)
        action = _write_down(held, member, ActionKind.WARN, reason)
        _end(held, action, FlagState.UPHELD, status=status)
    return held


def hide_by_site(post: Post, *, reason: str, after: Mapping[str, Any]) -> Action:
    """Hides a visible post whose row is locked, till somebody looks. `reason` is one of `moderation.domain.reasons`."""
    action = record(
        jam=_jam_of(post), by=None, kind=ActionKind.HIDE, reason=reason, post=post, subject=post.author, after=after
    )
    _move(post, PostStatus.HIDDEN)
    TELL[PostStatus.HIDDEN](post)
    post_moderated(action)
    telling.tell_author(action)
    return action


def is_hidden_by_site(post: Post) -> bool:
    """Whether nobody has looked yet at a post that the site hid. At most one query."""
    if post.status != PostStatus.HIDDEN:
        return False
    last = cases.last_action(post=post, kind__in=[ActionKind.HIDE, ActionKind.RESTORE, ActionKind.DISMISS])
    return last is not None and last.by_id is None


def hold(member: Member, post: Post) -> Post:
    """The row as it is now, till the commit, with its thread, forum and author, for who runs its forum."""
    held = HOLD_POST.first(post=post.pk)
    if held is None:
        raise Post.DoesNotExist
    if member.jam_id != held.jam_id:
        raise Invalid(gettext("That post is not part of this jam."), code="post", field="post")
    cases.check_runs(member, held.jam_id, held.thread.forum_id)
    held.jam = held.thread.forum.jam = _jam_of(held)
    return held


def _move(post: Post, status: PostStatus) -> None:
    listed = tags.listed(post)
    post.status = status
    post.save(update_fields=["status"])
    tags.move(post, was=listed, now=tags.listed(post))


def _shown(post: Post) -> PostStatus:
    return PostStatus.WITHDRAWN if post.withdrawn_at else PostStatus.VISIBLE


def _as_left(post: Post) -> PostStatus:
    """What it is once somebody looked and did not hide it."""
    return _shown(post) if is_hidden_by_site(post) else PostStatus(post.status)


def _write_down(
    post: Post, member: Member, kind: ActionKind, reason: str, before: Mapping[str, Any] | None = None
) -> Action:
    state = {"status": post.status} | dict(before or {})
    return record(jam=post.jam, by=member, kind=kind, reason=reason, post=post, subject=post.author, before=state)


def _end(
    post: Post,
    action: Action,
    flags: FlagState,
    *,
    status: PostStatus,
    change: Callable[[], None] | None = None,
    tells_author: bool = True,
) -> None:
    """Settles the post's case and makes `status` its own. The rows first: from the first event on, the counter of the
    jam's events is locked, and who waits for it may hold any of them."""
    assert action.by is not None
    moves = status != post.status
    case = cases.settle(cases.open_of(post), by=action.by, flags=flags)
    if moves:
        _move(post, status)
    if change is not None:
        change()
    if moves:
        TELL[status](post)
    post_moderated(action)
    if case is not None:
        queue_changed(case)
        telling.tell_flaggers(case)
    if tells_author:
        telling.tell_author(action)


def _jam_of(post: Post) -> Jam:
    return Jam.objects.get(pk=post.jam_id)
