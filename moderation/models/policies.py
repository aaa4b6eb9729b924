"""What a jam lets people write, and how fast."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models import Forum, Jam, Member
from threads.models import Thread

WORDS_MAX = 20_000
"""Characters in each of the lists of words."""
PACE_MAX = 24 * 60
"""Minutes between two posts, at most."""


class Holding(models.TextChoices):
    """Whose posts wait until somebody has looked at them."""

    NOBODY = "nobody", _("Nobody’s")
    NEWCOMERS = "newcomers", _("Those of newcomers")
    OUTSIDERS = "outsiders", _("Those of people from outside")
    ALL = "all", _("Everybody’s")


class ModerationPolicy(models.Model):
    """One a jam; without a row, what a new one says. `version` counts changes: processes keep the lists by it.

    A number that is empty is no limit. `newcomer_*` say who is one: somebody with fewer posts or minutes in the jam.
    """

    jam = models.OneToOneField(Jam, primary_key=True, on_delete=models.CASCADE, related_name="moderation_policy")
    holding = models.CharField(max_length=10, choices=Holding, default=Holding.NOBODY)
    newcomer_posts = models.PositiveSmallIntegerField(default=1)
    newcomer_minutes = models.PositiveIntegerField(default=0)
    flags_to_hide = models.PositiveSmallIntegerField(default=3)
    flags_an_hour = models.PositiveSmallIntegerField(default=10)
    catches_duplicates = models.BooleanField(default=True)
    participant_posts_an_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    guest_posts_an_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    new_account_hours = models.PositiveSmallIntegerField(default=24)
    new_account_posts_an_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    words_refused = models.TextField(max_length=WORDS_MAX, blank=True)
    words_held = models.TextField(max_length=WORDS_MAX, blank=True)
    words_flagged = models.TextField(max_length=WORDS_MAX, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "moderation policies"

    def __str__(self) -> str:
        return f"moderation of jam {self.jam_id}"


class Slowdown(models.Model):
    """So many minutes between two posts of one member: of this member, in this thread or in this forum. One of them."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="slowdowns")
    member = models.OneToOneField(Member, null=True, blank=True, on_delete=models.CASCADE, related_name="slowdown")
    thread = models.OneToOneField(Thread, null=True, blank=True, on_delete=models.CASCADE, related_name="slowdown")
    forum = models.OneToOneField(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="slowdown")
    minutes = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="slowdowns_made")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, thread=None, forum=None)
                | Q(member=None, thread__isnull=False, forum=None)
                | Q(member=None, thread=None, forum__isnull=False),
                name="slowdown_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=PACE_MAX), name="slowdown_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes between two posts"


class Fingerprint(models.Model):
    """What a member wrote last, as a digest: by it the same text is known again for a day. See `domain.gatekeeping`."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="fingerprints", db_index=False)
    digest = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "digest"], name="fingerprint_once")]
        indexes = [models.Index(fields=["at"], name="fingerprint_age")]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.at}"
