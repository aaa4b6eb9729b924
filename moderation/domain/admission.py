"""Who may, asked by the database's clock and of the rows as they are now."""

from __future__ import annotations

from django.utils.translation import gettext

from jam.access import ENTRY_BY_NUMBER, Entry
from jam.domain.errors import NotAllowed
from jam.models import Jam, Member
from jam.roles import Right


def entry_of(member: Member) -> Entry:
    """Their jam as they find it now, however long ago `member` was fetched. One query."""
    found = ENTRY_BY_NUMBER.first(which=member.jam_id, person=member.person_id)
    if found is None:
        raise Jam.DoesNotExist
    jam, fresh, now = found
    if fresh is not None:
        fresh.jam, fresh.person = jam, member.person
    return Entry(jam=jam, person=member.person, member=fresh, now=now)


def require(member: Member, right: Right) -> Entry:
    """That `member` has `right` now. Raises NotAllowed: "suspended", or "role". One query."""
    entry = entry_of(member)
    if entry.is_suspended or not member.person.is_active:
        raise NotAllowed(gettext("You are suspended from this jam."), code="suspended")
    if not entry.may(right):
        raise NotAllowed(gettext("You cannot do this here, or not now."), code="role")
    return entry
