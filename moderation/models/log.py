"""The log of what was done in a jam by those who run it. The database lets nobody change it: see the migration."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.domain import doings
from jam.models import Forum, Jam, Member
from threads.models import Post, Thread

REASON_MAX = 500
KIND_MAX = 40


class ActionKind(models.TextChoices):
    """What moderation itself does. What lower floors do is named in `jam.domain.doings.KINDS`."""

    HIDE = "hide", _("Hidden")
    RESTORE = "restore", _("Shown again")
    DISMISS = "dismiss", _("Left as it is")
    EDIT = "edit", _("Changed")
    WARN = "warn", _("Warned")
    SLOW = "slow", _("Slowed down")
    UNSLOW = "unslow", _("No longer slowed down")
    SUSPEND = "suspend", _("Suspended from the jam")
    SUSPEND_SITE = "suspend_site", _("Suspended from the site")
    LIFT = "lift", _("Suspension lifted")
    LET_IN = "let_in", _("Let in")
    TURN_AWAY = "turn_away", _("Not posted")
    ANSWER = "answer", _("Answered")
    MODERATION = "moderation", _("Rules of moderation changed")


class RosterKind(models.TextChoices):
    """What is done to shifts. A journal leaves it out: it says itself whose the shift is and who handed it over."""

    PLAN = "shift_plan", _("Shift planned")
    CHANGE = "shift_change", _("Shift changed")
    REMOVE = "shift_remove", _("Shift taken away")
    PASS = "shift_pass", _("Shift passed on")
    HAND_OVER = "hand_over", _("Shift handed over")
    TAKE_OVER = "take_over", _("Shift taken over")


OWN_KINDS = dict([*ActionKind.choices, *RosterKind.choices])


class LooseKey(models.ForeignKey[Any, Any]):
    """A number of something that may go: what was done to it stays in the log, which cannot be changed."""

    def __init__(self, to: Any, **options: Any) -> None:
        fixed = {"null": True, "blank": True, "on_delete": models.DO_NOTHING, "db_constraint": False}
        super().__init__(to, **options | fixed)


class Action(models.Model):
    """Who did what, when and why, to which post, thread, forum or member, and how it was before and after.

    `by` is empty where the site itself did it. `forum` is where the post or the thread was then. `before` and `after`
    say what changed, in words and numbers of the kind's own; the words of posts are not in them, since those may have
    to go one day.
    """

    jam = models.ForeignKey(Jam, on_delete=models.PROTECT, related_name="actions")
    by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=KIND_MAX)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    post = LooseKey(Post, related_name="actions")
    thread = LooseKey(Thread, related_name="actions")
    forum = LooseKey(Forum, related_name="actions")
    subject = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="suffered")
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["jam", "-id"], name="action_jam_time"),
            models.Index(fields=["forum", "-id"], name="action_forum_time", condition=Q(forum__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.reason}"

    @property
    def label(self) -> str:
        """What was done, in words."""
        return str(OWN_KINDS[self.kind]) if self.kind in OWN_KINDS else doings.words_for(self.kind)
