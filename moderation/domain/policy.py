"""A jam's rules of moderation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from jam.domain.errors import Invalid
from jam.domain.phases import hold_window
from jam.models import Jam, Member
from moderation.domain import words
from moderation.domain.cases import check_runs
from moderation.domain.record import record
from moderation.models import ActionKind, Holding, ModerationPolicy

LISTS = ("words_refused", "words_held", "words_flagged")
NUMBERS = {
    "newcomer_posts": (0, 100), "newcomer_minutes": (0, 10_000), "flags_to_hide": (0, 100), "flags_an_hour": (1, 1_000),
    "participant_posts_an_hour": (1, 1_000), "guest_posts_an_hour": (1, 1_000), "new_account_hours": (0, 10_000),
    "new_account_posts_an_hour": (1, 1_000),
}  # fmt: skip
"""The least and the most of each."""
MAY_BE_EMPTY = frozenset({"participant_posts_an_hour", "guest_posts_an_hour", "new_account_posts_an_hour"})
FIELDS = ("holding", "catches_duplicates", *NUMBERS, *LISTS)


def of(jam: Jam) -> ModerationPolicy:
    """The policy of `jam`; the usual one, which is not stored, if nobody changed it. One query."""
    return ModerationPolicy.objects.filter(jam=jam).first() or ModerationPolicy(jam=jam)


def change(*, member: Member, jam: Jam, plan: Mapping[str, Any]) -> ModerationPolicy:
    """Makes the fields in `plan` as it says, for whoever runs all of the jam, at any time.

    Whoever is writing is waited for: what comes after it goes by the new rules. What waits for a look goes on waiting.
    Raises NotAllowed and Invalid, naming the field. Holds the jam's window until the commit.
    """
    check_runs(member, jam.pk, None)
    cleaned = {name: _clean(name, value) for name, value in plan.items()}
    with transaction.atomic():
        held = of(hold_window(jam.pk))
        before = {name: getattr(held, name) for name in cleaned}
        changed = {name: value for name, value in cleaned.items() if value != before[name]}
        if not changed:
            return held
        for name, value in changed.items():
            setattr(held, name, value)
        held.version += 1
        held.save()
        was = {name: before[name] for name in changed}
        record(jam=held.jam, by=member, kind=ActionKind.MODERATION, before=was, after=changed)
    return held


def _clean(name: str, value: Any) -> Any:
    if name in LISTS:
        return words.clean(value, field=name)
    if name == "holding" and value in Holding.values:
        return str(value)
    if name == "catches_duplicates":
        return bool(value)
    if name in NUMBERS:
        least, most = NUMBERS[name]
        if value is None and name in MAY_BE_EMPTY:
            return None
        if isinstance(value, int) and least <= value <= most:
            return value
        message = gettext("Write a number from %(least)s to %(most)s.")
        raise Invalid(message % {"least": least, "most": most}, code="number", field=name)
    raise Invalid(gettext("This cannot be chosen."), code="choice", field=name)
