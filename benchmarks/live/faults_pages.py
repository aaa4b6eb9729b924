"""What a page of a jam shows, read from its HTML, and how it changes by what a tab hears.

As far as the fault run goes: posts are written and voted on, and none is hidden.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Votes: TypeAlias = dict[str, int]

NUMBERS = {"thread": "threads", "post": "posts"}


class NotAPage(Exception):
    """The HTML does not say what a page of a jam says."""


class Page:
    """`posts` counts how often each post was put into the page; `paths` is the tree, in a thread.

    `votes` are by post, `numbers` by what they count: ("forum", 3, "posts") or ("thread", 12, "replies").
    """

    def __init__(self, path: str, html: str) -> None:
        self.path = path
        body = _tag(html, "body")
        self.seq = int(_attribute(body, "data-seq"))
        self.rooms = _attribute(body, "data-rooms").split()
        self.posts: Counter[int] = Counter()
        self.loaded: set[int] = set()
        self.paths: dict[str, int] = {}
        self.votes: dict[int, Votes] = {}
        self.numbers: dict[tuple[str, int, str], int] = {}
        self.pages = 1
        self.read(html)

    def read(self, html: str) -> None:
        """Takes in what a page shows. A thread of several is read one after the other."""
        if any(room.startswith("thread:") for room in self.rooms):
            self._read_thread(html)
        elif self.rooms:
            self._read_forum(html)
        else:
            self._read_home(html)
        self.loaded.update(self.posts)

    def _read_thread(self, html: str) -> None:
        thread = int(_attribute(html, "data-thread"))
        self.pages = int(_attribute(html, "data-pages"))
        self.numbers["thread", thread, "replies"] = _number(html, "data-reply-count")
        for post in _parts(html, '<article class="post', "</article>"):
            number = int(_attribute(post, "data-post-id"))
            self.paths[_attribute(post, "data-path")] = number
            self.posts[number] = 1
            self.votes[number] = _votes(post)

    def _read_forum(self, html: str) -> None:
        forum = int(_attribute(html, "data-forum"))
        for name, counted in NUMBERS.items():
            self.numbers["forum", forum, counted] = _number(html, f"data-{name}-count")
        for idea in _parts(html, '<li class="idea', "</li>"):
            number = int(_attribute(idea, "data-post-id"))
            self.posts[number] = 1
            self.votes[number] = _votes(idea)
            self.numbers["thread", int(_attribute(idea, "data-thread")), "replies"] = _number(idea, "data-reply-count")

    def _read_home(self, html: str) -> None:
        for forum in _parts(html, "<li data-forum=", "</li>"):
            for name, counted in NUMBERS.items():
                number = int(_attribute(forum, "data-forum"))
                self.numbers["forum", number, counted] = _number(forum, f"data-{name}-count")
        for line in _parts(html, "<li data-post-id=", "</li>"):
            self.posts[int(_attribute(line, "data-post-id"))] = 1

    def put(self, event: Mapping[str, Any]) -> None:
        """A post that was written."""
        post, thread, forum = event["post"], event["thread"], event["forum"]
        self.numbers["thread", thread, "replies"] = event["replies"]
        self.numbers["forum", forum, "threads"] = event["forum_threads"]
        self.numbers["forum", forum, "posts"] = event["forum_posts"]
        if post in self.loaded:  # the page was made while it was written
            return
        if f"thread:{thread}" in self.rooms:
            fragment = event["html"]
            self.paths[_attribute(fragment, "data-path")] = int(_attribute(fragment, "data-post-id"))
            self.votes.setdefault(post, _votes(fragment))
        self.posts[post] += 1

    def count(self, counts: Mapping[str, Votes]) -> None:
        for post, votes in counts.items():
            self.votes[int(post)] = votes

    def differs(self, fresh: Page) -> list[str]:
        """What is not as on `fresh`, the same page loaded now. Order matters where the tree gives one."""
        wrong = [
            f"{key} is {self.numbers.get(key)}, not {now}"
            for key, now in fresh.numbers.items()
            if self.numbers.get(key) != now
        ]
        nothing = dict.fromkeys(("agree", "pass", "disagree"), 0)
        wrong += [
            f"the votes on {post} are {self.votes.get(post)}, not {now}"
            for post, now in fresh.votes.items()
            if self.votes.get(post, nothing) != now
        ]
        if [post for _, post in sorted(self.paths.items())] != list(fresh.paths.values()):
            wrong.append("the tree has other posts, or in another order")
        wrong += [f"post {post} is missing" for post in fresh.posts.keys() - self.posts.keys()]
        return wrong + [f"post {post} is there {times} times" for post, times in self.posts.items() if times > 1]


def _parts(html: str, start: str, end: str) -> Iterator[str]:
    for part in html.split(start)[1:]:
        yield start + part.partition(end)[0]


def _tag(html: str, name: str) -> str:
    return html.partition(f"<{name} ")[2].partition(">")[0]


def _attribute(html: str, name: str) -> str:
    _, found, after = html.partition(f'{name}="')
    if not found:
        raise NotAPage(f"There is no {name} in {html[:200]!r}")
    return after.partition('"')[0]


def _number(html: str, name: str) -> int:
    found = re.search(rf'{name}="(\d+)"', html)
    if found is None:
        raise NotAPage(f"There is no {name} in {html[:200]!r}")
    return int(found[1])


def _votes(html: str) -> Votes:
    return {name: int(shown.replace(",", "")) for name, shown in re.findall(r'data-count="(\w+)">([\d,]+)<', html)}
