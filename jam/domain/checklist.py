"""What is missing in a jam, or unwise, before it is published: each line leads to the step that mends it.

`lines` is pure. Only what `stops` keeps a jam from being published; the rest is advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext, ngettext

from jam.models import Door, Forum, Invitation, Jam, Member, OpeningPrompt, Role, SharedLink

SHORT = timedelta(hours=1)
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """What the checklist looks at. `unrun` are the titles of forums that no facilitator has among theirs; empty where
    some facilitator has all. `participants` are those who neither run the jam nor observe it."""

    now: datetime
    is_published: bool
    opens_at: datetime | None
    closes_at: datetime | None
    has_question: bool
    forums: int
    forums_without_words: Sequence[str]
    prompts: int
    door: str
    participants: int
    has_invited: bool
    admins: int
    facilitators: int
    unrun: Sequence[str]
    rules_version: int
    mails_leave: bool


@dataclass(frozen=True)
class Line:
    """`step` is the step that mends it, or the name of an address of the jam (`jam:invitations`)."""

    code: str
    words: str
    step: str
    stops: bool = False
    field: str = ""


Check = Callable[[Jam, Facts], Iterable[Line]]
_checks: list[Check] = []


def add_check(check: Check) -> None:
    """Has a floor above, or another room of this one, add lines. Twice is once. It may ask the database, boundedly."""
    if check not in _checks:
        _checks.append(check)


def of(jam: Jam, now: datetime) -> list[Line]:
    """The lines for `jam`, what stops it first. Six queries at most, and those of the checks that were added."""
    facts = facts_of(jam, now)
    found = [*lines(facts), *(line for check in _checks for line in check(jam, facts))]
    return sorted(found, key=lambda line: not line.stops)


def lines(facts: Facts) -> list[Line]:
    return [*_of_the_window(facts), *_of_the_forums(facts), *_of_the_people(facts), *_of_the_rest(facts)]


def _of_the_window(facts: Facts) -> Iterable[Line]:
    if facts.opens_at is None or facts.closes_at is None:
        field = "opens_at" if facts.opens_at is None else "closes_at"
        yield Line("window", gettext("Set the window first."), "schedule", stops=True, field=field)
        return
    if facts.closes_at <= facts.now:
        if not facts.is_published:
            words = gettext("The close lies in the past. Move it first.")
            yield Line("past", words, "schedule", stops=True, field="closes_at")
        return
    if not facts.is_published and facts.opens_at <= facts.now:
        yield Line("opens_at_once", gettext("The opening lies in the past: it opens when you publish it."), "schedule")
    elif not facts.is_published and facts.opens_at - facts.now < SOON:
        yield Line("soon", gettext("It opens within a day: not everybody will have heard of it."), "schedule")
    if facts.closes_at - facts.opens_at < SHORT:
        yield Line("short", gettext("It is open for less than an hour."), "schedule")


def _of_the_forums(facts: Facts) -> Iterable[Line]:
    if not facts.forums:
        yield Line("forums", gettext("Add a forum first."), "forums", stops=True, field="forums")
        return
    if facts.forums_without_words:
        message = ngettext(
            "%(count)s forum has no question: %(titles)s.",
            "%(count)s forums have no question: %(titles)s.",
            len(facts.forums_without_words),
        )
        yield Line("questions", message % _counted(facts.forums_without_words), "forums")
    if not facts.prompts and not facts.is_published:
        words = gettext("No forum has an opening prompt: people come into empty rooms.")
        yield Line("prompts", words, "forums")


def _of_the_people(facts: Facts) -> Iterable[Line]:
    if facts.door == Door.INVITATION and not facts.participants and not facts.has_invited:
        words = gettext("Nobody was invited, and only who was invited can come in.")
        yield Line("nobody", words, "jam:invitations")
    if facts.admins < 2:
        words = gettext("There is no second admin: if the first one is away, nobody can change who runs the jam.")
        yield Line("second_admin", words, "people")
    if not facts.facilitators:
        yield Line("facilitators", gettext("Nobody facilitates but the admin."), "people")
    if facts.unrun:
        message = ngettext(
            "%(count)s forum has no facilitator: %(titles)s.",
            "%(count)s forums have no facilitator: %(titles)s.",
            len(facts.unrun),
        )
        yield Line("unrun", message % _counted(facts.unrun), "people")
    if not facts.mails_leave:
        words = gettext("This site writes mails to files: no invitation and no reminder leaves it.")
        yield Line("mail", words, "people")


def _of_the_rest(facts: Facts) -> Iterable[Line]:
    if not facts.has_question:
        yield Line("question", gettext("The jam asks no question."), "words", field="question")
    if not facts.rules_version:
        words = gettext("There are no rules of conduct: nobody has to accept any before they post.")
        yield Line("rules", words, "rules")


def _counted(titles: Sequence[str]) -> dict[str, object]:
    return {"count": len(titles), "titles": ", ".join(titles)}


# --- the facts ----------------------------------------------------------------------------------------------


def facts_of(jam: Jam, now: datetime) -> Facts:
    """Six queries at most, whatever the jam holds."""
    forums = list(Forum.objects.filter(jam=jam).values_list("pk", "title", "question"))
    roles = _roles(jam)
    duties = list(Member.objects.filter(jam=jam, role=Role.FACILITATOR).values_list("pk", "duties__forum"))
    return Facts(
        now=now,
        is_published=jam.published_at is not None,
        opens_at=jam.opens_at,
        closes_at=jam.closes_at,
        has_question=bool(jam.question),
        forums=len(forums),
        forums_without_words=[title for _pk, title, question in forums if not question],
        prompts=OpeningPrompt.objects.filter(forum__jam=jam).count(),
        door=jam.door,
        participants=roles.get(Role.PARTICIPANT, 0) + roles.get(Role.GUEST, 0),
        has_invited=_has_invited(jam),
        admins=roles.get(Role.ADMIN, 0),
        facilitators=roles.get(Role.FACILITATOR, 0),
        unrun=_unrun([(pk, title) for pk, title, _question in forums], duties),
        rules_version=jam.rules_version,
        mails_leave=settings.EMAIL_BACKEND != "accounts.mail.EmlFileBackend",
    )


def _roles(jam: Jam) -> dict[str, int]:
    """How many members have each role."""
    return dict(Member.objects.filter(jam=jam).values_list("role").annotate(Count("pk")))


def _has_invited(jam: Jam) -> bool:
    return any(way.objects.filter(jam=jam, revoked_at=None).exists() for way in (Invitation, SharedLink))


def _unrun(forums: Sequence[tuple[int, str]], duties: Sequence[tuple[int, int | None]]) -> list[str]:
    """The forums that no facilitator has, given each facilitator with each of their forums; None is all of them."""
    run = {forum for _member, forum in duties}
    return [] if not duties or None in run else [title for pk, title in forums if pk not in run]
