"""Finding out who is behind a name, in a jam that says beforehand that its admins can."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain import policies
from jam.domain.doings import did
from jam.domain.errors import Invalid, NotAllowed
from jam.domain.text import clean_text, is_blank
from jam.models import Member, Naming, Role

REASON_MAX = 500


def can_trace(*, by: Member | None, member: Member) -> bool:
    """Whether `by` may look up who `member` is. One query for an admin, none for others."""
    if by is None or by.role != Role.ADMIN or member.alias is None:
        return False
    return policies.of(member.jam).naming == Naming.ANONYMOUS


def look_up(*, member: Member, by: Member, reason: str) -> Person:
    """Whose account `member` is. The look is recorded before the answer is given, with its reason, and not the answer.

    Raises NotAllowed unless `by` administers the jam and its naming is “anonymous”, and Invalid without a reason.
    """
    if by.jam_id != member.jam_id or not can_trace(by=by, member=member):
        raise NotAllowed(gettext("Nobody can look up here who this is."), code="trace")
    reason = clean_text(reason, field="reason", name=gettext("The reason"), limit=REASON_MAX)
    if is_blank(reason):
        raise Invalid(gettext("Say why you look it up."), code="required", field="reason")
    with transaction.atomic():
        did(jam=member.jam, by=by, kind="trace", reason=reason, subject=member)
    return Person.objects.get(pk=member.person_id)
