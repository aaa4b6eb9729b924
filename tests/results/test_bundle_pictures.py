"""Pictures, changed and withdrawn posts go out with a bundle and come in again; what is no picture does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jam.models import Jam
from moderation.domain import posts as moderation
from results.exports.formats import export
from tests.cast import Cast
from tests.results.making import load_path
from tests.results.test_bundle_roundtrip import in_again
from tests.threads.pictures import encoded, from_a_phone, sent_by, shown
from threads.domain import editing
from threads.models import Image, Post, PostImage, Revision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def posts(jam: Jam) -> list[Any]:
    found = Post.objects.filter(jam=jam).order_by("path")
    return list(found.values_list("key", "body", "status", "edited_at", "withdrawn_at", "tags"))


def test_all_of_it_comes_back(cast: Cast, tmp_path: Path) -> None:
    image, other, unposted = (sent_by(cast.ana, data) for data in (from_a_phone(), encoded(), encoded(kind="GIF")))
    idea = cast.idea(by=cast.ana)
    reply = cast.reply(idea, by=cast.ana, body=shown(image))
    editing.edit(member=cast.ana, post=reply, body=f"Rather {shown(other)}", version="first")
    withdrawn, both = cast.reply(idea), cast.reply(idea)
    for post in (withdrawn, both):
        editing.withdraw(member=cast.ben, post=post)
    moderation.hide(member=cast.fay, post=both, reason="rash")

    again = in_again(cast.jam, tmp_path)
    assert posts(again) == posts(cast.jam)
    assert Revision.objects.filter(post__jam=again).get().html.startswith('<p dir="auto"><img src="/jams/tides-again/')
    assert set(Image.objects.filter(jam=again).values_list("key", flat=True)) == {image.key, other.key}
    assert PostImage.objects.filter(post__jam=again).count() == 2
    copy = Image.objects.get(jam=again, key=image.key)
    assert (copy.width, copy.height, copy.member.name) == (300, 400, "Ana")
    with copy.file.open("rb") as one, image.file.open("rb") as other_one:
        assert one.read() == other_one.read()
    assert not Image.objects.filter(jam=again, key=unposted.key).exists()


def test_a_jam_without_any_has_the_columns_of_the_contract(cast: Cast, tmp_path: Path) -> None:
    cast.idea()
    export(cast.jam, "bundle", tmp_path / "out")
    header = (tmp_path / "out" / "posts.csv").read_text().splitlines()[0]
    assert header == "post_id,forum_id,parent_id,person_id,created_at,subject,body,tags,status"
    assert not (tmp_path / "out" / "images.csv").exists()


def test_what_was_withdrawn_is_hidden_to_who_knows_no_third_state(cast: Cast, tmp_path: Path) -> None:
    editing.withdraw(member=cast.ana, post=cast.idea())
    export(cast.jam, "bundle", tmp_path / "out")
    (row,) = (tmp_path / "out" / "posts.csv").read_text().splitlines()[1:]
    assert ",hidden," in row


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        encoded(kind="PNG"),
        encoded(kind="WEBP")[:40],
        encoded(kind="WEBP", exif=b"Exif\0\0" + b"II*\0\x08\0\0\0\0\0\0\0"),
        None,
    ],
)
def test_what_is_no_picture_of_ours_is_left_out(cast: Cast, tmp_path: Path, media: Path, data: bytes | None) -> None:
    image = sent_by(cast.ana)
    cast.reply(cast.idea(), by=cast.ana, body=shown(image))
    export(cast.jam, "bundle", tmp_path / "out")
    file = tmp_path / "out" / "images" / f"{image.key}.webp"
    file.unlink() if data is None else file.write_bytes(data)
    loaded = load_path(tmp_path / "out", slug="again")
    assert not Image.objects.filter(jam=loaded.jam).exists()
    assert "<img" not in Post.objects.get(jam=loaded.jam, parent__isnull=False).html
    assert len(list(media.rglob("*.webp"))) == 1


def test_what_is_refused_leaves_no_file(cast: Cast, tmp_path: Path, media: Path) -> None:
    image = sent_by(cast.ana)
    cast.reply(cast.idea(), by=cast.ana, body=shown(image))
    export(cast.jam, "bundle", tmp_path / "out")
    (tmp_path / "out" / "votes.csv").write_text("post_id\n")
    with pytest.raises(Exception, match="lacks"):
        load_path(tmp_path / "out", slug="again")
    assert len(list(media.rglob("*.webp"))) == 1
    assert not Jam.objects.filter(slug="again").exists()


def test_an_archive_has_them_beside_its_pages(cast: Cast, tmp_path: Path) -> None:
    image, hidden = sent_by(cast.ana), sent_by(cast.ana, from_a_phone())
    idea = cast.idea()
    cast.reply(idea, by=cast.ana, body=shown(image))
    withdrawn = cast.reply(idea, by=cast.ana, body=shown(hidden))
    editing.withdraw(member=cast.ana, post=withdrawn)
    export(cast.jam, "html", tmp_path / "out")
    page = (tmp_path / "out" / "threads" / f"{idea.thread_id}.html").read_text()
    assert f'src="../images/{image.key}.webp"' in page
    assert "The author withdrew this post." in page
    assert [path.stem for path in (tmp_path / "out" / "images").iterdir()] == [image.key]
    export(cast.jam, "html", tmp_path / "out.zip")
