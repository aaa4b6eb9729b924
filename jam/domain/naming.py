"""As whom somebody takes part in a jam. It is decided once, at the door: everything shows `Member.name`.

Only participants and observers are masked. Who runs a jam and its guests speak in a role, under the name they have;
a role that is given later changes no name, since that would unmask what was written before.
"""

from __future__ import annotations

import secrets
import unicodedata

from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, Value, When
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Person
from jam.domain.errors import Conflict, Invalid
from jam.domain.text import clean_line, is_blank
from jam.models import Activity, Forum, Jam, Member, Naming, Policy, Role

NAME_MAX = 120
PSEUDONYM_MAX = 40
MASKED_ROLES = frozenset({Role.PARTICIPANT, Role.OBSERVER})
TRIES = 20
HANDLES_FIRST = 9_000


EMAIL_IN_FILES = Case(When(alias=None, then="person__email"), default=Value(""), output_field=CharField())
"""The address of a member as an export has it: of nobody whose name is not their own."""


def is_masked(naming: str, role: str) -> bool:
    return naming != Naming.REAL and role in MASKED_ROLES


def is_fixed(jam: Jam) -> bool:
    """Whether somebody has posted in `jam`, under the names that it promised then. At most two queries."""
    posted = Activity.objects.filter(jam=jam, posts__gt=0).exists()
    return posted or Forum.objects.filter(jam=jam, post_count__gt=0).exists()


def alias_of(name: str) -> str:
    """How a pseudonym is compared with others: letters alike in shape or size are alike, and so is what is not seen."""
    seen = "".join(one for one in unicodedata.normalize("NFKC", name) if unicodedata.category(one)[0] not in "ZCP")
    return unicodedata.normalize("NFKC", seen.casefold())[:NAME_MAX]


def seat(*, policy: Policy, person: Person, role: str, pseudonym: str | None) -> Member:
    """A member, not saved, with the name that the jam gives or lets them choose. Without a `pseudonym` (None) they get
    a handle until they choose one.

    Raises Invalid or Conflict for the field "name" if it asks for a pseudonym and this one is none or is taken.
    """
    member = Member(jam=policy.jam, person=person, role=role)
    put_name(member, policy=policy, pseudonym=pseudonym)
    return member


def put_name(member: Member, *, policy: Policy, pseudonym: str | None) -> None:
    """Names `member`, without saving, as the policy says. Raises as `seat`."""
    if not is_masked(policy.naming, member.role):
        member.name, member.affiliation, member.alias = member.person.name, member.person.affiliation, None
        return
    member.affiliation = ""
    if policy.naming == Naming.PSEUDONYM and pseudonym is not None:
        put_pseudonym(member, pseudonym)
    else:
        put_handle(member)


def put_pseudonym(member: Member, pseudonym: str) -> None:
    """Names `member`, without saving. Raises Invalid and, where somebody here is called so already, Conflict."""
    name = clean_line(pseudonym, field="name", name=gettext("The pseudonym"), limit=PSEUDONYM_MAX)
    alias = alias_of(name)
    if is_blank(name) or not alias:
        raise Invalid(gettext("Choose a pseudonym: a name that is not yours."), code="required", field="name")
    others = Member.objects.filter(jam_id=member.jam_id).exclude(pk=member.pk)
    if others.filter(alias=alias).exists() or others.filter(alias=None, name__iexact=name).exists():
        raise name_taken()
    member.name, member.alias = name, alias


def name_taken() -> Conflict:
    return Conflict(gettext("Somebody in this jam is called so. Choose another pseudonym."), code="taken", field="name")


def put_handle(member: Member) -> None:
    """Gives `member`, without saving, a name that says nothing, in the jam's language. Its number is drawn, so that
    it does not tell who came when."""
    for attempt in range(TRIES):
        number = 1_000 + secrets.randbelow(HANDLES_FIRST * 10 ** (attempt // 3))
        with translation.override(member.jam.language):
            name = gettext("Jammer %(number)s") % {"number": number}
        alias = alias_of(name)
        if not Member.objects.filter(jam_id=member.jam_id, alias=alias).exists():
            member.name, member.alias = name, alias
            return
    raise Conflict(gettext("No name was free. Try again."), code="taken")


def insert(member: Member) -> Member:
    """Saves a seated member, or gives the one that the person is, or was, in the jam.

    Raises Conflict if another took the pseudonym at that moment; a handle is drawn anew.
    """
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                member.save(force_insert=True)
        except IntegrityError:
            there = Member.objects.filter(jam_id=member.jam_id, person_id=member.person_id).first()
            if there is not None:
                return _back(there, role=member.role)
            if member.alias is None:
                raise
            if Policy.objects.filter(jam_id=member.jam_id, naming=Naming.PSEUDONYM).exists():
                raise name_taken() from None
            put_handle(member)
        else:
            return member
    raise name_taken()


def _back(there: Member, *, role: str) -> Member:
    """A member who is there already; one who was taken out is again, with this role, under the name they had."""
    if there.left_at is not None:
        there.left_at, there.role = None, role
        there.save(update_fields=["left_at", "role"])
    return there


def fixed_fields(member: Member) -> frozenset[str]:
    """What somebody cannot change of how they are called here. One query for who has no real name, none for others."""
    if member.alias is None:
        return frozenset()
    is_chosen = Policy.objects.filter(jam_id=member.jam_id, naming=Naming.PSEUDONYM).exists()
    return frozenset({"affiliation"}) if is_chosen else frozenset({"affiliation", "name"})


def update(member: Member, *, fields: list[str]) -> None:
    """Saves a member with another name. Raises Conflict if somebody else took it at that moment."""
    try:
        with transaction.atomic():
            member.save(update_fields=fields)
    except IntegrityError:
        raise name_taken() from None


def rename_all(policy: Policy) -> None:
    """Names everybody in a jam anew after its naming was changed, before anybody posted: nobody chose a pseudonym yet,
    so those get a handle till they do. What they said of themselves under the other name goes."""
    for member in Member.objects.select_related("person").filter(jam=policy.jam).iterator(chunk_size=500):
        member.jam = policy.jam
        if is_masked(policy.naming, member.role):
            member.affiliation, member.about = "", ""
            put_handle(member)
        elif member.alias is not None:
            put_name(member, policy=policy, pseudonym=None)
            member.about = ""
        member.save(update_fields=["name", "affiliation", "about", "alias"])
