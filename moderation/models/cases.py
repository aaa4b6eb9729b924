"""What waits for a look of those who run the jam: flagged posts, held ones, and what people write to them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.models import Forum, Jam, Member
from moderation.models.log import REASON_MAX
from threads.models import BODY_MAX, SUBJECT_MAX, TAG_MAX, Post

FLAG_WORDS_MAX = 500
MESSAGE_MAX = 2_000


class FlagKind(models.TextChoices):
    ABUSE = "abuse", _("It attacks or insults somebody")
    SPAM = "spam", _("It sells something, or is spam")
    OFF_TOPIC = "off_topic", _("It does not belong here")
    PRIVATE = "private", _("It says something private of somebody")
    OTHER = "other", _("Something else")


class FlagState(models.TextChoices):
    OPEN = "open", _("Waits for a look")
    UPHELD = "upheld", _("Something was done")
    DISMISSED = "dismissed", _("The post stays as it is")


class HeldState(models.TextChoices):
    WAITING = "waiting", _("Waits for a look")
    LET_IN = "let_in", _("Posted")
    REFUSED = "refused", _("Not posted")


class CaseKind(models.TextChoices):
    POST = "post", _("A post")
    HELD = "held", _("A post that waits")
    TALK = "talk", _("A message")


class HeldPost(models.Model):
    """What somebody sent and is no post yet: it waits until somebody has looked at it.

    A new idea has a forum, a reply its parent. `picked` is as for `written.check`. `post` is what became of it.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="held_posts")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="held_posts")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="held_posts")
    parent = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="held_replies")
    subject = models.CharField(max_length=SUBJECT_MAX, blank=True)
    body = models.TextField(max_length=BODY_MAX)
    html = models.TextField(blank=True)
    tags = ArrayField(models.CharField(max_length=TAG_MAX), default=list, blank=True)
    picked = ArrayField(models.BigIntegerField(), default=list, blank=True)
    request_key = models.CharField(max_length=100, null=True, blank=True)
    digest = models.CharField(max_length=32)
    reason = models.CharField(max_length=REASON_MAX)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=HeldState, default=HeldState.WAITING)
    post = models.OneToOneField(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="held_as")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "request_key"], name="held_request_once"),
            models.UniqueConstraint(fields=["author", "digest"], condition=Q(state="waiting"), name="held_text_once"),
            models.CheckConstraint(
                condition=Q(forum__isnull=False, parent=None) | Q(forum=None, parent__isnull=False),
                name="held_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"held post {self.pk}"


class Talk(models.Model):
    """A conversation of a member with those who run the jam: about a post of theirs, or a message of their own."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="talks")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="talks")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="talks")
    held = models.ForeignKey(HeldPost, null=True, blank=True, on_delete=models.CASCADE, related_name="talks")
    page = models.CharField(max_length=300, blank=True, help_text="The page that a message was written from.")
    began_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "post"], name="talk_of_a_post_once"),
            models.UniqueConstraint(fields=["member", "held"], name="talk_of_a_held_post_once"),
        ]
        indexes = [models.Index(fields=["member", "-last_at"], name="talk_member_time")]

    def __str__(self) -> str:
        return f"talk {self.pk} with {self.member_id}"


class Message(models.Model):
    """One message of a talk. `by` is who wrote it, and its member is told nothing of who on the staff that was."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="messages")
    from_staff = models.BooleanField()
    words = models.TextField(max_length=MESSAGE_MAX)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"message {self.pk} of talk {self.talk_id}"


class Case(models.Model):
    """One matter in the queue, open till somebody settles it. A post has one open case at most, however many flags.

    `forum` is where the post is or would be; None concerns the whole jam. `flag_count` is of open flags on the post.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="cases")
    kind = models.CharField(max_length=10, choices=CaseKind)
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.CASCADE, related_name="cases")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="cases")
    held = models.ForeignKey(HeldPost, null=True, blank=True, on_delete=models.CASCADE, related_name="cases")
    talk = models.ForeignKey(Talk, null=True, blank=True, on_delete=models.CASCADE, related_name="cases")
    flag_count = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="settled_cases"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(settled_at=None), name="case_of_a_post_once"),
            models.UniqueConstraint(fields=["talk"], condition=Q(settled_at=None), name="case_of_a_talk_once"),
            models.UniqueConstraint(fields=["held"], name="case_of_a_held_post_once"),
            models.CheckConstraint(
                condition=Q(kind="post", post__isnull=False, held=None, talk=None)
                | Q(kind="held", post=None, held__isnull=False, talk=None)
                | Q(kind="talk", post=None, held=None, talk__isnull=False),
                name="case_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["jam", "opened_at", "id"], condition=Q(settled_at=None), name="case_open"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Flag(models.Model):
    """Somebody says that something is wrong with a post; with `member` empty, the site itself does.

    `counts` says whether it counts towards hiding the post: see `domain.flags`.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="flags")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="flags")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=10, choices=FlagKind)
    words = models.CharField(max_length=FLAG_WORDS_MAX, blank=True)
    counts = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=FlagState, default=FlagState.OPEN)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="flag_once")]
        indexes = [models.Index(fields=["member", "-at"], name="flag_member_time")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.post_id}"
