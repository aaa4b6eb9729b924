"""What changed from one text to another, marked."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threads.domain.versions import Piece, compare


def marked(old: str, new: str) -> str:
    signs = {"same": ("", ""), "added": ("{+", "+}"), "removed": ("[-", "-]")}
    return "".join(signs[piece.kind][0] + piece.text + signs[piece.kind][1] for piece in compare(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("A lamp.", "A lamp.", "A lamp."),
        ("", "A lamp.", "{+A lamp.+}"),
        ("A lamp.", "", "[-A lamp.-]"),
        ("A red lamp.", "A blue lamp.", "A [-red-]{+blue+} lamp."),
        ("A lamp.", "A big lamp.", "A {+big +}lamp."),
        ("one two three", "vier fünf three", "[-one two-]{+vier fünf+} three"),
        ("مصباح على الرصيف", "مصباح على البحر", "مصباح على [-الرصيف-]{+البحر+}"),
        ("a\n\nb", "a\n\nc", "a\n\n[-b-]{+c+}"),
    ],
)
def test_words_are_marked(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


texts = st.text(alphabet="ab .\n", max_size=60)


@given(texts, texts)
def test_nothing_is_lost_on_either_side(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a x " * 5_000, "a y " * 5_000),
        ("a " * 10_000, "b " * 10_000),
        ("a\n" * 10_000, "b\na\n" * 5_000),
        ("".join(f"a{n} " for n in range(3_000)), "".join(f"a{n * 2} " for n in range(3_000))),
        ("a x1 a x2 " * 100, "a y1 a y2 " * 100),
    ],
)
def test_the_worst_of_texts_take_no_minute(old: str, new: str) -> None:
    started = time.process_time()
    pieces = compare(old, new)
    assert time.process_time() - started < 5
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


def test_a_long_text_with_a_small_change_is_compared_by_words() -> None:
    pieces = compare("word " * 4_000 + "old" + " word" * 4_000, "word " * 4_000 + "new" + " word" * 4_000)
    assert pieces[1:3] == [Piece("removed", "old"), Piece("added", "new")]
