"""A jam's own colour can be read in both themes, whatever was chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jam.domain.accent import DARK_GROUND, LIGHT_GROUND, READABLE, contrast, mended_in, palette

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)


@given(COLOURS)
def test_every_colour_comes_out_readable(colour: str) -> None:
    shown = palette(colour)
    for shades, ground in ((shown.light, LIGHT_GROUND), (shown.dark, DARK_GROUND)):
        assert contrast(shades.accent, ground) >= READABLE
        assert contrast(shades.accent, shades.soft) >= READABLE
        assert contrast(shades.strong, shades.soft) >= READABLE
        assert contrast(shades.on, shades.accent) >= READABLE


@given(COLOURS)
def test_a_colour_that_can_be_read_is_left_alone(colour: str) -> None:
    light = palette(colour).light
    if contrast(colour, LIGHT_GROUND) >= READABLE and contrast(colour, light.soft) >= READABLE:
        assert light.accent == colour


@pytest.mark.parametrize(
    ("colour", "themes"),
    [("#0b6670", ("dark",)), ("#ffd400", ("light",)), ("#777777", ("light", "dark")), ("#FFFFFF", ("light",))],
)
def test_it_says_where_it_mended(colour: str, themes: tuple[str, ...]) -> None:
    assert mended_in(colour) == themes
