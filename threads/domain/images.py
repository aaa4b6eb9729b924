"""Pictures in posts: taking one in, which of them a text may show, and removing those that no post shows.

A text names a picture by its key, `![words](image:KEY)`. The key cannot be guessed; who may see the picture is asked
all the same, each time: see `threads.access.enter_to_see`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any, Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext, ngettext

from jam.domain.errors import Conflict, Invalid
from jam.domain.phases import OpenWindow, database_now
from jam.domain.reencode import Encoded, reencode
from jam.domain.rendering import Picture, picture_keys
from jam.domain.text import clean_line, is_blank
from jam.models import Jam, Member
from threads.domain.admission import let_in
from threads.models import ALT_MAX, Draft, Image, Post, PostImage
from threads.models.writing import new_image_key

PER_POST_MAX = 8
KEPT_UNPOSTED = timedelta(days=1)
TRIMMED_AT_ONCE = 500

MAY_SHOW = """
    SELECT image.key, image.width, image.height FROM threads_image AS image
    WHERE image.key = ANY(%(keys)s) AND image.jam_id = %(jam)s AND (
        image.member_id = %(member)s
        OR image.id IN (SELECT image_id FROM threads_postimage WHERE post_id = %(post)s)
    )
"""
RECORD = """
    INSERT INTO threads_postimage (post_id, image_id)
    SELECT %(post)s, id FROM threads_image WHERE key = ANY(%(keys)s) AND jam_id = %(jam)s
    FOR KEY SHARE
    ON CONFLICT DO NOTHING
"""


def add(*, member: Member, file: UploadedFile[Any], alt: str, decoration: bool = False) -> Image:
    """Takes in a picture that `member` wants to show in a post, and returns it with `alt` as it is to be written.

    `alt` says what it shows, to those who do not see it; it may be empty only of what is `decoration`. The same file
    again gives the picture that is there. Raises OutsideWindow, NotAllowed, Invalid (see also `reencode`) and Conflict
    where the member sent as many as may be. Takes up to a second; the window is asked before and after. Locks, once the
    picture is made, the window (shared) and the member's row, till the commit.
    """
    alt = clean_line(alt, field="alt", name=gettext("The description"), limit=ALT_MAX)
    if is_blank(alt) and not decoration:
        raise Invalid(gettext("Say what the picture shows, for those who cannot see it."), code="required", field="alt")
    if (file.size or 0) > settings.IMAGE_MAX_MB * 1024**2:
        raise too_large()
    with transaction.atomic():
        let_in(member)
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    there = Image.objects.filter(member=member, digest=digest).first()
    image = (there and _taken_again(there)) or _take(member, reencode(BytesIO(data)), digest)
    image.alt = "" if decoration else alt
    return image


def too_large() -> Invalid:
    return Invalid(
        gettext("A picture can have %(limit)d MB.") % {"limit": settings.IMAGE_MAX_MB}, code="too_large", field="file"
    )


def _taken_again(image: Image) -> Image | None:
    """Counts its day from now. None if it was removed just now."""
    image.created_at = database_now()
    return image if Image.objects.filter(pk=image.pk).update(created_at=image.created_at) else None


def _take(member: Member, encoded: Encoded, digest: str) -> Image:
    key = new_image_key()
    # The file first: a row never names one that is not there.
    name = default_storage.save(f"images/{member.jam_id}/{key}.webp", ContentFile(encoded.data))
    try:
        with transaction.atomic():
            window = let_in(member)
            Member.objects.select_for_update(no_key=True).get(pk=member.pk)
            _check_how_many(member, window)
            image, is_new = Image.objects.get_or_create(
                member=member,
                digest=digest,
                defaults={
                    "jam_id": member.jam_id,
                    "key": key,
                    "file": name,
                    "width": encoded.width,
                    "height": encoded.height,
                    "size": len(encoded.data),
                    "created_at": window.now,
                },
            )
    except BaseException:
        default_storage.delete(name)
        raise
    if not is_new:
        default_storage.delete(name)
    return image


def _check_how_many(member: Member, window: OpenWindow) -> None:
    sent = Image.objects.filter(member=member)
    if sent.filter(created_at__gt=window.now - timedelta(hours=1)).count() >= settings.IMAGES_PER_HOUR:
        raise Conflict(
            gettext("You sent %(limit)d pictures within an hour. Wait a little before you send another.")
            % {"limit": settings.IMAGES_PER_HOUR},
            code="too_many_images",
            field="file",
        )
    if sent.count() >= settings.IMAGES_PER_JAM:
        raise Conflict(
            gettext("You sent %(limit)d pictures in this jam, which is as many as one person can.")
            % {"limit": settings.IMAGES_PER_JAM},
            code="too_many_images",
            field="file",
        )


def address(jam: Jam, key: str) -> str:
    """Where a picture is served, from the site's root. A slug is fixed from a jam's publication on, so it stays so."""
    return f"/jams/{jam.slug}/images/{key}.webp"


def shown_by(body: str, *, member: Member, post_id: int | None = None) -> dict[str, Picture]:
    """The pictures that `body` shows, by their keys: the member's own, and those that the post showed before.

    No query for a text that names none, else one. Raises Invalid for more than PER_POST_MAX.
    """
    keys = picture_keys(body)
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MAY_SHOW, {"keys": keys, "jam": member.jam_id, "member": member.pk, "post": post_id or 0})
        found = {key: (width, height) for key, width, height in cursor.fetchall()}
    if len(found) > PER_POST_MAX:
        raise Invalid(
            ngettext("A post can show %(limit)d picture.", "A post can show %(limit)d pictures.", PER_POST_MAX)
            % {"limit": PER_POST_MAX},
            code="too_many_images",
            field="body",
        )
    return {key: Picture(address(member.jam, key), width, height) for key, (width, height) in found.items()}


def record(post: Post, keys: Sequence[str]) -> None:
    """Keeps that `post` shows these pictures. One query; none without any. A picture that was removed meanwhile is not
    kept, and the post shows its words."""
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(RECORD, {"post": post.pk, "keys": list(keys), "jam": post.jam_id})


class FoundImage(Protocol):
    """A picture: whether a post, or an earlier version of one, shows it, and whether everybody may read such a post."""

    pk: int
    member_id: int
    is_posted: bool
    is_visible: bool
    key: str
    file: FieldFile


def find(jam: Jam, key: str) -> FoundImage | None:
    """One query."""
    shown = PostImage.objects.filter(image=OuterRef("pk"))
    visible = shown.filter(post__in=Post.objects.visible())
    found = Image.objects.filter(jam=jam, key=key).annotate(is_posted=Exists(shown), is_visible=Exists(visible))
    return found.first()


def is_collected(image: FoundImage) -> bool:
    """Whether a post that everybody may read, and that shows it, is in a collection that is shared by a link."""
    return PostImage.objects.filter(
        image=image.pk, post__in=Post.objects.visible(), post__collected__collection__share_key__isnull=False
    ).exists()


def remove_unposted() -> int:
    """Removes, with their files, the oldest pictures that were sent more than a day ago and that no post and no draft
    shows; answers how many. Twice at once removes each once: files of rows that somebody else removed are let be."""
    named = Draft.objects.filter(member=OuterRef("member"), body__contains=OuterRef("key"))
    old = (
        Image.objects.filter(created_at__lt=database_now() - KEPT_UNPOSTED)
        .exclude(Exists(PostImage.objects.filter(image=OuterRef("pk"))))
        .exclude(Exists(named))
        .order_by("created_at")
    )
    removed = 0
    for pk, name in list(old.values_list("pk", "file")[:TRIMMED_AT_ONCE]):
        with transaction.atomic():
            # A post that shows it from now on holds the row; then it is skipped.
            held = Image.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            if held is None or PostImage.objects.filter(image=held).exists():
                continue
            held.delete()
            transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]
            removed += 1
    return removed
