"""Highlights: who runs the jam holds a post up as emerging, later as best. They may at any time after the opening."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain import doings
from jam.domain.errors import Conflict, Invalid
from jam.domain.phases import Phase, database_now, phase_of
from jam.models import Jam, Member
from threads.domain.events import post_highlighted
from threads.domain.whole import HOLD_POST
from threads.models import Highlight, Post, PostStatus

TOO_EARLY = (Phase.DRAFT, Phase.SCHEDULED)


def highlight(*, member: Member, post: Post, kind: str) -> Highlight | None:
    """Marks `post` as emerging or best; with the empty kind, takes its mark back.

    What stands already is left as it is, and nobody is told again. Raises NotAllowed unless `member` runs the
    post's forum, Invalid, and Conflict before the jam has opened and for a post that cannot be read (a mark on it can
    be taken back). Locks the post's row and, at the end, the jam's event counter. Recorded.
    """
    _check(member, post, kind)
    with transaction.atomic():
        held = HOLD_POST.first(post=post.pk)
        if held is None:
            raise Conflict(gettext("This post is gone."), code="gone", field="post")
        held.jam = member.jam
        require_runs(member, held.thread.forum_id)
        if kind and not held.is_visible:
            raise Conflict(gettext("Only what everybody can read is highlighted."), code="hidden", field="post")
        before = Highlight.objects.filter(post=held).first()
        if (before.kind if before else "") == kind:
            return before
        after = _put(member, held, kind)
        doings.did(
            jam=held.jam,
            by=member,
            kind="highlight" if kind else "unhighlight",
            post=held,
            before={"highlight": before.kind if before else ""},
            after={"highlight": kind},
        )
        post_highlighted(held, after)
    return after


def _check(member: Member, post: Post, kind: str) -> None:
    if post.jam_id != member.jam_id:
        raise Invalid(gettext("That post is not part of this jam."), code="post", field="post")
    if kind and kind not in Highlight.Kind.values:
        raise Invalid(gettext("A post is highlighted as emerging or as best."), code="highlight", field="highlight")
    if phase_of(Jam.objects.get(pk=post.jam_id), database_now()) in TOO_EARLY:
        raise Conflict(gettext("The jam has not opened yet: there is nothing to highlight."), code="too_early")


def _put(member: Member, post: Post, kind: str) -> Highlight | None:
    if not kind:
        Highlight.objects.filter(post=post).delete()
        return None
    values = {"jam_id": post.jam_id, "kind": kind, "by": member, "at": database_now()}
    return Highlight.objects.update_or_create(post=post, defaults=values)[0]


def listed(jam: Jam, kinds: Iterable[str] = ()) -> QuerySet[Post]:
    """The highlighted posts of a jam that everybody may read, the latest mark first, each with its `highlight` and its
    thread. One query. Of `kinds` alone, if any are given."""
    found = Post.objects.filter(highlight__jam=jam, status=PostStatus.VISIBLE)
    if kinds := list(kinds):
        found = found.filter(highlight__kind__in=kinds)
    return found.select_related("author", "highlight", "thread__forum").order_by("-highlight__at", "-highlight__pk")


def kinds_of(post_ids: Iterable[int]) -> dict[int, str]:
    """How these posts are highlighted, where they are. One query."""
    return dict(Highlight.objects.filter(post__in=list(post_ids)).values_list("post", "kind"))
