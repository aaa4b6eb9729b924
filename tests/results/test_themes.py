"""Themes: ideas that share their words, found anew while a jam goes on."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from jam.celery import app
from jam.domain.errors import Invalid, NotAllowed
from jam.models import Jam
from results.bundle.load import load
from results.bundle.source import open_path
from results.domain import themes
from results.domain.vocabulary import Vocabulary, words_in
from results.tasks import find_due_themes
from tests.cast import Cast
from tests.results.making import REAL
from threads.domain import posting
from threads.models import Post, Theme, ThemeIdea

pytestmark = pytest.mark.django_db

BOATS = [
    "More boats for the harbour school",
    "A boat that carries bicycles",
    "Lend boats to the harbour school",
    "Paint the boats of the harbour",
    "Boats need a harbour pilot",
]
TREES = [
    "Plant trees along the avenue",
    "Trees give shade to the avenue",
    "Water the young trees in summer",
    "Who cuts the trees of the avenue",
    "Trees for every summer square",
]
LAMPS = [
    "Lamps on the dark quay",
    "A lamp that the wind drives",
    "Dark lanes want lamps",
    "Turn the lamps down at midnight",
    "Lamps of one colour on the quay",
]
ALL = BOATS + TREES + LAMPS


def write(cast: Cast, subjects: list[str]) -> list[Post]:
    return [
        posting.start_thread(member=cast.ana, forum=cast.harbour, subject=subject, body=subject + ".")
        for subject in subjects
    ]


def found(jam: Jam) -> dict[str, set[str]]:
    """The subjects of the ideas in each theme, by what it is called."""
    subjects: dict[str, set[str]] = {}
    for pair in ThemeIdea.objects.filter(theme__jam=jam).select_related("theme", "thread"):
        idea = pair.thread.posts.get(parent=None)
        subjects.setdefault(pair.theme.title, set()).add(idea.subject)
    return subjects


def test_ideas_that_share_their_words_are_a_theme(cast: Cast) -> None:
    write(cast, ALL)
    themes.find(cast.jam)
    together = found(cast.jam).values()
    assert {frozenset(BOATS), frozenset(TREES), frozenset(LAMPS)} == {frozenset(subjects) for subjects in together}
    counted = Theme.objects.filter(jam=cast.jam).annotate(counted=Count("ideas"))
    assert all(theme.idea_count == theme.counted for theme in counted)


def test_a_few_ideas_have_no_theme(cast: Cast) -> None:
    write(cast, BOATS)
    assert themes.find(cast.jam) == 0


def test_ideas_without_a_common_word_have_no_theme(cast: Cast) -> None:
    write(cast, ["Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel"])
    assert themes.find(cast.jam) == 0


def test_a_hidden_idea_is_in_no_theme(cast: Cast) -> None:
    hidden = write(cast, ALL)[0]
    Post.objects.filter(pk=hidden.pk).update(status="hidden")
    themes.find(cast.jam)
    assert not ThemeIdea.objects.filter(thread=hidden.thread).exists()


def test_a_theme_that_grows_keeps_its_number_and_its_name(cast: Cast) -> None:
    write(cast, ALL)
    themes.find(cast.jam)
    of_boats = Theme.objects.get(ideas__thread__posts__subject=BOATS[0])
    themes.rename(theme=of_boats, by=cast.fay, name="On the water")
    write(cast, ["Boats for the harbour master", "Trees on the roofs"])
    themes.find(cast.jam)
    assert Theme.objects.get(ideas__thread__posts__subject=BOATS[0]).pk == of_boats.pk
    assert "Boats for the harbour master" in found(cast.jam)["On the water"]


def test_only_who_runs_the_jam_names_a_theme(cast: Cast) -> None:
    write(cast, ALL)
    themes.find(cast.jam)
    theme, other = Theme.objects.filter(jam=cast.jam)[:2]
    for stranger in (cast.ana, cast.omar, cast.ned):
        with pytest.raises(NotAllowed):
            themes.rename(theme=theme, by=stranger, name="Mine")
    themes.rename(theme=theme, by=cast.fay, name="On the water")
    with pytest.raises(Invalid):
        themes.rename(theme=other, by=cast.fay, name="On the water")


def test_themes_are_looked_for_when_there_are_other_ideas(cast: Cast) -> None:
    assert list(themes.due()) == []
    write(cast, ALL)
    assert list(themes.due()) == [cast.jam]
    assert themes.claim(cast.jam)
    assert not themes.claim(cast.jam)
    themes.find(cast.jam)
    assert list(themes.due()) == []
    write(cast, ["Another one"])
    assert list(themes.due()) == []  # not yet
    cast.jam.theme_search.at = timezone.now() - timedelta(minutes=11)
    cast.jam.theme_search.save()
    assert list(themes.due()) == [cast.jam]


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are sent."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.mark.usefixtures("eager")
def test_the_task_finds_them(cast: Cast) -> None:
    write(cast, ALL)
    find_due_themes()
    assert Theme.objects.filter(jam=cast.jam).exists()


def test_words_are_told_apart_by_their_stem() -> None:
    texts = [words_in(text) for text in ("The boats sail", "A boat sails, 3 boats: https://example.org/sail")]
    vocabulary = Vocabulary(texts, language="en")
    assert [vocabulary.stems_of(words) for words in texts] == [["boat", "sail"], ["boat", "sail", "boat"]]
    assert vocabulary.shown("boat") == "boats"


def test_scripts_without_spaces_come_in_pieces() -> None:
    assert words_in("計程車 Uber") == ["計程", "程車", "計程車", "uber"]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real jams (shared/data beside the project) are not there")
def test_ideas_that_people_put_together_are_put_together() -> None:
    """Of pairs of a real jam's ideas that are in one theme, more have a label in common than of any pairs."""
    with open_path(REAL / "madrid") as source:
        jam = load(source).jam
    themes.find(jam)
    with (REAL.parent / "oracles" / "madrid-labels.csv").open() as file:
        labels = {row["post_id"]: set(row["categories"].split(";")) for row in csv.DictReader(file)}
    theme_of = dict(Post.objects.filter(jam=jam, parent=None).values_list("key", "thread__theme_idea__theme"))
    agree: dict[bool, list[bool]] = {True: [], False: []}
    for one, other in itertools.combinations(labels, 2):
        together = theme_of[one] is not None and theme_of[one] == theme_of[other]
        agree[together].append(bool(labels[one] & labels[other]))
    share = {together: sum(pairs) / len(pairs) for together, pairs in agree.items()}
    assert share[True] > share[False] + 0.15
