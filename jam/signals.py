"""Has the door asked again about open tabs of a jam, where no verb does: see `live.bus.publish_review`."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from jam.models import Jam, Member
from live.bus import publish_review


@receiver(post_delete, sender=Member)
def member_removed(instance: Member, **kwargs: Any) -> None:
    publish_review(person=instance.person_id, jam_key=instance.jam_id)


@receiver(post_delete, sender=Jam)
def jam_deleted(instance: Jam, **kwargs: Any) -> None:
    publish_review(jam_key=instance.pk)
