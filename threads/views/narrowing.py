"""What a list of ideas is narrowed down to by its address: a tag, a theme, or both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from accounts.rows import ID_MAX
from jam.access import Entry
from jam.domain.text import clean_line
from threads.models import TAG_MAX, Post, Theme


@dataclass(frozen=True)
class Narrowing:
    tag: str = ""
    theme: Theme | None = None

    def __bool__(self) -> bool:
        return bool(self.tag or self.theme)

    def of(self, ideas: QuerySet[Post]) -> QuerySet[Post]:
        if self.tag:
            ideas = ideas.filter(tags__contains=[self.tag])
        return ideas.filter(thread__theme_idea__theme=self.theme) if self.theme else ideas

    def address(self, sort: str, **more: str) -> str:
        """The query of a list in this order, narrowed down like this."""
        theme = {"theme": str(self.theme.pk)} if self.theme else {}
        return "?" + urlencode({"sort": sort} | ({"tag": self.tag} if self.tag else {}) | theme | more)

    def without_tag(self, sort: str) -> str:
        return replace(self, tag="").address(sort)

    def without_theme(self, sort: str) -> str:
        return replace(self, theme=None).address(sort)


def asked_for(request: HttpRequest, entry: Entry) -> Narrowing:
    """Raises Invalid for a tag that is none, Http404 for a theme that the jam has not. One query with a theme."""
    tag = clean_line(request.GET.get("tag", "").replace("#", " "), field="tag", name=_("A tag"), limit=TAG_MAX)
    return Narrowing(tag=tag.casefold(), theme=_theme(request.GET.get("theme", ""), entry))


def _theme(number: str, entry: Entry) -> Theme | None:
    if not number:
        return None
    known = number.isascii() and number.isdecimal() and int(number) <= ID_MAX
    theme = Theme.objects.filter(jam=entry.jam, pk=int(number)).first() if known else None
    if theme is None:
        raise Http404(gettext("There is no such theme in this jam."))
    return theme
