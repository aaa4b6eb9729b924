"""What docs/live.md tells those who write clients is what the code does."""

from __future__ import annotations

import re

from live.codes import Close
from live.domain.kinds import KINDS, all_kinds
from tests.gates import live_doc

COMMAND = ".venv/bin/python -m tests.gates.live_doc"


def test_the_page_on_live_updates_is_up_to_date() -> None:
    doc = live_doc.DOC.read_text()
    assert doc == live_doc.renewed(doc), f"docs/live.md differs from the code. `{COMMAND}` writes it anew."


def test_it_has_every_kind_and_every_code_and_no_other() -> None:
    doc = live_doc.DOC.read_text()
    assert re.findall(r"^### `(.+)`$", doc, re.MULTILINE) == [kind.kind for kind in all_kinds()] == sorted(KINDS)
    assert re.findall(r"^\| (\d{4}) \|", doc, re.MULTILINE) == [str(int(code)) for code in Close]


def test_a_kind_is_told_field_by_field() -> None:
    assert live_doc.section("tree.planted", TREE) == (
        "### `tree.planted`\n\nSomebody planted a tree.\n\n"
        "| field | type | what it says |\n| --- | --- | --- |\n"
        "| `by` | object | Who did it. |\n"
        "| `by.name` | text or null | Their name. |\n"
        "| `sort` | `oak`, `elm` | What it is. |\n"
        "| `at` | time | When it was. |"
    )


TREE = {
    "description": "Somebody planted a tree.",
    "properties": {
        "seq": {"type": "integer", "description": "Its number."},
        "by": {"$ref": "#/$defs/Gardener", "description": "Who did it."},
        "sort": {"$ref": "#/$defs/Sort", "description": "What it is."},
        "at": {"type": "string", "format": "date-time", "description": "When it was."},
    },
    "$defs": {
        "Gardener": {
            "type": "object",
            "properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}], "description": "Their name."}},
        },
        "Sort": {"enum": ["oak", "elm"]},
    },
}
