"""How far a member has read, and to whom an idea was shown."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from jam.models import Member
from threads.models.posts import Thread


class Visit(models.Model):
    """When a member was here. Between two visits lies half an hour in which they were not.

    Posts up to the number `caught_up_to` count as seen, and those in `caught_up_also`, which were too new to be counted
    by a number (see `threads.domain.reading.SETTLED`). The two with `before` are what these were before the last "mark
    all as seen", so that it can be undone: until the visit ends.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="visit")
    last_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True, help_text="When the visit before this one ended.")
    caught_up_to = models.BigIntegerField(default=0)
    caught_up_also = ArrayField(models.BigIntegerField(), default=list, blank=True)
    caught_up_before = models.BigIntegerField(null=True, blank=True)
    caught_up_also_before = ArrayField(models.BigIntegerField(), default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.member_id} until {self.last_at}"


class ThreadReading(models.Model):
    """What a member has seen of a thread: every post up to the number `upto`, and those in `beyond`."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="readings")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    upto = models.BigIntegerField(default=0)
    beyond = ArrayField(models.BigIntegerField(), default=list, blank=True)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "thread"], name="thread_reading_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.thread_id} up to {self.upto}"


class Exposure(models.Model):
    """An idea was shown to a member in a list."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="exposures")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="exposures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "member"], name="exposure_once")]

    def __str__(self) -> str:
        return f"{self.thread_id} to {self.member_id}"
