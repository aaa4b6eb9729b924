"""Pictures in posts: who may send one, which a text shows, who sees it, and how long it is kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jam.domain.errors import Conflict, Invalid, NotAllowed, OutsideWindow
from jam.models import Door
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock, set_window
from tests.threads.pictures import encoded, from_a_phone, send, sent_by, shown, uploaded
from threads.domain import collections, drafts, images, posting
from threads.models import Draft, Image, Post, PostImage


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def url(image: Image, slug: str = "tides") -> str:
    return f"/jams/{slug}/images/{image.key}.webp"


def status(client: Client, who: Any, address: str) -> int:
    if who is None:
        client.logout()
    else:
        client.force_login(getattr(who, "person", who))
    return client.get(address).status_code


# --- sending ----------------------------------------------------------------------------------------------------


def test_a_picture_is_sent_and_shown(cast: Cast, client: Client, media: Path) -> None:
    client.force_login(cast.ana.person)
    answer = send(client, "tides", data=from_a_phone(), alt="A lamp [on] the pier")
    assert answer.status_code == 201
    said = answer.json()
    assert said["markdown"] == rf"![A lamp \[on\] the pier](image:{said['key']})"
    assert (said["width"], said["height"], said["alt"]) == (300, 400, "A lamp [on] the pier")
    post = posting.start_thread(member=cast.ana, forum=cast.harbour, subject="Lamps", body=said["markdown"])
    words = 'alt="A lamp [on] the pier" width="300" height="400" loading="lazy"'
    assert post.html == f'<p dir="auto"><img src="{said["url"]}" {words}></p>'
    assert len(files(media)) == 1
    page = client.get(f"/jams/tides/threads/{post.thread_id}/").content.decode()
    assert f'src="{said["url"]}"' in page
    answer = client.get(said["url"])
    assert answer["Content-Type"] == "image/webp"
    assert answer.content[:4] + answer.content[8:12] == b"RIFFWEBP"


def test_how_it_is_served(cast: Cast, client: Client) -> None:
    image = sent_by(cast.ana)
    client.force_login(cast.ana.person)
    answer = client.get(url(image))
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert client.get(url(image), headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.post(url(image)).status_code == 405


@pytest.mark.parametrize("who", ["omar", "ned", "zoe", "sid"])
def test_who_does_not_write_sends_none(cast: Cast, client: Client, media: Path, who: str) -> None:
    person = getattr(cast, who)
    client.force_login(getattr(person, "person", person))
    assert send(client, "tides").status_code in (403, 404)
    assert (Image.objects.count(), files(media)) == (0, [])


def test_signed_out_one_signs_in_first(cast: Cast, client: Client) -> None:
    assert send(client, "tides").status_code == 302
    assert not Image.objects.exists()


def test_a_form_from_elsewhere_sends_none(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ana.person)
    assert send(client, "tides").status_code == 403
    assert not Image.objects.exists()


def test_the_clock_decides(cast: Cast, client: Client, media: Path) -> None:
    close_by_clock(cast.jam)
    client.force_login(cast.ana.person)
    answer = send(client, "tides")
    assert (answer.status_code, answer.json()["code"]) == (409, "outside_window")
    set_window(cast.jam, opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    assert send(client, "tides").status_code == 404
    assert (Image.objects.count(), files(media)) == (0, [])


def test_a_close_while_it_is_made_leaves_nothing(cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = images.reencode

    def slow(file: Any) -> Any:
        close_by_clock(cast.jam)
        return real(file)

    monkeypatch.setattr(images, "reencode", slow)
    with pytest.raises(OutsideWindow):
        sent_by(cast.ana)
    assert (Image.objects.count(), files(media)) == (0, [])


def test_a_role_that_reads_is_refused_by_the_verb_too(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        sent_by(cast.omar)


@pytest.mark.parametrize("alt", ["", "  ", "\u200b"])
def test_words_for_it_are_asked_for(cast: Cast, client: Client, alt: str) -> None:
    client.force_login(cast.ana.person)
    answer = send(client, "tides", alt=alt)
    assert (answer.status_code, answer.json()["field"]) == (422, "alt")
    answer = send(client, "tides", alt=alt, **{"picture-decoration": "on"})
    assert (answer.status_code, answer.json()["markdown"][:3]) == (201, "![]")


def test_words_that_are_too_long_or_cannot_be_shown(cast: Cast) -> None:
    for alt in ("x" * 501, "bell\x07"):
        with pytest.raises(Invalid) as refused:
            sent_by(cast.ana, alt=alt)
        assert refused.value.field == "alt"


def test_what_is_too_large_is_turned_away_unread(cast: Cast, client: Client, settings: Any) -> None:
    settings.IMAGE_MAX_MB = 1
    large = encoded() + b"\0" * 1024**2
    client.force_login(cast.ana.person)
    answer = send(client, "tides", data=large + b"\0" * 1024**2)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_large")
    # By its announced length; one byte over the limit, by its own.
    assert send(client, "tides", data=large).json()["code"] == "too_large"


def test_its_name_and_its_type_say_nothing(cast: Cast) -> None:
    image = images.add(
        member=cast.ana, file=SimpleUploadedFile("../../x.html", encoded(kind="JPEG"), "text/html"), alt="A lamp"
    )
    assert image.file.name == f"images/{cast.jam.pk}/{image.key}.webp"
    with pytest.raises(Invalid):
        images.add(member=cast.ana, file=SimpleUploadedFile("x.png", b"<svg/>", "image/png"), alt="A lamp")


def test_no_file(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    answer = client.post("/jams/tides/images/", {"picture-alt": "x"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["field"]) == (422, "file")


def test_the_same_file_again_is_the_same_picture(cast: Cast, media: Path) -> None:
    first = sent_by(cast.ana)
    again = sent_by(cast.ana, alt="Other words")
    assert (again.pk, again.alt) == (first.pk, "Other words")
    assert sent_by(cast.ben).pk != first.pk
    assert len(files(media)) == 2


def test_so_many_an_hour_and_a_jam(cast: Cast, settings: Any, media: Path) -> None:
    settings.IMAGES_PER_HOUR, settings.IMAGES_PER_JAM = 1, 2
    sent_by(cast.ana)
    with pytest.raises(Conflict) as refused:
        sent_by(cast.ana, encoded(kind="GIF"))
    assert refused.value.code == "too_many_images"
    Image.objects.update(created_at=cast.jam.opens_at - timedelta(hours=2))
    sent_by(cast.ana, encoded(kind="GIF"))
    Image.objects.update(created_at=cast.jam.opens_at - timedelta(hours=2))
    with pytest.raises(Conflict):
        sent_by(cast.ana, encoded(kind="JPEG"))
    assert len(files(media)) == 2


# --- in a text --------------------------------------------------------------------------------------------------


def test_a_text_shows_nobody_elses(cast: Cast) -> None:
    foreign, elsewhere = sent_by(cast.ben), images.add(member=cast.ned, file=uploaded(), alt="A wall")
    for image in (foreign, elsewhere):
        post = cast.reply(cast.idea(), by=cast.ana, body=f"Look: {shown(image)}")
        assert "<img" not in post.html
        assert f"image:{image.key}" in post.html
    assert not PostImage.objects.exists()


def test_a_picture_from_elsewhere_stays_a_link(cast: Cast) -> None:
    post = cast.reply(cast.idea(), body="![x](https://example.org/x.png) ![y](/jams/tides/images/y.webp)")
    assert "<img" not in post.html


def test_so_many_a_post(cast: Cast) -> None:
    kept = [sent_by(cast.ana, encoded(size_of(number))) for number in range(images.PER_POST_MAX + 1)]
    idea = cast.idea()
    texts = [shown(image) for image in kept]
    assert cast.reply(idea, by=cast.ana, body=" ".join(texts[:-1])).html.count("<img") == images.PER_POST_MAX
    with pytest.raises(Invalid) as refused:
        cast.reply(idea, by=cast.ana, body=" ".join(texts))
    assert (refused.value.code, refused.value.field) == ("too_many_images", "body")


def size_of(number: int) -> Any:
    from PIL import Image as Pillow

    return Pillow.new("RGB", (10 + number, 10))


def test_a_text_without_pictures_asks_nothing_more(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert images.shown_by("No ![picture](https://example.org/x.png)", member=cast.ana) == {}


# --- without JavaScript -----------------------------------------------------------------------------------------


def test_a_form_adds_one_and_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    idea = cast.idea(by=cast.ben)
    for path, typed in (
        (f"/jams/tides/posts/{idea.pk}/reply/", {"body": "Half a <sentence"}),
        (
            f"/jams/tides/forums/{cast.harbour.pk}/threads/",
            {"subject": "Su & bject", "body": "Half a <sentence", "tags": "sea"},
        ),
    ):
        before = Post.objects.count()
        answer = client.post(
            path, typed | {"add_picture": "1", "picture-file": uploaded(), "picture-alt": "A lamp", "request_key": "k"}
        )
        assert answer.status_code == 200
        form = answer.context["form"]
        key = Image.objects.get().key
        assert form["body"].value().replace("\r\n", "\n") == f"Half a <sentence\n\n![A lamp](image:{key})\n"
        assert {name: form[name].value() for name in typed if name != "body"} == {
            name: text for name, text in typed.items() if name != "body"
        }
        assert Post.objects.count() == before


def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana.person)
    path = f"/jams/tides/posts/{cast.idea(by=cast.ben).pk}/reply/"
    for more in (
        {"picture-alt": "A lamp"},
        {"picture-file": uploaded(), "picture-alt": ""},
        {"picture-file": uploaded(b"nothing"), "picture-alt": "A lamp"},
    ):
        page = client.post(path, {"add_picture": "1", "body": "Half a sentence", **more}).content.decode()
        assert "Half a sentence" in page
        assert "field-error" in page
    assert not Image.objects.exists()


# --- who sees it ------------------------------------------------------------------------------------------------


def test_unposted_it_is_seen_by_who_sent_it_alone(cast: Cast, client: Client) -> None:
    image = sent_by(cast.ana)
    for who, expected in ((cast.ana, 200), (cast.ben, 404), (cast.fay, 404), (cast.zoe, 404), (None, 404)):
        assert status(client, who, url(image)) == expected


def test_posted_it_is_seen_by_who_may_read_the_jam(cast: Cast, client: Client) -> None:
    image = sent_by(cast.ana)
    cast.reply(cast.idea(), by=cast.ana, body=shown(image))
    for who, expected in ((cast.ben, 200), (cast.omar, 200), (cast.zoe, 200), (None, 404)):
        assert status(client, who, url(image)) == expected
    cast.jam.door = Door.INVITATION
    cast.jam.save()
    for who, expected in ((cast.ben, 200), (cast.zoe, 404), (cast.ned, 404), (None, 404)):
        assert status(client, who, url(image)) == expected


def test_through_another_jam_it_is_not_found(cast: Cast, client: Client) -> None:
    image = sent_by(cast.ana)
    cast.reply(cast.idea(), by=cast.ana, body=shown(image))
    assert status(client, cast.ned, url(image, "other")) == 404
    assert status(client, cast.ben, "/jams/tides/images/nothing-like-it.webp") == 404


def test_when_reading_ended_it_is_not_served(cast: Cast, client: Client) -> None:
    image = sent_by(cast.ana)
    cast.reply(cast.idea(), by=cast.ana, body=shown(image))
    set_window(
        cast.jam,
        opens_in=-timedelta(hours=3),
        closes_in=-timedelta(hours=2),
        reading_in=-timedelta(hours=1),
    )
    assert (status(client, cast.ben, url(image)), status(client, cast.ana, url(image))) == (404, 200)


def test_of_a_hidden_post_it_is_seen_by_those_who_read_it(cast: Cast, client: Client) -> None:
    image = sent_by(cast.ana)
    idea = cast.idea()
    post = cast.reply(idea, by=cast.ana, body=shown(image))
    moderation.hide(member=cast.fay, post=post, reason="rash")
    for who, expected in ((cast.ana, 200), (cast.fay, 200), (cast.ben, 404), (cast.omar, 404)):
        assert status(client, who, url(image)) == expected
    # In another post of hers that anybody may read, it is to be seen there.
    cast.reply(idea, by=cast.ana, body=shown(image))
    assert status(client, cast.ben, url(image)) == 200


def test_in_a_shared_collection_it_is_seen_signed_out(cast: Cast, client: Client) -> None:
    image, other = sent_by(cast.ana), sent_by(cast.ana, encoded(kind="GIF"))
    idea = cast.idea()
    post = cast.reply(idea, by=cast.ana, body=shown(image))
    cast.reply(idea, by=cast.ana, body=shown(other))
    collection = collections.make(member=cast.ben, title="Lamps")
    collections.add(collection=collection, post=post)
    assert status(client, None, url(image)) == 404
    collections.share(collection=collection)
    assert (status(client, None, url(image)), status(client, None, url(other))) == (200, 404)
    moderation.hide(member=cast.fay, post=post, reason="rash")
    assert status(client, None, url(image)) == 404
    moderation.restore(member=cast.fay, post=post, reason="calm")
    cast.jam.door = Door.INVITATION
    cast.jam.save()
    assert status(client, None, url(image)) == 404


def test_a_file_that_is_gone_is_not_found(cast: Cast, client: Client) -> None:
    image = sent_by(cast.ana)
    image.file.storage.delete(image.file.name)
    assert status(client, cast.ana, url(image)) == 404


# --- removing ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_nobody_posted_goes_after_a_day(cast: Cast, media: Path) -> None:
    kinds = ("PNG", "GIF", "JPEG", "WEBP")
    posted, drafted, _, fresh = (sent_by(cast.ana, encoded(kind=kind)) for kind in kinds)
    idea = cast.idea()
    cast.reply(idea, by=cast.ana, body=shown(posted))
    drafts.save(member=cast.ana, place=drafts.reply_place(idea), body=f"Not yet {shown(drafted)}")
    Image.objects.exclude(pk=fresh.pk).update(created_at=cast.jam.opens_at - timedelta(days=2))
    assert images.remove_unposted() == 1
    assert set(Image.objects.values_list("pk", flat=True)) == {posted.pk, drafted.pk, fresh.pk}
    assert sorted(path.stem for path in files(media)) == sorted(image.key for image in (posted, drafted, fresh))
    assert images.remove_unposted() == 0
    Draft.objects.all().delete()
    assert images.remove_unposted() == 1


def test_sending_it_again_keeps_it_for_another_day(cast: Cast) -> None:
    image = sent_by(cast.ana)
    Image.objects.update(created_at=cast.jam.opens_at - timedelta(days=2))
    sent_by(cast.ana)
    assert images.remove_unposted() == 0
    assert Image.objects.filter(pk=image.pk).exists()
