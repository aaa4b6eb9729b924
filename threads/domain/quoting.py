"""A post as a quotation in the answer to it. static/js/quote.js does the same with what is selected on a page."""

from __future__ import annotations

import re

QUOTE_MAX = 600

# What would be a link, or would not be plain, in the name of who said it.
MARKS = re.compile(r"([\\`*_\[\]<>])")


def quotation(*, body: str, author: str, address: str) -> str:
    """`body`, which is Markdown, as a Markdown quotation with who said it and a link to `address`.

    What it quotes itself is left out, and pictures are: a quotation is of what somebody said. A long one is cut at a
    paragraph, or else between words, to about QUOTE_MAX characters.
    """
    own = "\n".join(line for line in body.split("\n") if not line.lstrip().startswith(">"))
    text = _cut(re.sub(r"\n{3,}", "\n\n", re.sub(r"!\[[^\]\n]*\]\(image:\w+\)", "", own)).strip())
    said = MARKS.sub(r"\\\1", author)
    lines = [*text.split("\n"), "", f"— [{said}]({address})"]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _cut(text: str) -> str:
    if len(text) <= QUOTE_MAX:
        return text
    head = text[:QUOTE_MAX]
    paragraph = head.rfind("\n\n")
    if paragraph > QUOTE_MAX // 2:
        return f"{head[:paragraph]}\n\n…"
    return head.rsplit(maxsplit=1)[0] + " …"
