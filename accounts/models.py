"""People. Who somebody is in one jam (the name shown there, the role) is `jam.models.Member`."""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext


def validate_time_zone(value: str) -> None:
    """Raises ValidationError unless `value` is an IANA time zone that this machine knows."""
    if value not in zoneinfo.available_timezones():
        message = gettext("“%(zone)s” is not a time zone we know. Try one like Europe/Berlin.")
        raise ValidationError(message % {"zone": value}, code="time_zone")


def validate_language(value: str) -> None:
    """Raises ValidationError unless the site is there in the language."""
    if value not in dict(settings.LANGUAGES):
        raise ValidationError(gettext("The site does not speak this language."), code="language")


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email) or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email__iexact=email)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. An imported person may have no e-mail, and then cannot.

    `is_staff` marks an admin of the site.
    """

    email = models.EmailField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=120)
    affiliation = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(
        max_length=64, blank=True, validators=[validate_time_zone], help_text="Empty: as the browser says."
    )
    language = models.CharField(
        max_length=12, blank=True, validators=[validate_language], help_text="Empty: as the browser says."
    )
    is_staff = models.BooleanField("admin of the site", default=False)
    is_active = models.BooleanField(default=True)
    suspended_until = models.DateTimeField(
        null=True, blank=True, help_text="When somebody who is not active may come in again; empty: not by the clock."
    )
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[PersonManager] = PersonManager()

    second_factor: bool | None = None
    """Whether the session or token that they came in with stands for a second factor. None: they came in by neither."""

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **how: Any) -> Self:
        """Whose suspension is over by the clock is active, however they are read, without a worker that says so."""
        person = super().from_db(db, field_names, values, **how)
        until = person.__dict__.get("suspended_until")
        if until is not None and until <= timezone.now() and "is_active" in person.__dict__:
            person.is_active, person.suspended_until = True, None
        return person

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=~models.Q(email=""), name="person_email_not_blank"),
            models.CheckConstraint(
                condition=models.Q(suspended_until=None) | models.Q(is_active=False),
                name="person_suspended_is_not_active",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A token for the API. Only its SHA-256 is kept; the token itself is shown once, when it is made."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True, help_text="What it is for, in its owner's words.")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token of {self.person_id} from {self.created_at:%Y-%m-%d}"


class DataFile(models.Model):
    """The file in which somebody takes their data home: asked for, then made by a task, then there until `ends_at`."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="data_file")
    asked_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Set when it is there.")

    def __str__(self) -> str:
        return f"data of {self.person_id}, asked for at {self.asked_at}"


class Departure(models.Model):
    """That somebody has their account deleted at `due_at`. `done` names the steps that were taken since it began."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="departure")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    done = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="departure_due")]

    def __str__(self) -> str:
        return f"departure of {self.person_id} at {self.due_at}"
