"""The event log: what happened in each jam, in order, for tabs that show it and for those that missed it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Stream(models.Model):
    """One per jam: the counter that numbers its events.

    Its row is locked from `log.append` to the end of the transaction that appends, which is what makes the
    numbers run without a gap and in the order of the commits.
    """

    jam_key = models.BigIntegerField(primary_key=True)
    last_seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"jam {self.jam_key} at {self.last_seq}"


class Event(models.Model):
    """One thing that happened in a jam.

    `data` goes to every tab in one of `rooms`. `html` is the fragment that shows it, rendered once; it goes only
    to tabs in `html_room`.
    """

    jam_key = models.BigIntegerField()
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    rooms = ArrayField(models.CharField(max_length=40))
    data = models.JSONField(default=dict)
    html = models.TextField(blank=True)
    html_room = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["jam_key", "seq"]
        constraints = [models.UniqueConstraint(fields=["jam_key", "seq"], name="event_seq_once")]

    def __str__(self) -> str:
        return f"{self.jam_key}/{self.seq} {self.kind}"
