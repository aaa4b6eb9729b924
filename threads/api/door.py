"""Joining a jam, and its rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from jam.access import enter
from jam.domain import membership, policies, rules
from jam.domain.errors import NotAllowed
from jam.models import Naming
from threads.api.jams import caller

router = Router(tags=["jams"])


class MembershipIn(Schema):
    name: str = Field("", description="The pseudonym that you choose, in a jam that has them; else left out.")


class RulesOut(Schema):
    version: int = Field(description="0: the jam has no rules, and nobody has to accept any.")
    text: str = Field(description="Markdown.")
    accepted: bool = Field(description="Whether you accepted this version.")
    accepted_at: datetime | None
    naming: Naming = Field(description="As whom people take part.")


class RulesIn(Schema):
    version: int = Field(description="The one that you read.")


@router.put("jams/{slug}/membership", response={204: None})
def jam_join(request: HttpRequest, slug: str, wanted: MembershipIn | None = None) -> Any:
    """Makes you a participant of the jam, if its door is open to you. Twice is once.

    A door that asks for a single sign-on opens only to a browser that came in by it.
    """
    entry = enter(caller(request), slug)
    membership.join(jam=entry.jam, person=caller(request), pseudonym=wanted.name if wanted else "")
    return Status(204, None)


@router.get("jams/{slug}/rules", response=RulesOut)
def jam_rules(request: HttpRequest, slug: str) -> Any:
    """The rules of the jam, and whether you accepted them. Posting before that is refused with the code `rules`."""
    entry = enter(caller(request), slug)
    newest, member = rules.newest(entry.jam), entry.member
    return RulesOut(
        version=entry.jam.rules_version,
        text=newest.text if newest else "",
        accepted=member is not None and rules.are_accepted(entry.jam, member),
        accepted_at=member.rules_accepted_at if member else None,
        naming=Naming(policies.of(entry.jam).naming),
    )


@router.put("jams/{slug}/rules", response={204: None})
def jam_rules_accept(request: HttpRequest, slug: str, read: RulesIn) -> Any:
    """Keeps that you accept the rules. Twice is once; 409 if they were changed since the version that you name."""
    entry = enter(caller(request), slug)
    if entry.member is None:
        raise NotAllowed("You are not a member of this jam. PUT its membership first.", code="not_a_member")
    rules.accept(member=entry.member, version=read.version)
    return Status(204, None)
