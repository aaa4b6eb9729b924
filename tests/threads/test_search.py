"""Search: what is found, by whom, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.domain import tokens
from jam.access import readable_jams
from jam.domain.errors import Invalid
from jam.models import Door, Jam
from moderation.domain import posts as moderation
from tests.cast import Cast, close_by_clock, make_forum, make_jam, make_member, set_window
from tests.results.making import Made, load_path, post
from tests.threads.finding import found, page, write
from tests.threads.test_views import at, browser, queries_of
from threads.domain import posting, search, search_index
from threads.domain.search import Wanted
from threads.models import Post, SearchDocument

LINKS = re.compile(r'<a class="row-link" href="([^"]*)">(.*?)</a>')

# --- what is found ---


def test_words_phrases_exclusions_and_either(cast: Cast) -> None:
    lamp = write(cast, "A lamp on the pier", "So that boats find **home**.")
    buoy = write(cast, "A buoy", "It rings near the lamps.")
    other = write(cast, "Benches", "For who waits.")
    assert set(found(cast, "lamp")) == {lamp.pk, buoy.pk}
    assert found(cast, "LAMPS pier") == [lamp.pk]
    assert found(cast, '"boats find home"') == [lamp.pk]
    assert found(cast, '"find boats"') == []
    assert found(cast, "“boats find home”") == [lamp.pk]
    assert found(cast, "lamp -buoy") == [lamp.pk]
    assert set(found(cast, "buoy OR benches")) == {buoy.pk, other.pk}
    assert found(cast, "nowhere") == []


def test_a_subject_weighs_more_than_a_tag_and_a_tag_more_than_a_body(cast: Cast) -> None:
    body = write(cast, "First", "About the weir.")
    tag = write(cast, "Second", tags=("weir",))
    subject = write(cast, "The weir")
    last = write(cast, "Fourth", "One more on the weir.")
    assert found(cast, "weir")[:2] == [subject.pk, tag.pk]
    assert found(cast, "weir", order="newest") == [last.pk, subject.pk, tag.pk, body.pk]


def test_what_is_around_words_is_none_of_them(cast: Cast) -> None:
    """Markdown and its HTML, entities, and punctuation of any script."""
    linked = write(cast, "Links", 'See [the chart](https://example.org/secretpath "a > hidden") & **light**house.')
    quoted = write(cast, "Said", "He said “beacon” — then… nothing/anything.")
    assert found(cast, "chart") == [linked.pk]
    assert found(cast, "lighthouse") == [linked.pk]
    for nothing in ("secretpath", "href", "nofollow", "strong", "amp", "hidden"):
        assert found(cast, nothing) == [], nothing
    assert found(cast, "beacon") == [quoted.pk]
    assert found(cast, '"beacon then"') == [quoted.pk]
    assert found(cast, "anything") == [quoted.pk]


def test_each_jam_is_read_in_its_own_language(cast: Cast) -> None:
    german = make_jam("haus")
    Jam.objects.filter(pk=german.pk).update(language="de")
    ned = make_member(german, cast.ned.person)
    houses = posting.start_thread(member=ned, forum=make_forum(german, "Bau"), subject="Die Häuser", body="Am Markt.")
    die = write(cast, "They die out", "Elms do.")
    german.refresh_from_db()
    jams = [german, cast.jam]
    assert [hit.post_id for hit in search.find([german], Wanted(words="Haus")).hits] == [houses.pk]
    assert [hit.post_id for hit in search.find(jams, Wanted(words="häusern")).hits] == [houses.pk]
    # a stop word of the one is a word of the other
    assert [hit.post_id for hit in search.find(jams, Wanted(words="die")).hits] == [die.pk]


def test_a_jam_that_changes_its_language_is_read_anew(cast: Cast) -> None:
    idea = write(cast, "Die Häuser", "Am Markt.")
    assert found(cast, "Haus") == []
    cast.jam.language = "de"
    cast.jam.save()
    assert found(cast, "Haus") == [idea.pk]
    assert SearchDocument.objects.get(pk=idea.pk).config == "german"


@pytest.mark.parametrize(
    ("text", "words", "nothing"),
    [
        ("我们在海港的码头上装一盏灯塔。", "灯塔", "塔灯"),
        ("港の灯台を直してほしい", "灯台", "台灯"),
        ("ประภาคารที่ท่าเรือ", "ท่าเรือ", "เรือท่า"),
        ("Ein 灯塔 am Pier", "pier 灯塔", "pier -灯塔"),
        ("المنارة على الرصيف، قرب الميناء", "الميناء", "الجبل"),
        ("Маяк на причале", "маяк", "гора"),
    ],
    ids=["Chinese", "Japanese", "Thai", "mixed", "Arabic", "Russian"],
)
@pytest.mark.parametrize("language", ["en", "zh-hans", "ar", "ru"])
def test_other_scripts(cast: Cast, text: str, words: str, nothing: str, language: str) -> None:
    Jam.objects.filter(pk=cast.jam.pk).update(language=language)
    idea = write(cast, "One", text)
    hits = search.find([cast.jam], Wanted(words=words)).hits
    assert [hit.post_id for hit in hits] == [idea.pk]
    line = hits[0].line
    assert "<mark>" in line
    assert re.sub("</?mark>", "", line) == text
    assert found(cast, nothing) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("the of and", "common_words"),
        ("-lamp", "only_without"),
        ("-lamp -pier", "only_without"),
        ("x" * 501, "too_long"),
        ("lamp\x00", "control_character"),
        ("lamp\x02", "control_character"),
    ],
)
def test_what_cannot_be_looked_for(cast: Cast, words: str, code: str) -> None:
    write(cast, "A lamp")
    with pytest.raises(Invalid) as refused:
        found(cast, words)
    assert (refused.value.code, refused.value.field) == (code, "q")
    answer = browser(cast.ana).get(at(cast.jam, "search"), {"q": words})
    assert answer.status_code == 422
    assert not LINKS.findall(answer.content.decode())


@pytest.mark.parametrize(
    "words",
    [
        *"'\\\"%_-",
        "' | 'jam 1",
        "a & b",
        "!!",
        "((",
        "<->",
        ":*",
        "jam 1",
        "lamp:*A",
        "or or or",
        "a" * 500,
        "灯" * 500,
    ],
)
def test_any_words_are_words(cast: Cast, words: str) -> None:
    """Nothing in them is a query, a pattern, or a way into another jam."""
    write(cast, "A lamp")
    posting.start_thread(member=cast.ned, forum=cast.elsewhere, subject="Not ours 1", body="Jam 1 lamp a b.")
    url = at(cast.jam, "search")
    answer = browser(cast.ana).get(url, {"q": words, "author": words[:120], "tag": words[:40]})
    assert answer.status_code in (200, 422)
    assert "Not ours" not in answer.content.decode()


def test_filters(cast: Cast) -> None:
    wet = write(cast, "A wet lamp", tags=("clean water", "it's"))
    street = write(cast, "A dry lamp", forum=cast.streets, by=cast.ben)
    answer = cast.reply(wet, by=cast.ben, body="No lamp, please.")
    Post.objects.filter(pk=street.pk).update(created_at=timezone.now() - timedelta(days=3))
    hour = timedelta(hours=1)
    assert set(found(cast, "lamp", forum=cast.harbour.pk)) == {wet.pk, answer.pk}
    assert set(found(cast, "lamp", author="EN")) == {street.pk, answer.pk}
    assert found(cast, "lamp", author="%") == []
    assert found(cast, "lamp", tag="#Clean  Water") == [wet.pk]
    assert found(cast, tag="it's") == [wet.pk]
    assert found(cast, "lamp", tag="water") == []
    assert set(found(cast, "lamp", kind="ideas")) == {wet.pk, street.pk}
    assert found(cast, "lamp", kind="replies") == [answer.pk]
    assert set(found(cast, "lamp", since=timezone.now() - hour)) == {wet.pk, answer.pk}
    assert found(cast, "lamp", until=timezone.now() - hour) == [street.pk]
    assert found(cast, author="Ben", kind="ideas") == [street.pk]


def test_a_day_is_one_of_the_readers_zone_and_ends_at_its_end(cast: Cast) -> None:
    cast.ana.person.time_zone = "Pacific/Kiritimati"  # fourteen hours ahead
    cast.ana.person.save()
    idea = write(cast, "A lamp")
    at_noon = timezone.now().replace(year=2026, month=3, day=1, hour=12, minute=0)
    Post.objects.filter(pk=idea.pk).update(created_at=at_noon)  # there it is the second of March
    client, url = browser(cast.ana), at(cast.jam, "search")
    assert "A <mark>lamp</mark>" in page(client, url, q="lamp", since="2026-03-02", until="2026-03-02")
    assert "A <mark>lamp</mark>" not in page(client, url, q="lamp", until="2026-03-01")
    for wrong in ("yesterday", "1500-01-01", "9999-12-31", "2026-02-30"):
        assert client.get(url, {"q": "lamp", "until": wrong}).status_code == 422


# --- who finds it ---


def test_a_hidden_post_is_found_by_nobody(cast: Cast) -> None:
    lamp = write(cast, "A lamp", tags=("glow",))
    answer = cast.reply(lamp, body="A lamp indeed.")
    moderation.hide(member=cast.fay, post=lamp, reason="rash")
    for who in (cast.ana, cast.fay, cast.ada):
        text = page(browser(who), at(cast.jam, "search"), q="lamp")
        assert [url for url, _ in LINKS.findall(text)] == [at(cast.jam, "post", answer.pk)]
        assert "1 post<" in text
        assert "A lamp<" not in text
        assert LINKS.findall(page(browser(who), at(cast.jam, "search"), tag="glow")) == []
    moderation.restore(member=cast.fay, post=lamp, reason="fine")
    assert set(found(cast, "lamp")) == {lamp.pk, answer.pk}


def test_who_may_search_a_jam(cast: Cast) -> None:
    write(cast, "A lamp")
    url = at(cast.jam, "search") + "?q=lamp"
    people = (None, cast.zoe, cast.ana, cast.omar, cast.fay, cast.sid)
    assert [browser(who).get(url).status_code for who in people] == [302, 200, 200, 200, 200, 200]
    assert browser(cast.ana).post(url).status_code == 405
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    assert [browser(who).get(url).status_code for who in people] == [302, 404, 200, 200, 200, 200]
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert [browser(who).get(url).status_code for who in people] == [302, 404, 404, 200, 200, 200]


def test_one_finds_nothing_of_another_jam(cast: Cast) -> None:
    write(cast, "A lamp")
    theirs = posting.start_thread(member=cast.ned, forum=cast.elsewhere, subject="Their lamp", body="Far away.")
    client = browser(cast.ana)
    assert "Their" not in page(client, at(cast.jam, "search"), q="lamp")
    answer = client.get(at(cast.jam, "search"), {"q": "lamp", "forum": cast.elsewhere.pk})
    assert (answer.status_code, "Their" in answer.content.decode()) == (422, False)
    assert found(cast, "lamp", forum=theirs.thread.forum_id) == []


def test_all_jams_are_those_that_one_may_read(cast: Cast) -> None:
    mine = write(cast, "Our lamp")
    theirs = posting.start_thread(member=cast.ned, forum=cast.elsewhere, subject="Their lamp", body="Far away.")
    url = reverse("search")

    def titles(who: Any) -> set[str]:
        return {re.sub("</?mark>", "", words) for _, words in LINKS.findall(page(browser(who), url, q="lamp"))}

    assert browser().get(url).status_code == 302
    assert titles(cast.ana) == {"Our lamp", "Their lamp"}
    Jam.objects.filter(pk=cast.other.pk).update(door=Door.INVITATION)
    assert titles(cast.ana) == {"Our lamp"}
    assert titles(cast.ned) == {"Our lamp", "Their lamp"}
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert titles(cast.ana) == set()
    assert titles(cast.omar) == {"Our lamp"}
    assert titles(cast.sid) == {"Our lamp", "Their lamp"}
    assert {mine.jam_id, theirs.jam_id} == {jam.pk for jam in readable_jams(cast.sid)}
    stranger = make_jam("draft")
    Jam.objects.filter(pk=stranger.pk).update(published_at=None)
    assert stranger not in readable_jams(cast.ana.person)


# --- what it costs, and where it looks ---


def test_one_hit_costs_as_many_queries_as_three(cast: Cast) -> None:
    write(cast, "A lamp", by=cast.ben)
    client = browser(cast.ana)
    urls = (at(cast.jam, "search") + "?q=lamp", reverse("search") + "?q=lamp")
    one = [queries_of(client, url) for url in urls]
    answer = cast.reply(write(cast, "Another lamp", forum=cast.streets, by=cast.fay), body="Lamp.")
    cast.reply(answer, by=cast.ana, body="A lamp of three.")
    posting.start_thread(member=cast.ned, forum=cast.elsewhere, subject="Their lamp", body="Far away.")
    assert [queries_of(client, url) for url in urls] == one


def test_the_index_holds_the_jam_beside_the_words(cast: Cast) -> None:
    """So a rare word of one jam is found without looking at what other jams say."""
    write(cast, "A lamp")
    question = search.read([cast.jam], "lamp")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT post_id FROM threads_searchdocument WHERE words @@ %s::tsquery", [question.match]
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "search_document_words" in plan
    assert f"'jam {cast.jam.pk}'" in plan


def test_a_bundle_is_found(db: None, tmp_path: Path) -> None:
    hidden = post("h", subject="A hidden lamp", status="hidden")
    made = Made(posts=[post("a", subject="A lamp", tags="sea"), post("b", "a", body="*Lamps* " * 3), hidden])
    jam = load_path(made.folder(tmp_path / "quay")).jam
    hits = search.find([jam], Wanted(words="lamp", order="newest")).hits
    assert sorted(Post.objects.get(pk=hit.post_id).key for hit in hits) == ["a", "b"]
    assert [hit.title for hit in search.find([jam], Wanted(tag="sea")).hits] == ["A lamp"]


def test_documents_made_anew_are_the_same(cast: Cast) -> None:
    write(cast, "A lamp on the pier", "With **light**.", tags=("sea",))
    written = SearchDocument.objects.get()
    SearchDocument.objects.all().delete()
    search_index.fill()
    again = SearchDocument.objects.get()
    assert (again.post_id, again.config, again.words) == (written.post_id, written.config, written.words)


def test_the_api_finds_ideas_alike(cast: Cast, client: Client) -> None:
    lamp = write(cast, "A lamp on the pier")
    cast.reply(write(cast, "Benches"), body="And a lamp.")
    hidden = write(cast, "A hidden lamp")
    moderation.hide(member=cast.fay, post=hidden, reason="rash")
    posting.start_thread(member=cast.ned, forum=cast.elsewhere, subject="Their lamp", body="Far away.")
    token = tokens.make_token(person=cast.ana.person)

    def ask(words: str) -> Any:
        return client.get("/api/v1/jams/tides/threads", {"q": words}, headers={"Authorization": f"Bearer {token}"})

    assert [thread["idea"]["id"] for thread in ask("lamps").json()["items"]] == [lamp.pk]
    assert [thread["idea"]["id"] for thread in ask('"on the pier" -bench').json()["items"]] == [lamp.pk]
    assert len(ask(" ").json()["items"]) == 2
    for words, code in (("-lamp", "only_without"), ("the", "common_words"), ("\x00", "control_character")):
        answer = ask(words)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_search_stays_after_the_close(cast: Cast) -> None:
    write(cast, "A lamp")
    close_by_clock(cast.jam)
    assert "A <mark>lamp</mark>" in page(browser(cast.ana), at(cast.jam, "search"), q="lamp")
