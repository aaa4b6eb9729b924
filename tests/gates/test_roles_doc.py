"""What docs/roles.md says of who may do what is what the code does."""

from __future__ import annotations

from jam.domain.phases import Phase
from jam.roles import TABLE, WORDS, Proviso, Right, Who
from tests.gates import roles_doc

COMMAND = ".venv/bin/python -m tests.gates.roles_doc"


def test_the_page_on_roles_is_up_to_date() -> None:
    doc = roles_doc.DOC.read_text()
    assert doc == roles_doc.renewed(doc), f"docs/roles.md differs from the code. `{COMMAND}` writes it anew."


def test_every_right_has_its_words_and_everybody_a_column() -> None:
    assert set(TABLE) == set(WORDS) == set(Right)
    assert set(roles_doc.HEADS) == set(Who) - {Who.SUSPENDED}
    assert set(roles_doc.MARKS) == set(Proviso)
    assert list(Phase) == roles_doc.PHASES


def test_who_is_suspended_has_no_right() -> None:
    assert not any(Who.SUSPENDED in grant.who for grants in TABLE.values() for grant in grants)


def test_a_grant_is_told_by_its_phases() -> None:
    assert roles_doc.words({Phase.READING, Phase.OPEN}, Proviso.DOOR_OPEN) == "open, reading¹"
    assert roles_doc.words(set(Phase), None) == "always"
    assert roles_doc.words(set(Phase) - {Phase.DRAFT}, None) == "published"
    assert roles_doc.cell(Right.POST, Who.OBSERVER) == "–"
    assert roles_doc.cell(Right.HEAR, Who.GUEST) == "scheduled, open, reading"
