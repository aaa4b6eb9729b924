"""Markdown to HTML that is safe to show.

Two guards: the parser lets no HTML through, and what it made is cleaned against a list of tags. Raw HTML that a person
wrote is shown as the text it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
BLOCKS = ("p", "li", "blockquote", "td", "th", "h3", "h4", "h5", "h6")
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, **{tag: {"dir"} for tag in BLOCKS}}
URL_SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow ugc noopener noreferrer"

HTML_BEGINS = re.compile(r"<[A-Za-z/!?]")
PICTURE_BEGINS = re.compile(r"!\[")

# A post stands under the page's h1 and the thread's h2.
HEADINGS_START_AT = 3


def _heading(level: str) -> str:
    return f"h{min(6, int(level[1]) + HEADINGS_START_AT - 1)}"


def _prepare(tokens: list[Token]) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _heading(token.tag)
        if token.nesting == 1 and token.tag in BLOCKS:
            token.attrSet("dir", "auto")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"html": False, "breaks": True, "linkify": True, "maxNesting": 20}, renderer_cls=RendererHTML
    )
    parser.enable(["table", "strikethrough", "linkify"])
    # A picture from elsewhere would tell its server who reads here; it becomes a link.
    parser.disable("image")
    parser.core.ruler.push("jam_prepare", lambda state: _prepare(state.tokens))
    return parser


def to_html(markdown: str) -> str:
    """HTML for a post's body. Pure; the same text gives the same HTML."""
    env: dict[str, Any] = {}
    return nh3.clean(
        _parser().render(markdown, env), tags=TAGS, attributes=ATTRIBUTES, url_schemes=URL_SCHEMES, link_rel=LINK_REL
    ).strip()


def without_html(markdown: str) -> str:
    """`markdown` for a place that lets HTML and pictures through: there too the one is text and the other a link.

    A text that has neither, outside of code, is left to the letter.
    """
    tokens = [inner for token in _parser().parse(markdown) for inner in (token, *(token.children or ()))]
    code = "\n".join(token.content for token in tokens if token.type in ("fence", "code_block", "code_inline"))
    for sign, beginning, instead in (("<", HTML_BEGINS, "&lt;"), ("![", PICTURE_BEGINS, "\\![")):
        if len(beginning.findall(markdown)) > len(beginning.findall(code)):
            markdown = markdown.replace(sign, instead)
    return markdown


def excerpt(html: str, length: int = 200) -> str:
    """The first words of a rendered body as plain text on one line, at most `length` characters, cut between words."""
    text = " ".join(nh3.clean(html.replace("<br>", " ").replace("</p>", " "), tags=set()).split())
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > length // 2 else cut).rstrip(" ,.;:") + "…"
