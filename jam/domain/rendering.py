"""Markdown to HTML that is safe to show.

Two guards: the parser lets no HTML through, and what it made is cleaned against a list of tags. Raw HTML that a person
wrote is shown as the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
BLOCKS = ("p", "li", "blockquote", "td", "th", "h3", "h4", "h5", "h6")
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, **{tag: {"dir"} for tag in BLOCKS}}
URL_SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow ugc noopener noreferrer"

IMAGE = {"src", "alt", "width", "height", "loading"}
# What Markdown calls a picture that was sent here: its words, in which a bracket or a backslash has one before it.
PICTURE = re.compile(r"!\[((?:[^\[\]\\\n]|\\.){0,1100})\]\(image:([a-z0-9]{8,40})\)")
BRACKETS = re.compile(r"[\[\]\\]")
ESCAPED = re.compile(r"\\([\[\]\\])")

HTML_BEGINS = re.compile(r"<[A-Za-z/!?]")
PICTURE_BEGINS = re.compile(r"!\[")

SHOWN_PICTURE = re.compile(r'<img\b[^>]*?\salt="([^"]*)"[^>]*>')

# A post stands under the page's h1 and the thread's h2.
HEADINGS_START_AT = 3


@dataclass(frozen=True)
class Picture:
    """A picture that was sent here: its address on this site, and its size in pixels."""

    url: str
    width: int
    height: int


def picture_keys(markdown: str) -> list[str]:
    """The keys of the pictures that the text may show, each once, in their order."""
    return list(dict.fromkeys(key for _, key in PICTURE.findall(markdown))) if "](image:" in markdown else []


def picture_markdown(key: str, alt: str) -> str:
    """The Markdown that shows a picture; the other way round than PICTURE."""
    words = BRACKETS.sub(r"\\\g<0>", " ".join(alt.split()))
    return f"![{words}](image:{key})"


def _picture(state: StateInline, silent: bool) -> bool:
    """A rule of the parser: `![words](image:KEY)`. Of a picture that this text may not show, its text stays."""
    if not state.src.startswith("![", state.pos):
        return False
    found = PICTURE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    picture: Picture | None = state.env.get("images", {}).get(found[2])
    if picture is None and not silent:
        state.push("text", "", 0).content = found[0]
    elif picture is not None and not silent:
        words = ESCAPED.sub(r"\1", found[1]).strip()
        size = {"width": picture.width, "height": picture.height}
        state.push("picture", "img", 0).attrs = {"src": picture.url, "alt": words, **size, "loading": "lazy"}
    state.pos = found.end()
    return True


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
    parser.inline.ruler.before("link", "picture", _picture)
    parser.core.ruler.push("jam_prepare", lambda state: _prepare(state.tokens))
    return parser


def to_html(markdown: str, *, images: Mapping[str, Picture] | None = None) -> str:
    """HTML for a post's body. Pure; the same text gives the same HTML.

    `images` are the pictures that it may show, by their keys; any other is a link, or its words.
    """
    env: dict[str, Any] = {"images": images or {}}
    return nh3.clean(
        _parser().render(markdown, env),
        tags=TAGS | {"img"} if images else TAGS,
        attributes=ATTRIBUTES | {"img": IMAGE} if images else ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        link_rel=LINK_REL,
    ).strip()


def with_addresses(markdown: str, address: Callable[[str], str]) -> str:
    """`markdown` for a place that has not our pictures: each is a link, named by its words, to its `address`."""
    if "](image:" not in markdown:
        return markdown
    return PICTURE.sub(lambda found: f"[{found[1] or '…'}]({address(found[2])})", markdown)


def with_links(html: str, site: str) -> str:
    """A rendered body for a place that has not our pictures: each is a link, named by its words, to `site`."""

    def link(found: re.Match[str]) -> str:
        source = re.search(r'\ssrc="([^"]*)"', found[0])
        return f'<a href="{site}{source[1] if source else ""}">{found[1] or "…"}</a>'

    return SHOWN_PICTURE.sub(link, html) if "<img" in html else html


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
    if "<img" in html:
        html = SHOWN_PICTURE.sub(r" \1 ", html)
    text = " ".join(nh3.clean(html.replace("<br>", " ").replace("</p>", " "), tags=set()).split())
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > length // 2 else cut).rstrip(" ,.;:") + "…"
