"""Who is on duty when, what happened meanwhile, and who took it over from whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jam.models import Forum, Jam, Member

JOURNAL_MAX = 20_000
REMIND_DEFAULT = 60


class Shift(models.Model):
    """A time at which somebody who runs a jam is on duty, in some `forums` or, without any, in all that they run.

    `offered_at` says that they would pass it on: to anybody, or with `swap_for` in exchange for that shift.
    `closed_at` is when the clock wrote down what had happened in it, some time after its end.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="shifts")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="shifts")
    forums = models.ManyToManyField(Forum, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    remind_before = models.PositiveSmallIntegerField(
        default=REMIND_DEFAULT, help_text=_("Minutes before it begins; 0: no reminder.")
    )
    remind_at = models.DateTimeField(null=True, blank=True, help_text=_("When a reminder is due; empty once it went."))
    offered_at = models.DateTimeField(null=True, blank=True)
    swap_for = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="asked_for")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["jam", "starts_at"], name="shift_jam_time"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="shift_to_remind"),
            models.Index(fields=["ends_at"], condition=Q(closed_at=None), name="shift_to_close"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} from {self.starts_at} to {self.ends_at}"


class Journal(models.Model):
    """The book of one shift. `facts` is what the site found, apart from the `words` of who was on duty.

    `version` counts the saves of the words. `handed_at` is when it was handed over, `confirmed_at` when somebody else
    confirmed having read it; `late_told_at` when the jam's admins were told that nobody did.
    """

    shift = models.OneToOneField(Shift, primary_key=True, on_delete=models.CASCADE, related_name="journal")
    facts = models.JSONField(default=dict, blank=True)
    words = models.TextField(max_length=JOURNAL_MAX, blank=True)
    html = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_by=None) | ~Q(handed_by=F("confirmed_by")), name="journal_read_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"journal of shift {self.shift_id}"
