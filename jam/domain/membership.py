"""Who is in a jam."""

from __future__ import annotations

from accounts.models import Person
from jam.domain.errors import NotAllowed
from jam.domain.phases import Phase, database_now, phase_of
from jam.models import Door, Jam, Member, Role


def member_of(jam: Jam, person: Person) -> Member | None:
    return Member.objects.select_related("person").filter(jam=jam, person=person).first()


def join(*, jam: Jam, person: Person) -> Member:
    """Makes `person` a participant of `jam`, or returns the member they are already.

    Raises NotAllowed if the jam's door is not open to them or nobody can join a jam in its phase.
    """
    member = member_of(jam, person)
    if member is not None:
        return member
    if jam.door != Door.ACCOUNT and not person.is_staff:
        raise NotAllowed("Only people who were invited can take part in this jam.", code="door")
    if phase_of(jam, database_now()) not in (Phase.SCHEDULED, Phase.OPEN, Phase.READING):
        raise NotAllowed("Nobody can join this jam now.", code="phase")
    member, _ = Member.objects.get_or_create(
        jam=jam,
        person=person,
        defaults={
            "name": person.name,
            "affiliation": person.affiliation,
            "role": Role.ADMIN if person.is_staff else Role.PARTICIPANT,
        },
    )
    return member
