"""Who is in a jam, and as what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext

from accounts.models import Person
from jam.access import is_suspended
from jam.domain import door, naming, policies
from jam.domain.doings import did
from jam.domain.door import Knock
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.events import member_changed
from jam.domain.naming import NAME_MAX
from jam.domain.phases import Phase, database_now, phase_of
from jam.domain.text import clean_line, clean_text, is_blank
from jam.models import ABOUT_MAX, Duty, FeedKey, Forum, Jam, Member, Naming, Policy, Role
from live.bus import publish_review


def member_of(jam: Jam, person: Person) -> Member | None:
    """The member that a person is in the jam now. One query."""
    return Member.objects.select_related("person").filter(jam=jam, person=person, left_at=None).first()


def join(*, jam: Jam, person: Person, pseudonym: str = "", providers: Sequence[str] = ()) -> Member:
    """Makes `person` a participant of `jam`, or returns the member they are already.

    `providers` are the single sign-ons by which they are signed in. An admin of the site becomes an admin of the jam,
    in any phase. Raises NotAllowed with the code "door" if the door does not open to them and "phase" if nobody can
    join now; Invalid or Conflict for the field "name" if the jam has pseudonyms and this is none or taken.
    """
    member = member_of(jam, person)
    if member is not None:
        return member
    policy = policies.of(jam)
    door.require_open(policy, Knock(person, providers))
    if not person.is_staff:
        require_phase_to_join(jam)
    role = Role.ADMIN if person.is_staff else Role.PARTICIPANT
    return admit(policy=policy, person=person, role=role, pseudonym=pseudonym)


def require_phase_to_join(jam: Jam) -> None:
    if phase_of(jam, database_now()) not in (Phase.SCHEDULED, Phase.OPEN, Phase.READING):
        raise NotAllowed(gettext("Nobody can join this jam now."), code="phase")


def admit(*, policy: Policy, person: Person, role: str, pseudonym: str | None) -> Member:
    """Makes `person` a member with this role, whatever the door says; or returns the one they are, as they are.

    Without a `pseudonym` a jam that has them gives a handle till they choose one. Raises as `naming.seat`.
    """
    member = naming.seat(policy=policy, person=person, role=role, pseudonym=pseudonym)
    member.outside = is_outside(policy.jam, person)
    return naming.insert(member)


def is_outside(jam: Jam, person: Person) -> bool | None:
    """Whether none of the person's verified addresses is in a mail domain of the jam's organisation, or below one.

    None if the jam names no domains, and so does not tell apart. One query then.
    """
    if not jam.home_domains:
        return None
    return not door.has_address_in(person, jam.home_domains)


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
    Where nobody has a real name, a pseudonym can be changed, a handle cannot, and where they are from is not kept.
    Raises Invalid, naming the field, and Conflict for a pseudonym that is taken.
    """
    if member.alias is not None:
        return _change_masked(member, name=name, about=about)
    name = clean_line(name, field="name", name=gettext("The name"), limit=NAME_MAX)
    if is_blank(name):
        raise Invalid(gettext("People here need something to call you."), code="required", field="name")
    member.name = name
    member.affiliation = clean_line(affiliation, field="affiliation", name=gettext("The affiliation"), limit=NAME_MAX)
    member.about = _clean_about(about)
    member.save(update_fields=["name", "affiliation", "about"])
    return member


def _clean_about(about: str) -> str:
    return clean_text(about, field="about", name=gettext("What you say of yourself"), limit=ABOUT_MAX)


def _change_masked(member: Member, *, name: str, about: str) -> Member:
    if name != member.name:
        if policies.of(member.jam).naming != Naming.PSEUDONYM:
            raise Invalid(gettext("In this jam a name is given and stays."), code="fixed", field="name")
        naming.put_pseudonym(member, name)
    member.about = _clean_about(about)
    naming.update(member, fields=["name", "alias", "about"])
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
        doer = _administering(by, held)
        changed = next(one for one in held if one.pk == member.pk)
        if changed.role == role:
            return changed
        _require_another_admin(changed, held)
        before, changed.role = changed.role, role
        changed.save(update_fields=["role"])
        did(
            jam=changed.jam,
            by=doer,
            kind="role",
            subject=changed,
            before={"role": before},
            after={"role": role} | of_the_site(by, doer),
        )
        publish_review(person=changed.person_id, jam_key=changed.jam_id)
        member_changed(changed)
    return changed


def remove(*, member: Member, by: Person) -> None:
    """Takes `member` out of the jam: what they wrote stays, and their name on it; role, forums and feeds go.

    They may come in again by the door. Whoever is not to is suspended. Raises and locks as `change_role`.
    """
    with transaction.atomic():
        held = _lock_with_admins(member)
        doer = _administering(by, held)
        gone = next(one for one in held if one.pk == member.pk)
        _require_another_admin(gone, held)
        before, gone.role, gone.left_at = gone.role, Role.PARTICIPANT, database_now()
        gone.save(update_fields=["role", "left_at"])
        Duty.objects.filter(member=gone).delete()
        FeedKey.objects.filter(member=gone).delete()
        did(
            jam=gone.jam,
            by=doer,
            kind="removed",
            subject=gone,
            before={"role": before},
            after=of_the_site(by, doer),
        )
        publish_review(person=gone.person_id, jam_key=gone.jam_id)
        member_changed(gone)


def assign(*, member: Member, forums: Collection[Forum], by: Person) -> None:
    """Has a facilitator run these forums alone; with none, all of them.

    Raises NotAllowed unless `by` administers the jam, Invalid for a forum of another jam and Conflict for who is no
    facilitator. Locks as `change_role`. Their open pages show it once they are loaded again; the verbs know it at once.
    """
    if any(forum.jam_id != member.jam_id for forum in forums):
        raise Invalid(gettext("That forum is not part of this jam."), code="forum", field="forums")
    with transaction.atomic():
        held = _lock_with_admins(member)
        doer = _administering(by, held)
        concerned = next(one for one in held if one.pk == member.pk)
        if concerned.role != Role.FACILITATOR:
            raise Conflict(gettext("Only a facilitator is given forums."), code="role", field="forums")
        before = sorted(Duty.objects.filter(member=concerned).values_list("forum", flat=True))
        after = sorted(forum.pk for forum in forums)
        if before == after:
            return
        Duty.objects.filter(member=concerned).exclude(forum__in=after).delete()
        Duty.objects.bulk_create((Duty(member=concerned, forum=forum) for forum in forums), ignore_conflicts=True)
        did(
            jam=concerned.jam,
            by=doer,
            kind="duties",
            subject=concerned,
            before={"forums": before},
            after={"forums": after} | of_the_site(by, doer),
        )


def of_the_site(by: Person, doer: Member | None) -> dict[str, str]:
    """What the log says of an admin of the site who is no member, and so has no name of the jam's to stand there."""
    return {} if doer else {"by_site_admin": by.name}


def _administering(by: Person, held: Iterable[Member]) -> Member | None:
    """The admin of the jam that `by` is, None for an admin of the site who is none. Raises NotAllowed for others."""
    doer = next((one for one in held if one.person_id == by.pk and one.role == Role.ADMIN), None)
    if not (by.is_staff or (doer and not is_suspended(doer, database_now()))):
        raise NotAllowed(gettext("Only an admin of this jam can change a role."), code="role")
    return doer


def _require_another_admin(member: Member, held: Iterable[Member]) -> None:
    if [one.pk for one in held if one.role == Role.ADMIN] == [member.pk]:
        raise Conflict(gettext("A jam needs an admin: make somebody else one first."), code="last_admin", field="role")


def _lock_with_admins(member: Member) -> list[Member]:
    """The member and the jam's admins, who stay what they are until the commit: two cannot dismiss each other."""
    concerned = Q(pk=member.pk) | Q(role=Role.ADMIN)
    rows = Member.objects.filter(concerned, jam_id=member.jam_id, left_at=None).order_by("pk")
    held = list(rows.select_for_update(no_key=True))
    # A row that was waited for may have another role by now, and PostgreSQL leaves out those that no longer fit.
    if member.pk not in {one.pk for one in held}:
        raise Conflict(gettext("They are not in this jam any more."), code="gone")
    return held
