"""manage.py importjam PATH: loads a jam bundle."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jam.models import Door
from results.bundle.errors import BundleRefused
from results.bundle.load import load
from results.bundle.report import lines
from results.bundle.source import open_path


class Command(BaseCommand):
    help = "Loads a jam bundle, a folder or a .zip: all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="The bundle: a folder or a .zip of one.")
        parser.add_argument("--slug", help="The jam's name in its address, in place of the bundle's own.")
        parser.add_argument(
            "--door", choices=Door.values, help="Who gets in; without it as the bundle says, or by invitation."
        )
        parser.add_argument(
            "--strict", action="store_true", help="Refuse the bundle at the first row to be mended or left out."
        )

    def handle(self, *, path: Path, slug: str | None, door: str | None, strict: bool, **options: Any) -> None:
        try:
            with open_path(path) as source:
                loaded = load(source, slug=slug, door=door, strict=strict)
        except BundleRefused as refused:
            raise CommandError(f"Nothing was loaded. {refused.message}") from refused
        for line in lines(loaded.report):
            self.stdout.write(line)
        jam = loaded.jam
        self.stdout.write(f"\nLoaded “{jam.title}” as {jam.slug}.")
        if jam.published_at is None:
            self.stdout.write("It is a draft: only who runs it sees it until it is published.")
        elif jam.door == Door.INVITATION:
            self.stdout.write(
                "Only its own people and admins of the site see it; --door account lets in everyone with an account."
            )
