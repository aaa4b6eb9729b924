"""Who may do what with a jam, and the one door to it.

Missing and forbidden look alike from outside: both raise Http404.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext

from accounts.models import Person
from accounts.rows import Fetch
from jam.domain.phases import Phase, database_now, phase_of
from jam.models import Announcement, Door, GuestHour, Jam, Member, Poll, Role

Visitor = Person | AnonymousUser

STAFF_ROLES = frozenset({Role.FACILITATOR, Role.ADMIN})
WRITING_ROLES = frozenset({Role.PARTICIPANT, Role.GUEST, Role.FACILITATOR, Role.ADMIN})
PHASES_TO_READ = frozenset({Phase.OPEN, Phase.READING})


@dataclass(frozen=True)
class Entry:
    """A jam as one visitor finds it at one moment: the jam, who they are in it, and what the clock says."""

    jam: Jam
    person: Person | None
    member: Member | None
    now: datetime

    @property
    def phase(self) -> Phase:
        return phase_of(self.jam, self.now)

    @property
    def is_site_admin(self) -> bool:
        return self.person is not None and self.person.is_staff

    @property
    def can_administer(self) -> bool:
        """Exports, and everything a facilitator may."""
        return self.is_site_admin or (self.member is not None and self.member.role == Role.ADMIN)

    @property
    def can_facilitate(self) -> bool:
        """Changes the jam and its window."""
        return self.can_administer or (self.member is not None and self.member.role in STAFF_ROLES)

    @property
    def can_moderate(self) -> bool:
        """Hides posts and shows them again. The record of it names a member, so an admin of the site joins first."""
        return self.member is not None and self.member.role in STAFF_ROLES

    @property
    def can_see(self) -> bool:
        """That there is such a jam: its title, question and window."""
        if self.can_facilitate or (self.member is not None and self.phase is not Phase.DRAFT):
            return True
        return self.jam.door == Door.ACCOUNT and self.phase is not Phase.DRAFT

    @property
    def can_read(self) -> bool:
        """Its forums and what was written. An observer reads in every phase but a draft, as the staff do."""
        if self.can_facilitate:
            return True
        if self.member is not None and self.member.role == Role.OBSERVER:
            return self.phase is not Phase.DRAFT
        if self.phase not in PHASES_TO_READ:
            return False
        return self.member is not None or (self.person is not None and self.jam.door == Door.ACCOUNT)

    @property
    def can_hear(self) -> bool:
        """What is said to the whole jam: who may read it does, and who waits for it to open."""
        return self.can_read or (self.person is not None and self.phase is Phase.SCHEDULED)

    @property
    def can_join(self) -> bool:
        return (
            self.person is not None
            and self.member is None
            and (self.jam.door == Door.ACCOUNT or self.is_site_admin)
            and self.phase in (Phase.SCHEDULED, Phase.OPEN, Phase.READING)
        )

    @property
    def can_write(self) -> bool:
        """Whether their role writes at all, whatever the clock says."""
        return self.member is not None and self.member.role in WRITING_ROLES

    @property
    def can_post(self) -> bool:
        """Whether a form makes sense now. The verb asks the database's clock again when it writes."""
        return self.can_write and self.phase is Phase.OPEN


ENTRY = """
    SELECT {jam}, {member}, clock_timestamp()
    FROM jam_jam AS jam LEFT JOIN jam_member AS member ON member.jam_id = jam.id AND member.person_id = %(person)s
"""
ENTRY_BY_SLUG = Fetch(ENTRY + "WHERE jam.slug = %(which)s", jam=Jam, member=Member)
ENTRY_BY_NUMBER = Fetch(ENTRY + "WHERE jam.id = %(which)s", jam=Jam, member=Member)


def enter(visitor: Visitor, which: str | int) -> Entry:
    """The jam with this slug or number as `visitor` finds it. One query.

    Raises Http404 if there is none or they may not know of it.
    """
    person = visitor if isinstance(visitor, Person) else None
    asked = ENTRY_BY_SLUG if isinstance(which, str) else ENTRY_BY_NUMBER
    found = asked.first(which=which, person=person and person.pk)
    if found is None:
        raise Http404(gettext("There is no such jam."))
    jam, member, now = found
    if member is not None:
        member.jam, member.person = jam, person
    entry = Entry(jam=jam, person=person, member=member, now=now)
    if not entry.can_see:
        raise Http404(gettext("There is no such jam."))
    return entry


def enter_to_run(visitor: Visitor, which: str | int) -> tuple[Entry, Member]:
    """A jam that `visitor` runs as a member of it: what they do there bears their name in it."""
    entry = enter(visitor, which)
    if entry.member is None or not entry.can_moderate:
        raise Http404(gettext("There is no such page."))
    return entry, entry.member


def announcement_of(entry: Entry, announcement_id: int) -> Announcement:
    found = Announcement.objects.filter(jam=entry.jam, pk=announcement_id).first()
    if found is None:
        raise Http404(gettext("There is no such announcement in this jam."))
    return found


def poll_of(entry: Entry, poll_id: int) -> Poll:
    """With its forum and who made it; its choices are read when they are wanted."""
    found = Poll.objects.select_related("forum", "by").filter(jam=entry.jam, pk=poll_id).first()
    if found is None:
        raise Http404(gettext("There is no such poll in this jam."))
    found.jam = entry.jam
    return found


def guest_hour_of(entry: Entry, hour_id: int) -> GuestHour:
    found = GuestHour.objects.select_related("guest").filter(jam=entry.jam, pk=hour_id).first()
    if found is None:
        raise Http404(gettext("There is no such guest hour in this jam."))
    return found


def visible_jams(visitor: Visitor) -> QuerySet[Jam]:
    """The jams that `visitor` may know of: see `Entry.can_see`, of which this is the form for many."""
    if not isinstance(visitor, Person):
        return Jam.objects.filter(door=Door.ACCOUNT, published_at__isnull=False)
    if visitor.is_staff:
        return Jam.objects.all()
    mine = Member.objects.filter(person=visitor)
    return Jam.objects.filter(
        Q(published_at__isnull=False, door=Door.ACCOUNT)
        | Q(published_at__isnull=False, pk__in=mine.values("jam"))
        | Q(pk__in=mine.filter(role__in=STAFF_ROLES).values("jam"))
    )


def readable_jams(visitor: Visitor) -> list[Jam]:
    """The jams whose posts `visitor` may read: see `Entry.can_read`. Three queries, none for who is signed out."""
    if not isinstance(visitor, Person):
        return []
    mine = {member.jam_id: member for member in Member.objects.filter(person=visitor)}
    now = database_now()
    return [
        jam
        for jam in visible_jams(visitor)
        if Entry(jam=jam, person=visitor, member=mine.get(jam.pk), now=now).can_read
    ]


def can_create_jam(visitor: Visitor) -> bool:
    """Admins of the site, and whoever runs a jam here already."""
    if not isinstance(visitor, Person):
        return False
    return visitor.is_staff or Member.objects.filter(person=visitor, role__in=STAFF_ROLES).exists()
