"""Threads and posts.

That a parent is a post of the same thread, a thread's forum one of the same jam and an author a member of it is kept by
composite foreign keys, which the migration adds.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain.rendering import to_html
from jam.models import Forum, Jam, Member, new_key
from threads.domain.places import ENOUGH

SUBJECT_MAX = 200
BODY_MAX = 20_000
TAG_MAX = 40
TAGS_MAX = 8
DEPTH_MAX = 200
OUTCOME_WORDS_MAX = 2_000


class Thread(models.Model):
    """An idea and everything said under it. Its idea is the one post that has no parent."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="threads")
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="threads")
    created_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    reply_count = models.PositiveIntegerField(default=0)
    heat = models.FloatField(default=0)
    counted_at = models.DateTimeField(default=timezone.now, help_text="When its heat was last written.")
    shown_count = models.PositiveIntegerField(default=0, help_text="To how many people its idea was shown in a list.")
    agree_count = models.PositiveIntegerField(default=0, help_text="Of its idea, for the order called top.")
    disagree_count = models.PositiveIntegerField(default=0, help_text="Of its idea, for the order called top.")
    locked_at = models.DateTimeField(null=True, blank=True, help_text="Since when it takes no new posts.")
    locked_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    pinned_at = models.DateTimeField(null=True, blank=True, help_text="Since when it stands first in its forum.")
    moved_to = models.ForeignKey(
        "threads.Post",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What its idea became: nothing stands here any more, and old links lead there.",
    )

    is_connected: bool
    """Of one that `threads.access.thread_of` read: whether there are others to see also."""

    class Meta:
        indexes = [
            models.Index(fields=["forum", "-heat", "-id"], name="thread_hot"),
            models.Index(fields=["forum", "-created_at", "-id"], name="thread_new"),
            models.Index(fields=["forum", "-counted_at"], name="thread_counted"),
            models.Index(fields=["jam", "-heat", "-id"], name="thread_jam_hot"),
            models.Index(fields=["jam", "-created_at", "-id"], name="thread_jam_new"),
            models.Index(fields=["forum", "-agree_count", "disagree_count", "-id"], name="thread_top"),
            models.Index(fields=["jam", "-agree_count", "disagree_count", "-id"], name="thread_jam_top"),
            models.Index(fields=["forum", "created_at", "id"], condition=Q(reply_count=0), name="thread_waits"),
            models.Index(fields=["jam", "created_at", "id"], condition=Q(reply_count=0), name="thread_jam_waits"),
            models.Index(fields=["forum", "id"], condition=Q(shown_count__lt=ENOUGH), name="thread_unshown"),
            models.Index(fields=["jam", "id"], condition=Q(shown_count__lt=ENOUGH), name="thread_jam_unshown"),
            models.Index(fields=["forum", "-last_post_at", "-id"], name="thread_active"),
            models.Index(fields=["forum", "-pinned_at"], condition=Q(pinned_at__isnull=False), name="thread_pinned"),
        ]

    def __str__(self) -> str:
        return f"thread {self.pk}"


class PostStatus(models.TextChoices):
    """A hidden post was hidden by who runs the jam, a withdrawn one by its author."""

    VISIBLE = "visible", _("Visible")
    HIDDEN = "hidden", _("Hidden")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PostQuerySet(models.QuerySet["Post"]):
    def visible(self) -> PostQuerySet:
        """Those that everybody in the jam may read: neither hidden nor withdrawn."""
        return self.filter(status=PostStatus.VISIBLE)


class Post(models.Model):
    """One contribution. `html` is its body, made safe when it was written or last edited.

    `withdrawn_at` stays while a withdrawn post is hidden: shown again, it is withdrawn still.

    `path` orders a thread as a tree: the path of the parent and eight base-36 digits of the post's own id, so that
    text order is reading order and a branch is a prefix. `request_key` is the client's idempotency key.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="posts")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="posts", db_index=False)
    key = models.CharField(max_length=100, default=new_key)
    path = models.TextField(db_collation="C")
    depth = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(max_length=SUBJECT_MAX, blank=True)
    body = models.TextField(max_length=BODY_MAX, blank=True)
    html = models.TextField(blank=True)
    tags = ArrayField(models.CharField(max_length=TAG_MAX), default=list, blank=True)
    status = models.CharField(max_length=10, choices=PostStatus, default=PostStatus.VISIBLE)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    agree_count = models.PositiveIntegerField(default=0)
    pass_count = models.PositiveIntegerField(default=0)
    disagree_count = models.PositiveIntegerField(default=0)
    request_key = models.CharField(max_length=100, null=True, blank=True)
    is_prompt = models.BooleanField(default=False, help_text="Who runs the jam asks its thread something.")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jam", "key"], name="post_key_once"),
            models.UniqueConstraint(fields=["thread"], condition=Q(parent=None), name="thread_has_one_idea"),
            models.UniqueConstraint(fields=["author", "request_key"], name="post_request_once"),
            models.CheckConstraint(
                condition=Q(parent=None, depth=0) | Q(parent__isnull=False, depth__gt=0), name="post_depth_fits_parent"
            ),
            models.CheckConstraint(condition=~Q(path=""), name="post_path_not_blank"),
        ]
        indexes = [
            models.Index(fields=["jam", "-created_at", "-id"], name="post_jam_new"),
            models.Index(fields=["author", "-created_at"], name="post_author_time"),
            models.Index(fields=["thread", "created_at"], name="post_thread_time"),
            GinIndex(fields=["tags"], condition=Q(parent=None), name="post_idea_tags"),
            # What a member has not seen of a thread is found in the index alone.
            models.Index(
                fields=["thread", "id"], include=["author"], condition=Q(status="visible"), name="post_unseen"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"post {self.pk}"

    @property
    def is_visible(self) -> bool:
        """Whether everybody in the jam may read it, vote on it and answer it."""
        return self.status == PostStatus.VISIBLE

    @property
    def highlighted(self) -> str:
        """How who runs the jam marked it; empty if they did not. One query unless it was read with its highlight."""
        mark = getattr(self, "highlight", None)
        return mark.kind if mark else ""

    @property
    def why_unread(self) -> str:
        """What stands in place of its words, for who may not read them; empty if everybody may."""
        if self.status == PostStatus.WITHDRAWN:
            return gettext("The author withdrew this post.")
        return gettext("This post is hidden.") if self.status == PostStatus.HIDDEN else ""


class SearchDocument(models.Model):
    """What search finds a post by: see `threads.domain.search_index`.

    A table of its own: every vote writes the post's row anew, and would otherwise now and then write the index too.
    """

    post = models.OneToOneField(Post, primary_key=True, on_delete=models.CASCADE, related_name="search_document")
    config = models.CharField(max_length=20)
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_document_words")]

    def __str__(self) -> str:
        return f"words of post {self.post_id}"


class Mention(models.Model):
    """A post names a member. Written with the post, from `@` and a name in its text."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="mentioned_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.post_id}"


class Outcome(models.Model):
    """What became of an idea, as those who run the jam say it."""

    class State(models.TextChoices):
        CONSIDERED = "considered", _("Being considered")
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Not taken up")

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="outcome")
    state = models.CharField(max_length=20, choices=State)
    words = models.TextField(max_length=OUTCOME_WORDS_MAX, blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="outcomes")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.state} of thread {self.thread_id}"

    @property
    def html(self) -> str:
        """Its words, made safe as they are shown: there is one for a page of a thread, and few for a list."""
        return to_html(self.words)
