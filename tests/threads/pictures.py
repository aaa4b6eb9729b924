"""Pictures as tests send them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from jam.models import Member
from threads.domain import images
from threads.models import Image

NORTH = 1
GPS = 0x8825
ORIENTATION, MAKE = 274, 271


def encoded(image: Pillow.Image | None = None, kind: str = "PNG", **how: Any) -> bytes:
    file = io.BytesIO()
    (image or Pillow.new("RGB", (40, 30), "teal")).save(file, kind, **how)
    return file.getvalue()


def from_a_phone(width: int = 400, height: int = 300) -> bytes:
    """A JPEG that lies on its side and says where it was taken and with what."""
    exif = Pillow.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "Lighthouse Optics"
    exif.get_ifd(GPS)[NORTH] = "N"
    return encoded(Pillow.new("RGB", (width, height), "navy"), "JPEG", exif=exif)


def claiming(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is as large as that."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1_000)) + chunk(b"IEND", b"")
    )


def uploaded(data: bytes | None = None, name: str = "pier.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, encoded() if data is None else data, "image/png")


def sent_by(member: Member, data: bytes | None = None, *, alt: str = "A lamp") -> Image:
    return images.add(member=member, file=uploaded(data), alt=alt)


def shown(image: Image) -> str:
    """The Markdown that shows it."""
    return f"![A lamp](image:{image.key})"


def send(client: Client, slug: str, *, data: bytes | None = None, alt: str = "A lamp", **more: Any) -> Any:
    form = {"picture-file": uploaded(data), "picture-alt": alt, **more}
    return client.post(f"/jams/{slug}/images/", form, headers={"accept": "application/json"})
