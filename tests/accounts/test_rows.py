"""SQL that is written once, and the objects that come of it."""

from typing import Any

import pytest

from accounts.models import Person
from accounts.rows import Fetch, only
from tests.cast import make_person

pytestmark = pytest.mark.django_db

PERSON = Fetch("SELECT {person}, 41 + 1 FROM accounts_person AS person WHERE person.id = %(id)s", person=Person)
NAME = Fetch(
    "SELECT {person} FROM accounts_person AS person WHERE person.id = %(id)s", person=only(Person, "id", "name")
)
NAMESAKE = Fetch(
    """
    SELECT {person}, {other}
    FROM accounts_person AS person
    LEFT JOIN accounts_person AS other ON other.name = person.name AND other.id <> person.id
    WHERE person.id = %(id)s
    """,
    person=Person,
    other=Person,
)


def test_an_object_is_as_the_orm_reads_it(django_assert_num_queries: Any) -> None:
    ana = make_person("Ana")
    with django_assert_num_queries(1):
        found = PERSON.first(id=ana.pk)
    assert found is not None
    person, number = found
    stored = Person.objects.get(pk=ana.pk)
    fields = [field.attname for field in Person._meta.concrete_fields]
    assert [getattr(person, name) for name in fields] == [getattr(stored, name) for name in fields]
    assert number == 42
    person.name = "Anna"
    person.save()  # as one that is stored, not a second
    assert list(Person.objects.values_list("name", flat=True)) == ["Anna"]


def test_what_was_left_out_is_read_when_it_is_wanted(django_assert_num_queries: Any) -> None:
    ana = make_person("Ana")
    found = NAME.first(id=ana.pk)
    assert found is not None
    with django_assert_num_queries(0):
        assert (found[0].pk, found[0].name) == (ana.pk, "Ana")
    with django_assert_num_queries(1):
        assert found[0].email == "ana@example.org"


def test_what_an_outer_join_did_not_find_is_none() -> None:
    ana = make_person("Ana")
    assert NAMESAKE.first(id=ana.pk) == [ana, None]


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**30])
def test_no_row_is_none_for_any_number(number: int) -> None:
    assert PERSON.first(id=number) is None
