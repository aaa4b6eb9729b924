"""Tells the open tabs of somebody that who they are has to be asked again: see `live.bus.publish_review`.

Signing in and out, passwords and sessions are the verbs of Django and allauth, and end in these rows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

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
    """Signed out, or signed in anew: that changes the session's key. One that was over already is only cleared away."""
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
