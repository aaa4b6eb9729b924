"""Who is handling what, so that no two take up the same."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jam.models import Jam, Member


class Handled(models.TextChoices):
    THREAD = "thread", _("A thread")
    POST = "post", _("A post")
    HELD = "held", _("A post that waits for a look")
    TALK = "talk", _("A message to the facilitators")


class Handling(models.Model):
    """Somebody has taken up a thread, a post or a held post, till `until`: see `moderation.domain.handling`."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="handlings")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="handlings")
    what = models.CharField(max_length=10, choices=Handled)
    number = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "number"], name="handling_once")]
        indexes = [models.Index(fields=["jam", "until"], name="handling_jam")]

    def __str__(self) -> str:
        return f"{self.member_id} handles {self.what} {self.number}"
