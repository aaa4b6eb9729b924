"""Loading a bundle: all of it in one transaction, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from jam.models import Jam
from results.bundle import description
from results.bundle.errors import BundleRefused
from results.bundle.follows import FollowsLoader
from results.bundle.layout import FILES, IMAGES_FOLDER, TABLES, VOTES
from results.bundle.marks import MarksLoader
from results.bundle.occasions import OccasionsLoader
from results.bundle.people import PeopleLoader, load_forums
from results.bundle.pictures import PicturesLoader
from results.bundle.posts import PostsLoader
from results.bundle.promises import PromisesLoader
from results.bundle.report import Report
from results.bundle.set_up import SetUpLoader
from results.bundle.shifts import ShiftsLoader
from results.bundle.source import Source
from results.bundle.threads import ThreadsLoader
from threads.domain import counts, search_index


@dataclass(frozen=True)
class Loaded:
    jam: Jam
    report: Report


def load(source: Source, *, slug: str | None = None, door: str | None = None, strict: bool = False) -> Loaded:
    """Makes the jam that `source` holds, with its ids, under `slug` and behind `door` if they are given.

    Raises BundleRefused, and then nothing was kept. Sends no mail and tells no tab, and no worker closes a jam that was
    loaded after its close.
    """
    report = Report(strict=strict)
    for table in TABLES:
        if not table.optional or table.file in source.names:
            report.tally(table.file)
    _tell_of_unknown(source, report)
    files: list[str] = []
    try:
        with transaction.atomic():
            jam = _load_jam(source, slug=slug, door=door, report=report)
            _load_rows(source, jam, report, files)
    except BaseException as error:
        for name in files:
            default_storage.delete(name)
        if isinstance(error, IntegrityError):
            raise BundleRefused("Somebody changed the site meanwhile, and the two do not fit. Try again.") from error
        raise
    return Loaded(jam, report)


def _load_jam(source: Source, *, slug: str | None, door: str | None, report: Report) -> Jam:
    jam = description.read(source, report)
    jam.slug = jam.slug if slug is None else slug
    jam.door = jam.door if door is None else door
    description.check_slug(jam.slug)
    try:
        with transaction.atomic():
            jam.save(force_insert=True)
            jam.policy.save()
    except IntegrityError as error:
        if "slug" in str(error):
            raise description.slug_taken(jam.slug) from error
        raise
    return jam


def _load_rows(source: Source, jam: Jam, report: Report, files: list[str]) -> None:
    forums = load_forums(source, jam, report)
    members = PeopleLoader(source, jam, report).load()
    pictures = PicturesLoader(source, jam, members=members, report=report, files=files)
    pictures.load()
    posts_loader = PostsLoader(source, jam, forums=forums, members=members, pictures=pictures, report=report)
    posts = posts_loader.load()
    pictures.load_revisions(posts)
    pictures.link()
    PromisesLoader(source, jam, members=members, report=report).load()
    OccasionsLoader(source, jam, forums=forums, members=members, report=report).load()
    SetUpLoader(source, jam, forums=forums, members=members, report=report).load_all(files)
    marks = MarksLoader(
        source,
        jam,
        posts=posts,
        refused_posts=posts_loader.refused_keys,
        members=members,
        forums=forums,
        report=report,
    )
    marks.load_votes()
    marks.load_favourites()
    marks.load_actions()
    marks.load_outcomes()
    marks.load_highlights()
    FollowsLoader(source, jam, posts=posts, members=members, report=report).load()
    ThreadsLoader(source, jam, posts=posts, members=members, report=report).load()
    ShiftsLoader(source, jam, forums=forums, members=members, report=report).load_all()
    counts.recount(jam.pk)
    search_index.fill(jam.pk)


def _tell_of_unknown(source: Source, report: Report) -> None:
    unknown = sorted(
        name for name in source.names if name not in FILES and not name.startswith((".", f"{IMAGES_FOLDER}/"))
    )
    if unknown:
        report.warn(f"kept out, since a bundle has no such file: {', '.join(unknown)}.")
    if VOTES.file not in source.names:
        report.warn(f"there is no {VOTES.file}: the jam has no votes.")
