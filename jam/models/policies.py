"""What a jam promises its people: the names it shows, what becomes of posts when somebody leaves, and its rules.

It lies beside the jam and not in it, since every request reads the jam with all its columns.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models.jams import Jam, Member

RULES_MAX = 20_000


class Naming(models.TextChoices):
    """As whom people take part. What each of them means is in `jam.domain.naming`."""

    REAL = "real", _("Real names, with their organisation")
    PSEUDONYM = "pseudonym", _("Pseudonyms")
    ANONYMOUS = "anonymous", _("Anonymous; admins can trace a name")
    UNTRACEABLE = "untraceable", _("Anonymous to everybody")


class OnDeletion(models.TextChoices):
    KEEP = "keep", _("They stay, under “a former jammer”")
    REMOVE = "remove", _("They are removed")


class Policy(models.Model):
    """One row a jam, once somebody changed what it says: ask `jam.domain.policies.of`.

    `domains` and `sso_providers` are what the doors of these names ask for.
    """

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, primary_key=True, related_name="policy")
    naming = models.CharField(max_length=20, choices=Naming, default=Naming.REAL)
    on_deletion = models.CharField(max_length=20, choices=OnDeletion, default=OnDeletion.KEEP)
    required_second_factor = models.BooleanField(default=False, help_text="Of who administers the jam.")
    domains = ArrayField(
        models.CharField(max_length=253), default=list, blank=True, help_text="Empty: those of the jam's organisation."
    )
    sso_providers = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    sending_paused_at = models.DateTimeField(null=True, blank=True, help_text="Of invitations, by who runs the jam.")
    unlinked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the members of an untraceable jam were parted from their accounts."
    )

    def __str__(self) -> str:
        return f"policy of {self.jam_id}"


class Rules(models.Model):
    """The rules of conduct of a jam, a row for each version. The newest is the one that holds."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="rules")
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=RULES_MAX)
    html = models.TextField(editable=False)
    by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "rules"
        constraints = [models.UniqueConstraint(fields=["jam", "version"], name="rules_version_once")]

    def __str__(self) -> str:
        return f"rules of {self.jam_id}, version {self.version}"
