"""How far those who follow things have been told of what was written."""

from __future__ import annotations

from django.db import models

from jam.models import Jam


class Telling(models.Model):
    """Up to which event of a jam's log its members were told. While `held_until` lies ahead, a worker is telling."""

    jam = models.OneToOneField(Jam, primary_key=True, on_delete=models.CASCADE, related_name="telling")
    seq = models.BigIntegerField(default=0)
    held_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.jam_id} told up to {self.seq}"
