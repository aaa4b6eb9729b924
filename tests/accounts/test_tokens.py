"""Who holds a token for the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.domain import tokens
from accounts.models import ApiToken
from tests.cast import make_person

pytestmark = pytest.mark.django_db


def test_a_token_is_of_who_had_it_made() -> None:
    ana, ben = make_person("Ana"), make_person("Ben")
    held = {person.pk: tokens.make_token(person=person) for person in (ana, ben)}
    assert [tokens.person_of_token(token) for token in held.values()] == [ana, ben]
    assert tokens.person_of_token("jam_nobodys") is None


def test_who_may_not_come_in_holds_none() -> None:
    ana = make_person("Ana")
    token = tokens.make_token(person=ana)
    ana.is_active = False
    ana.save()
    assert tokens.person_of_token(token) is None


def test_its_use_is_noted_at_most_once_an_hour(django_assert_num_queries: Any) -> None:
    token = tokens.make_token(person=make_person("Ana"))
    with django_assert_num_queries(2):
        tokens.person_of_token(token)
    noted = ApiToken.objects.get().last_used_at
    with django_assert_num_queries(1):
        tokens.person_of_token(token)
    assert ApiToken.objects.get().last_used_at == noted
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=61))
    with django_assert_num_queries(2):
        tokens.person_of_token(token)
