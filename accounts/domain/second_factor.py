"""Second factors: who must have one, and whether it was shown.

What counts is that the session has shown one: at the door, when it was confirmed later, or when it was set up in it.
A passkey that opens the door is both factors: the device that holds it has asked for a finger, a face or a PIN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import Person

SHOWN = "second_factor_of"
"""In a session: the number of the person who showed one in it."""


class Needed(Exception):
    """An admin did not show a second factor, and must. Pages lead to where it is set up, the API answers 403."""


def note_shown(session: Any, person: Person) -> None:
    session[SHOWN] = person.pk


def note_removed(session: Any, person: Person) -> None:
    """A factor was taken away: without another, what was shown counts no more."""
    if not has_one(person):
        session.pop(SHOWN, None)


def is_shown(session: Mapping[str, Any], person_id: int) -> bool:
    return session.get(SHOWN) == person_id


def has_one(person: Person) -> bool:
    """Whether one is set up; codes for an emergency alone are none. One query."""
    factors = Authenticator.objects.filter(user_id=person.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(factors.exists())


def is_missing(person: Person) -> bool:
    """Whether this admin of the site must show one and has not. No query: who let them in has set it (`Person`)."""
    return settings.ADMINS_NEED_SECOND_FACTOR and person.is_staff and person.second_factor is False
