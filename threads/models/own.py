"""What belongs to one member: votes, favourites and collections of them, follows."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jam.models import Jam, Member
from threads.models.posts import TAG_MAX, Post, Thread

COLLECTION_TITLE_MAX = 200
NOTE_MAX = 2_000


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
        # What was voted in some hours is counted now and then; a vote writes next to nothing for this small index.
        indexes = [BrinIndex(fields=["cast_at"], name="vote_cast", pages_per_range=32, autosummarize=True)]

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


class Follow(models.Model):
    """Wanting to hear of a thread, a person or a tag: of exactly one of them."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="follows")
    thread = models.ForeignKey(Thread, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(Member, null=True, blank=True, on_delete=models.CASCADE, related_name="followers")
    tag = models.CharField(max_length=TAG_MAX, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "thread"], condition=Q(thread__isnull=False), name="follow_thread_once"
            ),
            models.UniqueConstraint(
                fields=["member", "person"], condition=Q(person__isnull=False), name="follow_person_once"
            ),
            models.UniqueConstraint(fields=["member", "tag"], condition=~Q(tag=""), name="follow_tag_once"),
            models.CheckConstraint(
                condition=Q(thread__isnull=False, person=None, tag="")
                | Q(thread=None, person__isnull=False, tag="")
                | (Q(thread=None, person=None) & ~Q(tag="")),
                name="follow_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["tag"], condition=~Q(tag=""), name="follow_tag")]

    def __str__(self) -> str:
        return f"{self.member_id} follows {self.thread_id or self.person_id or self.tag}"
