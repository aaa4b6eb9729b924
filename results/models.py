"""What comes out of a jam: the record of its closing, and a digest for each member."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from jam.models import Jam, Member


class Closing(models.Model):
    """That a jam closed at `closed_at`, what the counts were then (`counts`) and what stood out (`summary`).

    One row a close: a jam whose window was opened again closes again. The row is claimed by its insert;
    `finished_at` is empty while digests are still being built, and work on a row left unfinished may be taken up again.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="closings")
    closed_at = models.DateTimeField()
    counts = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    claimed_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jam", "closed_at"], name="closing_once")]

    def __str__(self) -> str:
        return f"{self.jam_id} closed at {self.closed_at}"


class Digest(models.Model):
    """One member's page on a period of a jam.

    `mailed_at` is set by the worker that is about to send the mail, and emptied again if the sending fails.
    """

    closing = models.ForeignKey(Closing, on_delete=models.CASCADE, related_name="digests")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="digests")
    content = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closing", "member"], name="digest_once")]

    def __str__(self) -> str:
        return f"digest of {self.member_id} for {self.closing_id}"
