"""Pictures from anywhere, made anew: what is kept is pixels and nothing else of what was sent.

The file is decoded by one of four decoders, whatever its name says, and only once its header has told how large it is.
It is turned as its EXIF says, brought to sRGB, made no larger than a page needs, and written as WebP without metadata,
so that no place, no camera and nothing that hides behind the pixels is passed on.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from jam.domain.errors import Invalid

SIDE_MAX = 2_000
QUALITY = 85
# A phone's largest: 8,160 by 6,120. Decoded it takes three or four bytes a pixel.
PIXELS_MAX = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# A JPEG of a phone may carry a second picture behind the first.
STILL = {"JPEG", "MPO"}
# So many at a time in one process, which bounds its memory.
_seats = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Encoded:
    """A WebP file, and its size in pixels."""

    data: bytes
    width: int
    height: int


def reencode(file: BinaryIO, *, side: int = SIDE_MAX) -> Encoded:
    """The picture in `file`, made anew, with no side longer than `side` pixels.

    Takes up to a second of one processor, and waits while two others are made.

    Raises Invalid, with a sentence for whoever sent it: not a picture of these kinds, damaged, moving, or of more than
    PIXELS_MAX pixels.
    """
    with _refusing(), _seats, Image.open(file, formats=FORMATS) as sent:
        _check(sent)
        # A JPEG is decoded at a half, a quarter or an eighth where that is large enough.
        sent.draft(None, (side, side))
        turned = ImageOps.exif_transpose(sent)
        assert turned is not None, "it is made anew and not in place"
        turned.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
        return _written(_in_srgb(turned))


def check_made(data: bytes) -> tuple[int, int]:
    """The width and height of what `reencode` made, at another site. Raises Invalid for anything that it does not make:
    another format, a larger picture, one that moves, or one with metadata."""
    with _refusing(), _seats, Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
        if max(image.size) > SIDE_MAX or getattr(image, "n_frames", 1) > 1:
            raise ValueError("This is larger than what is made here, or moves.")
        if any(image.info.get(name) for name in ("exif", "xmp", "icc_profile")):
            raise ValueError("This has metadata.")
        image.load()
        return image.size


def _check(sent: Image.Image) -> None:
    width, height = sent.size
    if width * height > PIXELS_MAX:
        raise Invalid(
            gettext("This picture has %(pixels)d million pixels; at most %(limit)d million can be taken.")
            % {"pixels": -(-width * height // 1_000_000), "limit": PIXELS_MAX // 1_000_000},
            code="too_many_pixels",
            field="file",
        )
    if sent.format not in STILL and getattr(sent, "n_frames", 1) > 1:
        raise Invalid(
            gettext("This picture moves. Send one that stands still, or a link to it."), code="animated", field="file"
        )


def _in_srgb(image: Image.Image) -> Image.Image:
    """As RGB or RGBA, in the colours that a browser takes for granted."""
    has_alpha = image.has_transparency_data
    wanted = "RGBA" if has_alpha else "RGB"
    if image.mode.startswith("I"):
        # 16 bits a pixel; converting would cut what is over 255.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, embedded, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            made = None  # a profile that is damaged or of another kind of picture
        if made is not None:
            return made
    return image.convert(wanted)


def _written(image: Image.Image) -> Encoded:
    # From the pixels alone: what else was in the file stays behind.
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    file = io.BytesIO()
    bare.save(file, "WEBP", quality=QUALITY, method=4)
    return Encoded(file.getvalue(), *bare.size)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid(
            gettext("This picture has too many pixels. Make it smaller and send it again."),
            code="too_many_pixels",
            field="file",
        ) from error
    except UnidentifiedImageError as error:
        raise Invalid(
            gettext("This is not a picture that can be taken. Send a JPEG, PNG, WebP or GIF."),
            code="not_a_picture",
            field="file",
        ) from error
    # A decoder that is given rubbish may raise nearly anything; none of it is our failure.
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, OverflowError, EOFError,
            ArithmeticError, MemoryError, NotImplementedError) as error:  # fmt: skip
        raise Invalid(
            gettext("This picture is damaged and cannot be read."), code="damaged_picture", field="file"
        ) from error
