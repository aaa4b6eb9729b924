"""A jam's own colour, checked for contrast against both themes and mended where it fails. Pure.

It keeps its hue; only its lightness moves (in OKLCH, where equal steps look equal) until text in it can be read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

# What text may stand on: the hardest of each theme, as static/css/tokens.css has them (a test compares).
LIGHT_GROUND = "#ebefee"
DARK_GROUND = "#1f292a"
DARK_INK = "#06191a"
WHITE = "#ffffff"
READABLE = 4.5
STEP = 0.005


@dataclass(frozen=True)
class Shades:
    """What one theme needs of a colour: itself, stronger (pressed, hovered), as a ground, and what is written on it."""

    accent: str
    strong: str
    soft: str
    on: str


@dataclass(frozen=True)
class Palette:
    light: Shades
    dark: Shades


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG 2 counts it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=256)
def palette(accent: str) -> Palette:
    """The shades of `accent` (#rrggbb) that can be read in both themes."""
    return Palette(light=_shades(accent, LIGHT_GROUND, darker=True), dark=_shades(accent, DARK_GROUND, darker=False))


def mended_in(accent: str) -> tuple[str, ...]:
    """The themes ("light", "dark") that show another lightness of it than the one that was chosen."""
    shown = palette(accent)
    themes = (("light", shown.light), ("dark", shown.dark))
    return tuple(name for name, shades in themes if shades.accent != accent.lower())


def _shades(accent: str, ground: str, *, darker: bool) -> Shades:
    lightness, chroma, hue = _to_oklch(accent)
    direction = -1 if darker else 1
    soft = _from_oklch(0.95, min(chroma, 0.03), hue) if darker else _from_oklch(0.28, min(chroma, 0.045), hue)
    shown = accent.lower()
    while not _stands_on(shown, (ground, soft)) and 0 <= lightness <= 1:
        lightness += direction * STEP
        shown = _from_oklch(lightness, chroma, hue)
    strong = _from_oklch(min(0.97, max(0.1, lightness + direction * 0.08)), chroma, hue)
    on = max((WHITE, DARK_INK), key=lambda ink: contrast(ink, shown))
    return Shades(accent=shown, strong=strong, soft=soft, on=on)


def _stands_on(colour: str, grounds: tuple[str, ...]) -> bool:
    return all(contrast(colour, ground) >= READABLE for ground in grounds)


# --- colours: sRGB to OKLCH and back (Björn Ottosson's OKLab) ------------------------------------------


def _linear(colour: str) -> tuple[float, float, float]:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour that a screen has, found by giving up chroma."""
    while True:
        channels = _to_linear(lightness, chroma, hue)
        if chroma <= 0 or all(-0.0005 <= channel <= 1.0005 for channel in channels):
            return "#" + "".join(f"{_to_byte(channel):02x}" for channel in channels)
        chroma -= 0.004


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = max(0.0, chroma) * math.cos(hue), max(0.0, chroma) * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _to_byte(channel: float) -> int:
    channel = min(1.0, max(0.0, channel))
    encoded = channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(encoded * 255)
