"""What facilitators do to a post. They may at any time: trouble does not keep to the window."""

from __future__ import annotations

from django.db import transaction

from jam.access import STAFF_ROLES
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.text import clean_line, is_blank
from jam.models import Member
from moderation.domain.events import post_moderated
from moderation.models import Action, ActionKind
from threads.domain import tags
from threads.domain.events import post_hidden, post_restored
from threads.models import Post, PostStatus

REASON_MAX = 500


def hide(*, member: Member, post: Post, reason: str) -> Post:
    """Hides `post` from everybody but its author and who runs the jam; its replies stay.

    Raises NotAllowed, Invalid (no reason), Conflict (it is hidden already). Locks the post's row and, at the end, the
    jam's event counter until the commit.
    """
    return _act(member, post, reason, kind=ActionKind.HIDE, status=PostStatus.HIDDEN)


def restore(*, member: Member, post: Post, reason: str) -> Post:
    """Shows a hidden post again. Raises and locks as `hide`."""
    return _act(member, post, reason, kind=ActionKind.RESTORE, status=PostStatus.VISIBLE)


def _act(member: Member, post: Post, reason: str, *, kind: ActionKind, status: PostStatus) -> Post:
    reason = clean_line(reason, field="reason", name="The reason", limit=REASON_MAX)
    if is_blank(reason):
        raise Invalid("Say why: the author will be told.", code="required", field="reason")
    if member.jam_id != post.jam_id:
        raise Invalid("That post is not part of this jam.", code="post", field="post")
    if member.role not in STAFF_ROLES:
        raise NotAllowed("Only who runs this jam can do that.", code="role")
    with transaction.atomic():
        held = (
            Post.objects.select_related("thread__forum", "author")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=post.pk)
        )
        if held.status == status:
            raise Conflict(f"It is {held.get_status_display().lower()} already.", code="already", field="post")
        listed = tags.listed(held)
        held.status = status
        held.save(update_fields=["status"])
        action = Action.objects.create(jam_id=held.jam_id, member=member, post=held, kind=kind, reason=reason)
        tags.move(held, was=listed, now=tags.listed(held))
        (post_hidden if kind is ActionKind.HIDE else post_restored)(held)
        post_moderated(action)
    return held
