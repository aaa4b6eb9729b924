"""A jam, its forums and its members. What phase a jam is in is computed: see `jam.domain.phases`."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.models import validate_time_zone

ABOUT_MAX = 500
KEY_LENGTH = 12
KEY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_key() -> str:
    """A random id for the outside: 59 bits, so that it does not meet one that came with a bundle."""
    return get_random_string(KEY_LENGTH, KEY_ALPHABET)


class Voting(models.TextChoices):
    AGREE_DISAGREE = "agree-disagree", _("Agree, pass or disagree")
    UPVOTE = "upvote", _("Upvote only")


class Door(models.TextChoices):
    ACCOUNT = "account", _("Anyone with an account here")
    DOMAINS = "domains", _("Anyone with an address of the organisation")
    INVITATION = "invitation", _("Only people who were invited")
    REQUEST = "request", _("Anyone may ask, and who runs the jam decides")
    SSO = "sso", _("Only who signs in with the organisation’s single sign-on")


class Role(models.TextChoices):
    PARTICIPANT = "participant", _("Participant")
    GUEST = "guest", _("Guest")
    FACILITATOR = "facilitator", _("Facilitator")
    OBSERVER = "observer", _("Observer")
    ADMIN = "admin", _("Admin")


class Jam(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    question = models.TextField(max_length=5_000, blank=True)
    question_html = models.TextField(blank=True, editable=False)
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    reading_until = models.DateTimeField(null=True, blank=True)
    review_until = models.DateTimeField(null=True, blank=True)
    voting = models.CharField(max_length=20, choices=Voting, default=Voting.AGREE_DISAGREE)
    door = models.CharField(max_length=20, choices=Door, default=Door.INVITATION)
    accent = models.CharField(
        max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour as #rrggbb.")]
    )
    home_domains = ArrayField(
        models.CharField(max_length=253),
        default=list,
        blank=True,
        help_text="Mail domains of the organisation: whose address is in one of them is inside.",
    )
    edit_minutes = models.PositiveSmallIntegerField(
        default=15, help_text="How long after it was posted its author can change a post; 0: not at all."
    )
    rules_version = models.PositiveIntegerField(default=0, help_text="Of the newest `Rules`; 0: the jam has none.")
    published_at = models.DateTimeField(null=True, blank=True)
    rehearsal_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="rehearsals",
        help_text="The jam that this one is a private copy of, to be tried out and thrown away.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, help_text="Counts changes, so that a stale form is found out.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="jam_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(reading_until__isnull=True) | Q(reading_until__gte=F("closes_at")),
                name="jam_reading_ends_after_the_close",
            ),
            models.CheckConstraint(
                condition=Q(review_until__isnull=True)
                | Q(reading_until__isnull=False, review_until__gte=F("reading_until")),
                name="jam_review_ends_after_reading",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="jam_published_has_a_window",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Forum(models.Model):
    """One topic of a jam. The counts are kept by the verbs of `threads`, in the transaction that changes them."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="forums")
    key = models.CharField(max_length=100, default=new_key)
    title = models.CharField(max_length=200)
    question = models.TextField(max_length=5_000, blank=True)
    question_html = models.TextField(blank=True, editable=False)
    position = models.PositiveIntegerField(default=0)
    thread_count = models.PositiveIntegerField(default=0)
    post_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["jam", "key"], name="forum_key_once")]

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """A person in one jam: the name shown there, the role, and a few words of their own.

    `outside` says whether they are outside of the organisation that holds the jam; null where it does not tell apart.
    `alias` is the name as others are compared with it, in a jam where nobody has a real name; null beside a real name.
    `rules_accepted` is the version of the jam's rules that they accepted last, 0 for none.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    key = models.CharField(max_length=100, default=new_key)
    name = models.CharField(max_length=120)
    affiliation = models.CharField(max_length=120, blank=True)
    about = models.TextField(max_length=ABOUT_MAX, blank=True)
    outside = models.BooleanField(null=True, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.PARTICIPANT)
    alias = models.CharField(max_length=120, null=True, blank=True, editable=False)
    rules_accepted = models.PositiveIntegerField(default=0)
    rules_accepted_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True, help_text="When they were taken out; they may join again.")
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_until = models.DateTimeField(null=True, blank=True, help_text="Empty: for good.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jam", "person"], name="member_once"),
            models.UniqueConstraint(fields=["jam", "alias"], name="member_alias_once"),
            models.UniqueConstraint(fields=["jam", "key"], name="member_key_once"),
            models.CheckConstraint(
                condition=Q(suspended_until=None) | Q(suspended_at__isnull=False), name="member_suspension_has_a_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FeedKey(models.Model):
    """The secret in the addresses of a member's feeds: who has it reads there what the member may read.

    It is kept as it is, so that the member can see the addresses again. What it opens lies in the same database.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="feed_key")
    key = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"feed key of {self.member_id}"


class Activity(models.Model):
    """How many posts a jam had in the ten minutes from `at`: the silhouette of its line."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="activity")
    at = models.DateTimeField()
    posts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jam", "at"], name="activity_once")]

    def __str__(self) -> str:
        return f"{self.jam_id} at {self.at}: {self.posts}"
