"""Every command of the site: those that act for somebody refuse who may not act."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command, get_commands

from tests.matrix.rights import ACTORS
from tests.matrix.world import World

pytestmark = pytest.mark.django_db

FLOORS = {"accounts", "jam", "live", "moderation", "notifications", "results", "threads"}
FOR_SOMEBODY = {"apitoken"}
FOR_WHO_HAS_THE_MACHINE = {"exportjam", "importjam", "up"}
"""These act for nobody: whoever can run them can read the database."""


def test_every_command_is_in_the_table() -> None:
    ours = {name for name, app in get_commands().items() if app in FLOORS}
    assert ours == FOR_SOMEBODY | FOR_WHO_HAS_THE_MACHINE


@pytest.mark.parametrize(
    "actor", [one for one in ACTORS if not one.name.startswith("visitor")], ids=lambda one: one.name
)
def test_a_token_is_made_for_who_can_sign_in(world: World, actor: object) -> None:
    """A token opens no more than its person does: suspended from one jam, they are not from others."""
    name, made = actor.name, io.StringIO()  # type: ignore[attr-defined]
    if name == "banned":
        with pytest.raises(CommandError, match="not active"):
            call_command("apitoken", f"{name}@example.org", stdout=made)
        assert made.getvalue() == ""
    else:
        call_command("apitoken", f"{name}@example.org", stdout=made)
        assert made.getvalue().startswith("jam_")


def test_nobody_gets_no_token(world: World) -> None:
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("apitoken", "nobody@example.org")
