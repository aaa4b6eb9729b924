"""Who has which right, and when: written by hand, against jam/roles.py and not from it."""

from __future__ import annotations

from dataclasses import dataclass

PHASES = {"d": "draft", "s": "scheduled", "o": "open", "r": "reading", "v": "review", "a": "archived"}
ALL, PUBLISHED = set(PHASES.values()), set(PHASES.values()) - {"draft"}


@dataclass(frozen=True)
class Actor:
    """Somebody who tries. `like` is the column of the tables that they are; none is shut out of all there is."""

    name: str
    like: str
    signed_in: bool = True
    door: str = "account"
    """Of the jam that they try."""


ACTORS = [
    Actor("visitor", "out", signed_in=False),
    Actor("banned", "out", signed_in=False),  # their account is suspended from the site; session and token are there
    Actor("stranger", "account"),
    Actor("admin_elsewhere", "account"),
    Actor("former", "account"),  # was taken out of the jam
    Actor("participant", "participant"),
    Actor("guest", "guest"),
    Actor("observer", "observer"),
    Actor("facilitator", "facilitator"),
    Actor("facilitator_here", "of_here"),  # runs the forum that is tried, and no other
    Actor("facilitator_there", "of_others"),  # runs another forum alone
    Actor("admin", "admin"),
    Actor("site_admin", "site"),  # no member
    Actor("suspended", ""),
    Actor("suspended_facilitator", ""),
    Actor("visitor_at_shut_door", "", signed_in=False, door="invitation"),
    Actor("stranger_at_shut_door", "", door="invitation"),
    Actor("stranger_at_request_door", "", door="request"),
]

# A letter is a phase (see PHASES), "*" all of them, "p" all but the draft, "-" none.
IN_THE_JAM = """
             out account participant guest observer facilitator of_here of_others admin site
see          p   p       p           p     p        *           *       *         *     *
hear         -   sor     sor         sor   p        *           *       *         *     *
read         -   or      or          or    p        *           *       *         *     *
see_signed_in -  p       p           p     p        *           *       *         *     *
join         -   sor     p           p     p        *           *       *         *     *
digest       -   or      p           p     p        *           *       *         *     *
link         or  or      or          or    p        *           *       *         *     *
own          -   -       p           p     p        *           *       *         *     -
keep         -   -       or          or    p        *           *       *         *     -
post         -   -       o           o     -        o           o       o         o     -
people       -   -       or          or    p        *           *       *         *     *
staff        -   -       -           -     -        *           *       *         *     *
flag         -   -       or          or    -        *           *       *         *     -
run          -   -       -           -     -        *           *       *         *     -
invite       -   -       -           -     -        *           -       -         *     -
govern       -   -       -           -     -        -           -       -         *     -
moderate     -   -       -           -     -        *           *       -         *     -
judge        -   -       -           -     -        orva        orva    -         orva  -
poll         -   -       -           -     -        dso         dso     -         dso   -
announce     -   -       -           -     -        p           p       -         p     -
address      -   -       -           -     -        *           -       -         *     -
set_up       -   -       -           -     -        *           -       -         *     *
administer   -   -       -           -     -        -           -       -         *     *
"""

# "y" for yes: what belongs to no jam.
ON_THE_SITE = """
             out account participant guest observer facilitator of_here of_others admin site
anybody      y   y       y           y     y        y           y       y         y     y
person       -   y       y           y     y        y           y       y         y     y
not_signed_out - y       y           y     y        y           y       y         y     y
site         -   -       -           -     -        -           -       -         -     y
"""

EVERYBODY = " ".join(actor.name for actor in ACTORS)
MEMBERS = (
    "suspended suspended_facilitator former participant guest observer "
    "facilitator facilitator_here facilitator_there admin"
)
# Rights that do not follow from the column, or not from it alone, by the phases in which these have them.
BY_NAME = {
    "make_a_jam": {
        "*": "facilitator facilitator_here facilitator_there admin site_admin admin_elsewhere",
    },
    "see": {"p": "stranger_at_request_door"},
    "see_signed_in": {"p": "stranger_at_request_door"},
    "request": {"p": "stranger_at_request_door"},
    "ask": {"sor": "stranger_at_request_door"},
    "of_the_key": {"or": EVERYBODY},  # whose feed it is: a participant
    "own_notification": {"*": MEMBERS},
    "nobody": {},
}


def _letters(cell: str) -> set[str]:
    if cell in ("*", "y"):
        return ALL
    return PUBLISHED if cell == "p" else {PHASES[letter] for letter in cell if letter != "-"}


def _table(text: str) -> dict[str, dict[str, set[str]]]:
    heads, *rows = (line.split() for line in text.strip().splitlines())
    found = {}
    for right, *cells in rows:
        if len(cells) != len(heads):
            raise ValueError(f"The row of {right} has {len(cells)} cells for {len(heads)} columns.")
        found[right] = {head: _letters(cell) for head, cell in zip(heads, cells, strict=True)}
    return found


RIGHTS = _table(IN_THE_JAM)
OF_THE_SITE = _table(ON_THE_SITE)


def may(actor: Actor, right: str, phase: str) -> bool:
    """Whether the tables say that `actor` has `right` in `phase`. Raises KeyError for a right that is in none."""
    named = BY_NAME.get(right, {})
    if any(actor.name in names.split() and phase in _letters(when) for when, names in named.items()):
        return True
    if right in OF_THE_SITE:
        column = actor.like or ("account" if actor.signed_in else "out")
        return phase in OF_THE_SITE[right][column]
    if right in BY_NAME and right not in RIGHTS:
        return False
    return phase in RIGHTS[right].get(actor.like, ())
