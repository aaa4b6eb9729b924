"""Threads, posts, votes, favourites, collections of them and drafts.

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

from jam.models import Forum, Jam, Member, new_key

SUBJECT_MAX = 200
BODY_MAX = 20_000
TAG_MAX = 40
TAGS_MAX = 8
DEPTH_MAX = 200
COLLECTION_TITLE_MAX = 200
NOTE_MAX = 2_000


class Thread(models.Model):
    """An idea and everything said under it. Its idea is the one post that has no parent."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="threads")
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="threads")
    created_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    reply_count = models.PositiveIntegerField(default=0)
    heat = models.FloatField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["forum", "-heat", "-id"], name="thread_hot"),
            models.Index(fields=["forum", "-created_at", "-id"], name="thread_new"),
            models.Index(fields=["jam", "-heat", "-id"], name="thread_jam_hot"),
            models.Index(fields=["jam", "-created_at", "-id"], name="thread_jam_new"),
        ]

    def __str__(self) -> str:
        return f"thread {self.pk}"


class PostStatus(models.TextChoices):
    VISIBLE = "visible", "Visible"
    HIDDEN = "hidden", "Hidden"


class Post(models.Model):
    """One contribution. `html` is its body, made safe when it was written.

    `path` orders a thread as a tree: the path of the parent and eight base-36 digits of the post's own id, so that
    text order is reading order and a branch is a prefix. `request_key` is the client's idempotency key.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="posts")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="posts")
    key = models.CharField(max_length=100, default=new_key)
    path = models.TextField(db_collation="C")
    depth = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(max_length=SUBJECT_MAX, blank=True)
    body = models.TextField(max_length=BODY_MAX, blank=True)
    html = models.TextField(blank=True)
    tags = ArrayField(models.CharField(max_length=TAG_MAX), default=list, blank=True)
    status = models.CharField(max_length=10, choices=PostStatus, default=PostStatus.VISIBLE)
    created_at = models.DateTimeField(default=timezone.now)
    agree_count = models.PositiveIntegerField(default=0)
    pass_count = models.PositiveIntegerField(default=0)
    disagree_count = models.PositiveIntegerField(default=0)
    request_key = models.CharField(max_length=100, null=True, blank=True)

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
            models.Index(fields=["thread", "created_at"], name="post_thread_time"),
        ]

    def __str__(self) -> str:
        return self.subject or f"post {self.pk}"


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


class Vote(models.Model):
    """One person's word on a post: 1 agree, 0 pass, -1 disagree."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="votes")
    value = models.SmallIntegerField()
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="vote_once"),
            models.CheckConstraint(condition=Q(value__in=[-1, 0, 1]), name="vote_value_known"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.post_id}: {self.value}"


class Favourite(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="favourites")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="favourites")
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.member_id} keeps {self.post_id}"


class Collection(models.Model):
    """Posts that somebody put together, in an order of their own, with what they say of them.

    `share_key` is the part of its link that nobody can guess; without one it is read by its member alone.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="collections")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="collections")
    title = models.CharField(max_length=COLLECTION_TITLE_MAX)
    note = models.TextField(max_length=NOTE_MAX, blank=True)
    share_key = models.CharField(max_length=40, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.title


class CollectionItem(models.Model):
    """A post in a collection. `position` orders them and may have gaps."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="collected")
    note = models.TextField(max_length=NOTE_MAX, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "post"], name="collection_post_once"),
            # Looked at when the transaction ends, so that two may change places.
            models.UniqueConstraint(
                fields=["collection", "position"], name="collection_place_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.collection_id}"


class Draft(models.Model):
    """What somebody was writing and did not, or could not, post: one for each place they write in.

    `place` is "forum:ID" for a new idea and "post:ID" for a reply; `late` says that the jam had closed.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="drafts")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=40)
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    tags = models.TextField(blank=True)
    late = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "place"], name="draft_one_a_place")]

    def __str__(self) -> str:
        return f"draft of {self.member_id} for {self.place}"
