"""People who write while things break: who gets no answer sends again, with the same Idempotency-Key."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.live.following import Browser

if TYPE_CHECKING:
    from benchmarks.live.content import Content

ANSWER_PATIENCE = 10.0
SHARE_OF_IDEAS = 0.05
AGAIN_AFTER = (0.2, 1.0)
BODY = "The lamp at the corner is out again, and *nobody* knows whom to call. This is number {number}."


@dataclass(frozen=True)
class Post:
    """One that got its 201, and when, by the loop's clock. `author` is a person's index."""

    id: int
    thread: int
    forum: int
    author: int
    key: str
    at: float

    @property
    def rooms(self) -> set[str]:
        return {"pulse", f"forum:{self.forum}", f"thread:{self.thread}"}


@dataclass
class Writers:
    """Writes at a steady pace, whatever becomes of it. `answers` counts every answer, also those that were no 201."""

    browser: Browser
    content: Content
    posts_a_second: float
    votes_a_second: float
    posts: list[Post] = field(default_factory=list)
    votes: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until `stop`; then until everything that was begun has its answer."""
        self._threads = [(thread.id, thread.forum) for thread in self.content.threads]
        # What was there before was written by others: anyone here may vote on it.
        self._ballots = [(post, -1) for thread in self.content.threads for post in (thread.idea, *thread.posts)]
        async with asyncio.TaskGroup() as group:
            group.create_task(self._at(self.posts_a_second, self._post, group))
            group.create_task(self._at(self.votes_a_second, self._vote, group))

    def stop(self) -> None:
        self._stop.set()

    async def _at(self, rate: float, write: Any, group: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in count(1):
            if self._stop.is_set():
                return
            group.create_task(write(number))
            await asyncio.sleep(max(0.0, began + number / rate - loop.time()))

    async def _post(self, number: int) -> None:
        author, key = random.randrange(len(self.content.tokens)), uuid.uuid4().hex
        written: dict[str, Any] = {"subject": "", "body": BODY.format(number=number)}
        if random.random() < SHARE_OF_IDEAS:
            written |= {"subject": f"Idea while it broke, {number}", "forum": random.choice(self.content.forums)}
            path = f"/api/v1/jams/{self.content.slug}/threads"
        else:
            path = f"/api/v1/threads/{random.choice(self._threads)[0]}/posts"
        said = await self._until_answered("POST", path, author, written, key)
        post = Post(said["id"], said["thread"], said["forum"], author, key, asyncio.get_running_loop().time())
        self.posts.append(post)
        self._ballots.append((post.id, author))

    async def _vote(self, number: int) -> None:
        post, author = random.choice(self._ballots)
        voter = random.randrange(len(self.content.tokens))
        if voter != author:
            await self._until_answered(
                "PUT", f"/api/v1/posts/{post}/vote", voter, {"value": random.choice((1, 1, 0, -1))}
            )
            self.votes += 1

    async def _until_answered(
        self, method: str, path: str, person: int, body: dict[str, Any], key: str = ""
    ) -> dict[str, Any]:
        """What the server said once it took it. Raises HTTPStatusError if it says that it never will."""
        headers = {"Authorization": f"Bearer {self.content.tokens[person]}"}
        headers |= {"Idempotency-Key": key} if key else {}
        while True:
            try:
                answer = await self.browser.http.request(
                    method, path, json=body, headers=headers, timeout=ANSWER_PATIENCE
                )
            except httpx.TransportError as error:
                self.answers[type(error).__name__] += 1
            else:
                self.answers[str(answer.status_code)] += 1
                if answer.status_code < 500:
                    answer.raise_for_status()
                    said: dict[str, Any] = answer.json()
                    return said
            await asyncio.sleep(random.uniform(*AGAIN_AFTER))
