"""What those who run a jam put into it: announcements, polls and guest hours.

That a forum, a member or a guest is of the same jam is kept by composite foreign keys, which the migration adds.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models.jams import Forum, Jam, Member, new_key

WORDS_MAX = 500
POLL_QUESTION_MAX = 300
CHOICE_MAX = 200


class Announcement(models.Model):
    """A facilitator's line to all open tabs, or with `forum` to those of one forum and its threads.

    One that was taken back is kept for the record and shown to nobody.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="announcements")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="announcements")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="announcements")
    words = models.TextField(max_length=WORDS_MAX)
    html = models.TextField(editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True, help_text=_("When members were sent it."))

    class Meta:
        indexes = [
            models.Index(fields=["jam", "-created_at", "-id"], name="announcement_jam_new"),
            models.Index(fields=["id"], condition=Q(notified_at=None), name="announcement_to_send"),
        ]

    def __str__(self) -> str:
        return self.words[:60]


class GuestHour(models.Model):
    """A time at which a guest takes part.

    `alerted_at` is when open tabs were told that it began, `notified_at` when members were sent it.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="guest_hours")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="guest_hours")
    guest = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="guest_hours")
    words = models.CharField(max_length=WORDS_MAX, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="guest_hour_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["jam", "ends_at"], name="guest_hour_jam_end"),
            models.Index(fields=["starts_at"], condition=Q(alerted_at=None), name="guest_hour_to_tell"),
            models.Index(fields=["starts_at"], condition=Q(notified_at=None), name="guest_hour_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.guest_id} from {self.starts_at} to {self.ends_at}"


class Poll(models.Model):
    """One question with choices. It takes votes while the jam is open and `closes_at` has not come; null: to the close.

    `voter_count` and the counts of its choices are kept by the verb that votes. `is_untold` marks that they changed
    since open tabs were told.
    """

    class Results(models.TextChoices):
        ALWAYS = "always", _("To everybody, while it runs")
        AFTER_VOTE = "after-vote", _("To those who have voted, and to everybody when it is closed")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="polls")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="polls")
    key = models.CharField(max_length=100, default=new_key)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="polls")
    question = models.CharField(max_length=POLL_QUESTION_MAX)
    multiple = models.BooleanField(default=False)
    results = models.CharField(max_length=20, choices=Results, default=Results.ALWAYS)
    created_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField(null=True, blank=True)
    voter_count = models.PositiveIntegerField(default=0)
    is_untold = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jam", "key"], name="poll_key_once")]
        indexes = [
            models.Index(fields=["jam", "-created_at", "-id"], name="poll_jam_new"),
            models.Index(fields=["id"], condition=Q(is_untold=True), name="poll_to_tell"),
        ]

    def __str__(self) -> str:
        return self.question


class PollChoice(models.Model):
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="choices")
    words = models.CharField(max_length=CHOICE_MAX)
    position = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="poll_choice_place_once")]

    def __str__(self) -> str:
        return self.words


class PollVote(models.Model):
    """One member's mark on a choice. That a poll with one answer gets one of each is kept by the verb."""

    choice = models.ForeignKey(PollChoice, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="poll_votes")
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["choice", "member"], name="poll_vote_once")]

    def __str__(self) -> str:
        return f"{self.member_id} for {self.choice_id}"
