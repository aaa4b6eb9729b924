"""A jam's door with something of everything, for pages that are looked at."""

from __future__ import annotations

from typing import Any

from jam.domain import inviting, rules, shared_links
from jam.domain.invitation_links import token_of
from jam.domain.inviting import ListPlan
from jam.models import Invitation, JoinRequest, Member, Naming, Policy
from tests.cast import Cast
from tests.e2e.occasions import LONG

KEY = "k2k2k2k2k2k2"
INVITED = f"/i/{token_of(Invitation(key=KEY))}/"
"""The page of the invitation that the furnished jam has."""


def furnish_door(cast: Cast) -> dict[str, Any]:
    """What fills in the addresses of the door. Ana has a name that is not hers, so that there is one to trace."""
    rows = f'email,name,{LONG}\n"a@x.org,A\nnobody\n{"b" * 60}@{"wort" * 12}.example,{LONG}\nماء@x.org\nc@x.org,,,,\n'
    made = inviting.make_list(jam=cast.jam, by=cast.ada, plan=ListPlan(rows.encode("latin-1", "ignore"), name=LONG))
    sent = inviting.make_list(jam=cast.jam, by=cast.ada, plan=ListPlan(b"d@x.org", name=""))
    inviting.send(invitations=sent, by=cast.ada)
    Invitation.objects.filter(email="d@x.org").update(key=KEY)
    link = shared_links.make(jam=cast.jam, by=cast.ada, words=LONG[:120], most=20, expires_at=None)
    asked = [JoinRequest(jam=cast.jam, person=one, words=f"{LONG}\nمصباح") for one in (cast.zoe, cast.sid)]
    JoinRequest.objects.bulk_create(asked)
    Policy.objects.update_or_create(jam=cast.jam, defaults={"naming": Naming.ANONYMOUS})
    Member.objects.filter(pk=cast.ana.pk).update(alias="ana")
    rules.change(jam=cast.jam, by=cast.ada, text=f"# {LONG}\n\n- Be kind.\n- كن لطيفا", version=0)
    # Omar has still to accept them. Who furnishes the rest in the others' names goes on.
    Member.objects.filter(jam=cast.jam).exclude(pk=cast.omar.pk).update(rules_accepted=1)
    for one in (cast.ana, cast.ben, cast.fay, cast.ada):
        one.rules_accepted = 1
    return {
        "list_id": made.pk,
        "link_id": link.pk,
        "invitation_id": Invitation.objects.latest("pk").pk,
        "request_id": asked[0].pk,
    }
