"""What was moved, merged and split, and which threads are connected."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models import Forum, Jam, Member
from threads.models.posts import SUBJECT_MAX, Post, Thread

MOVE_REASON_MAX = 500


class Moved(models.Model):
    """One act that changed where a post and what stands under it are: what it takes to undo it, and to list it.

    `post` is the top of what was moved. It came from under `from_parent` in `from_thread` (nothing: it was the idea
    there), and went to under `to_parent` in `to_thread` (nothing: it is the idea there). Where only the forum changed,
    the threads are the same. A forum that was removed since is empty.
    """

    class Kind(models.TextChoices):
        FORUM = "forum", _("Moved to another forum")
        BRANCH = "branch", _("Moved to another place")
        SPLIT = "split", _("Made a thread of its own")
        MERGE = "merge", _("Merged into another thread")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=10, choices=Kind)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="moves")
    posts = models.PositiveIntegerField(help_text="How many posts were moved.")
    from_thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    from_parent = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="+")
    from_forum = models.ForeignKey(Forum, null=True, on_delete=models.SET_NULL, related_name="+")
    to_thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    to_parent = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="+")
    to_forum = models.ForeignKey(Forum, null=True, on_delete=models.SET_NULL, related_name="+")
    subject_before = models.CharField(max_length=SUBJECT_MAX, blank=True, help_text="Of the post, before a split.")
    subject_after = models.CharField(max_length=SUBJECT_MAX, blank=True, help_text="Of the post, by a split.")
    took_outcome = models.BooleanField(default=False, help_text="What became of the idea is said of the other.")
    reason = models.CharField(max_length=MOVE_REASON_MAX, blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["jam", "-id"], name="moved_jam_new")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="moved_undone_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of post {self.post_id}"


class Connection(models.Model):
    """Two threads that belong together: each names the other. `one` is the thread with the lower number."""

    one = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="connection_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="connection_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"
