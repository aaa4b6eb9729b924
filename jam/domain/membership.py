"""Who is in a jam, and as what."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.events import member_changed
from jam.domain.phases import Phase, database_now, phase_of
from jam.domain.text import clean_line, clean_text, is_blank
from jam.models import ABOUT_MAX, Door, Jam, Member, Role
from live.bus import publish_review

NAME_MAX = 120


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
        raise NotAllowed(gettext("Only people who were invited can take part in this jam."), code="door")
    if phase_of(jam, database_now()) not in (Phase.SCHEDULED, Phase.OPEN, Phase.READING):
        raise NotAllowed(gettext("Nobody can join this jam now."), code="phase")
    member, _ = Member.objects.get_or_create(
        jam=jam,
        person=person,
        defaults={
            "name": person.name,
            "affiliation": person.affiliation,
            "role": Role.ADMIN if person.is_staff else Role.PARTICIPANT,
            "outside": is_outside(jam, person),
        },
    )
    return member


def is_outside(jam: Jam, person: Person) -> bool | None:
    """Whether none of the person's verified addresses is in a mail domain of the jam's organisation, or below one.

    None if the jam names no domains, and so does not tell apart. One query then.
    """
    if not jam.home_domains:
        return None
    verified = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    domains = [email.rpartition("@")[2].lower() for email in verified]
    return not any(domain == home or domain.endswith(f".{home}") for domain in domains for home in jam.home_domains)


TELL_APART = """
    UPDATE jam_member SET outside = NOT EXISTS (
        SELECT FROM account_emailaddress AS address, unnest(%(domains)s) AS home
        WHERE address.user_id = person_id AND address.verified
        AND '.' || lower(split_part(address.email, '@', -1)) LIKE '%%.' || home
    )
    WHERE jam_id = %(jam)s AND outside IS NULL
"""


def tell_apart(jam: Jam) -> None:
    """Finds who is outside among the members of whom that is not known: a jam names its domains late. One query.

    Who was told apart before stays as they are. Leaves everybody as they are if the jam names no domains.
    """
    if jam.home_domains:
        with connection.cursor() as cursor:
            cursor.execute(TELL_APART, {"jam": jam.pk, "domains": jam.home_domains})


def change_profile(*, member: Member, name: str, affiliation: str, about: str) -> Member:
    """Changes how `member` is called in this jam, where they are from and what they say of themselves.

    It shows wherever they are named, also beside what they wrote before, and on open pages once they are loaded again.
    Raises Invalid, naming the field.
    """
    name = clean_line(name, field="name", name=gettext("The name"), limit=NAME_MAX)
    if is_blank(name):
        raise Invalid(gettext("People here need something to call you."), code="required", field="name")
    member.name = name
    member.affiliation = clean_line(affiliation, field="affiliation", name=gettext("The affiliation"), limit=NAME_MAX)
    member.about = clean_text(about, field="about", name=gettext("What you say of yourself"), limit=ABOUT_MAX)
    member.save(update_fields=["name", "affiliation", "about"])
    return member


def change_role(*, member: Member, role: str, by: Person) -> Member:
    """Gives `member` another role, whatever the clock says. Their tabs hear of it, and hear what the role may hear.

    Returns the member as they are then; the role they have already changes nothing. Raises NotAllowed unless `by`
    administers the jam, Invalid for what is no role, Conflict if the jam would be left without an admin. Locks the
    member's row and those of the jam's admins, and at the end the jam's event counter, until the commit.
    """
    if role not in Role.values:
        raise Invalid(gettext("Choose a role."), code="role", field="role")
    with transaction.atomic():
        held = _lock_with_admins(member)
        if not (by.is_staff or any(admin.person_id == by.pk for admin in held if admin.role == Role.ADMIN)):
            raise NotAllowed(gettext("Only an admin of this jam can change a role."), code="role")
        changed = next(one for one in held if one.pk == member.pk)
        if changed.role == role:
            return changed
        if [one.pk for one in held if one.role == Role.ADMIN] == [changed.pk]:
            raise Conflict(
                gettext("A jam needs an admin: make somebody else one first."), code="last_admin", field="role"
            )
        changed.role = role
        changed.save(update_fields=["role"])
        publish_review(person=changed.person_id, jam_key=changed.jam_id)
        member_changed(changed)
    return changed


def _lock_with_admins(member: Member) -> list[Member]:
    """The member and the jam's admins, who stay what they are until the commit: two cannot dismiss each other."""
    concerned = Q(pk=member.pk) | Q(role=Role.ADMIN)
    rows = Member.objects.filter(concerned, jam_id=member.jam_id).order_by("pk")
    held = list(rows.select_for_update(no_key=True))
    # A row that was waited for may have another role by now, and PostgreSQL leaves out those that no longer fit.
    if member.pk not in {one.pk for one in held}:
        raise Conflict(gettext("They are not in this jam any more."), code="gone")
    return held
