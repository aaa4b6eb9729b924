"""What ideas are about."""

from __future__ import annotations

from django.db import models

from jam.models import Forum, Jam
from threads.models.posts import TAG_MAX


class TagCount(models.Model):
    """How many ideas that can be listed have a tag, in a forum and, without one, in the whole jam."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="+")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    tag = models.CharField(max_length=TAG_MAX)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jam", "forum", "tag"], name="tag_count_once", nulls_distinct=False)
        ]
        indexes = [models.Index(fields=["jam", "forum", "-count", "tag"], name="tag_count_most")]

    def __str__(self) -> str:
        return f"{self.count} {self.tag}"
