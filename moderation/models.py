"""What was done to posts and people, by whom and why."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models import Jam, Member
from threads.models import Post


class ActionKind(models.TextChoices):
    HIDE = "hide", _("Hidden")
    RESTORE = "restore", _("Shown again")


class Action(models.Model):
    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="actions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="actions")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=20, choices=ActionKind)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"
