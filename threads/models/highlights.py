"""What those who run a jam hold up for everybody to see."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models import Jam, Member
from threads.models.posts import Post


class Highlight(models.Model):
    """A mark on a post, by who runs the jam. A post has one: emerging may become best, and can be taken back."""

    class Kind(models.TextChoices):
        EMERGING = "emerging", _("Emerging")
        BEST = "best", _("Best")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="highlights")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="highlight")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="highlights")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["jam", "-at", "-id"], name="highlight_jam_new")]

    def __str__(self) -> str:
        return f"{self.kind}: post {self.post_id}"
