"""Which forums a facilitator runs."""

from __future__ import annotations

from django.db import models

from jam.models.jams import Forum, Member


class Duty(models.Model):
    """A facilitator's forum. A facilitator with duties runs those forums alone; without any, all of them.

    It says nothing while the member has another role, and counts again when they facilitate again.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="duties")
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="duties")

    class Meta:
        verbose_name_plural = "duties"
        constraints = [models.UniqueConstraint(fields=["member", "forum"], name="duty_once")]

    def __str__(self) -> str:
        return f"{self.member_id} runs forum {self.forum_id}"
