"""The exports for other programs: what is in them, and that nothing in them does harm."""

from __future__ import annotations

import csv
import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jam.models import Jam
from results.exports import workbook
from results.exports.formats import FORMATS, export
from tests.results.making import HARBOUR, Made, load_path, person, post, vote
from threads.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour() -> Jam:
    return load_path(HARBOUR).jam


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_names_beside_ids(harbour: Jam, tmp_path: Path) -> None:
    export(harbour, "csv", tmp_path / "out")
    posts = {row["post_id"]: row for row in rows(tmp_path / "out" / "posts.csv")}

    assert len(posts) == 31
    pilot = Post.objects.get(jam=harbour, key="r2")
    assert posts["r2"] == {
        "post_id": "r2", "thread_id": "p1", "parent_id": "r1", "depth": "2", "forum_id": "piers",
        "forum": "Piers, and what stands on them", "person_id": "b-4", "author": 'O\'Brien, "Pat"',
        "created_at": "2026-03-27T09:10:00.123456Z", "subject": "", "body": pilot.body, "tags": "", "status": "visible",
        "agree": "1", "pass": "0", "disagree": "0", "replies": "1", "highlight": "",
        "url": f"{settings.SITE_URL}/jams/harbour/posts/{pilot.pk}/",
    }  # fmt: skip
    assert posts["p1"]["tags"] == "light;piers"
    assert (posts["p1"]["agree"], posts["p1"]["disagree"]) == ("3", "1")
    people = {row["person_id"]: row for row in rows(tmp_path / "out" / "people.csv")}
    assert (people["1"]["posts"], people["1"]["votes"]) == ("7", "3")
    assert rows(tmp_path / "out" / "votes.csv")[0] == {
        "post_id": "p1", "person_id": "2", "voter": "王小明", "value": "1", "cast_at": "2026-03-27T08:30:00Z",
    }  # fmt: skip
    assert [row["posts"] for row in rows(tmp_path / "out" / "forums.csv")] == ["29", "1", "1"]


def test_csv_holds_no_formula_that_somebody_wrote(tmp_path: Path) -> None:
    harm = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"]
    posts = [post(f"-{n}", subject=text.strip(), body=text) for n, text in enumerate(harm)]
    people = [person("ana", name='=HYPERLINK("http://x")'), person("ben", name="@ben", affiliation="-x")]
    made = Made(people=people, posts=posts, votes=[vote("-0", "ben", "-1")])
    export(load_path(made.folder(tmp_path / "b"), strict=True).jam, "csv", tmp_path / "out")

    found = rows(tmp_path / "out" / "posts.csv")
    assert [row["body"] for row in found] == ["'" + text for text in harm]
    assert {row["author"] for row in found} == {'\'=HYPERLINK("http://x")'}
    assert [row["post_id"] for row in found] == ["-0", "-1", "-2", "-3", "-4"], "ids are kept to the letter"
    assert rows(tmp_path / "out" / "votes.csv")[0]["value"] == "-1", "a number is a number"
    assert rows(tmp_path / "out" / "votes.csv")[0]["voter"] == "'@ben"


def test_csv_begins_with_the_name_of_its_first_column(harbour: Jam, tmp_path: Path) -> None:
    export(harbour, "csv", tmp_path / "out")
    assert (tmp_path / "out" / "posts.csv").read_bytes().startswith(b"post_id,thread_id,")


def test_json_is_one_document(harbour: Jam, tmp_path: Path) -> None:
    export(harbour, "json", tmp_path / "out.json")
    document: dict[str, Any] = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))

    assert list(document) == ["format", "jam", "forums", "people", "posts", "votes"]
    assert document["format"] == "jam-export/1"
    assert document["jam"]["slug"] == "harbour"
    idea = document["posts"][0]
    assert (idea["post_id"], idea["parent_id"], idea["depth"], idea["tags"]) == ("p1", None, 0, ["light", "piers"])
    assert [vote["value"] for vote in document["votes"]] == [1, -1, 0, 1, 1, 1]


def test_json_of_a_jam_where_nothing_was_said(tmp_path: Path) -> None:
    export(load_path(Made(posts=[], votes=[]).folder(tmp_path / "b")).jam, "json", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text())["posts"] == []


def test_a_sheet_has_text_as_text(harbour: Jam, tmp_path: Path) -> None:
    export(harbour, "xlsx", tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        sheets = {name: book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")}
        assert 'name="jam"' in book.read("xl/workbook.xml").decode()
    assert len(sheets) == 5
    everything = "".join(sheets.values())
    assert "<f>" not in everything, "no formula"
    assert "<hyperlink" not in everything
    assert "=1+1" in everything


def test_a_sheet_that_is_full_goes_on_in_the_next(
    harbour: Jam, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "ROWS_MAX", 31)
    export(harbour, "xlsx", tmp_path / "fits.xlsx")
    monkeypatch.setattr(workbook, "ROWS_MAX", 30)
    export(harbour, "xlsx", tmp_path / "full.xlsx")

    def names(file: str) -> str:
        with zipfile.ZipFile(tmp_path / file) as book:
            return book.read("xl/workbook.xml").decode()

    assert 'name="posts 2"' not in names("fits.xlsx")
    assert 'name="posts 2"' in names("full.xlsx")


def test_a_cell_that_is_too_long_says_that_it_was_cut(tmp_path: Path) -> None:
    made = Made(posts=[post("a", body="x" * 40_000)], votes=[])
    export(load_path(made.folder(tmp_path / "b")).jam, "xlsx", tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        assert "x" * 32_763 + " […]<" in book.read("xl/worksheets/sheet4.xml").decode()


@pytest.mark.parametrize("name", FORMATS)
def test_statements_do_not_grow_with_rows(name: str, tmp_path: Path) -> None:
    def statements(number: int) -> int:
        posts = [post(str(n)) for n in range(number)] + [post(f"r{n}", str(n)) for n in range(number)]
        people = [person("ana"), *(person(f"p{n}") for n in range(number))]
        votes = [vote(str(n), f"p{n}") for n in range(number)]
        folder = Made(posts=posts, people=people, votes=votes).folder(tmp_path / str(number))
        jam = load_path(folder, slug=f"s{number}").jam
        with CaptureQueriesContext(connection) as queries:
            export(jam, name, tmp_path / f"{number}{FORMATS[name].suffix}")
        return len(queries)

    assert statements(2) == statements(40)


@pytest.mark.django_db(transaction=True)
def test_an_export_shows_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that is written while the tables are read is in none of them."""
    import threading

    from results.exports import document, tables

    jam = load_path(HARBOUR).jam
    real = tables.tables

    def while_writing(read: Jam) -> Any:
        def write() -> None:
            Post.objects.filter(jam=jam, key="p1").update(subject="Changed meanwhile")
            connection.close()

        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        return real(read)

    monkeypatch.setattr(document, "tables", while_writing)
    export(jam, "json", tmp_path / "out.json")
    subjects = {row["subject"] for row in json.loads((tmp_path / "out.json").read_text())["posts"]}
    assert "A lamp on the pier" in subjects
    assert Post.objects.get(jam=jam, key="p1").subject == "Changed meanwhile"


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.add(tag)
        self.found |= {named[name] or "" for name in ("href", "src") if name in named}
        self.ids.add(named.get("id") or "")


def test_the_archive_opens_from_the_disk(harbour: Jam, tmp_path: Path) -> None:
    export(harbour, "html", tmp_path / "out")
    pages = {path.resolve(): Links(path.read_text(encoding="utf-8")) for path in (tmp_path / "out").rglob("*.html")}

    assert len(pages) == 1 + 3 + 5
    reached: set[Path] = set()
    for path, page in pages.items():
        assert not page.tags & {"script", "form", "img", "iframe"}
        for link in page.found:
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target.is_file(), link
            assert not anchor or anchor in pages[target].ids, link
            reached.add(target)
    assert set(pages) <= reached


def test_the_archive_shows_the_tree_and_not_what_is_hidden(harbour: Jam, tmp_path: Path) -> None:
    export(harbour, "html", tmp_path / "out")
    thread = Post.objects.get(jam=harbour, key="p1").thread_id
    page = (tmp_path / "out" / "threads" / f"{thread}.html").read_text(encoding="utf-8")

    assert page.count("<li id=") == 26
    places = [page.index(words) for words in ("نعم، ولكن", "as seen from the sea", "Level 3 of", "Level 26")]
    assert places == sorted(places)
    assert "3 agree, 0 pass, 1 disagree" in page
    assert "27 March 2026, 09:00" in page, "in the jam's zone"
    everything = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*.html"))
    assert "hidden for now" not in everything
    assert "This post is hidden." in everything
    assert "@example.org" not in everything


def test_who_is_named_is_text_in_the_archive(harbour: Jam, tmp_path: Path) -> None:
    post = Post.objects.get(jam=harbour, key="p1")
    link = f'<a href="/jams/{harbour.slug}/people/1/" class="mention" rel="nofollow">@Ana</a>'
    Post.objects.filter(pk=post.pk).update(html=f"<p>Ask {link}, <b>please</b>.</p>")
    export(harbour, "html", tmp_path / "out")
    page = (tmp_path / "out" / "threads" / f"{post.thread_id}.html").read_text(encoding="utf-8")
    assert "<p>Ask @Ana, <b>please</b>.</p>" in page


def test_the_network_counts_replies(harbour: Jam, tmp_path: Path) -> None:
    export(harbour, "graphml", tmp_path / "out.graphml")
    names = {"g": "http://graphml.graphdrawing.org/xmlns"}
    root = ElementTree.parse(tmp_path / "out.graphml").getroot()
    keys = {key.get("id") for key in root.iterfind("g:key", names)}
    nodes = {
        node.get("id"): {data.get("key"): data.text or "" for data in node}
        for node in root.iterfind("g:graph/g:node", names)
    }
    edges = {
        (nodes[edge.get("source")]["person_id"], nodes[edge.get("target")]["person_id"]): int(edge[0].text or "")
        for edge in root.iterfind("g:graph/g:edge", names)
    }

    assert {node["name"] for node in nodes.values()} >= {"王小明", 'O\'Brien, "Pat"'}
    assert all(set(node) <= keys for node in nodes.values())
    assert edges == {
        ("3", "1"): 1, ("b-4", "3"): 6, ("1", "b-4"): 6, ("2", "1"): 6, ("3", "2"): 6,
    }  # fmt: skip
