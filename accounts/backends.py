"""Who a session belongs to."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Person
from accounts.rows import Fetch

PERSON = Fetch("SELECT {person} FROM accounts_person AS person WHERE person.id = %(person)s", person=Person)


class PersonBackend(AuthenticationBackend):
    """allauth's, with the question that every page of somebody signed in asks first put together once."""

    def get_user(self, user_id: int) -> Person | None:
        found = PERSON.first(person=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
