"""The rules of conduct of a jam: written as versions, accepted before a first post."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from jam.domain.doings import did
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.phases import database_now, hold_window
from jam.domain.rendering import to_html
from jam.domain.text import clean_text, is_blank
from jam.models import RULES_MAX, Jam, Member, Role, Rules


class RulesNotAccepted(NotAllowed):
    """They have not accepted the rules that the jam has now, `version` of them."""

    def __init__(self, version: int) -> None:
        super().__init__(gettext("Read and accept the rules of this jam first."), code="rules")
        self.version = version


def newest(jam: Jam) -> Rules | None:
    """The rules that hold in `jam`. One query, none if it has none."""
    if jam.rules_version == 0:
        return None
    return Rules.objects.filter(jam=jam, version=jam.rules_version).first()


def are_accepted(jam: Jam, member: Member) -> bool:
    return member.rules_accepted >= jam.rules_version


def require_accepted(jam: Jam, member: Member) -> None:
    """Raises RulesNotAccepted unless `member` accepted the rules that `jam` has. `jam` must be read in this
    transaction; what a member accepted only grows, so an older one is no risk. No query."""
    if not are_accepted(jam, member):
        raise RulesNotAccepted(jam.rules_version)


def change(*, jam: Jam, by: Member, text: str, version: int) -> Rules:
    """Gives `jam` new rules, which everybody has to accept before their next post; `by` has. The same text changes
    nothing. `version` is the one that was seen, 0 for none.

    Holds the jam's window until the commit, which waits for posts that are being written. Raises NotAllowed unless
    `by` administers the jam, Invalid, and Conflict with the code "stale" if somebody else changed them meanwhile.
    """
    if by.jam_id != jam.pk or by.role != Role.ADMIN:
        raise NotAllowed(gettext("Only an admin of this jam changes its rules."), code="role")
    text = clean_text(text, field="text", name=gettext("The text"), limit=RULES_MAX)
    if is_blank(text):
        raise Invalid(gettext("Write the rules."), code="required", field="text")
    with transaction.atomic():
        held = hold_window(jam.pk)
        before = newest(held)
        if held.rules_version != version:
            raise Conflict(
                gettext("Somebody else changed the rules while you did. Look at theirs, then save."), code="stale"
            )
        if before is not None and before.text == text:
            return before
        held.rules_version += 1
        held.save(update_fields=["rules_version"])
        made = Rules.objects.create(
            jam=held, version=held.rules_version, text=text, html=to_html(text), by=by, at=database_now()
        )
        Member.objects.filter(pk=by.pk).update(rules_accepted=made.version, rules_accepted_at=timezone.now())
        did(
            jam=held,
            by=by,
            kind="policy",
            before={"rules": before.text if before else "", "version": version},
            after={"rules": text, "version": made.version},
        )
    return made


def accept(*, member: Member, version: int) -> Member:
    """Keeps that `member` accepted this version of the rules, and when. Twice is once.

    Raises Conflict with the code "stale" if it is not the version that holds: they have to read that. Takes no lock:
    of two at once both are right.
    """
    jam = Jam.objects.only("rules_version").get(pk=member.jam_id)
    if version != jam.rules_version:
        raise Conflict(gettext("The rules were changed meanwhile. Read what they say now."), code="stale")
    now = database_now()
    rows = Member.objects.filter(pk=member.pk, rules_accepted__lt=version)
    if rows.update(rules_accepted=version, rules_accepted_at=now):
        member.rules_accepted, member.rules_accepted_at = version, now
    return member
