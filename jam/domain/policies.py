"""What a jam promises its people: see `jam.models.Policy`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from jam.domain import naming
from jam.domain.doings import did
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.phases import hold_window
from jam.models import Jam, Member, Naming, OnDeletion, Policy, Role
from live.bus import publish_review


@dataclass(frozen=True)
class PolicyPlan:
    """A policy as it is meant to be. `domains` may be empty: those of the jam's organisation are meant then."""

    naming: str
    on_deletion: str
    required_second_factor: bool
    domains: Sequence[str] = ()
    sso_providers: Sequence[str] = ()


def of(jam: Jam) -> Policy:
    """The policy of `jam`, the usual one if nobody changed it: that is not stored then. One query."""
    found = Policy.objects.filter(jam=jam).first() or Policy(jam=jam)
    found.jam = jam
    return found


def domains_of(policy: Policy) -> Sequence[str]:
    """The mail domains that the door “domains” asks for."""
    return policy.domains or policy.jam.home_domains


def change(*, jam: Jam, by: Member, plan: PolicyPlan) -> Policy:
    """Makes the policy as `plan` says. Whoever has another kind of name then gets it at once: see `naming.rename_all`.

    Holds the jam's window until the commit, so that nobody posts under a promise that is just being changed. Raises
    NotAllowed unless `by` administers the jam, Invalid naming the field, and Conflict with the code "fixed" if the
    naming is to change in a jam that holds a post.
    """
    _check(plan)
    if by.jam_id != jam.pk or by.role != Role.ADMIN:
        raise NotAllowed(gettext("Only an admin of this jam changes what it promises."), code="role")
    with transaction.atomic():
        held = of(hold_window(jam.pk))
        before = _described(held)
        renamed = held.naming != plan.naming
        if renamed and naming.is_fixed(jam):
            raise Conflict(
                gettext("Somebody has posted, so the names stay as they were promised."), code="fixed", field="naming"
            )
        for name, value in asdict(plan).items():
            setattr(held, name, list(value) if isinstance(value, tuple | list) else value)
        held.save()
        if renamed:
            naming.rename_all(held)
        after = _described(held)
        if after != before:
            did(jam=jam, by=by, kind="policy", before=before, after=after)
            publish_review(jam_key=jam.pk)
    return held


def _check(plan: PolicyPlan) -> None:
    if plan.naming not in Naming.values:
        raise Invalid(gettext("Choose which names the jam shows."), code="required", field="naming")
    if plan.on_deletion not in OnDeletion.values:
        raise Invalid(gettext("Choose what becomes of posts."), code="required", field="on_deletion")


def _described(policy: Policy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in PolicyPlan.__dataclass_fields__}
