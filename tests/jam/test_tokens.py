"""The colours of static/css/tokens.css can be read: text at 4.5, controls and marks at 3, in both themes."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from jam.domain.accent import DARK_GROUND, LIGHT_GROUND, contrast

PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
GROUNDS = ("ground", "surface", "sunken", "raised")


def colours(sheet: str) -> dict[str, tuple[str, str]]:
    text = (settings.BASE_DIR / "static" / "css" / sheet).read_text()
    return {name: (light, dark) for name, light, dark in PAIR.findall(text)}


TOKENS = colours("tokens.css")
TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-soft", "accent", "accent-strong", "danger", "warn", "agree", "disagree", "pass")
    for ground in GROUNDS
] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("accent-strong", "accent-soft"),
    ("ink", "accent-soft"),
    ("ink-soft", "accent-soft"),
    ("agree", "agree-soft"),
    ("disagree", "disagree-soft"),
    ("danger", "danger-soft"),
    ("warn", "warn-soft"),
    ("ink", "mark"),
]
CONTROLS = [(edge, ground) for edge in ("edge-strong", "focus", "now") for ground in GROUNDS]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("one", "other", "least"), [(*pair, 4.5) for pair in TEXT] + [(*pair, 3.0) for pair in CONTROLS]
)
def test_contrast(one: str, other: str, least: float, theme: int) -> None:
    assert contrast(TOKENS[one][theme], TOKENS[other][theme]) >= least


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("number", range(12))
def test_initials_stand_out_from_their_colour(number: int, theme: int) -> None:
    text = (settings.BASE_DIR / "static" / "css" / "bits.css").read_text()
    rule = re.search(rf"\.avatar-{number} {{(.*?)}}", text)
    assert rule is not None
    shades = {name: (light, dark) for name, light, dark in PAIR.findall(rule[1])}
    assert contrast(shades["avatar-ink"][theme], shades["avatar-ground"][theme]) >= 4.5


def test_accents_are_checked_against_the_hardest_grounds() -> None:
    hardest_light = min((TOKENS[name][0] for name in GROUNDS), key=lambda colour: contrast(colour, "#000000"))
    hardest_dark = max((TOKENS[name][1] for name in GROUNDS), key=lambda colour: contrast(colour, "#000000"))
    assert (hardest_light, hardest_dark) == (LIGHT_GROUND, DARK_GROUND)
