"""An Atom feed (RFC 4287) of posts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from jam.domain.rendering import excerpt

SUMMARY_LENGTH = 280
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Atom(Atom1Feed):
    """Django's, with each post whole beside its first words.

    It names no address of its own: that holds a key, and feeds are handed on. `made_at` is when it was updated as long
    as it has no post. All of `page` and `base` are whole addresses; those within a post start at `base`.
    """

    def __init__(self, *, title: str, page: str, base: str, language: str, made_at: datetime) -> None:
        super().__init__(title=_shown(title), link=page, description=None, language=language)
        self.base = base
        self.made_at = made_at

    def add_post(self, *, title: str, page: str, author: str, at: datetime, html: str, tags: Iterable[str]) -> None:
        """`page` is the permanent link, by which readers also know the post again. `html` must be safe already."""
        self.add_item(
            title=_shown(title),
            link=page,
            description=None,  # type: ignore[arg-type]  # Django's summary would be HTML
            unique_id=page,
            author_name=_shown(author),
            pubdate=at,
            updateddate=at,
            categories=[_shown(tag) for tag in tags],
            html=_shown(html),
        )

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xml:base": self.base}

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.made_at

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("summary", excerpt(item["html"], SUMMARY_LENGTH), {"type": "text"})
        handler.addQuickElement("content", item["html"], {"type": "html"})


def _shown(text: str) -> str:
    """`text` without the characters that XML cannot hold. None can be written here; a bundle may have brought some."""
    return NOT_IN_XML.sub("", text)
