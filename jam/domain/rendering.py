"""Markdown to HTML that is safe to show.

Two guards: the parser lets no HTML through, and what it made is cleaned against a list of tags. Raw HTML that a person
wrote is shown as the text it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
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

# A member that a text names: the sign, and what follows it. A name can have this many words.
NAMED = re.compile(r"(?<![@/.+-])@(?=[^\W_])")
NAME_MAX = 120
NAME_ENDS_MAX = 16
NAMED_MAX = 20
# Scripts that put no space between words: there a name can end after any character.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
MENTION = re.compile(r'<a href="[^"]*" class="mention"[^>]*>(.*?)</a>')

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


def name_ends(text: str) -> list[int]:
    """Where a name at the start of `text` may end, the longest first: after a word; without spaces, anywhere."""
    ends: list[int] = []
    for end in range(1, min(len(text), NAME_MAX) + 1):
        if len(ends) == NAME_ENDS_MAX:
            break
        last, after = text[end - 1], text[end : end + 1]
        within_word = _in_word(last) and bool(after) and _in_word(after)
        if not last.isspace() and (not within_word or UNSPACED.match(last) or UNSPACED.match(after)):
            ends.append(end)
    return ends[::-1]


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_" or unicodedata.category(sign)[0] == "M"


def _signs(text: str) -> Iterator[re.Match[str]]:
    """Each `@` that is not within a word; in a script without spaces, it may follow one."""
    for sign in NAMED.finditer(text):
        before = text[sign.start() - 1 : sign.start()] if sign.start() else ""
        if not before or not _in_word(before) or UNSPACED.match(before):
            yield sign


def _texts(tokens: list[Token]) -> Iterator[tuple[list[Token], int]]:
    """The texts in which a name is a mention, with the list each is in: those of no quotation, no link and no code."""
    quoted = 0
    for token in tokens:
        quoted += token.nesting if token.tag == "blockquote" else 0
        if quoted:
            continue
        depth = 0
        for index, inner in enumerate(token.children or ()):
            depth += inner.nesting if inner.type in ("link_open", "link_close") else 0
            if inner.type == "text" and depth == 0 and "@" in inner.content:
                yield token.children or [], index


def names_in(markdown: str) -> list[list[str]]:
    """What may be a member's name after each `@` of the text: the ways to read it, the longest first.

    Not in quotations, links or code, and of the first few `@` alone.
    """
    env: dict[str, Any] = {"named": []}
    if "@" in markdown:
        _parser().parse(markdown, env)
    return [[text[:end] for end in name_ends(text)] for text in env["named"][:NAMED_MAX]]


def _mention(state: StateCore) -> None:
    """A rule of the parser: `@Name` of somebody in `mentions` is a link. `named` gets what follows each `@`."""
    addresses: Mapping[str, str] = state.env.get("mentions") or {}
    named: list[str] | None = state.env.get("named")
    if addresses or named is not None:
        for tokens, index in reversed(list(_texts(state.tokens))):
            text = tokens[index].content
            if named is not None:
                named[:0] = [text[sign.end() :] for sign in _signs(text)]
            tokens[index : index + 1] = _with_mentions(tokens[index], addresses)


def _with_mentions(token: Token, addresses: Mapping[str, str]) -> list[Token]:
    parts: list[Token] = []
    text, done = token.content, 0
    for sign in _signs(text):
        rest = text[sign.end() :]
        name = next((rest[:end] for end in name_ends(rest) if rest[:end].casefold() in addresses), None)
        if name is None or sign.start() < done:
            continue
        link = {"href": addresses[name.casefold()], "class": "mention"}
        parts += [_text(text[done : sign.start()]), Token("link_open", "a", 1, attrs=dict(link)), _text("@" + name)]
        parts.append(Token("link_close", "a", -1))
        done = sign.end() + len(name)
    return [*parts, _text(text[done:])] if parts else [token]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"html": False, "breaks": True, "linkify": True, "maxNesting": 20}, renderer_cls=RendererHTML
    )
    parser.enable(["table", "strikethrough", "linkify"])
    # A picture from elsewhere would tell its server who reads here; it becomes a link.
    parser.disable("image")
    parser.inline.ruler.before("link", "picture", _picture)
    # Before what was escaped becomes text like other: `\\@` names nobody.
    parser.core.ruler.before("text_join", "mention", _mention)
    parser.core.ruler.push("jam_prepare", lambda state: _prepare(state.tokens))
    return parser


def to_html(
    markdown: str, *, mentions: Mapping[str, str] | None = None, images: Mapping[str, Picture] | None = None
) -> str:
    """HTML for a post's body. Pure; the same text gives the same HTML.

    `mentions` are the addresses of those whom it names, by their names as they stand in the text, case-folded; any
    other name is text. `images` are the pictures that it may show, by their keys; any other is a link, or its words.
    """
    env: dict[str, Any] = {"mentions": mentions or {}, "images": images or {}}
    return nh3.clean(
        _parser().render(markdown, env),
        tags=TAGS | {"img"} if images else TAGS,
        attributes=ATTRIBUTES | {"img": IMAGE} if images else ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        link_rel=LINK_REL,
        allowed_classes={"a": {"mention"}} if mentions else None,
    ).strip()


def without_mentions(html: str) -> str:
    """A rendered body for a place that has not the pages of people: who is named there is text."""
    return MENTION.sub(r"\1", html) if 'class="mention"' in html else html


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
