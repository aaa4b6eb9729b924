"""Templates that are rendered once and filled in often, for what stands on a page hundreds of times.

A template is rendered with marks in place of words; what it is filled with later is not looked at for marks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MARK = re.compile("⟦([a-z_0-9]+)⟧")

# Pieces of text, each with the name of the word that follows it; after the last one follows none.
Pieces = tuple[tuple[str, str], ...]
NOTHING = {"": ""}
Shape = TypeVar("Shape", bound=Hashable)
SHAPES_MAX = 4096


def mark(name: str) -> str:
    return f"⟦{name}⟧"


def render_marked(template: str, context: dict[str, Any]) -> Pieces:
    """The template, rendered with marks in its context, without the indentation."""
    pieces = MARK.split(re.sub(r"\n\s*", "\n", render_to_string(template, context)).strip())
    return tuple(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def once_for_each(render: Callable[[Shape], Pieces]) -> Callable[[Shape], Pieces]:
    """Keeps what `render` made of a shape, for each language; not while templates are worked on."""

    @functools.lru_cache(maxsize=SHAPES_MAX)
    def kept(shape: Shape, language: str | None) -> Pieces:
        return render(shape)

    @functools.wraps(render)
    def wrapper(shape: Shape) -> Pieces:
        return render(shape) if settings.DEBUG else kept(shape, get_language())

    return wrapper


def fill_in(pieces: Pieces, words: Mapping[str, Any]) -> SafeString:
    """`words` are HTML already, and have NOTHING among them."""
    return SafeString("".join([f"{text}{words[name]}" for text, name in pieces]))
