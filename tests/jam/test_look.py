"""The logo and the cover of a jam."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from jam.models import Door, Jam, LookPicture
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LOOK = "/jams/tides/setup/look/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(width: int = 900, height: int = 300, kind: str = "PNG") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, kind)
    return SimpleUploadedFile(f"a.{kind.lower()}", file.getvalue(), content_type=f"image/{kind.lower()}")


def send(client: Client, jam: Jam, **fields: Any) -> Any:
    jam.refresh_from_db()
    return client.post(LOOK, {"version": jam.version, "accent": jam.accent} | fields)


@pytest.fixture
def fay(cast: Cast, client: Client) -> Client:
    client.force_login(cast.fay.person)
    return client


def files(media: Path) -> int:
    return len([path for path in media.rglob("*") if path.is_file()])


def test_they_are_made_anew_and_shown_where_the_title_is(cast: Cast, fay: Client, media: Path) -> None:
    sent = {"logo": picture(2_000, 2_000, "JPEG"), "cover": picture(4_000, 1_000), "cover_alt": "The harbour at dawn"}
    assert send(fay, cast.jam, **sent).status_code == 302
    logo, cover = LookPicture.objects.get(kind="logo"), LookPicture.objects.get(kind="cover")
    assert (logo.width, logo.height, cover.width, cover.height) == (512, 512, 2_000, 500)
    home, front = fay.get("/jams/tides/").text, fay.get("/").text
    assert f'look/{cover.key}.webp" width="2000" height="500" alt="The harbour at dawn"' in home
    assert f"look/{logo.key}.webp" in home
    assert f"look/{logo.key}.webp" in front
    answer = fay.get(f"/jams/tides/look/{logo.key}.webp")
    assert (answer["Content-Type"], answer.content[8:12]) == ("image/webp", b"WEBP")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"].startswith("private")
    assert fay.get(f"/jams/tides/look/{logo.key}.webp", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_another_takes_its_place_and_words_change_alone(
    cast: Cast, fay: Client, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    send(fay, cast.jam, logo=picture())
    first = LookPicture.objects.get()
    send(fay, cast.jam, logo_alt="A gull")
    assert (LookPicture.objects.get().key, LookPicture.objects.get().alt) == (first.key, "A gull")
    with django_capture_on_commit_callbacks(execute=True):
        send(fay, cast.jam, logo=picture(), logo_alt="A gull")
    assert LookPicture.objects.get().key != first.key
    assert files(media) == 1
    assert fay.get(f"/jams/tides/look/{first.key}.webp").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        send(fay, cast.jam, logo_remove="on")
    assert (LookPicture.objects.count(), files(media)) == (0, 0)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.png", b"<svg onload=alert(1)>"), "not a picture that can be taken"),
        (SimpleUploadedFile("a.png", b""), "empty"),
    ],
)
def test_what_is_no_picture_is_said(cast: Cast, fay: Client, media: Path, file: SimpleUploadedFile, words: str) -> None:
    answer = send(fay, cast.jam, logo=file, accent="#112233")
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["logo"])
    assert answer.context["form"]["accent"].value() == "#112233"
    assert (LookPicture.objects.count(), files(media)) == (0, 0)


def test_one_that_is_too_large_is_said(cast: Cast, fay: Client, settings: Any) -> None:
    settings.IMAGE_MAX_MB = 0
    assert "A picture can have 0 MB." in str(send(fay, cast.jam, logo=picture()).context["form"].errors["logo"])


def test_a_picture_that_was_sent_with_a_mistake_is_asked_for_again(cast: Cast, fay: Client, media: Path) -> None:
    answer = send(fay, cast.jam, logo=picture(), accent="red")
    assert "Choose this picture again" in str(answer.context["form"].errors["logo"])
    assert files(media) == 0


def test_it_is_behind_the_door_of_the_jam(cast: Cast, fay: Client) -> None:
    send(fay, cast.jam, logo=picture())
    url = f"/jams/tides/look/{LookPicture.objects.get().key}.webp"
    assert Client().get(url).status_code == 200
    assert fay.get(url.replace("tides", "other")).status_code == 404
    Jam.objects.update(door=Door.INVITATION)
    assert Client().get(url).status_code == 404
    zoe, ana = Client(), Client()
    zoe.force_login(cast.zoe)
    ana.force_login(cast.ana.person)
    assert (zoe.get(url).status_code, ana.get(url).status_code) == (404, 200)


def test_many_logos_cost_the_list_one_query(cast: Cast, fay: Client, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fay.get("/")
    with CaptureQueriesContext(connection) as without:
        fay.get("/")
    for jam in Jam.objects.all():
        LookPicture.objects.create(jam=jam, kind="logo", file="x", width=1, height=1)
    with django_assert_max_num_queries(len(without)):
        fay.get("/")
