"""The keys in the addresses of feeds, which stand in for signing in: a feed reader cannot."""

from __future__ import annotations

import secrets

from django.utils import timezone

from accounts.models import Person
from accounts.rows import Fetch
from jam.models import FeedKey, Member

KEY_BYTES = 32


def key_of(member: Member) -> str | None:
    """The member's key, None if they have none. One query."""
    return FeedKey.objects.filter(member=member).values_list("key", flat=True).first()


def renew(*, member: Member) -> str:
    """Gives the member a key, and returns it. Addresses with the one they had stop working."""
    made, _ = FeedKey.objects.update_or_create(
        member=member, defaults={"key": secrets.token_urlsafe(KEY_BYTES), "made_at": timezone.now()}
    )
    return made.key


def withdraw(*, member: Member) -> None:
    """Takes the member's key away, if they have one. Their addresses stop working."""
    FeedKey.objects.filter(member=member).delete()


HOLDER = Fetch(
    """
    SELECT {person}, feed.key
    FROM jam_feedkey AS feed
    JOIN jam_member AS member ON member.id = feed.member_id
    JOIN jam_jam AS jam ON jam.id = member.jam_id
    JOIN accounts_person AS person ON person.id = member.person_id
    WHERE member.id = %(member)s AND jam.slug = %(jam)s AND member.left_at IS NULL
    """,
    person=Person,
)


def holder_of(*, slug: str, member_id: int, key: str) -> Person | None:
    """The person behind a member of this jam, if that is the member's key and they are not suspended. One query.

    What they may read is not asked: enter the jam as them next.
    """
    found = HOLDER.first(member=member_id, jam=slug)
    if found is None:
        return None
    person: Person
    person, held = found
    # How long this takes must not tell how much of the key is right.
    return person if secrets.compare_digest(held.encode(), key.encode()) and person.is_active else None
