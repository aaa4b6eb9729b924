"""What is set up beforehand: what opens a forum, polls to come, reminders, and how a jam looks.

Tables of their own, since a jam is read with all its columns on every request.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from jam.models.jams import KEY_ALPHABET, Forum, Jam, Member
from jam.models.occasions import CHOICE_MAX, POLL_QUESTION_MAX, Poll

PROMPT_SUBJECT_MAX = 200
PROMPT_BODY_MAX = 20_000
PICTURE_ALT_MAX = 300


class OpeningPrompt(models.Model):
    """The first idea of a forum, written beforehand: it is posted when the jam opens.

    `by` is who wrote it, and whose name it gets; null stands for an admin of the jam.
    """

    forum = models.OneToOneField(Forum, on_delete=models.CASCADE, related_name="opening_prompt")
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=PROMPT_SUBJECT_MAX)
    body = models.TextField(max_length=PROMPT_BODY_MAX)
    posted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["forum"], condition=Q(posted_at=None), name="prompt_to_post")]

    def __str__(self) -> str:
        return self.subject


class PlannedPoll(models.Model):
    """A poll that begins by itself at `starts_at`. `begun_at` is when it was made a poll, or given up as too late."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="planned_polls")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="planned_polls")
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    question = models.CharField(max_length=POLL_QUESTION_MAX)
    choices = ArrayField(models.CharField(max_length=CHOICE_MAX))
    multiple = models.BooleanField(default=False)
    results = models.CharField(max_length=20, choices=Poll.Results, default=Poll.Results.ALWAYS)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="planned_poll_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["starts_at"], condition=Q(begun_at=None), name="planned_poll_to_begin")]

    def __str__(self) -> str:
        return self.question


class ReminderTimes(models.Model):
    """How many minutes before the opening and the close members are reminded. Without a row they are the usual ones."""

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, related_name="reminder_times")
    before_opening = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    before_close = ArrayField(models.PositiveIntegerField(), default=list, blank=True)

    def __str__(self) -> str:
        return f"reminder times of jam {self.jam_id}"


def new_picture_key() -> str:
    """119 bits. Another picture has another address, so that a browser may keep each for good."""
    return get_random_string(24, KEY_ALPHABET)


class LookPicture(models.Model):
    """The logo or the cover of a jam: made anew from what was sent, as pictures in posts are."""

    class Kind(models.TextChoices):
        LOGO = "logo", _("Logo")
        COVER = "cover", _("Cover")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="look_pictures")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=40, unique=True, default=new_picture_key)
    file = models.FileField(max_length=200)
    alt = models.CharField(max_length=PICTURE_ALT_MAX, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jam", "kind"], name="look_picture_one_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of jam {self.jam_id}"
