"""Parting the members of an untraceable jam from their accounts, once nobody needs the link any more.

It lies on the highest floor, since it has to know every table that names a person and a member in one row. A test holds
that it knows them all.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import DateTimeField, F, Q
from django.db.models.functions import Coalesce

from accounts.models import Person
from jam.domain.naming_words import DAYS_LINKED
from jam.domain.phases import ClockTimestamp, database_now
from jam.models import Invitation, InvitationRow, Jam, JoinRequest, Member, Naming, Policy
from live.bus import publish_review
from notifications.models import Notification

MEMBERS_AT_ONCE = 500

# Events that one person alone was told carry their number; what is left of them tells nobody.
FORGET_ROOMS = """
    UPDATE live_event SET rooms = ARRAY(SELECT room FROM unnest(rooms) AS room WHERE room NOT LIKE 'person:%%')
    WHERE jam_key = %s AND EXISTS (SELECT FROM unnest(rooms) AS room WHERE room LIKE 'person:%%')
"""


def due() -> list[Jam]:
    """Untraceable jams whose reading has ended, or that closed `DAYS_LINKED` ago where it does not end. One query."""
    ended = Coalesce("reading_until", F("closes_at") + timedelta(days=DAYS_LINKED), output_field=DateTimeField())
    rows = Jam.objects.filter(policy__naming=Naming.UNTRACEABLE, policy__unlinked_at=None, published_at__isnull=False)
    return list(rows.annotate(ended=ended).filter(ended__lte=ClockTimestamp()))


def part(jam: Jam) -> None:
    """Gives each masked member a person of their own who has no address and cannot sign in, and removes what else leads
    from an account to them: notifications, requests, invitations, and when they joined.

    Some hundred members in a transaction; whoever goes on after a crash does none twice. Cannot be undone.
    """
    while _part_some(jam):
        pass
    with transaction.atomic():
        Invitation.objects.filter(jam=jam).delete()
        InvitationRow.objects.filter(list__jam=jam).delete()
        JoinRequest.objects.filter(jam=jam).delete()
        with connection.cursor() as cursor:
            cursor.execute(FORGET_ROOMS, [jam.pk])
        Policy.objects.filter(jam=jam).update(unlinked_at=database_now())


def _part_some(jam: Jam) -> int:
    with transaction.atomic():
        # Who is parted already has a person without an address who cannot sign in; an account has one of both.
        linked = Q(person__is_active=True) | Q(person__email__isnull=False)
        rows = Member.objects.filter(linked, jam=jam, alias__isnull=False).order_by("pk")
        members = list(rows.select_for_update(of=("self",))[:MEMBERS_AT_ONCE])
        people = [Person(name=member.name, is_active=False, date_joined=_beginning(jam)) for member in members]
        for person in people:
            person.set_unusable_password()
        accounts = [member.person_id for member in members]
        for member, person in zip(members, Person.objects.bulk_create(people), strict=True):
            member.person, member.joined_at = person, _beginning(jam)
        Member.objects.bulk_update(members, ["person", "joined_at"])
        Notification.objects.filter(member__in=members).delete()
        for account in accounts:
            publish_review(person=account, jam_key=jam.pk)
    return len(members)


def _beginning(jam: Jam) -> datetime:
    return jam.opens_at or jam.created_at
