"""How somebody who is no member yet may come into a jam: invitations, links to pass on, and asking.

That a member or a list is of the same jam is held by the verbs, which are the only ones to write here.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models.jams import Jam, Member, Role, new_key

INVITATION_WORDS_MAX = 2_000
REQUEST_WORDS_MAX = 1_000
LIST_BYTES_MAX = 16 * 1024**2
LIST_ROWS_MAX = 200_000


class InvitationList(models.Model):
    """Addresses that somebody pasted or uploaded, and what became of each row.

    `content` is what was sent, until all of it is read; `position` is the byte that comes next and `row_count` how many
    rows were read. `counts` has how many rows there are of each verdict. Nothing is mailed before `send_at`.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="invitation_lists")
    by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitation_lists")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role, default=Role.PARTICIPANT)
    words = models.TextField(max_length=INVITATION_WORDS_MAX, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: the jam's close."))
    content = models.BinaryField(default=bytes, editable=False)
    encoding = models.CharField(max_length=20, blank=True)
    columns = models.JSONField(default=dict, editable=False)
    delimiter = models.CharField(max_length=1, default=",", editable=False)
    position = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    send_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody pressed “Send”."))

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["id"], condition=Q(read_at=None), name="invitation_list_to_read")]

    def __str__(self) -> str:
        return f"list {self.pk} of {self.jam_id}"


class Verdict(models.TextChoices):
    NEW = "new", _("Invited")
    ODD = "odd", _("Invited, and looks unusual")
    INVITED = "invited", _("Invited before")
    MEMBER = "member", _("A member already")
    DUPLICATE = "duplicate", _("Twice in this list")
    NOT_AN_ADDRESS = "not-an-address", _("Not an address")
    ROLE = "role", _("Role that cannot be given")
    COLUMNS = "columns", _("Wrong number of columns")
    EMPTY = "empty", _("Empty")


class InvitationRow(models.Model):
    """One row of a list, as it was written, and what was made of it. `detail` says more, for `jam.domain.rows_said`."""

    list = models.ForeignKey(InvitationList, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text=_("Of its first line in what was sent, from 1."))
    address = models.CharField(max_length=320, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict)
    detail = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["list", "number"], name="invitation_row_once")]
        indexes = [models.Index(fields=["list", "verdict", "number"], name="invitation_row_verdict")]

    def __str__(self) -> str:
        return f"{self.number}: {self.verdict}"


class Invitation(models.Model):
    """That one address may join a jam, once. Its link is made of `key`, which alone opens nothing: see
    `jam.domain.invitation_links`.

    `round` counts how often somebody had it sent; with the key it names the mail, so that a mail which is sent again
    after a crash is the same. `mail_due_at` is when it is to go out, `claimed_at` when a worker took it up.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="invitations")
    list = models.ForeignKey(InvitationList, on_delete=models.CASCADE, related_name="invitations")
    key = models.CharField(max_length=40, unique=True, default=new_key)
    email = models.CharField(max_length=254)
    number = models.PositiveIntegerField(default=0, help_text=_("Of its row in the list."))
    name = models.CharField(max_length=120, blank=True)
    affiliation = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.PARTICIPANT)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: the jam's close."))
    round = models.PositiveSmallIntegerField(default=0)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations",
        help_text=_("Who joined by it; empty where nobody is to find out."),
    )  # fmt: skip
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jam", "email"], name="invitation_once")]
        indexes = [
            models.Index(fields=["jam", "id"], name="invitation_jam"),
            models.Index(fields=["mail_due_at", "id"], condition=Q(mail_due_at__isnull=False), name="invitation_due"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.jam_id}"


class SharedLink(models.Model):
    """A link to pass on: whoever has it may join as a participant, `most` people at most, till it expires."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="shared_links")
    by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="shared_links")
    key = models.CharField(max_length=40, unique=True, default=new_key)
    words = models.CharField(max_length=120, blank=True)
    most = models.PositiveIntegerField(null=True, blank=True)
    joined_count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: the jam's close."))
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(most=None) | Q(joined_count__lte=models.F("most")), name="shared_link_not_over_full"
            )
        ]

    def __str__(self) -> str:
        return f"shared link {self.pk} of {self.jam_id}"


class Decision(models.TextChoices):
    OPEN = "", _("Nobody decided yet")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class JoinRequest(models.Model):
    """That somebody asks to take part. One row a person and jam: who was declined may ask once more (`times`).

    `invited_as` is the address of the invitation that brought them, if it was sent to another than theirs.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    words = models.TextField(max_length=REQUEST_WORDS_MAX)
    invited_as = models.CharField(max_length=254, blank=True)
    times = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.TextField(max_length=REQUEST_WORDS_MAX, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text=_("When they were sent the decision."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jam", "person"], name="join_request_once")]
        indexes = [
            models.Index(fields=["jam", "id"], condition=Q(decision=""), name="join_request_open"),
            models.Index(fields=["id"], condition=Q(told_at=None) & ~Q(decision=""), name="join_request_to_tell"),
        ]

    def __str__(self) -> str:
        return f"request of {self.person_id} to {self.jam_id}"
