"""What somebody was writing when the jam closed, or wants to go on with: one draft for each place they write in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from jam.domain.errors import Conflict
from jam.models import Forum, Member
from threads.models import BODY_MAX, SUBJECT_MAX, Draft, Post

# A text that is too long to post is still kept, up to here.
KEPT_MAX = 10 * BODY_MAX
DRAFTS_MAX = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def forum_place(forum: Forum) -> str:
    return f"forum:{forum.pk}"


def reply_place(parent: Post) -> str:
    return f"post:{parent.pk}"


def save(
    *, member: Member, place: str, subject: str = "", body: str = "", tags: str = "", late: bool = False
) -> Draft | None:
    """Keeps what `member` was writing in `place`, in place of what was kept there before; None if nothing was typed.

    `late` says that it came after the close. Control characters that the database cannot hold are left out; past
    `KEPT_MAX` the text is cut. Needs no open window.
    """
    kept = {
        "subject": subject.replace("\0", "")[: 10 * SUBJECT_MAX],
        "body": body.replace("\0", "")[:KEPT_MAX],
        "tags": tags.replace("\0", "")[: 10 * SUBJECT_MAX],
    }
    if not any(text.strip() for text in kept.values()):
        return None
    if Draft.objects.filter(member=member).exclude(place=place).count() >= DRAFTS_MAX:
        Draft.objects.filter(member=member).earliest("saved_at").delete()
    draft, _ = Draft.objects.update_or_create(
        member=member, place=place, defaults={**kept, "jam_id": member.jam_id, "late": late, "saved_at": timezone.now()}
    )
    return draft


def version(draft: Draft) -> str:
    """Which state of a draft it is: the microsecond of its saving. A client that goes on writing says it back."""
    return str((draft.saved_at - EPOCH) // timedelta(microseconds=1))


class NewerDraft(Conflict):
    """Somewhere else something newer was kept for the same place: `draft`."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            gettext("On another device or in another tab you wrote something else here."), code="newer_draft"
        )
        self.draft = draft


def keep(
    *, member: Member, place: str, base: str, subject: str = "", body: str = "", tags: str = "", late: bool = False
) -> Draft | None:
    """Keeps what `member` is typing in `place`, which began as the version `base` (empty: as nothing).

    Raises NewerDraft if another text was kept there since, and leaves that as it is. With nothing typed, throws the
    draft away and returns None. A draft that is gone was posted or thrown away: what is typed is then kept anew. Locks
    the draft's row. Needs no open window.
    """
    typed = {"subject": subject, "body": body, "tags": tags}
    with transaction.atomic():
        stored = Draft.objects.select_for_update().filter(member=member, place=place).first()
        if stored and version(stored) != base and any(getattr(stored, name) != text for name, text in typed.items()):
            raise NewerDraft(stored)
        kept = save(member=member, place=place, late=late, **typed)
        if kept is None and stored:
            stored.delete()
        return kept


def forget(*, member: Member, place: str) -> None:
    """Throws the draft for `place` away, if there is one. Every post asks for it, so it is SQL that is written once."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM threads_draft WHERE member_id = %s AND place = %s", [member.pk, place])


def discard(*, member: Member, draft_id: int) -> None:
    """Throws one draft away, if it is the member's own and still there."""
    Draft.objects.filter(member=member, pk=draft_id).delete()


def found(*, member: Member, places: Iterable[str]) -> list[Draft]:
    """What `member` was writing in any of `places`. One query."""
    return list(Draft.objects.filter(member=member, place__in=list(places)))


def find(*, member: Member, place: str) -> Draft | None:
    """What `member` was writing in `place`."""
    return Draft.objects.filter(member=member, place=place).first()
