"""Ideas that are about the same thing, as `results.domain.themes` finds them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from jam.models import Jam, Member
from threads.models.posts import Thread

THEME_NAME_MAX = 80


class Theme(models.Model):
    """A cluster of ideas, named by its words or, once somebody who runs the jam did so, by them."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="themes")
    words = ArrayField(models.CharField(max_length=80))
    name = models.CharField(max_length=THEME_NAME_MAX, blank=True)
    named_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    idea_count = models.PositiveIntegerField()
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-idea_count", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.name or ", ".join(self.words)


class ThemeIdea(models.Model):
    """The theme of a thread's idea. An idea is in one theme or, if it shares its words with no other, in none."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="ideas")
    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="theme_idea")

    def __str__(self) -> str:
        return f"{self.thread_id} in {self.theme_id}"


class ThemeSearch(models.Model):
    """When a jam's themes were looked for last, and how many ideas it had then."""

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, related_name="theme_search")
    at = models.DateTimeField(default=timezone.now)
    idea_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"themes of {self.jam_id} at {self.at}"
