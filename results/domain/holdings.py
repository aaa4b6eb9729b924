"""What the results floor holds of a person: see `accounts.domain.personal`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.domain.personal import AT_ONCE, Leaving, declare, remove_all
from accounts.models import Person
from jam.domain import policies
from jam.domain.former import members_of
from jam.models import Member, OnDeletion
from results.models import Closing, Digest
from threads.models import Post


def _forget(person: Person) -> None:
    """Removes their digests, and takes their name out of those of others and out of what stood out at a close. The
    numbers of a closed jam stay."""
    for member in members_of(person):
        remove_all(Digest.objects.filter(member=member))
        theirs = set(Post.objects.filter(author=member).values_list("pk", flat=True))
        removed = policies.of(member.jam).on_deletion == OnDeletion.REMOVE
        for closing in Closing.objects.filter(jam=member.jam_id):
            _put(closing, "summary", _unnamed(closing.summary, member, theirs, removed=removed))
        answered = Post.objects.filter(author=member, parent__isnull=False).values("parent__author")
        others = Digest.objects.filter(closing__jam=member.jam_id, member__in=answered)
        for digest in others.order_by("pk").iterator(chunk_size=AT_ONCE):
            _put(digest, "content", _unnamed(digest.content, member, theirs, removed=removed))


def _put(row: Closing | Digest, field: str, value: Any) -> None:
    if getattr(row, field) != value:
        setattr(row, field, value)
        row.save(update_fields=[field])


def _unnamed(content: Any, member: Member, theirs: set[int], *, removed: bool) -> Any:
    """`content` with the cards of their posts as by a former jammer, and without words where these are removed."""
    if isinstance(content, list):
        return [_unnamed(one, member, theirs, removed=removed) for one in content]
    if not isinstance(content, dict):
        return content
    if content.get("post") in theirs and "title" in content:
        words = {name: "" for name in ("title", "excerpt") if name in content} if removed else {}
        return content | words | {"author": member.name}
    return {key: _unnamed(value, member, theirs, removed=removed) for key, value in content.items()}


declare(
    "digests",
    model=Digest,
    title=_("What came of a jam, for you"),
    purpose=_("To show you, and to mail you once, what came of a jam that you were in."),
    kept=_("As long as the jam."),
    seen_by=_("You."),
    on_leaving=Leaving.REMOVE,
    fields={"jam": "closing__jam__slug", "closed": "closing__closed_at", "content": "content", "mailed": "mailed_at"},
    forget=_forget,
)
