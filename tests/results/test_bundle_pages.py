"""Export and import in the browser, and the way in for people who came with a bundle."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from jam.models import Jam
from results.exports.formats import FORMATS
from results.forms import UPLOAD_MAX
from tests.cast import Cast
from tests.results.making import Made, load_path, person, post

pytestmark = pytest.mark.django_db
IMPORT = "/import/"


def signed_in(someone: Person | None) -> Client:
    client = Client()
    if someone is not None:
        client.force_login(someone)
    return client


def whoever(cast: Cast, name: str) -> Person | None:
    found = getattr(cast, name, None)
    return getattr(found, "person", found)


@pytest.mark.parametrize(
    ("who", "export_status", "import_status"),
    [
        ("nobody", 302, 302), ("zoe", 404, 404), ("ana", 404, 404), ("omar", 404, 404), ("ned", 404, 404),
        ("fay", 404, 404), ("ada", 200, 404), ("sid", 200, 200),
    ],
)  # fmt: skip
def test_who_may(who: str, export_status: int, import_status: int, cast: Cast) -> None:
    client = signed_in(whoever(cast, who))
    page = reverse("results:export", args=[cast.jam.slug])

    assert client.get(page).status_code == export_status
    download = client.get(page, {"format": "bundle"})
    assert (download.status_code, download.streaming) == (export_status, export_status == 200)
    list(download)
    assert client.get(IMPORT).status_code == import_status
    bundle = SimpleUploadedFile("b.zip", Made().zip())
    sent = client.post(IMPORT, {"bundle": bundle}).status_code
    assert sent == (201 if import_status == 200 else import_status)
    assert Jam.objects.filter(slug="quay").exists() == (import_status == 200)


def test_export_of_no_jam_no_format_or_by_post(cast: Cast) -> None:
    client = signed_in(cast.sid)

    assert client.get("/jams/nothing/export/").status_code == 404
    page = reverse("results:export", args=[cast.jam.slug])
    assert client.get(page, {"format": "exe"}).status_code == 404
    assert client.post(page).status_code == 405


def test_a_draft_can_be_exported_by_its_admin(cast: Cast) -> None:
    cast.jam.published_at = None
    cast.jam.save()
    download = signed_in(cast.ada.person).get(f"/jams/{cast.jam.slug}/export/?format=json")
    assert b'"published": false' in b"".join(download)


def test_the_page_has_every_format(cast: Cast) -> None:
    page = signed_in(cast.ada.person).get(reverse("results:export", args=[cast.jam.slug])).content.decode()

    for name, chosen in FORMATS.items():
        assert f'href="?format={name}"' in page
        assert chosen.about in page


@pytest.mark.parametrize("name", FORMATS)
def test_download(name: str, cast: Cast) -> None:
    cast.reply(cast.idea())
    response = signed_in(cast.ada.person).get(reverse("results:export", args=[cast.jam.slug]), {"format": name})

    chosen = FORMATS[name]
    assert response.status_code == 200
    assert response["Content-Type"] == chosen.media_type
    assert response["Content-Disposition"] == f'attachment; filename="tides-{name}{chosen.suffix}"'
    assert "no-store" in response["Cache-Control"]
    data = b"".join(response.streaming_content)
    assert len(data) == int(response["Content-Length"])
    if chosen.suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None


def test_what_was_downloaded_can_be_loaded(cast: Cast) -> None:
    cast.reply(cast.idea())
    client = signed_in(cast.sid)
    response = client.get(reverse("results:export", args=[cast.jam.slug]), {"format": "bundle"})
    bundle = SimpleUploadedFile("tides.zip", b"".join(response.streaming_content))
    page = client.post(IMPORT, {"bundle": bundle, "slug": "tides-2", "door": "invitation"})

    assert page.status_code == 201
    jam = Jam.objects.get(slug="tides-2")
    assert (jam.posts.count(), jam.door) == (2, "invitation")
    assert 'href="/jams/tides-2/"' in page.content.decode()


def test_the_page_tells_the_limit_and_what_a_row_became(cast: Cast) -> None:
    client = signed_in(cast.sid)
    form = client.get(IMPORT).content.decode()
    assert "at most 16 MB" in form
    assert f'data-max-bytes="{UPLOAD_MAX}"' in form

    posts = [post("a"), *(post(f"r{n}", "gone<b>") for n in range(250))]
    bundle = SimpleUploadedFile("b.zip", Made(posts=posts).zip())
    page = client.post(IMPORT, {"bundle": bundle}).content.decode()
    assert "250 replies name a parent that is not there: each now starts a thread of its own" in page
    assert page.count("gone&lt;b&gt;") == 200
    assert "gone<b>" not in page
    assert "And 50 more" in page


@pytest.mark.parametrize(
    ("data", "fields", "words"),
    [
        (b"not a zip", {}, "This is not a zip file, or it is damaged."),
        (b"", {}, "The submitted file is empty."),
        (Made().zip(), {"slug": "two words"}, "Letters, digits, - and _ only."),
        (Made().zip(), {"slug": "tides"}, "There is a jam with the slug “tides” already."),
        (Made().zip(), {"door": "window"}, "Select a valid choice."),
        (Made(posts=[post("b", "gone")]).zip(), {"strict": "on", "slug": "kept"}, "posts.csv line 2: names the parent"),
    ],
)
def test_a_bundle_that_is_refused_keeps_the_form(data: bytes, fields: dict[str, str], words: str, cast: Cast) -> None:
    page = signed_in(cast.sid).post(IMPORT, {"bundle": SimpleUploadedFile("b.zip", data), **fields})

    assert page.status_code == 422
    assert words in page.content.decode()
    if "slug" in fields:
        assert f'value="{fields["slug"]}"' in page.content.decode()
    assert set(Jam.objects.values_list("slug", flat=True)) == {"tides", "other"}


def test_no_file(cast: Cast) -> None:
    page = signed_in(cast.sid).post(IMPORT, {})
    assert page.status_code == 422
    assert "This field is required." in page.content.decode()


def test_what_is_too_large_is_turned_away_unread(cast: Cast) -> None:
    client = signed_in(cast.sid)
    page = client.post(IMPORT, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(UPLOAD_MAX * 2))

    assert page.status_code == 413
    assert "The file is larger than 16 MB" in page.content.decode()


def test_a_forged_form_loads_nothing(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.sid)

    assert client.post(IMPORT, {"bundle": SimpleUploadedFile("b.zip", Made().zip())}).status_code == 403
    assert not Jam.objects.filter(slug="quay").exists()


def test_somebody_who_came_with_a_bundle_sets_a_password_and_signs_in(tmp_path: Path) -> None:
    made = Made(people=[person("ana", email="Ana@Example.org"), person("ben")])
    made.jam |= {"opens_at": "2020-01-01T00:00:00Z", "closes_at": "2190-01-01T00:00:00Z"}
    load_path(made.folder(tmp_path / "b"))
    assert mail.outbox == [], "nobody is mailed by being loaded"

    client = Client()
    client.post(reverse("account_reset_password"), {"email": "ana@example.org"})
    (message,) = mail.outbox
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(message.body))
    assert link is not None
    form = client.get(link[1], follow=True)
    words = {"password1": "a-quiet-harbour-42", "password2": "a-quiet-harbour-42"}
    client.post(form.redirect_chain[-1][0], words)

    fresh = Client()
    fresh.post(reverse("account_login"), {"login": "ana@example.org", "password": "a-quiet-harbour-42"})
    person_id = fresh.session.get("_auth_user_id")
    assert person_id == str(Person.objects.get(email="ana@example.org").pk)
    assert fresh.get("/jams/quay/").status_code == 200
