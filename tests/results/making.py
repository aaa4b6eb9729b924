"""Bundles for tests: a good one, changed in the one place that a test is about."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from results.bundle.layout import FORUMS, PEOPLE, POSTS, VOTES
from results.bundle.load import Loaded, load
from results.bundle.source import open_path

HARBOUR = Path(__file__).parent / "bundles" / "harbour"
# Beside the project, where it is at all.
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "jams"

JAM: dict[str, Any] = {
    "format": "jam-bundle/1",
    "slug": "quay",
    "title": "The quay",
    "question": "What next?",
    "language": "en",
    "timezone": "Europe/Berlin",
    "opens_at": "2026-03-01T08:00:00Z",
    "closes_at": "2026-03-02T08:00:00Z",
    "voting": "agree-disagree",
}


def post(post_id: str, parent_id: str = "", **changes: str) -> dict[str, str]:
    row = {
        "post_id": post_id,
        "forum_id": "f",
        "parent_id": parent_id,
        "person_id": "ana",
        "created_at": "2026-03-01T09:00:00Z",
        "subject": "" if parent_id else f"Idea {post_id}",
        "body": f"Body of {post_id}",
        "tags": "",
        "status": "visible",
    }
    return row | changes


def vote(post_id: str, person_id: str, value: str = "1", cast_at: str = "2026-03-01T10:00:00Z") -> dict[str, str]:
    return {"post_id": post_id, "person_id": person_id, "value": value, "cast_at": cast_at}


def person(person_id: str, **changes: str) -> dict[str, str]:
    row = {"person_id": person_id, "name": person_id.title(), "email": "", "affiliation": "", "role": "participant"}
    return row | changes


@dataclass
class Made:
    """A bundle with one forum, two people, an idea, a reply and a vote. `raw` files take the place of made ones."""

    jam: dict[str, Any] = field(default_factory=lambda: dict(JAM))
    forums: list[dict[str, str]] = field(
        default_factory=lambda: [{"forum_id": "f", "title": "Forum", "question": "", "position": "1"}]
    )
    people: list[dict[str, str]] = field(default_factory=lambda: [person("ana"), person("ben")])
    posts: list[dict[str, str]] = field(default_factory=lambda: [post("a"), post("b", "a", person_id="ben")])
    votes: list[dict[str, str]] = field(default_factory=lambda: [vote("a", "ben")])
    raw: dict[str, bytes | None] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        made: dict[str, bytes | None] = {
            "jam.json": json.dumps(self.jam).encode(),
            "forums.csv": _csv(FORUMS.columns, self.forums),
            "people.csv": _csv(PEOPLE.columns, self.people),
            "posts.csv": _csv(POSTS.columns, self.posts),
            "votes.csv": _csv(VOTES.columns, self.votes),
        }
        return {name: data for name, data in (made | self.raw).items() if data is not None}

    def folder(self, path: Path) -> Path:
        path.mkdir(exist_ok=True)
        for name, data in self.files().items():
            (path / name).write_bytes(data)
        return path

    def zip(self, *, top: str = "") -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files().items():
                archive.writestr(top + name, data)
        return buffer.getvalue()


def _csv(columns: tuple[str, ...], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def load_path(path: Path, **options: Any) -> Loaded:
    with open_path(path) as source:
        return load(source, **options)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder; jam.json without its slug, which is what a second copy on one site must change."""
    found = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    about = json.loads(found["jam.json"])
    del about["slug"]
    return found | {"jam.json": json.dumps(about).encode()}
