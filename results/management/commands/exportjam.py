"""manage.py exportjam SLUG --format FORMAT --out PATH: writes a jam to files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jam.models import Jam
from results.exports.errors import ExportRefused
from results.exports.formats import FORMATS, export


class Command(BaseCommand):
    help = "Writes a jam to a file, a folder or a zip. " + " ".join(f"{f.name}: {f.about}" for f in FORMATS.values())

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="The jam's name in its address.")
        parser.add_argument("--format", required=True, choices=list(FORMATS))
        parser.add_argument(
            "--out",
            required=True,
            type=Path,
            metavar="PATH",
            help="Where to. bundle, csv and html become a zip if it ends in .zip, else a folder.",
        )
        parser.add_argument("--force", action="store_true", help="Write into a folder that is not empty.")

    def handle(self, *, slug: str, format: str, out: Path, force: bool, **options: Any) -> None:  # noqa: A002
        jam = Jam.objects.filter(slug=slug).first()
        if jam is None:
            raise CommandError(f"There is no jam “{slug}”.")
        try:
            export(jam, format, out, force=force)
        except ExportRefused as refused:
            raise CommandError(f"Nothing was written. {refused.message}") from refused
        self.stdout.write(f"Wrote “{jam.title}” as {format} to {out}.")
