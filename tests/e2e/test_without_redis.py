"""What people can do while Redis is stopped or hangs: all but hear of each other at once."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from jam.embedded import redis
from tests.cast import PASSWORD, Cast
from tests.e2e.browser import session_cookie
from tests.e2e.stack import Site, eventually
from threads.models import Post, Vote

pytestmark = [pytest.mark.e2e]

PATIENCE = 5.0
"""Seconds for an answer, which is what it means that nobody waits for Redis."""


class WithoutRedis(Site):
    """A site with a Redis of its own, of which it has to do without."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.redis = redis.start(self.folder)

        self.away = ""

    def take_redis_away(self, how: str) -> None:
        self.away = how
        if how == "stopped":
            self.redis.stop()
        else:
            os.kill(self.redis.process.pid, signal.SIGSTOP)

    def give_redis_back(self, how: str) -> None:
        if how == "stopped":
            self.redis = redis.start(self.folder)
        else:
            os.kill(self.redis.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        super().stop()
        self.redis.stop()


class Reader:
    """Somebody with a browser and no script."""

    def __init__(self, site: Site) -> None:
        self.http = httpx.Client(
            base_url=site.url, timeout=PATIENCE, follow_redirects=True, headers={"Referer": site.url}, trust_env=False
        )

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Fills in the form at `path` and sends it."""
        self.http.get(path)
        return self.act(path, **fields)

    def act(self, path: str, **fields: str) -> httpx.Response:
        answer = self.http.post(path, data=fields | {"csrfmiddlewaretoken": self.http.cookies["jam_csrf"]})
        answer.raise_for_status()
        return answer

    def sign_in(self, email: str) -> bool:
        self.send("/accounts/login/", login=email, password=PASSWORD)
        return "jam_session" in self.http.cookies


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[WithoutRedis]:
    site = WithoutRedis(tmp_path_factory.mktemp("without-redis"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDIS_URL", site.folder.redis_url)
        try:
            site.start()
            yield site
        finally:
            site.stop()


@pytest.fixture(params=["stopped", "hanging"])
def without_redis(
    request: pytest.FixtureRequest, own_site: WithoutRedis, transactional_db: None
) -> Iterator[WithoutRedis]:
    own_site.take_redis_away(request.param)
    yield own_site
    own_site.give_redis_back(request.param)
    eventually(lambda: is_well(own_site), what="the site says that Redis is back")


@pytest.fixture
def visitor(without_redis: WithoutRedis) -> Iterator[Reader]:
    reader = Reader(without_redis)
    yield reader
    reader.http.close()


def is_well(site: Site) -> bool:
    return httpx.get(f"{site.url}/healthz", timeout=PATIENCE).json() == {"database": True, "redis": True}


def test_people_sign_in_read_write_vote_and_sign_out(without_redis: WithoutRedis, visitor: Reader, cast: Cast) -> None:
    assert httpx.get(f"{without_redis.url}/healthz", timeout=PATIENCE).json() == {"database": True, "redis": False}
    idea, ben = cast.idea(), visitor
    thread = f"/jams/{cast.jam.slug}/threads/{idea.thread_id}/"
    assert ben.sign_in("ben@example.org")
    assert "A lamp on the pier" in ben.http.get(thread).text
    ben.send(f"/jams/{cast.jam.slug}/posts/{idea.pk}/reply/", body="And one at the steps.")
    ben.act(f"/jams/{cast.jam.slug}/posts/{idea.pk}/vote/", value="1", back=thread)
    assert "And one at the steps." in ben.http.get(thread).text
    assert (Post.objects.filter(parent=idea).count(), Vote.objects.get().value) == (1, 1)
    ben.send("/accounts/logout/")
    assert "A lamp on the pier" not in ben.http.get(thread).text


def test_a_tab_comes_in_and_hears_what_is_written(without_redis: WithoutRedis, cast: Cast) -> None:
    idea, session = cast.idea(), session_cookie(cast.ana.person, without_redis)
    address = f"{without_redis.url.replace('http', 'ws')}/live/{cast.jam.slug}/?since=1&room=thread:{idea.thread_id}"
    with connect(
        address,
        additional_headers={"Cookie": f"{session['name']}={session['value']}"},
        origin=without_redis.url,
        proxy=None,
    ) as tab:
        assert json.loads(tab.recv(PATIENCE))["seq"] == 1
        reply = cast.reply(idea)
        # The hub finds it in the database. Frames with counts alone may come before.
        (event,) = eventually(lambda: json.loads(tab.recv(PATIENCE))["events"], what="the reply")
        assert (event["post"], event["seq"]) == (reply.pk, 2)


def test_who_guesses_passwords_is_stopped(without_redis: WithoutRedis, visitor: Reader, cast: Cast) -> None:
    """Each process counts by itself while it has no Redis to count in with the others."""
    email = {"stopped": "ana@example.org", "hanging": "fay@example.org"}[without_redis.away]
    answers = [visitor.send("/accounts/login/", login=email, password="a guess").text for _ in range(8)]
    assert ["Too many failed" in answer for answer in (answers[0], answers[-1])] == [False, True]
