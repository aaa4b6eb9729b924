"""What the site holds of a person is declared: `accounts.domain.personal`, and `domain/holdings.py` of each floor."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import EmailField, Field, GenericIPAddressField, Model

from accounts.domain.personal import HOLDINGS, Holding, Leaving, declare
from accounts.models import Person
from jam.models import Member
from tests.cast import Cast

PERSONAL = {
    (model, field)
    for model in apps.get_models(include_auto_created=True)
    for field in model._meta.concrete_fields
    if field.related_model in (Person, Member) or isinstance(field, EmailField | GenericIPAddressField)
}


def declared_in(model: type[Model]) -> list[Holding]:
    return [one for one in HOLDINGS.values() if model is one.model or model in one.with_it]


@pytest.mark.parametrize(("model", "field"), sorted(PERSONAL, key=str), ids=str)
def test_every_table_that_leads_to_a_person_is_declared_by_its_floor(model: type[Model], field: Field) -> None:
    holdings = declared_in(model)
    where = f"{model._meta.label}.{field.name}"
    assert holdings, f"{where}: say in domain/holdings.py what it holds of a person, and what becomes of it"
    for holding in holdings:
        if field.is_relation and model is holding.model:
            known = (holding.owner.split("__")[0], *holding.also)
            assert field.name in known, f"{where}: is it the owner, or also somebody?"


def test_there_is_something_to_look_at() -> None:
    assert len(PERSONAL) > 25
    assert {"threads.Post", "account.EmailAddress", "jam.Member"} <= {model._meta.label for model, _ in PERSONAL}


@pytest.mark.parametrize("holding", HOLDINGS.values(), ids=lambda holding: holding.name)
def test_a_holding_says_everything_and_can_be_read(cast: Cast, holding: Holding) -> None:
    assert all((holding.title, holding.purpose, holding.seen_by, holding.how_long()))
    for row in holding.rows(cast.ana.person):
        assert row
    assert not any("digest" in name or "key" in name or "password" in name for name in holding.fields), "no secret"


def test_what_is_declared_twice_or_kept_without_a_reason_stops_the_start() -> None:
    same = {"model": Member, "title": "x", "purpose": "x", "kept": "x", "seen_by": "x"}
    with pytest.raises(ValueError, match="twice"):
        declare("posts", **same, on_leaving=Leaving.REMOVE)
    with pytest.raises(ValueError, match="say why"):
        declare("relics", **same, on_leaving=Leaving.KEEP)


def test_what_somebody_wrote_is_read_with_what_it_said_before_and_of_nobody_else(cast: Cast) -> None:
    mine = cast.idea(by=cast.ana, subject="A lamp on the pier")
    cast.idea(by=cast.ben, subject="A bench")
    [row] = HOLDINGS["posts"].rows(cast.ana.person)
    assert (row["subject"], row["post"], row["before"]) == ("A lamp on the pier", mine.pk, [])
