"""A post that was hidden is gone: from every page and answer that others get, search, feeds, digests, files and mails.

Every address of the site is asked, so that a new one is asked too. The words are ones that stand nowhere else.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.domain import tokens
from accounts.models import Person
from jam.domain import feed_keys
from live.domain.queries import changes
from live.models import Event
from moderation.domain import flags, posts
from moderation.models import Case
from notifications.domain import mailing
from notifications.models import Notification
from results.domain import closing, digests, themes
from results.exports.formats import FORMATS, export
from tests.cast import Cast, close_by_clock
from tests.e2e.test_every_page import addresses
from tests.threads.pictures import sent_by, shown
from threads.domain import collections, favourites, follows, posting, telling, voting
from threads.domain.follows import Thing
from threads.models import Collection, Image, Post

SUBJECT, WORD, TAG = "Xylothek", "quittengelee", "zwetschge"
SECRETS = re.compile(rf"{SUBJECT}|{WORD}|{TAG}", re.I)


@dataclass
class Scene:
    idea: Post
    reply: Post
    image: Image
    collection: Collection
    numbers: dict[str, Any]


@pytest.fixture
def scene(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Everything that a post can have got into, and then it and a reply that says the same are hidden."""
    follows.follow(member=cast.ben, thing=Thing(person=cast.ana))
    image = sent_by(cast.ana)
    idea = posting.start_thread(
        member=cast.ana, forum=cast.harbour, subject=SUBJECT, body=f"{WORD} for @Ben {shown(image)}", tags=[TAG]
    )
    reply = cast.reply(idea, by=cast.ana, body=f"More {WORD}, @Ben.")
    cast.reply(reply, by=cast.fay, body="An answer that stays.")
    for number in range(12):
        posting.start_thread(
            member=cast.fay, forum=cast.harbour, subject=f"Lamp {number}", body=f"A lamp on pier {number % 3}.",
            tags=["lamps"],
        )  # fmt: skip
    collection = collections.make(member=cast.ben, title="For the mayor")
    for post in (idea, reply):
        favourites.keep(member=cast.ben, post=post)
        voting.cast(member=cast.ben, post=post, value=1)
        collections.add(collection=collection, post=post)
    collections.share(collection=collection)
    follows.follow(member=cast.ben, thing=Thing(thread=idea.thread))
    telling.tell_all()
    themes.find(cast.jam)
    flags.flag(member=cast.ben, post=idea, kind="spam")
    for post in (idea, reply):
        posts.hide(member=cast.fay, post=post, reason="It goes.")
    numbers = {
        "slug": cast.jam.slug, "forum_id": cast.harbour.pk, "thread_id": idea.thread_id, "post_id": idea.pk,
        "member_id": cast.ana.pk, "collection_id": collection.pk, "key": collection.share_key,
        "image": image.key, "case_id": Case.objects.latest("pk").pk, "language": "en", "stamp": "x",
    }  # fmt: skip
    return Scene(idea, reply, image, collection, numbers)


def body_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode(errors="replace"))


QUERIES = ("", f"?q={WORD}", f"?tag={TAG}", "?sort=new", "?size=all", "?kind=ideas&q=" + SUBJECT)


LISTS = re.compile(r"/(search|ideas|catch-up|forums/\d+|similar|tags|people)/$")


def asked(person: Person | None, numbers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every address, with what it answers this reader."""
    client = Client()
    if person is not None:
        client.force_login(person)
    for address in addresses(numbers):
        for query in QUERIES if LISTS.search(address.path) else ("",):
            answer = client.get(address.path + query)
            yield address.path + query, body_of(answer) if answer.status_code == 200 else ""


def tells(path: str, text: str) -> bool:
    """Whether a page has one of the words, but for those that were typed into its address and stand in its field."""
    return any(word.lower() in text.lower() for word in (SUBJECT, WORD, TAG) if word not in path)


@pytest.mark.parametrize("who", ["ben", "omar", "zoe", None])
def test_no_page_and_no_answer_has_a_word_of_it(cast: Cast, scene: Scene, who: str | None) -> None:
    person = getattr(cast, who) if who else None
    found = [
        path
        for post in (scene.idea, scene.reply)
        for path, text in asked(getattr(person, "person", person), scene.numbers | {"post_id": post.pk})
        if tells(path, text)
    ]
    assert found == []


def test_what_is_asked_would_find_it(cast: Cast, scene: Scene) -> None:
    """The same questions find it once it is shown again: so they do look."""
    for post in (scene.idea, scene.reply):
        posts.restore(member=cast.fay, post=post, reason="It stays.")
    found = {path for path, text in asked(cast.ben.person, scene.numbers) if SECRETS.search(text)}
    for path in (
        "", f"search/?q={WORD}", f"forums/{cast.harbour.pk}/", f"threads/{scene.idea.thread_id}/", "me/favourites/",
        f"me/collections/{scene.collection.pk}/",
    ):  # fmt: skip
        assert f"/jams/tides/{path}" in found


def test_nor_has_the_api(cast: Cast, scene: Scene, client: Client) -> None:
    headers = {"Authorization": f"Bearer {tokens.make_token(person=cast.ben.person)}"}
    schema = client.get("/api/v1/openapi.json", headers=headers).json()
    paths = [path for path, ways in schema["paths"].items() if "get" in ways]
    assert len(paths) > 5
    for path in paths:
        filled = re.sub(r"{(\w+)}", lambda match: str(scene.numbers.get(match[1], 1)), path)
        for query in ("", f"?q={WORD}", "?since=0"):
            assert not tells(query, body_of(client.get(filled + query, headers=headers))), filled


def test_nor_has_the_log_of_events(cast: Cast, scene: Scene) -> None:
    rooms = {"pulse", f"forum:{cast.harbour.pk}", f"thread:{scene.idea.thread_id}"}
    entries = changes(jam_key=cast.jam.pk, rooms=rooms, since=0).entries or ()
    told = [entry.text_for(frozenset(rooms)) for entry in entries]
    assert len(told) > 10
    assert not SECRETS.search("".join(told))
    kept = Event.objects.filter(jam_key=cast.jam.pk).values_list("data", "html")
    assert not SECRETS.search(str(list(kept)))


def test_nor_has_a_feed(cast: Cast, scene: Scene, client: Client) -> None:
    base = f"/jams/tides/feeds/{cast.ben.pk}/{feed_keys.renew(member=cast.ben)}/"
    thread = f"threads/{scene.idea.thread_id}/"
    for path in ("", f"forums/{cast.harbour.pk}/", f"search/?q={WORD}", thread):
        answer = client.get(base + path)
        entries = re.findall(r"<entry>.*?</entry>", body_of(answer), re.S)
        assert not SECRETS.search("".join(entries)), path


def test_nor_has_a_notification_or_a_mail(cast: Cast, scene: Scene, client: Client) -> None:
    assert Notification.objects.filter(member=cast.ben).exists()
    client.force_login(cast.ben.person)
    assert not SECRETS.search(body_of(client.get("/notifications/")))
    Notification.objects.filter(member=cast.ben).update(mail_due_at=timezone.now(), mailed_at=None)
    mailing.mail_person(cast.ben.person_id)
    assert not SECRETS.search("".join(f"{one.subject}{one.body}{one.alternatives}" for one in mail.outbox))  # type: ignore[attr-defined]


def test_nor_has_a_digest(cast: Cast, scene: Scene, client: Client) -> None:
    claimed = closing.claim(close_by_clock(cast.jam))
    assert claimed is not None
    for _ in digests.build(claimed):
        pass
    client.force_login(cast.ben.person)
    assert not SECRETS.search(body_of(client.get("/jams/tides/digest/")))
    for number in digests.unsent(claimed).values_list("pk", flat=True):
        digests.mail(number)
    to_others = [one for one in mail.outbox if cast.ana.person.email not in one.to]
    assert to_others
    assert not SECRETS.search("".join(f"{one.subject}{one.body}{one.alternatives}" for one in to_others))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"bundle"}))
def test_nor_has_a_file_to_take_along(cast: Cast, scene: Scene, tmp_path: Path, name: str) -> None:
    """But for the bundle, which is the jam whole: loaded again, the post is hidden there."""
    path = tmp_path / f"out{FORMATS[name].suffix}"
    export(cast.jam, name, path)
    assert not SECRETS.search("".join(texts_in(path)))


def texts_in(path: Path) -> Iterator[str]:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    for file in files:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as inner:
                yield from (inner.read(name).decode(errors="replace") for name in inner.namelist())
        else:
            yield file.read_text(errors="replace")


def test_its_picture_is_gone_for_others(cast: Cast, scene: Scene, client: Client) -> None:
    url = f"/jams/tides/images/{scene.image.key}.webp"
    for person, status in ((cast.ana.person, 200), (cast.ben.person, 404), (cast.zoe, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status
