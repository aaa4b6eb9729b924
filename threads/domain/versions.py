"""What a post said before it was changed, and what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from threads.models import Post

Kind = Literal["same", "added", "removed"]

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Two texts are compared token by token where that is at most so many pairs: about half a second for the worst of texts.
PAIRS_MAX = 1_000_000


@dataclass(frozen=True)
class Version:
    """What a post said from `at` on. `by` is the facilitator who made it so; empty for its author."""

    number: int
    at: datetime
    subject: str
    body: str
    tags: list[str]
    by: str = ""


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


def versions_of(post: Post) -> list[Version]:
    """All that the post ever said, the first version first. One query."""
    found: list[Version] = []
    at, by = post.created_at, ""
    for revision in post.revisions.select_related("by").order_by("replaced_at", "pk"):
        found.append(Version(len(found) + 1, at, revision.subject, revision.body, revision.tags, by))
        at, by = revision.replaced_at, revision.by.name if revision.by else ""
    found.append(Version(len(found) + 1, at, post.subject, post.body, post.tags, by))
    return found


def compare(old: str, new: str) -> list[Piece]:
    """`new` with what it has beyond `old` marked as added, and what it lacks as removed where it stood.

    By words; of long texts that differ much, by lines, and of longer ones as a whole.
    """
    for tokens in (WORDS, LINES):
        before, after = tokens.findall(old), tokens.findall(new)
        start, end = _alike(before, after), 0
        end = _alike(before[start:][::-1], after[start:][::-1])
        inner = before[start : len(before) - end], after[start : len(after) - end]
        if len(inner[0]) * len(inner[1]) <= PAIRS_MAX:
            tail = after[len(after) - end :]
            return _joined([Piece("same", "".join(after[:start])), *_inner(*inner), Piece("same", "".join(tail))])
    return [Piece("removed", old), Piece("added", new)]


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """How many tokens the two begin with alike."""
    for number, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            return number
    return min(len(before), len(after))


def _inner(before: list[str], after: list[str]) -> Iterator[Piece]:
    for operation, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if operation == "equal":
            yield Piece("same", "".join(after[k:m]))
        else:
            yield Piece("removed", "".join(before[i:j]))
            yield Piece("added", "".join(after[k:m]))


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Without empty ones. A space that alone stayed between two changes is part of both, or marks would be confetti."""
    joined: list[Piece] = []
    for index, piece in enumerate(pieces):
        if not piece.text:
            continue
        between = piece.kind == "same" and piece.text.isspace() and "\n" not in piece.text
        if between and joined and joined[-1].kind != "same" and any(later.text for later in pieces[index + 1 :]):
            joined += [Piece("removed", piece.text), Piece("added", piece.text)]
        else:
            joined.append(piece)
    return list(_runs(joined))


def _runs(pieces: list[Piece]) -> Iterator[Piece]:
    """Changes side by side as one of what went and one of what came."""
    gone, come = "", ""
    for piece in pieces:
        if piece.kind == "removed":
            gone += piece.text
        elif piece.kind == "added":
            come += piece.text
        else:
            yield from _changed(gone, come)
            gone, come = "", ""
            yield piece
    yield from _changed(gone, come)


def _changed(gone: str, come: str) -> Iterator[Piece]:
    if gone:
        yield Piece("removed", gone)
    if come:
        yield Piece("added", come)
