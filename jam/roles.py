"""Who may do what in a jam, and when: the one table. docs/roles.md is made from it, `Entry.may` reads it.

A right is asked for by its name, never a role: what a role may is changed here and nowhere else.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jam.domain.phases import Phase
from jam.models import Role


class Who(enum.StrEnum):
    """What somebody is to a jam. An admin of the site is that besides what they are in the jam."""

    SIGNED_OUT = "signed-out"
    ACCOUNT = "account"
    SUSPENDED = "suspended"
    PARTICIPANT = Role.PARTICIPANT.value
    GUEST = Role.GUEST.value
    OBSERVER = Role.OBSERVER.value
    FACILITATOR = Role.FACILITATOR.value
    ADMIN = Role.ADMIN.value
    SITE_ADMIN = "site-admin"


class Right(enum.StrEnum):
    SEE = "see"
    HEAR = "hear"
    READ = "read"
    JOIN = "join"
    OWN = "own"
    KEEP = "keep"
    WRITE = "write"
    POST = "post"
    VOTE = "vote"
    FLAG = "flag"
    CALL = "call"
    FACILITATE = "facilitate"
    MODERATE = "moderate"
    ADDRESS = "address"
    SET_UP = "set-up"
    ADMINISTER = "administer"


class Proviso(enum.StrEnum):
    """What a grant depends on besides who and when."""

    DOOR_OPEN = "door-open"
    DOOR_SHOWN = "door-shown"
    NOT_A_MEMBER = "not-a-member"
    THEIR_FORUMS = "their-forums"
    """Asked for the forum that is acted on, by the verb: `jam.access.require_runs`."""
    ALL_FORUMS = "all-forums"


@dataclass(frozen=True)
class Grant:
    who: frozenset[Who]
    phases: frozenset[Phase]
    provided: Proviso | None = None


EVER = frozenset(Phase)
PUBLISHED = EVER - {Phase.DRAFT}
BEFORE = frozenset({Phase.SCHEDULED})
READABLE = frozenset({Phase.OPEN, Phase.READING})
OPEN = frozenset({Phase.OPEN})

MEMBERS = frozenset(Who(role) for role in Role.values)
WRITERS = MEMBERS - {Who.OBSERVER}
OBSERVERS = frozenset({Who.OBSERVER})
STRANGERS = frozenset({Who.ACCOUNT})
ANYBODY = STRANGERS | {Who.SIGNED_OUT}
FACILITATORS = frozenset({Who.FACILITATOR})
ADMINS = frozenset({Who.ADMIN})
SITE_ADMINS = frozenset({Who.SITE_ADMIN})
STAFF = FACILITATORS | ADMINS
RUNNERS = STAFF | SITE_ADMINS

READERS = (
    Grant(RUNNERS, EVER),
    Grant(OBSERVERS, PUBLISHED),
    Grant(MEMBERS, READABLE),
    Grant(STRANGERS, READABLE, Proviso.DOOR_OPEN),
)

TABLE: Mapping[Right, tuple[Grant, ...]] = {
    Right.SEE: (
        Grant(RUNNERS, EVER),
        Grant(MEMBERS, PUBLISHED),
        Grant(ANYBODY, PUBLISHED, Proviso.DOOR_SHOWN),
    ),
    Right.HEAR: (*READERS, Grant(MEMBERS, BEFORE), Grant(STRANGERS, BEFORE, Proviso.DOOR_OPEN)),
    Right.READ: READERS,
    Right.JOIN: (
        Grant(STRANGERS, BEFORE | READABLE, Proviso.DOOR_SHOWN),
        Grant(SITE_ADMINS, EVER, Proviso.NOT_A_MEMBER),
    ),
    Right.OWN: (Grant(STAFF, EVER), Grant(MEMBERS, PUBLISHED)),
    Right.KEEP: (Grant(STAFF, EVER), Grant(OBSERVERS, PUBLISHED), Grant(MEMBERS, READABLE)),
    Right.WRITE: (Grant(WRITERS, EVER),),
    Right.POST: (Grant(WRITERS, OPEN),),
    Right.VOTE: (Grant(WRITERS, OPEN),),
    Right.FLAG: (Grant(STAFF, EVER), Grant(WRITERS, READABLE)),
    Right.CALL: (Grant(STAFF, EVER), Grant(MEMBERS, PUBLISHED)),
    Right.FACILITATE: (Grant(RUNNERS, EVER),),
    Right.MODERATE: (Grant(FACILITATORS, EVER, Proviso.THEIR_FORUMS), Grant(ADMINS, EVER)),
    Right.ADDRESS: (Grant(FACILITATORS, EVER, Proviso.ALL_FORUMS), Grant(ADMINS, EVER)),
    Right.SET_UP: (Grant(FACILITATORS, EVER, Proviso.ALL_FORUMS), Grant(ADMINS | SITE_ADMINS, EVER)),
    Right.ADMINISTER: (Grant(ADMINS | SITE_ADMINS, EVER),),
}

WORDS: Mapping[Right, str | Promise] = {
    Right.SEE: _("Know that there is such a jam: its title, question and window"),
    Right.HEAR: _("Hear what is said to everybody: announcements, guest hours, the pulse"),
    Right.READ: _("Read its forums and what was written, search it, follow it live"),
    Right.JOIN: _("Become a member if the door opens: a participant, or an admin if they are an admin of the site"),
    Right.OWN: _("Look at what is their own: posts, drafts, digest"),
    Right.KEEP: _("Keep posts, collect, follow, mark as seen, say who they are"),
    Right.WRITE: _("Send a text: one that comes too late is kept as a draft"),
    Right.POST: _("Post, reply, send pictures; change and withdraw a post of their own"),
    Right.VOTE: _("Vote on posts that are not their own, and in polls"),
    Right.FLAG: _("Flag a post"),
    Right.CALL: _("Write to the facilitators"),
    Right.FACILITATE: _("See the pages of the staff, hidden words and who did what to a post"),
    Right.MODERATE: _("Act on posts, threads and people; announcements and polls of a forum"),
    Right.ADDRESS: _("Speak to the whole jam: announcements, polls on its home, guest hours, themes"),
    Right.SET_UP: _("Change the jam: its words, forums, look and window; publish and close it"),
    Right.ADMINISTER: _("People and their roles, the door, the rules; exports and the log"),
}


class SiteRight(enum.StrEnum):
    """What belongs to no jam."""

    MAKE_A_JAM = "make-a-jam"
    LOAD_A_JAM = "load-a-jam"
    PEOPLE = "people"


SITE_TABLE: Mapping[SiteRight, frozenset[Who]] = {
    SiteRight.MAKE_A_JAM: RUNNERS,
    SiteRight.LOAD_A_JAM: SITE_ADMINS,
    SiteRight.PEOPLE: SITE_ADMINS,
}
"""Who has a right of the site; a role stands for who has it in some jam."""

SITE_WORDS: Mapping[SiteRight, str | Promise] = {
    SiteRight.MAKE_A_JAM: _("Make a jam"),
    SiteRight.LOAD_A_JAM: _("Load a jam from a bundle"),
    SiteRight.PEOPLE: _("Find people of the site, make them admins of it, suspend them"),
}


def roles_with(right: Right, phases: Iterable[Phase] = EVER) -> frozenset[Role]:
    """The roles that have `right` in one of these phases, some of them under a proviso."""
    among = frozenset(phases)
    holders = {who for grant in TABLE[right] if grant.phases & among for who in grant.who}
    return frozenset(role for role in Role if Who(role.value) in holders)
