"""What of all that a member missed is put before them: one choice, made here.

It is a front page. What is about the reader comes first and what is only new comes last:

1. replies to them, and posts that mention them
2. threads that they follow
3. announcements
4. what was highlighted
5. what became hot
6. themes that were not there before
7. ideas that nobody has answered
8. whatever else is new, the newest first

A thread comes once, where it comes first, with a few of its new posts. Things are taken in that order until the next
does not fit into the time that the reader wants to spend. So the page of ten minutes begins with the page of three, and
what is left out is always less to them than what is shown.

How long a thing takes is its words by a reading speed of 238 words a minute: what a review of 190 studies found of
adults who read English non-fiction to themselves (Marc Brysbaert, "How many words do we read per minute? A review and
meta-analysis of reading rate", Journal of Memory and Language 109, 2019, 104047). In a script without spaces each
character counts as a word.

Nothing here reads or writes anything; `threads.domain.missed` brings the material.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WORDS_A_MINUTE = 238

# Han, kana, Hangul is written with spaces, Thai, Lao, Khmer, Myanmar.
WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


class Section(enum.IntEnum):
    """In the order of the page."""

    TO_YOU = 1
    FOLLOWED = 2
    ANNOUNCED = 3
    HIGHLIGHTED = 4
    HOT = 5
    THEMES = 6
    UNANSWERED = 7
    OTHER = 8


@dataclass(frozen=True)
class Item:
    """One thing that may come onto the page: a thread with some of its new posts, an announcement, a theme."""

    section: Section
    words: int
    thread: int | None = None
    posts: tuple[int, ...] = ()
    """The new posts that it shows."""
    unread: int = 0
    """How many new posts the thread has."""
    content: Any = None


@dataclass(frozen=True)
class Material:
    """What there is to choose from, of each section the most telling first, and how much is new in all."""

    items: Sequence[Item] = ()
    posts: int = 0
    threads: int = 0
    is_bounded: bool = False
    """Whether `posts` and `threads` are as many or more."""


@dataclass(frozen=True)
class CatchUp:
    """What was chosen, and how much was not: posts shown and `left_posts` are together all that is new."""

    items: tuple[Item, ...] = ()
    left_posts: int = 0
    left_threads: int = 0
    """Threads with a new post that is not shown."""
    is_bounded: bool = False
    words: int = 0

    @property
    def shown_posts(self) -> int:
        return sum(len(item.posts) for item in self.items)

    @property
    def minutes(self) -> int:
        """How long what was chosen takes to read, rounded up."""
        return -(-self.words // WORDS_A_MINUTE)


def choose(material: Material, minutes: int | None) -> CatchUp:
    """What can be read in so many minutes; without a number, all of the material. Pure.

    If there is anything at all, the first thing is chosen however long it is.
    """
    room = None if minutes is None else minutes * WORDS_A_MINUTE
    chosen: list[Item] = []
    threads: set[int] = set()
    words = 0
    for item in sorted(material.items, key=lambda item: item.section):
        if item.thread in threads:
            continue
        if chosen and room is not None and words + item.words > room:
            break
        chosen.append(item)
        words += item.words
        if item.thread is not None:
            threads.add(item.thread)
    shown = sum(len(item.posts) for item in chosen)
    whole = sum(1 for item in chosen if item.thread is not None and len(item.posts) >= item.unread)
    return CatchUp(
        items=tuple(chosen),
        left_posts=max(0, material.posts - shown),
        left_threads=max(0, material.threads - whole),
        is_bounded=material.is_bounded,
        words=words,
    )


def count_words(text: str) -> int:
    """Words of a text as they count for the time it takes to read it."""
    singles = len(WITHOUT_SPACES.findall(text))
    return singles + len(WITHOUT_SPACES.sub(" ", text).split())
