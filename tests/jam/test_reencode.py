"""What is kept of a picture, and what is no picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from jam.domain.errors import Invalid
from jam.domain.reencode import PIXELS_MAX, SIDE_MAX, Encoded, reencode
from tests.threads.pictures import claiming, encoded, from_a_phone


def made(data: bytes) -> Encoded:
    return reencode(io.BytesIO(data))


def opened(data: bytes) -> Pillow.Image:
    image = Pillow.open(io.BytesIO(made(data).data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_becomes_webp(kind: str) -> None:
    image = opened(encoded(kind=kind))
    assert (image.format, image.size) == ("WEBP", (40, 30))


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    sent = from_a_phone()
    assert b"Lighthouse" in sent
    kept = made(sent)
    image = Pillow.open(io.BytesIO(kept.data))
    assert (dict(image.getexif()), image.info.get("exif"), image.info.get("xmp")) == ({}, None, None)
    assert b"Lighthouse" not in kept.data
    assert b"EXIF" not in kept.data


def test_it_stands_as_it_was_held() -> None:
    """The camera wrote it on its side and said so; without its EXIF it would stay there."""
    assert opened(from_a_phone(400, 300)).size == (300, 400)


def test_a_large_one_is_made_smaller_and_keeps_its_shape() -> None:
    kept = made(encoded(Pillow.new("RGB", (5_000, 1_000)), "JPEG"))
    assert (kept.width, kept.height) == (SIDE_MAX, SIDE_MAX // 5)
    assert (made(encoded(Pillow.new("1", (1, 30_000)))).width, made(encoded()).width) == (1, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_brought_to_one(mode: str) -> None:
    assert opened(encoded(Pillow.new(mode, (8, 8)))).mode in ("RGB", "RGBA")


def test_sixteen_bits_are_not_cut() -> None:
    grey = opened(encoded(Pillow.new("I;16", (8, 8), 0x8000))).convert("L").getpixel((0, 0))
    assert isinstance(grey, int)
    assert 120 <= grey <= 136


def test_what_is_transparent_stays_so() -> None:
    assert opened(encoded(Pillow.new("RGBA", (8, 8), (0, 0, 0, 0)))).getpixel((0, 0)) == (0, 0, 0, 0)


def test_cmyk_and_a_colour_profile_become_srgb_without_one() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for data in (
        encoded(Pillow.new("CMYK", (8, 8)), "JPEG"),
        encoded(icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
        encoded(icc_profile=profile),  # of another kind of picture
        encoded(icc_profile=b"no profile at all"),
    ):
        image = opened(data)
        assert (image.mode, image.info.get("icc_profile")) == ("RGB", None)


def test_what_hides_behind_the_pixels_is_not_kept() -> None:
    """A file that is a picture and a page and a zip at once."""
    polyglot = encoded(kind="JPEG") + b"<script>alert(1)</script>PK\x03\x04"
    kept = made(polyglot).data
    assert b"script" not in kept
    assert b"PK\x03\x04" not in kept


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_picture"),
        (b"hello", "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_a_picture"),
        (encoded(kind="BMP"), "not_a_picture"),
        (encoded(kind="TIFF"), "not_a_picture"),
        (encoded(kind="PDF"), "not_a_picture"),
        (b"GIF89a<script>", "not_a_picture"),
        (encoded(Pillow.effect_noise((99, 99), 50))[:2_000], "damaged_picture"),
        (encoded(Pillow.effect_noise((99, 99), 50), "JPEG")[:2_000], "damaged_picture"),
        (encoded(kind="WEBP")[:30], "damaged_picture"),
        (claiming(3_000, 3_000), "damaged_picture"),
        (claiming(8_000, 8_000), "too_many_pixels"),
        (claiming(10_000, 10_000), "too_many_pixels"),
        (claiming(60_000, 60_000), "too_many_pixels"),
        (claiming(2**31 - 1, 1), "too_many_pixels"),
        (
            encoded(kind="GIF", save_all=True, append_images=[Pillow.new("RGB", (40, 30), "red")]),
            "animated",
        ),
        (
            encoded(kind="WEBP", save_all=True, append_images=[Pillow.new("RGB", (40, 30), "red")]),
            "animated",
        ),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        made(data)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_the_limit_on_pixels_is_above_what_a_phone_makes() -> None:
    assert PIXELS_MAX >= 8_160 * 6_120
