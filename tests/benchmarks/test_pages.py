"""The page benchmark, by its own code and in small: a dozen requests, and no word about how long they took."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import load
from benchmarks.machine import Cores, Machine
from benchmarks.pages import content, report, run
from benchmarks.pages.__main__ import HOST, SETTINGS
from benchmarks.site import Server, serving
from jam.serving.pages import THREADS
from tests.e2e import stack

ANYWHERE = Cores(server=None, rest=None)


@pytest.fixture
def up(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Server]:
    settings.ROOT_URLCONF = "benchmarks.pages.urls"
    site = stack.Site(tmp_path)
    site.collect_static()
    environ = {"DJANGO_SETTINGS_MODULE": SETTINGS, "DATABASE_URL": stack.test_database_url(), "DATA_DIR": str(tmp_path)}
    with serving(site.folder, core=None, **environ) as server:
        yield server


@pytest.mark.e2e
def test_every_page_is_asked_and_accounted_for(up: Server) -> None:
    made = content.fill(readers=2, posts=5, other_threads=2)
    pages = run.pages_of(made, server=up, host=HOST)
    results = run.measure(pages, rounds=2, seconds=5, requests=4, cores=ANYWHERE, host=HOST)
    assert [(result.errors, len(result.latencies)) for result in results] == [(0, 8)] * len(pages)
    assert all(result.new_connections <= THREADS for result in results)
    by_name = {result.page.name: result for result in results}
    assert by_name["one query, no template"].queries == 1
    assert by_name["one query, no template"].largest == len("4 forums\n")
    assert by_name["thread of 50 posts"].smallest > 10_000
    assert set(report.shares(results)) == {page.name for page in pages if not page.floor}
    assert (
        json.loads(json.dumps(report.as_json(results, machine=Machine.this(), cores=ANYWHERE)))["pages"][0]["errors"]
        == 0
    )
    assert len(report.table(results).splitlines()) == 2 + len(pages)
    assert "jam's home" in report.comparison(results)


@pytest.mark.e2e
def test_what_is_no_page_is_an_error(up: Server) -> None:
    plan = load.Plan(
        host=up.host, port=up.port, path="/no-such-page", cookies=["", ""], seconds=5, requests=6, name=HOST
    )
    outcome = load.apply(plan, core=None)
    assert (outcome.errors, outcome.failures, outcome.latencies) == (6, {"status 404": 6}, [])
