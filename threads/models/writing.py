"""What goes with writing: drafts, images, earlier versions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from jam.models import Jam, Member
from jam.models.jams import KEY_ALPHABET
from threads.models.posts import BODY_MAX, SUBJECT_MAX, TAG_MAX, Post

ALT_MAX = 500


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


class Revision(models.Model):
    """What a post said before it was changed, at `replaced_at`, by its author or, where it names one, a facilitator."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    subject = models.CharField(max_length=SUBJECT_MAX, blank=True)
    body = models.TextField(max_length=BODY_MAX, blank=True)
    html = models.TextField(blank=True)
    tags = ArrayField(models.CharField(max_length=TAG_MAX), default=list, blank=True)
    replaced_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")

    def __str__(self) -> str:
        return f"post {self.post_id} until {self.replaced_at}"


def new_image_key() -> str:
    """119 bits: who has the address of a picture was shown it."""
    return get_random_string(24, KEY_ALPHABET)


class Image(models.Model):
    """A picture that a member put into their posts: re-encoded, without its metadata. A text refers to it by `key`.

    `digest` is of the file as it was sent, so that sending it twice makes one picture.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="images")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="images")
    key = models.CharField(max_length=40, default=new_image_key)
    file = models.FileField(max_length=200)
    alt = models.CharField(max_length=ALT_MAX, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="In bytes.")
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jam", "key"], name="image_key_once"),
            models.UniqueConstraint(fields=["member", "digest"], condition=~Q(digest=""), name="image_once_a_member"),
        ]
        indexes = [models.Index(fields=["created_at"], name="image_age")]

    def __str__(self) -> str:
        return self.alt or f"image {self.key}"


class PostImage(models.Model):
    """A post shows a picture, or an earlier version of it did. A picture in no post is removed after a day."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="shown_images")
    image = models.ForeignKey(Image, on_delete=models.RESTRICT, related_name="shown_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "image"], name="post_image_once")]

    def __str__(self) -> str:
        return f"image {self.image_id} in post {self.post_id}"
