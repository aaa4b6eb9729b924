"""What somebody was writing when the jam closed, or wants to go on with: one draft for each place they write in."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from jam.models import Forum, Member
from threads.models import BODY_MAX, SUBJECT_MAX, Draft, Post

# A text that is too long to post is still kept, up to here.
KEPT_MAX = 10 * BODY_MAX
DRAFTS_MAX = 200


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


def forget(*, member: Member, place: str) -> None:
    """Throws the draft for `place` away, if there is one. Every post asks for it, so it is SQL that is written once."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM threads_draft WHERE member_id = %s AND place = %s", [member.pk, place])


def discard(*, member: Member, draft_id: int) -> None:
    """Throws one draft away, if it is the member's own and still there."""
    Draft.objects.filter(member=member, pk=draft_id).delete()


def find(*, member: Member, place: str) -> Draft | None:
    """What `member` was writing in `place`."""
    return Draft.objects.filter(member=member, place=place).first()
