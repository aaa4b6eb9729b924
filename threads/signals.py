"""Keeps what search looks in true to its jam."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from jam.models import Jam
from threads.domain import search_index


@receiver(post_save, sender=Jam)
def jam_saved(instance: Jam, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Words are stemmed in the jam's language: in another one they are other words."""
    if not created and not raw:
        search_index.follow_language(instance.pk)
