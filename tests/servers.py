"""A pytest plugin: one real PostgreSQL and one real Redis for a test run, thrown away after it.

It is loaded with `-p` (see pyproject.toml), because the settings need the addresses before any conftest is read. The
process that runs pytest starts the servers; the workers of xdist inherit the addresses and take a Redis database each.
With DATABASE_URL or REDIS_URL set, that server is used.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jam.embedded import servers
from jam.embedded.folder import Folder

# The first Redis database that tests may empty. Those of the workers follow it.
FIRST_REDIS_DATABASE = 8

_started = pytest.StashKey[tuple[servers.Servers, Path]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    options = early_config.known_args_namespace
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        take_redis_database(FIRST_REDIS_DATABASE + 1 + int(worker.removeprefix("gw")))
    elif not (options.version or options.help):
        prepare(early_config)
    return (yield)


def prepare(config: pytest.Config) -> None:
    """Starts what the environment does not name, and makes the environment of the tests."""
    root = Path(tempfile.mkdtemp(prefix="jam-test-"))
    folder = Folder(root)
    folder.make()
    names = servers.missing(os.environ)
    started = servers.Servers(folder, names, durable=False)
    config.stash[_started] = (started, root)
    servers.fill_in(folder, names)
    os.environ["DATA_DIR"] = str(root)
    os.environ.setdefault("SECRET_KEY", "of the tests, and of nothing else")
    take_redis_database(FIRST_REDIS_DATABASE)
    try:
        started.start()
    except BaseException:
        finish(config)
        raise


def take_redis_database(number: int) -> None:
    """Points REDIS_URL at a database of this process's own, which its tests may empty."""
    url = os.environ["REDIS_URL"]
    if url.startswith("unix://"):
        os.environ["REDIS_URL"] = f"{url.partition('?')[0]}?db={number}"
    else:
        server = "/".join(url.split("/")[:3])
        os.environ["REDIS_URL"] = f"{server}/{number}"


def finish(config: pytest.Config) -> None:
    started, root = config.stash.get(_started, (None, None))
    if started and root:
        started.stop()
        shutil.rmtree(root, ignore_errors=True)
        del config.stash[_started]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    finish(config)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if failed := os.environ.get("FAILED_GATES"):
        terminalreporter.section("gates that failed (their words are above the tests)", red=True)
        terminalreporter.write_line(failed)
