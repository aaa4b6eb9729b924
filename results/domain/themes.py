"""Themes of a jam: looked for now and then while it is open, and once more when it has closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from jam.access import require_runs
from jam.domain.errors import Invalid, NotAllowed
from jam.domain.text import clean_line
from jam.models import Jam, Member
from results.domain.vocabulary import Vocabulary, words_in
from threads.models import THEME_NAME_MAX, Theme, ThemeIdea, ThemeSearch

if TYPE_CHECKING:
    from results.domain.clusters import Clusters

PAUSE = timedelta(minutes=10)
# From the hottest ideas the themes are learned, and the others are sorted into them. An idea without a subject was a
# reply in the jam that it came from, whose parent is lost: it is often about nothing.
LEARN_FROM = 5_000
SUBJECT_COUNTS = 3
REPLIES_READ = 20
CHARACTERS_READ = 3_000
# Half of an old theme's ideas, or of the new one's, make the new one the old one grown.
KINSHIP = 0.5
LOCK = "SELECT pg_advisory_xact_lock(hashtext('themes'), %s)"

CLAIM = """
    INSERT INTO threads_themesearch AS search (jam_id, at, idea_count) VALUES (%s, now(), 0)
    ON CONFLICT (jam_id) DO UPDATE SET at = now() WHERE search.at < now() - make_interval(secs => %s)
    RETURNING jam_id
"""
READ = """
    SELECT thread.id, idea.subject <> '',
           repeat(idea.subject || ' ', %(subject)s) || array_to_string(idea.tags, ' ') || ' ' || idea.body
           || ' ' || left(replies.words, %(characters)s)
    FROM threads_thread AS thread
    JOIN threads_post AS idea ON idea.thread_id = thread.id AND idea.parent_id IS NULL
    CROSS JOIN LATERAL (
        SELECT coalesce(string_agg(reply.body, ' ' ORDER BY reply.id), '') AS words
        FROM (
            SELECT id, body FROM threads_post
            WHERE thread_id = thread.id AND status = 'visible' AND parent_id IS NOT NULL
            ORDER BY created_at LIMIT %(replies)s
        ) AS reply
    ) AS replies
    WHERE thread.jam_id = %(jam)s AND idea.status = 'visible'
    ORDER BY idea.subject = '', thread.heat DESC, thread.id
"""


def due() -> QuerySet[Jam]:
    """Open jams, and those that closed, whose number of ideas is another than when their themes were looked for last,
    which was not in the last ten minutes.
    """
    ideas = Coalesce(Sum("forums__thread_count"), 0)
    looked_at = Q(theme_search__isnull=True) | Q(theme_search__at__lt=Now() - PAUSE)
    return (
        Jam.objects.filter(looked_at, published_at__isnull=False, opens_at__lt=Now())
        .annotate(ideas=ideas)
        .filter(ideas__gt=0)
        .exclude(theme_search__idea_count=F("ideas"))
    )


def claim(jam: Jam) -> bool:
    """Takes the search for the themes of `jam` on; False if another worker did in the last ten minutes."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [jam.pk, PAUSE.total_seconds()])
        return cursor.fetchone() is not None


def find(jam: Jam) -> int:
    """Looks for the themes of `jam` anew, and says how many there are.

    A theme that is an earlier one grown keeps its number and the name that somebody gave it. Takes seconds; its
    transaction is short, and holds a lock that makes another search of the same jam wait.
    """
    from results.domain.clusters import cluster  # loads what a web process need not hold

    ideas = _ideas_in(jam)
    rows = _read(jam)
    said = [words_in(text) for _thread, _has_subject, text in rows]
    vocabulary = Vocabulary(said, language=jam.language)
    with_subject = sum(has_subject for _thread, has_subject, _text in rows)
    learn_from = min(with_subject or len(rows), LEARN_FROM)
    clusters = cluster([vocabulary.stems_of(words) for words in said], learn_from=learn_from)
    words = [[vocabulary.shown(stem) for stem in stems] for stems in clusters.words]
    return _keep(jam, _found([thread for thread, *_ in rows], clusters, words), ideas=ideas)


def rename(*, theme: Theme, by: Member, name: str) -> None:
    """Calls `theme` by a name that stays when themes are looked for anew; an empty one lets its words name it again.

    Raises NotAllowed unless `by` runs all of the jam, and Invalid for a name that is too long.
    """
    if by.jam_id != theme.jam_id:
        raise NotAllowed(_("Only who runs the jam names its themes."), code="role")
    require_runs(by, None)
    name = clean_line(name, field="name", name=_("The name"), limit=THEME_NAME_MAX)
    if Theme.objects.filter(jam=theme.jam_id, name=name).exclude(pk=theme.pk).exclude(name="").exists():
        raise Invalid(_("Another theme is called so."), code="taken", field="name")
    Theme.objects.filter(pk=theme.pk).update(name=name, named_by=by if name else None)


@dataclass
class Found:
    """A theme that was found, and the threads in it."""

    words: list[str]
    threads: set[int]
    was: Theme | None = None


def _ideas_in(jam: Jam) -> int:
    return int(jam.forums.aggregate(ideas=Coalesce(Sum("thread_count"), 0))["ideas"])


def _read(jam: Jam) -> list[tuple[int, bool, str]]:
    asked = {
        "jam": jam.pk,
        "subject": SUBJECT_COUNTS,
        "replies": REPLIES_READ,
        "characters": CHARACTERS_READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(READ, asked)
        return list(cursor.fetchall())


def _found(threads: Sequence[int], clusters: Clusters, words: Sequence[list[str]]) -> list[Found]:
    found = [Found(words=part, threads=set()) for part in words]
    for thread, number in zip(threads, clusters.of, strict=True):
        if number is not None:
            found[number].threads.add(thread)
    return [theme for theme in found if theme.threads and theme.words]


@transaction.atomic
def _keep(jam: Jam, found: list[Found], *, ideas: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [jam.pk])
    _recognise(jam, found)
    kept = [theme.was.pk for theme in found if theme.was]
    ThemeIdea.objects.filter(theme__jam=jam).delete()
    Theme.objects.filter(jam=jam).exclude(pk__in=kept).delete()
    for theme in found:
        row = theme.was or Theme(jam=jam)
        row.words, row.idea_count = theme.words, len(theme.threads)
        row.save()
        ThemeIdea.objects.bulk_create(ThemeIdea(theme=row, thread_id=thread) for thread in sorted(theme.threads))
    ThemeSearch.objects.update_or_create(jam=jam, defaults={"at": Now(), "idea_count": ideas})
    return len(found)


def _recognise(jam: Jam, found: list[Found]) -> None:
    """Finds which earlier theme each is: the pair that shares most first, and each once."""
    before: dict[int, set[int]] = {}
    for theme_id, thread in ThemeIdea.objects.filter(theme__jam=jam).values_list("theme_id", "thread_id"):
        before.setdefault(theme_id, set()).add(thread)
    themes = Theme.objects.filter(jam=jam).in_bulk()
    shared = Counter(
        {
            (number, theme_id): len(theme.threads & threads)
            for number, theme in enumerate(found)
            for theme_id, threads in before.items()
        }
    )
    for (number, theme_id), common in shared.most_common():
        enough = KINSHIP * min(len(found[number].threads), len(before[theme_id]))
        if common and common >= enough and theme_id in themes and found[number].was is None:
            found[number].was = themes.pop(theme_id)
