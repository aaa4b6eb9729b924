"""What a list of ideas is narrowed down to by its address: a tag, a theme, what is highlighted, or all of these."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from accounts.rows import ID_MAX
from jam.access import Entry
from jam.domain.text import clean_line
from threads.models import TAG_MAX, Highlight, Post, PostStatus, Theme

ANY = "any"


@dataclass(frozen=True)
class Narrowing:
    tag: str = ""
    theme: Theme | None = None
    highlight: str = ""
    """One of its kinds, or ANY."""

    def __bool__(self) -> bool:
        return bool(self.tag or self.theme or self.highlight)

    def of(self, ideas: QuerySet[Post]) -> QuerySet[Post]:
        if self.tag:
            ideas = ideas.filter(tags__contains=[self.tag])
        if self.highlight:
            ideas = ideas.filter(Exists(self._highlighted()))
        return ideas.filter(thread__theme_idea__theme=self.theme) if self.theme else ideas

    def _highlighted(self) -> QuerySet[Highlight]:
        """Of the ideas and of the replies under them: both lead to the thread."""
        found = Highlight.objects.filter(post__thread=OuterRef("thread"), post__status=PostStatus.VISIBLE)
        return found if self.highlight == ANY else found.filter(kind=self.highlight)

    def address(self, sort: str, **more: str) -> str:
        """The query of a list in this order, narrowed down like this."""
        theme = {"theme": str(self.theme.pk)} if self.theme else {}
        marked = {"highlight": self.highlight} if self.highlight else {}
        return "?" + urlencode({"sort": sort} | ({"tag": self.tag} if self.tag else {}) | theme | marked | more)

    def without_tag(self, sort: str) -> str:
        return replace(self, tag="").address(sort)

    def without_theme(self, sort: str) -> str:
        return replace(self, theme=None).address(sort)

    def with_highlight(self, kind: str, sort: str) -> str:
        return replace(self, highlight=kind).address(sort)


def asked_for(request: HttpRequest, entry: Entry) -> Narrowing:
    """Raises Invalid for a tag that is none, Http404 for a theme that the jam has not. One query with a theme."""
    tag = clean_line(request.GET.get("tag", "").replace("#", " "), field="tag", name=_("A tag"), limit=TAG_MAX)
    highlight = request.GET.get("highlight", "")
    return Narrowing(
        tag=tag.casefold(),
        theme=_theme(request.GET.get("theme", ""), entry),
        highlight=highlight if highlight in (ANY, *Highlight.Kind.values) else "",
    )


def _theme(number: str, entry: Entry) -> Theme | None:
    if not number:
        return None
    known = number.isascii() and number.isdecimal() and int(number) <= ID_MAX
    theme = Theme.objects.filter(jam=entry.jam, pk=int(number)).first() if known else None
    if theme is None:
        raise Http404(gettext("There is no such theme in this jam."))
    return theme
