"""Links to pass on: whoever has one may join, as many as it was made for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain import membership, policies
from jam.domain.doings import did
from jam.domain.errors import Conflict, Invalid
from jam.domain.invitations import require_valid
from jam.domain.phases import database_now
from jam.domain.text import clean_line
from jam.models import Jam, Member, Role, SharedLink

MOST_MAX = 1_000_000
LINKS_MAX = 100
WORDS_MAX = 120


def make(*, jam: Jam, by: Member, words: str, most: int | None, expires_at: datetime | None) -> SharedLink:
    """Raises Invalid, naming the field, and Conflict if the jam has `LINKS_MAX` that work."""
    words = clean_line(words, field="words", name=gettext("What it is for"), limit=WORDS_MAX)
    if most is not None and not 1 <= most <= MOST_MAX:
        raise Invalid(gettext("Say how many may join by it, at least one."), code="most", field="most")
    if expires_at is not None and expires_at <= database_now():
        raise Invalid(gettext("The link would have expired already."), code="past", field="expires_at")
    with transaction.atomic():
        if SharedLink.objects.filter(jam=jam, revoked_at=None).count() >= LINKS_MAX:
            raise Conflict(gettext("This jam has a hundred links. Revoke one that is not needed."), code="too_many")
        made = SharedLink.objects.create(jam=jam, by=by, words=words, most=most, expires_at=expires_at)
        did(jam=jam, by=by, kind="invite", after={"link": made.pk, "most": most})
    return made


def join(*, link: SharedLink, person: Person, pseudonym: str | None) -> Member:
    """Makes `person` a participant. Who is a member already takes no place. Raises as `invitations.join`.

    Locks the link until the commit, so that of those who come at once none is one too many.
    """
    with transaction.atomic():
        held = SharedLink.objects.select_related("jam").select_for_update(of=("self",)).get(pk=link.pk)
        there = membership.member_of(held.jam, person)
        if there is not None:
            return there
        require_valid(held)
        membership.require_phase_to_join(held.jam)
        member = membership.admit(
            policy=policies.of(held.jam), person=person, role=Role.PARTICIPANT, pseudonym=pseudonym
        )
        held.joined_count += 1
        held.save(update_fields=["joined_count"])
    return member


def revoke(*, link: SharedLink, by: Member) -> None:
    """Nobody joins by it from then on; who did stays. Twice is once."""
    with transaction.atomic():
        if SharedLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=database_now()):
            did(jam=link.jam, by=by, kind="invitation_revoked", after={"link": link.pk})
