"""Who may do what with a jam, and the one door to it.

Missing and forbidden look alike from outside: both raise Http404.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext

from accounts.domain import second_factor
from accounts.models import Person
from accounts.rows import Fetch
from jam.domain.errors import NotAllowed
from jam.domain.phases import ClockTimestamp, Phase, database_now, phase_of
from jam.models import Announcement, Door, Duty, GuestHour, Jam, Member, Policy, Poll, Role
from jam.roles import READABLE, SITE_TABLE, TABLE, Proviso, Right, SiteRight, Who, roles_with

Visitor = Person | AnonymousUser

STAFF_ROLES = roles_with(Right.FACILITATE)
WRITING_ROLES = roles_with(Right.WRITE)
PHASES_TO_READ = READABLE
A_MOMENT, A_WHILE = timedelta(minutes=1), timedelta(days=1)
"""How long ago a draft opened, at most, and how long it is open at least, where it is previewed."""
DOORS_SHOWN = frozenset(Door) - {Door.INVITATION}


class Suspended(Http404):
    """The jam is there, and who asks is suspended from it: to others, it is as if it were not. Carries both."""

    def __init__(self, jam: Jam, member: Member) -> None:
        super().__init__(gettext("You are suspended from this jam."))
        self.jam, self.member = jam, member


@dataclass(frozen=True)
class Entry:
    """A jam as one visitor finds it at one moment: the jam, who they are in it, and what the clock says."""

    jam: Jam
    person: Person | None
    member: Member | None
    now: datetime
    is_preview: bool = False
    """Whether they run the jam and look at it as a participant does: see `as_participant`."""

    @property
    def phase(self) -> Phase:
        return phase_of(self.jam, self.now)

    @property
    def is_site_admin(self) -> bool:
        return self.person is not None and self.person.is_staff and not self.is_preview

    @property
    def is_suspended(self) -> bool:
        """From this jam, now. Who is suspended from the site is not signed in."""
        return self.member is not None and is_suspended(self.member, self.now)

    @cached_property
    def who(self) -> frozenset[Who]:
        """What they are to the jam; an admin of the site is that as well."""
        if self.person is None:
            return frozenset({Who.SIGNED_OUT})
        if self.is_preview:
            return frozenset({Who.PARTICIPANT})
        here = Who.ACCOUNT if self.member is None else Who(self.member.role)
        if self.is_suspended:
            here = Who.SUSPENDED
        return frozenset({here, Who.SITE_ADMIN} if self.person.is_staff else {here})

    def may(self, right: Right) -> bool:
        """Whether they have `right` now. No query, but one, once, for a right that is for who runs all forums.

        It says nothing of the one forum or post that is acted on: see `runs`, and the verbs.
        """
        return any(
            not self.who.isdisjoint(grant.who) and self.phase in grant.phases and self._holds(grant.provided)
            for grant in TABLE[right]
        )

    def _holds(self, proviso: Proviso | None) -> bool:
        if proviso is Proviso.DOOR_OPEN:
            return self.jam.door == Door.ACCOUNT
        if proviso is Proviso.DOOR_SHOWN:
            return self.jam.door in DOORS_SHOWN
        if proviso is Proviso.NOT_A_MEMBER:
            return self.member is None
        if proviso is Proviso.ALL_FORUMS:
            return self.duties is None
        return True

    @cached_property
    def duties(self) -> frozenset[int] | None:
        """The forums that a facilitator runs, by their numbers; None for all, as for who is no facilitator.

        One query for a facilitator, when it is first asked; none for others.
        """
        if self.member is None or Who.FACILITATOR not in self.who or self.is_site_admin:
            return None
        return duties_of(self.member)

    def runs(self, forum_id: int | None) -> bool:
        """Whether they run this forum; with None, what belongs to none and so all of the jam.

        It is for what a page shows: the verb asks `require_runs`.
        """
        return self.may(Right.FACILITATE) and (self.duties is None or forum_id in self.duties)

    def moderates(self, forum_id: int | None) -> bool:
        """Whether they act, as a member, on what is in this forum; with None, on what is the whole jam's."""
        return self.may(Right.ADDRESS) if forum_id is None else self.can_moderate and self.runs(forum_id)

    @property
    def can_administer(self) -> bool:
        return self.may(Right.ADMINISTER)

    @property
    def can_set_up(self) -> bool:
        return self.may(Right.SET_UP)

    @property
    def can_facilitate(self) -> bool:
        return self.may(Right.FACILITATE)

    @property
    def can_moderate(self) -> bool:
        """In some forum: see `runs`. What is done bears a member's name, so an admin of the site joins first."""
        return self.may(Right.MODERATE)

    @property
    def can_address(self) -> bool:
        """The whole jam, as who runs all of its forums."""
        return self.may(Right.ADDRESS)

    @property
    def can_see(self) -> bool:
        return self.may(Right.SEE)

    @property
    def can_read(self) -> bool:
        return self.may(Right.READ)

    @property
    def can_hear(self) -> bool:
        return self.may(Right.HEAR)

    @property
    def can_join(self) -> bool:
        return self.may(Right.JOIN)

    @property
    def can_write(self) -> bool:
        """Whether their role writes at all, whatever the clock says."""
        return self.may(Right.WRITE)

    @property
    def can_post(self) -> bool:
        """Whether a form makes sense now. The verb asks the database's clock again when it writes."""
        return self.may(Right.POST)


ENTRY = """
    SELECT {jam}, {member}, clock_timestamp()
    FROM jam_jam AS jam LEFT JOIN jam_member AS member
        ON member.jam_id = jam.id AND member.person_id = %(person)s AND member.left_at IS NULL
"""
ENTRY_BY_SLUG = Fetch(ENTRY + "WHERE jam.slug = %(which)s", jam=Jam, member=Member)
ENTRY_BY_NUMBER = Fetch(ENTRY + "WHERE jam.id = %(which)s", jam=Jam, member=Member)


def enter(visitor: Visitor, which: str | int) -> Entry:
    """The jam with this slug or number as `visitor` finds it. One query; two for an admin without a second factor.

    Raises Http404 if there is none or they may not know of it, and Suspended, which is one, if they are;
    `second_factor.Needed` if the jam wants one of them.
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
    if getattr(person, "previewing", None) == jam.pk and entry.can_facilitate:
        entry = as_participant(entry)
    if member is not None and entry.is_suspended and not entry.is_site_admin:
        raise Suspended(jam, member)
    if not entry.can_see:
        raise Http404(gettext("There is no such jam."))
    if person is not None and person.second_factor is False and _wants_second_factor(entry):
        raise second_factor.Needed
    return entry


def _wants_second_factor(entry: Entry) -> bool:
    administers = entry.member is not None and entry.member.role == Role.ADMIN
    return administers and Policy.objects.filter(jam=entry.jam, required_second_factor=True).exists()


def as_participant(entry: Entry) -> Entry:
    """The same for a participant, a draft as if it were open. Jam and member are copies for pages to show: nothing may
    be written with them, which `jam.middleware` sees to."""
    jam, member = copy(entry.jam), copy(entry.member)
    if entry.phase is Phase.DRAFT:
        jam.published_at = jam.opens_at = entry.now - A_MOMENT
        jam.closes_at = max(jam.closes_at or entry.now, entry.now + A_WHILE)
        jam.reading_until = jam.review_until = None
    if member is not None:
        member.role, member.jam = Role.PARTICIPANT, jam
    return Entry(jam=jam, person=entry.person, member=member, now=entry.now, is_preview=True)


def is_suspended(member: Member, now: datetime) -> bool:
    """From their jam, at `now`."""
    if member.suspended_at is None:
        return False
    return member.suspended_until is None or now < member.suspended_until


def duties_of(member: Member) -> frozenset[int] | None:
    """The forums that a facilitator runs, by their numbers; None without any, which is all. One query."""
    return frozenset(Duty.objects.filter(member=member).values_list("forum", flat=True)) or None


def require_runs(member: Member, forum_id: int | None) -> None:
    """That `member` runs this forum; with None, what belongs to no forum, and so all of the jam.

    Raises NotAllowed: `role` for who does not run the jam, `not_your_forum` for a facilitator of others. One query for
    a facilitator, none for an admin. It asks the member as they were fetched.
    """
    if member.role not in STAFF_ROLES:
        raise NotAllowed(gettext("Only who runs this jam can do that."), code="role")
    duties = duties_of(member) if member.role == Role.FACILITATOR else None
    if duties is None or forum_id in duties:
        return
    if forum_id is None:
        raise NotAllowed(
            gettext("You run some of the forums: what is for the whole jam is for who runs all."), code="not_your_forum"
        )
    raise NotAllowed(gettext("This forum is run by others."), code="not_your_forum")


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
        return Jam.objects.filter(door__in=DOORS_SHOWN, published_at__isnull=False)
    if visitor.is_staff:
        return Jam.objects.all()
    mine = Member.objects.filter(person=visitor, left_at=None)
    shut_out = mine.filter(suspended_at__isnull=False).exclude(suspended_until__lte=ClockTimestamp())
    return Jam.objects.exclude(pk__in=shut_out.values("jam")).filter(
        Q(published_at__isnull=False, door__in=DOORS_SHOWN)
        | Q(published_at__isnull=False, pk__in=mine.values("jam"))
        | Q(pk__in=mine.filter(role__in=STAFF_ROLES).values("jam"))
    )


def readable_jams(visitor: Visitor) -> list[Jam]:
    """The jams whose posts `visitor` may read: see `Entry.can_read`. Three queries, none for who is signed out."""
    if not isinstance(visitor, Person):
        return []
    mine = {member.jam_id: member for member in Member.objects.filter(person=visitor, left_at=None)}
    now = database_now()
    return [
        jam
        for jam in visible_jams(visitor)
        if Entry(jam=jam, person=visitor, member=mine.get(jam.pk), now=now).can_read
    ]


def may_on_site(visitor: Visitor, right: SiteRight) -> bool:
    """Whether they have a right that belongs to no jam. One query, none for an admin of the site."""
    if not isinstance(visitor, Person):
        return False
    if visitor.is_staff:
        return Who.SITE_ADMIN in SITE_TABLE[right]
    roles = [role for role in Role if Who(role.value) in SITE_TABLE[right]]
    return bool(roles) and Member.objects.filter(person=visitor, role__in=roles, suspended_at=None).exists()


def can_create_jam(visitor: Visitor) -> bool:
    return may_on_site(visitor, SiteRight.MAKE_A_JAM)
