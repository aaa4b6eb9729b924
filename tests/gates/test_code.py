"""What holds for the code as a whole: its models, its settings and what they say of each other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

ROOT = Path(settings.BASE_DIR)
KEY = {"SECRET_KEY": "0123456789abcdef" * 4}
FLOORS = ["accounts", "jam", "live", "moderation", "results", "threads"]
MODELS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_says_what_it_is(model: type[models.Model]) -> None:
    assert model.__str__ is not models.Model.__str__


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=3)


def test_a_migration_says_what_it_does() -> None:
    files = [file.name for floor in FLOORS for file in (ROOT / floor / "migrations").glob("[0-9]*.py")]
    assert [file for file in files if "_auto_" in file or re.fullmatch(r"\d+_\w+_\d{8}_\d{4}\.py", file)] == []


def settings_read() -> set[str]:
    """The environment variables that the settings ask for."""
    return set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', (ROOT / "jam/settings.py").read_text()))


def settings_described() -> set[str]:
    """The variables that have a row of their own in docs/settings.md, in the table of the settings."""
    text = (ROOT / "docs/settings.md").read_text()
    table = text.partition("## Of the site")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, flags=re.MULTILINE))


def test_every_setting_is_described_and_none_that_is_gone() -> None:
    assert settings_described() == settings_read()


def test_every_setting_of_a_provider_is_described_and_none_that_is_gone() -> None:
    read = set(re.findall(r'\{prefix\}([A-Z_]+)"', (ROOT / "jam/environment.py").read_text()))
    table = (ROOT / "docs/settings.md").read_text().partition("## Of a provider")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `OIDC_CORP_([A-Z_]+)` \|", table, flags=re.MULTILINE)) == read != set()


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "DATABASE_URL", "REDIS_URL") if name in os.environ
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=kept | environ, capture_output=True, text=True
    )


def test_a_public_site_passes_djangos_own_checks() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", SITE_URL="https://jam.example.org", **KEY)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        (KEY | {"SITE_URL": "jam.example.org"}, "SITE_URL is not an address"),
        (KEY | {"SITE_URL": "https://"}, "SITE_URL names no host"),
        (KEY | {"DATABASE_URL": "sqlite:///jam.db"}, "DATABASE_URL is not an address"),
        (KEY | {"REDIS_URL": "localhost:6379"}, "REDIS_URL is not an address"),
        (KEY | {"EMAIL_URL": "mail.example.org"}, "EMAIL_URL is not an address"),
        (KEY | {"DEBUG": "perhaps"}, "DEBUG must be 1 or 0"),
        (KEY | {"TRUSTED_PROXIES": "some"}, "TRUSTED_PROXIES must be a whole number"),
        (KEY | {"EVENTS_KEPT_DAYS": "0"}, "EVENTS_KEPT_DAYS must be a whole number, 1 or more"),
        (KEY | {"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(environ: dict[str, str], word: str) -> None:
    done = manage("check", **environ)
    assert done.returncode == 1
    assert word in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_without_manage_py_a_missing_server_stops_the_start_and_is_named(name: str) -> None:
    environ = {key: value for key, value in os.environ.items() if key != name}
    done = subprocess.run(
        [sys.executable, "-c", "import jam.wsgi"], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"{name} is not set" in done.stderr.splitlines()[-1]
