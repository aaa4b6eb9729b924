"""What facilitators do to a post. They may at any time: trouble does not keep to the window."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain.errors import Conflict, Invalid
from jam.domain.text import clean_line, is_blank
from jam.models import Member
from moderation.domain.events import post_moderated
from moderation.domain.record import record
from moderation.models import REASON_MAX, ActionKind
from threads.domain import tags
from threads.domain.events import post_hidden, post_restored, post_withdrawn
from threads.models import Post, PostStatus

TELL = {PostStatus.HIDDEN: post_hidden, PostStatus.VISIBLE: post_restored, PostStatus.WITHDRAWN: post_withdrawn}


def hide(*, member: Member, post: Post, reason: str) -> Post:
    """Hides `post` from everybody but its author and who runs the jam; its replies stay. Its author cannot put it back.

    Raises NotAllowed (their role, or a forum that is not theirs), Invalid (no reason) and Conflict (it is hidden
    already). Locks the post's row and, at the end, the jam's event counter until the commit.
    """
    return _act(member, post, reason, kind=ActionKind.HIDE, status=PostStatus.HIDDEN)


def restore(*, member: Member, post: Post, reason: str) -> Post:
    """Shows a hidden post again; one that its author withdrew before is withdrawn again, and nobody else puts it back.

    Raises and locks as `hide`.
    """
    return _act(member, post, reason, kind=ActionKind.RESTORE, status=PostStatus.VISIBLE)


def _act(member: Member, post: Post, reason: str, *, kind: ActionKind, status: PostStatus) -> Post:
    reason = clean_line(reason, field="reason", name=gettext("The reason"), limit=REASON_MAX)
    if is_blank(reason):
        raise Invalid(gettext("Say why: the author will be told."), code="required", field="reason")
    if member.jam_id != post.jam_id:
        raise Invalid(gettext("That post is not part of this jam."), code="post", field="post")
    with transaction.atomic():
        held = (
            Post.objects.select_related("thread__forum__jam", "author")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=post.pk)
        )
        require_runs(member, held.thread.forum_id)
        _check_there_is_something_to_do(held, status)
        if status == PostStatus.VISIBLE and held.withdrawn_at:
            status = PostStatus.WITHDRAWN
        listed = tags.listed(held)
        held.status = status
        held.save(update_fields=["status"])
        action = record(jam=held.thread.forum.jam, by=member, kind=kind, reason=reason, post=held, subject=held.author)
        tags.move(held, was=listed, now=tags.listed(held))
        TELL[status](held)
        post_moderated(action)
    return held


def _check_there_is_something_to_do(post: Post, status: PostStatus) -> None:
    if post.status == status:
        already = {
            PostStatus.HIDDEN: gettext("It is hidden already."),
            PostStatus.VISIBLE: gettext("It is visible already."),
        }
        raise Conflict(already[status], code="already", field="post")
    if post.status == PostStatus.WITHDRAWN and status == PostStatus.VISIBLE:
        raise Conflict(
            gettext("Its author withdrew this post. Only they can show it again."), code="withdrawn", field="post"
        )
