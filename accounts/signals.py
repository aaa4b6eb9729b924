"""Tells the open tabs of somebody that who they are has to be asked again: see `live.bus.publish_review`.

Signing in and out, passwords and sessions are the verbs of Django and allauth, and end in these rows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import authentication_step_completed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.domain import second_factor
from accounts.models import ApiToken, Person
from live.bus import publish_review

DECISIVE = frozenset({"password", "is_active", "is_staff"})


@receiver(post_save, sender=Person)
def person_changed(instance: Person, created: bool, update_fields: Collection[str] | None, **kwargs: Any) -> None:
    """A new password ends the other sessions, and whoever is suspended may not listen."""
    if not created and (update_fields is None or not DECISIVE.isdisjoint(update_fields)):
        publish_review(person=instance.pk)


@receiver(post_delete, sender=Person)
def person_deleted(instance: Person, **kwargs: Any) -> None:
    publish_review(person=instance.pk)


@receiver(post_delete, sender=Session)
def session_ended(instance: Session, **kwargs: Any) -> None:
    """Signed out, or signed in anew: that changes the session's key. One that was over already is only cleared away.

    From where it was made is then of no use to anybody.
    """
    UserSession.objects.filter(session_key=instance.session_key).delete()
    person = instance.get_decoded().get(SESSION_KEY)
    if person is not None and instance.expire_date > timezone.now():
        publish_review(person=int(person))


@receiver(post_save, sender=ApiToken)
def token_changed(instance: ApiToken, created: bool, **kwargs: Any) -> None:
    if not created:
        publish_review(person=instance.person_id)


@receiver(post_delete, sender=ApiToken)
def token_deleted(instance: ApiToken, **kwargs: Any) -> None:
    publish_review(person=instance.person_id)


@receiver(authentication_step_completed)
def step_completed(request: HttpRequest, user: Person, method: str, **kwargs: Any) -> None:
    if method == "mfa":
        second_factor.note_shown(request.session, user)
    elif method == "code" and user.has_usable_password() and not is_confirmed(user):
        # Whoever signed up with this address had not its mail. Their password must not open what is its owner's now.
        user.set_unusable_password()
        user.save(update_fields=["password"])


def is_confirmed(person: Person) -> bool:
    return bool(EmailAddress.objects.filter(user=person, verified=True).exists())


@receiver(authenticator_added)
def factor_added(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Setting one up takes having it in one's hand."""
    second_factor.note_shown(request.session, user)
    publish_review(person=user.pk)


@receiver(authenticator_removed)
def factor_removed(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    second_factor.note_removed(request.session, user)
    publish_review(person=user.pk)
