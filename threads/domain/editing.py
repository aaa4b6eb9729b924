"""What an author does to their own post while the jam is open: change it for some minutes, withdraw it, put it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext, ngettext

from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.phases import OpenWindow
from jam.models import Jam, Member
from threads.domain import events, gate, images, mentions, search_index, tags
from threads.domain.admission import let_in
from threads.domain.whole import HOLD_POST
from threads.domain.written import Written, check
from threads.models import Post, PostStatus, Revision

# More than anybody needs, and few enough for a page that lists them.
REVISIONS_MAX = 100


def version_of(post: Post) -> str:
    """What a form carries of the post it changes, so that a change made meanwhile is found out."""
    return post.edited_at.isoformat() if post.edited_at else "first"


def editable_until(jam: Jam, created_at: datetime) -> datetime:
    """The first moment at which a post that was written then can be changed no longer, if the jam is open till then."""
    return created_at + timedelta(minutes=jam.edit_minutes)


def edit(
    *,
    member: Member,
    post: Post,
    body: str,
    version: str,
    subject: str | None = None,
    tag_list: Sequence[str] | None = None,
    picked: Sequence[int] = (),
) -> Post:
    """Makes `post`, which `member` wrote, say this from now on; what it said is kept for everybody to read.

    `version` is `version_of` the post that was changed. None leaves the subject or the tags as they are; `picked` is as
    for `written.check`. Its votes and replies stay. What changes nothing leaves nothing behind.

    Raises OutsideWindow, NotAllowed (another's post), Invalid, and Conflict where the time for it is over, the post was
    hidden or withdrawn, or changed in another tab. Locks, till the commit, the jam's window (shared), the post's row,
    the counts of its tags and last the jam's event counter.
    """
    written = check(
        member=member,
        subject=post.subject if subject is None else subject,
        body=body,
        tags=post.tags if tag_list is None else tag_list,
        thread_id=post.thread_id,
        picked=picked,
        post_id=post.pk,
    )
    if post.parent_id is None and not written.subject:
        raise Invalid(gettext("Give your idea a subject."), code="required", field="subject")
    with transaction.atomic():
        window = let_in(member)
        held = _hold(member, post)
        _check_still(window, held, version)
        if (held.subject, held.body, held.tags) != (written.subject, written.body, written.tags):
            place = held.thread
            asked = gate.Asked(member, written, window.now, place.forum_id, place.pk, edits=held, picked=picked)
            afterwards = gate.ask(asked)
            change(held, written, at=window.now)
            for act in afterwards:
                act(held)
        return held


def check_may_edit(*, member: Member, post: Post) -> None:
    """Raises what `edit` would, had it been called now with the post's own words: for a page that shows the form."""
    with transaction.atomic():
        window = let_in(member)
        held = _hold(member, post)
        _check_still(window, held, version_of(held))


def withdraw(*, member: Member, post: Post) -> Post:
    """Takes back what `member` wrote in `post`. It keeps its place and its replies; its words are seen by them and by
    who runs the jam, and it takes no votes and no replies.

    Raises OutsideWindow, NotAllowed, and Conflict if it was hidden or withdrawn. Locks as `edit`.
    """
    with transaction.atomic():
        window = let_in(member, takes_back=True)
        held = _hold(member, post)
        if held.status == PostStatus.WITHDRAWN:
            raise Conflict(gettext("You withdrew this post already."), code="already")
        _refuse_hidden(held)
        _set_status(held, PostStatus.WITHDRAWN, withdrawn_at=window.now)
        events.post_withdrawn(held)
        return held


def put_back(*, member: Member, post: Post) -> Post:
    """Shows a post again that `member` withdrew, with its votes. Raises and locks as `withdraw`."""
    with transaction.atomic():
        let_in(member)
        held = _hold(member, post)
        _refuse_hidden(held)
        if held.status != PostStatus.WITHDRAWN:
            raise Conflict(gettext("This post is shown already."), code="already")
        _set_status(held, PostStatus.VISIBLE, withdrawn_at=None)
        events.post_restored(held)
        return held


def _hold(member: Member, post: Post) -> Post:
    held = HOLD_POST.first(post=post.pk)
    if held is None:
        raise Post.DoesNotExist
    if held.author_id != member.pk:
        raise NotAllowed(gettext("This post is not yours."), code="not_yours")
    held.jam = member.jam
    return held


def _check_still(window: OpenWindow, post: Post, version: str) -> None:
    if post.status == PostStatus.WITHDRAWN:
        raise Conflict(gettext("You withdrew this post. Put it back before you change it."), code="withdrawn")
    _refuse_hidden(post)
    minutes = window.jam.edit_minutes
    if not minutes:
        raise Conflict(gettext("In this jam a post stays as it was posted."), code="too_late")
    if window.now >= editable_until(window.jam, post.created_at):
        raise Conflict(
            ngettext(
                "A post can be changed for %(count)s minute after it was posted. That is over.",
                "A post can be changed for %(count)s minutes after it was posted. That is over.",
                minutes,
            )
            % {"count": minutes},
            code="too_late",
        )
    if post.revisions.count() >= REVISIONS_MAX:
        raise Conflict(
            gettext("You changed this post %(count)s times, which is as often as one can.") % {"count": REVISIONS_MAX},
            code="too_often",
        )
    if version_of(post) != version:
        raise Conflict(
            gettext(
                "You changed this post in another tab meanwhile. Below is what you wrote here; save it again to put it "
                "in place of the other."
            ),
            code="changed",
        )


def _refuse_hidden(post: Post) -> None:
    if post.status == PostStatus.HIDDEN:
        raise Conflict(gettext("This post was hidden meanwhile."), code="hidden")


def change(post: Post, written: Written, *, at: datetime, by: Member | None = None) -> None:
    """Puts another text in place of what `post`, whose row is locked, says, and keeps that. `by` is whoever did it, if
    not its author. Ends with the event."""
    Revision.objects.create(
        post=post, subject=post.subject, body=post.body, html=post.html, tags=post.tags, replaced_at=at, by=by
    )
    listed = tags.listed(post)
    post.subject, post.body, post.html = written.subject, written.body, written.html
    post.tags, post.edited_at = written.tags, at
    post.save(update_fields=["subject", "body", "html", "tags", "edited_at"])
    images.record(post, written.images)
    mentions.replace(post, written.mentioned)
    search_index.add(post.pk)
    tags.move(post, was=listed, now=tags.listed(post))
    events.post_edited(post, tags_changed=listed != tags.listed(post))


def _set_status(post: Post, status: PostStatus, *, withdrawn_at: datetime | None) -> None:
    listed = tags.listed(post)
    post.status, post.withdrawn_at = status, withdrawn_at
    post.save(update_fields=["status", "withdrawn_at"])
    tags.move(post, was=listed, now=tags.listed(post))
