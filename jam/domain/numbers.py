"""Numbers as the reader's language writes them, in western digits. The same as `number` in static/js/words.js."""

from __future__ import annotations

from functools import cache, lru_cache

from babel import Locale
from babel.numbers import format_decimal
from django.conf import settings
from django.utils.translation import get_language


@cache
def cldr(language: str | None) -> Locale:
    """What the CLDR knows of a language, as Django writes its code."""
    return Locale.parse(language or settings.LANGUAGE_CODE, sep="-")


@lru_cache(maxsize=4096)
def _grouped(value: int, language: str | None) -> str:
    return format_decimal(value, locale=cldr(language), numbering_system="latn")


def number(value: int) -> str:
    """A whole number: 1,234 or 1.234."""
    return str(value) if -1000 < value < 1000 else _grouped(value, get_language())
