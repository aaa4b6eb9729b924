"""Invitations to one address each: what became of them, and going in by one."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain import membership, policies
from jam.domain.doings import did
from jam.domain.errors import Conflict, NotAllowed
from jam.domain.phases import ClockTimestamp, database_now
from jam.models import Invitation, InvitationList, InvitationRow, Jam, Member, Naming, Policy, SharedLink

AGAIN_AFTER = timedelta(days=1)
KEPT_AFTER_CLOSE = timedelta(days=90)
LISTS_AT_ONCE, ROWS_AT_ONCE = 100, 5_000


class State(StrEnum):
    VALID = "valid"
    USED = "used"
    FULL = "full"
    EXPIRED = "expired"
    GONE = "gone"


def state_of(thing: Invitation | SharedLink, now: datetime) -> State:
    """What a link is good for at `now`. `thing` comes with its jam."""
    if thing.revoked_at is not None:
        return State.GONE
    if isinstance(thing, Invitation) and thing.joined_at is not None:
        return State.USED
    ends = thing.expires_at or thing.jam.closes_at
    if ends is not None and ends <= now:
        return State.EXPIRED
    if isinstance(thing, SharedLink) and thing.most is not None and thing.joined_count >= thing.most:
        return State.FULL
    return State.VALID


def require_valid(thing: Invitation | SharedLink) -> None:
    state = state_of(thing, database_now())
    words = {
        State.GONE: gettext("This invitation is not there any more."),
        State.USED: gettext("This invitation was used already."),
        State.EXPIRED: gettext("This invitation has expired."),
        State.FULL: gettext("As many people as it was made for have joined by this link."),
    }
    if state is not State.VALID:
        raise Conflict(words[state], code=state)


def is_for(invitation: Invitation, person: Person) -> bool:
    """Whether it was sent to an address of theirs, confirmed or not: that they have the link confirms it. One query."""
    return bool(EmailAddress.objects.filter(user=person, email__iexact=invitation.email).exists())


def masked(email: str) -> str:
    """An address as it may be shown to somebody else: its first letter and its domain."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"


def note_opened(invitation: Invitation) -> None:
    """Keeps when its link was first opened, by them or by a program that looks at their mail."""
    if invitation.opened_at is None:
        Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=ClockTimestamp())


def join(*, invitation: Invitation, person: Person, pseudonym: str | None) -> Member:
    """Makes `person` a member as the invitation says, whatever the door; who is one already stays what they are.

    It works once, for the address that it was sent to, which having the link confirms. Raises Conflict with the state
    as its code if it does not work any more, NotAllowed with the code "address" if it was sent to another, else as
    `membership.admit`. Locks the invitation.
    """
    with transaction.atomic():
        rows = Invitation.objects.select_related("jam").select_for_update(of=("self",))
        held = rows.get(pk=invitation.pk)
        require_valid(held)
        membership.require_phase_to_join(held.jam)
        address = EmailAddress.objects.filter(user=person, email__iexact=held.email).first()
        if address is None:
            message = gettext("This invitation was sent to %(email)s.") % {"email": masked(held.email)}
            raise NotAllowed(message, code="address")
        if not address.verified and not address.set_verified():
            raise NotAllowed(gettext("Another account has confirmed this address."), code="address")
        policy = policies.of(held.jam)
        member = membership.admit(policy=policy, person=person, role=held.role, pseudonym=pseudonym)
        held.joined_at, held.mail_due_at = database_now(), None
        # Where nobody is to find out who somebody is, the invitation does not lead from the address to the name.
        held.member = member if policy.naming == Naming.REAL else None
        held.save(update_fields=["joined_at", "mail_due_at", "member"])
    return member


def revoke(*, invitation: Invitation, by: Member) -> None:
    """Ends one that nobody used; what was not mailed is not. Twice is once. Raises Conflict if it was used."""
    with transaction.atomic():
        held = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if held.joined_at is not None:
            raise Conflict(gettext("They have joined already."), code="used")
        if held.revoked_at is None:
            held.revoked_at, held.mail_due_at = database_now(), None
            held.save(update_fields=["revoked_at", "mail_due_at"])
            did(jam=invitation.jam, by=by, kind="invitation_revoked", after={"invitation": held.pk})


def revoke_all(*, jam: Jam, by: Member) -> int:
    """Ends all that nobody used, and says how many."""
    with transaction.atomic():
        count = _open(jam).update(revoked_at=database_now(), mail_due_at=None)
        if count:
            did(jam=jam, by=by, kind="invitation_revoked", after={"invitations": count})
    return count


def to_remind(jam: Jam) -> QuerySet[Invitation]:
    """Whom a second mail may go to: they did not answer, and the last was sent a day ago or longer."""
    ends = Q(expires_at=None) | Q(expires_at__gt=ClockTimestamp())
    return _open(jam).filter(ends, mail_due_at=None, sent_at__lt=ClockTimestamp() - AGAIN_AFTER)


def remind(*, jam: Jam, by: Member) -> int:
    """Has those mailed again who did not answer, none of them twice in a day; says how many. One statement."""
    with transaction.atomic():
        count = to_remind(jam).update(round=F("round") + 1, mail_due_at=database_now())
        if count:
            did(jam=jam, by=by, kind="invite", after={"again": count})
    return count


def pause(*, jam: Jam) -> None:
    """No mail of an invitation goes out until `resume`, but for those that a worker has in hand. Twice is once."""
    Policy.objects.update_or_create(jam=jam, defaults={"sending_paused_at": database_now()})


def resume(*, jam: Jam) -> None:
    Policy.objects.filter(jam=jam).update(sending_paused_at=None)


def counts(jam: Jam) -> dict[str, int]:
    """How many invitations the jam has, and how far they came. One query over them, for those who run it."""
    alive = Q(revoked_at=None)
    found: dict[str, int] = Invitation.objects.filter(jam=jam).aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=Q(mail_due_at__isnull=False)),
        unsent=Count("pk", filter=alive & Q(round=0, joined_at=None)),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        joined=Count("pk", filter=Q(joined_at__isnull=False)),
        revoked=Count("pk", filter=~alive),
    )
    return found


def trim() -> int:
    """Removes the lists, and with them the invitations, of jams that closed `KEPT_AFTER_CLOSE` ago; says how many."""
    old = InvitationList.objects.filter(jam__closes_at__lt=ClockTimestamp() - KEPT_AFTER_CLOSE)
    lists = list(old.values_list("pk", flat=True)[:LISTS_AT_ONCE])
    for model in (Invitation, InvitationRow):
        rows = model._default_manager.filter(list__in=lists)
        while some := list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
            model._default_manager.filter(pk__in=some).delete()
    InvitationList.objects.filter(pk__in=lists).delete()
    return len(lists)


def _open(jam: Jam) -> QuerySet[Invitation]:
    return Invitation.objects.filter(jam=jam, revoked_at=None, joined_at=None)
