"""What people were told, and how they want to hear of things."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models import Jam, Member

KIND_MAX = 30
ABOUT_MAX = 80
PATH_MAX = 300
ENDPOINT_MAX = 1000


class Mail(models.TextChoices):
    """When a mail tells of something."""

    NEVER = "never", _("No mail")
    ONCE = "once", _("At once")
    HOURLY = "hourly", _("Gathered, every hour")
    DAILY = "daily", _("Gathered, in the morning")


class Notification(models.Model):
    """That a member is told of something once, `about` which a second notification is never made, of whatever kind.

    It holds no words of a post: what it says is made when it is shown, from `data` and from what is there then.
    `mail_due_at` is when a mail is to tell of it, empty if none is or one has; `mailed_at` is set by the worker that is
    about to send the mail. `person` is the member's, so that a bell and a mail find all jams at once.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notifications")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=KIND_MAX)
    about = models.CharField(max_length=ABOUT_MAX)
    path = models.CharField(max_length=PATH_MAX)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    on_page = models.BooleanField(default=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "about"], name="notification_once")]
        indexes = [
            models.Index(fields=["person", "-id"], condition=Q(on_page=True), name="notification_list"),
            models.Index(fields=["person"], condition=Q(on_page=True, seen_at=None), name="notification_unseen"),
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="notification_due"),
            models.Index(fields=["person"], condition=Q(mail_due_at__isnull=False), name="notification_due_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.member_id} about {self.about}"


class Preference(models.Model):
    """How somebody wants to hear of one kind of thing, in all jams. Without a row it is as the kind has it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=KIND_MAX)
    on_page = models.BooleanField()
    mail = models.CharField(max_length=10, choices=Mail)
    push = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.kind}: {self.mail}"


class PushSubscription(models.Model):
    """A device that somebody wants messages on: where its browser's maker takes them, and the keys to seal them with.

    `endpoint` is a capability, whoever has it may send there: it stands on no page and in no log. `last_ok` is when the
    service last took a message.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=ENDPOINT_MAX, unique=True)
    p256dh = models.BinaryField(max_length=65)
    auth = models.BinaryField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)
    last_ok = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"device {self.pk} of {self.person_id}"


class Push(models.Model):
    """A notification on its way to a device. Whoever deletes the row may send it, so it goes out once at most; one that
    could not be sent is put back, with another time and one of its `tries` gone."""

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="pushes")
    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="pushes")
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "notification"], name="push_once")]
        indexes = [models.Index(fields=["due_at"], name="push_due")]

    def __str__(self) -> str:
        return f"{self.notification_id} to device {self.subscription_id}"


class Reminder(models.Model):
    """That the members of a jam are reminded of one moment: `which` reminder, and the time `at` that it is of.

    A window that moves has another time, and so is reminded of again. Claimed as a closing is: by its insert, taken up
    again if nobody finished it.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="reminders")
    which = models.CharField(max_length=20)
    at = models.DateTimeField()
    claimed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jam", "which", "at"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.which} of {self.jam_id} at {self.at}"
