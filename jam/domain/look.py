"""How a jam looks: its colour, its logo and its cover.

Pictures are made anew from what was sent, as those in posts are, and are seen by who may know of the jam: they stand
beside its title wherever that is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext

from jam.domain.errors import Invalid
from jam.domain.reencode import Encoded, reencode
from jam.domain.text import clean_line
from jam.models import PICTURE_ALT_MAX, Jam, LookPicture
from jam.models.setup import new_picture_key

SIDES: Mapping[str, int] = {LookPicture.Kind.LOGO: 512, LookPicture.Kind.COVER: 2_000}
"""The longest side of what is kept, in pixels: twice what a page shows."""


@dataclass(frozen=True)
class Picture:
    """A picture that a jam has, by its `key`, or is to have, `encoded`. Without words in `alt` it only decorates."""

    alt: str = ""
    key: str = ""
    encoded: Encoded | None = None


def taken(file: UploadedFile[Any], kind: str) -> Encoded:
    """A picture that somebody sent, made anew. Takes up to a second of a processor; call it before any lock.

    Raises Invalid: too large, or what `reencode` says.
    """
    if (file.size or 0) > settings.IMAGE_MAX_MB * 1024**2:
        message = gettext("A picture can have %(limit)d MB.") % {"limit": settings.IMAGE_MAX_MB}
        raise Invalid(message, code="too_large", field=kind)
    return reencode(BytesIO(file.read()), side=SIDES[kind])


def pictures_of(jam: Jam) -> dict[str, LookPicture]:
    """The logo and the cover of a jam by their kinds. One query."""
    return {picture.kind: picture for picture in LookPicture.objects.filter(jam=jam)}


def logos_of(jams: Iterable[Jam]) -> dict[int, LookPicture]:
    """The logos of many jams by their numbers. One query."""
    logos = LookPicture.objects.filter(jam__in=[jam.pk for jam in jams], kind=LookPicture.Kind.LOGO)
    return {picture.jam_id: picture for picture in logos}


def plan_of(picture: LookPicture | None) -> Picture | None:
    return None if picture is None else Picture(alt=picture.alt, key=picture.key)


def check(kind: str, picture: Picture | None) -> None:
    if picture is not None:
        clean_line(picture.alt, field=f"{kind}_alt", name=gettext("The description"), limit=PICTURE_ALT_MAX)


def put(jam: Jam, kind: str, plan: Picture | None) -> None:
    """Makes the picture of `kind` what `plan` says; None takes it away. A file that is not shown any more is deleted
    after the commit. Call it in a transaction."""
    there = LookPicture.objects.filter(jam=jam, kind=kind).first()
    if plan is not None and plan.encoded is None:
        if there is not None:
            LookPicture.objects.filter(pk=there.pk).update(alt=plan.alt)
        return
    if there is not None:
        name = str(there.file.name)
        there.delete()
        transaction.on_commit(lambda: default_storage.delete(name))
    if plan is not None and plan.encoded is not None:
        keep(jam, kind, plan.encoded, alt=plan.alt)


def keep(jam: Jam, kind: str, encoded: Encoded, *, alt: str) -> LookPicture:
    """Writes the file and then its row, so that a row never names a file that is not there."""
    key = new_picture_key()
    name = default_storage.save(f"look/{jam.pk}/{key}.webp", ContentFile(encoded.data))
    try:
        with transaction.atomic():
            return LookPicture.objects.create(
                jam=jam, kind=kind, key=key, file=name, alt=alt, width=encoded.width, height=encoded.height
            )
    except BaseException:
        default_storage.delete(name)
        raise
