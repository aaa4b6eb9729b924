"""What a kind of event is held to when it is declared, and when one of it is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from pydantic import Field, ValidationError

from live.domain import kinds
from live.domain.kinds import Count, EventData, Id, Moment, declare


@pytest.fixture(autouse=True)
def declarations_end() -> Iterator[None]:
    with patch.dict(kinds.KINDS):
        yield


class Planted(EventData):
    """Somebody planted a tree."""

    tree: Id = Field(description="The tree.")
    height: Count
    at: Moment


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FITTING = {"tree": 3, "height": 0, "at": NOON}


def test_a_kind_has_its_name_once() -> None:
    declare("tree.planted")(Planted)
    assert (Planted.kind, kinds.KINDS["tree.planted"]) == ("tree.planted", Planted)
    with pytest.raises(ValueError, match="declared twice: by Planted and by Felled"):

        @declare("tree.planted")
        class Felled(EventData):
            """Somebody cut a tree down."""


@pytest.mark.parametrize("name", ["", "Tree", "tree.", "tree planted", "tree.2", "t" * 41])
def test_a_name_is_short_and_plain(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a kind"):
        declare(name)(Planted)


@pytest.mark.parametrize("field", ["seq", "html"])
def test_what_every_event_has_is_not_for_a_kind_to_set(field: str) -> None:
    fields = {"__annotations__": {field: str}, "__module__": __name__}
    with pytest.raises(ValueError, match=f"'{field}'.* not for 'tree.planted' to set"):
        declare("tree.planted")(type("Odd", (EventData,), fields))


@pytest.mark.parametrize(
    "wrong",
    [
        {"tree": 0},
        {"tree": "3"},
        {"height": -1},
        {"height": 1.5},
        {"at": datetime(2026, 11, 22, 12)},  # noqa: DTZ001 (that it has no zone is what is wrong with it)
        {"at": "2026-11-22T12:00:00Z"},
        {"colour": "green"},
    ],
)
def test_what_does_not_fit_the_kind_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        Planted(**(FITTING | wrong))
    assert [error["loc"] for error in refused.value.errors()] == [tuple(wrong)]


@pytest.mark.parametrize("at", [NOON, NOON.astimezone(ZoneInfo("Europe/Berlin"))])
def test_what_fits_is_fit_for_json_with_its_times_in_utc(at: datetime) -> None:
    planted = Planted(tree=3, height=0, at=at)
    assert planted.model_dump(mode="json") == {"tree": 3, "height": 0, "at": "2026-11-22T12:00:00+00:00"}


def test_an_event_does_not_change() -> None:
    event = Planted(**FITTING)
    with pytest.raises(ValidationError):
        event.height = 4
