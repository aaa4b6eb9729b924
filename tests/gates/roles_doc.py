"""`python -m tests.gates.roles_doc`: writes anew what docs/roles.md takes from the code.

That is the tables of who may do what, from jam/roles.py. The rest of the page is written by hand.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.gates.live_doc import table

if TYPE_CHECKING:
    from jam.domain.phases import Phase
    from jam.roles import Proviso, Right, Who

DOC = Path(__file__).resolve().parent.parent.parent / "docs/roles.md"
HEADS = {
    "signed-out": "signed out",
    "account": "an account, no member",
    "participant": "participant",
    "guest": "guest",
    "observer": "observer",
    "facilitator": "facilitator",
    "admin": "admin of the jam",
    "site-admin": "admin of the site",
}
MARKS = {"door-open": "¹", "door-shown": "²", "not-a-member": "³", "their-forums": "⁴", "all-forums": "⁵"}
PHASES = ["draft", "scheduled", "open", "reading", "review", "archived"]


def renewed(doc: str) -> str:
    """The page with both tables as they are in the code now. Raises ValueError if one has no place in the page."""
    for name, text in (("rights", rights()), ("site", site())):
        place = re.compile(f"(?<=<!-- {name} -->\n).*?(?=<!-- end of {name} -->)", re.DOTALL)
        doc, places = place.subn(lambda _, text=text: f"\n{text}\n\n", doc)
        if places != 1:
            raise ValueError(f"{DOC.name} has {places} places for {name}.")
    return doc


def rights() -> str:
    from jam.roles import TABLE, WORDS, Who

    columns = [Who(name) for name in HEADS]
    rows = [(f"`{right}`", str(WORDS[right]), *(cell(right, who) for who in columns)) for right in TABLE]
    return table(("right", "what it is", *HEADS.values()), rows)


def cell(right: Right, who: Who) -> str:
    """When `who` has `right`: the phases of their grants together, parted by what the grants depend on."""
    from jam.roles import TABLE

    found: dict[Proviso | None, set[Phase]] = {}
    told: set[Phase] = set()
    for grant in TABLE[right]:
        if who in grant.who:
            found.setdefault(grant.provided, set()).update(grant.phases - told)
            told |= grant.phases
    return "; ".join(words(phases, proviso) for proviso, phases in found.items() if phases) or "–"


def words(phases: Iterable[Phase], proviso: Proviso | None) -> str:
    held = [phase for phase in PHASES if phase in phases]
    short = {len(PHASES): "always", len(PHASES) - 1: "published" if PHASES[0] not in held else ""}
    return (short.get(len(held)) or ", ".join(held)) + (MARKS[proviso] if proviso else "")


def site() -> str:
    from jam.roles import SITE_TABLE, SITE_WORDS

    rows = [
        (str(SITE_WORDS[right]), ", ".join(HEADS[w] for w in HEADS if w in who)) for right, who in SITE_TABLE.items()
    ]
    return table(("what", "who"), rows)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_for_types"
    import django

    django.setup()
    DOC.write_text(renewed(DOC.read_text()))
