"""Lists of words: what they find, and that nothing written in one is a pattern."""

import time

import pytest

from jam.domain.errors import Invalid
from moderation.domain import words


def found(entries: str, text: str) -> str | None:
    return words.read(entries).find(words.fold(text))


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("lamp", "A lamp."),
        ("LAMP", "a laMp!"),
        ("straße", "In der STRASSE"),
        ("café", "cafe\u0301"),
        ("casino*", "Come to my Casinoworld"),
        ("buy now", "…BUY,   now!"),
        ("спам", "Это СПАМ"),
        ("مخدرات", "بيع مخدرات هنا"),
        ("赌博", "来赌博吧"),
        ("lamp", "la\u200bmp"),
        ("ｌamp", "lamp"),
    ],
)
def test_what_is_found(entry: str, text: str) -> None:
    assert found(entry, text) == entry


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("lamp", "lamplight"),
        ("lamp", "clamp"),
        ("casino*", "mycasino"),
        ("buy now", "buy it now"),
        (".*", "anything"),
        ("[a-z]+", "lamps"),
        ("(a+)+$", "aaaaaaaaaaaaaaaa!"),
    ],
)
def test_what_is_not(entry: str, text: str) -> None:
    assert found(entry, text) is None


def test_the_longest_list_and_the_longest_text_take_no_time() -> None:
    listed = words.read("\n".join(f"word{number} tail*" for number in range(words.ENTRIES_MAX)))
    text = words.fold("word " * 4_000)
    started = time.process_time()
    assert listed.find(text) is None
    assert time.process_time() - started < 1  # some milliseconds; a pattern that backtracks would take for ever


def test_a_list_is_kept_an_entry_a_line_and_each_once() -> None:
    assert words.clean("  Lamp \n\nlamp\nbuy   now\ncasino*\n", field="words_held") == "Lamp\nbuy now\ncasino*"


@pytest.mark.parametrize("text", ["*", "  ***  ", "ca*no", "…", "x" * 61])
def test_what_cannot_be_looked_for_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        words.clean(text, field="words_held")
    assert refused.value.field == "words_held"


def test_a_list_has_an_end() -> None:
    with pytest.raises(Invalid):
        words.clean("\n".join(f"word{number}" for number in range(words.ENTRIES_MAX + 1)), field="words_held")
