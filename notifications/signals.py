"""Ends the messages to a device when it is signed out, and to all devices when a password was changed.

Signing out and passwords are the verbs of Django and allauth, and end in these.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import Person
from notifications.domain import devices


@receiver(post_delete, sender=Session)
def session_ended(instance: Session, **kwargs: Any) -> None:
    """Signed out, also from elsewhere, or its time was over and it was cleared away."""
    kept = instance.get_decoded()
    device, person = kept.get(devices.IN_SESSION), kept.get(SESSION_KEY)
    if device is not None and person is not None:
        devices.end_session(person_id=int(person), device_id=device)


@receiver([password_changed, password_reset, password_set])
def password_is_new(user: Person, **kwargs: Any) -> None:
    """Whoever had the old one may have turned a device on."""
    devices.remove_all(user.pk)
