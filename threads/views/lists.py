"""Lists of ideas as pages show them: in an order that is said in words, by tag, with places for what few have seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jam.access import Entry
from jam.models import Forum
from threads.domain import fairness, listing, pinning, places, queries, reading
from threads.models import Post
from threads.views.ideas import idea_rows, offers_places
from threads.views.narrowing import asked_for

SORT_NAMES = {
    "hot": pgettext_lazy("order of a list", "Hot"),
    "new": pgettext_lazy("order of a list", "New"),
    "top": pgettext_lazy("order of a list", "Top"),
    "needs_reply": pgettext_lazy("order of a list", "Needs a reply"),
}
SORT_WORDS = {
    "hot": _("Hot: votes and replies, newer ideas first."),
    "new": _("New: the newest idea first."),
    "top": _("Top: most agreeing votes first."),
    "needs_reply": _("Needs a reply: what waits longest for a first one comes first."),
}
HIGHLIGHT_NAMES = {
    "any": pgettext_lazy("highlights", "All"),
    "best": pgettext_lazy("highlights", "Best"),
    "emerging": pgettext_lazy("highlights", "Emerging"),
}
FAIR_SORTS = frozenset({"hot", "top"})


def idea_list(request: HttpRequest, entry: Entry, *, forum: Forum | None = None) -> dict[str, Any]:
    """What a page of a list shows, of a forum or of the whole jam.

    Raises Invalid for a cursor or a tag that is none, Http404 for a theme that the jam has not.

    In a forum, what is pinned there comes first, but for what is narrowed down or waits for a reply.

    At most four queries, one for what is pinned and one for a theme: the ideas, those that few have seen on the first
    page of a list by rank, the reader's votes, what is new to them.
    """
    sort = request.GET.get("sort", "hot")
    if sort not in SORT_NAMES:
        sort = "hot"
    narrowing = asked_for(request, entry)
    ideas = narrowing.of(queries.ideas(jam=entry.jam, forum=forum))
    has_pins = forum is not None and sort != "needs_reply" and not narrowing
    if has_pins:
        ideas = ideas.filter(thread__pinned_at=None)
    page = listing.idea_page(ideas, sort=sort, after=request.GET.get("after", ""))
    is_first = "after" not in request.GET
    is_fair = is_first and sort in FAIR_SORTS and offers_places(entry)
    rows = with_few_seen(entry, ideas, page.ideas) if is_fair else [(idea, False) for idea in page.ideas]
    pinned = list(pinning.pinned_in(forum)) if forum and has_pins and is_first else []
    rows = [(idea, False) for idea in pinned] + rows
    shown = [idea for idea, _few in rows]
    few = {idea.thread_id for idea, is_few in rows if is_few}
    votes = queries.votes_of(entry.member, [idea.pk for idea in shown])
    threads = [idea.thread_id for idea in shown]
    new = reading.unread_in_threads(entry.member, threads) if entry.member else None
    return {
        "sort": sort,
        "tag": narrowing.tag,
        "theme": narrowing.theme,
        "sorts": [{"key": key, "name": name, "url": narrowing.address(key)} for key, name in SORT_NAMES.items()],
        "order_words": SORT_WORDS[sort],
        "is_fair": is_fair,
        "rows": idea_rows(
            entry, shown, size="row", votes=votes, few=few, new=new, pinned={idea.thread_id for idea in pinned}
        ),
        "next": narrowing.address(sort, after=page.after) if page.after else "",
        "previous": "" if is_first else narrowing.address(sort),
        "without_tag": narrowing.without_tag(sort),
        "without_theme": narrowing.without_theme(sort),
        "highlight": narrowing.highlight,
        "highlights": [
            {"key": key, "name": name, "url": narrowing.with_highlight(key, sort)}
            for key, name in HIGHLIGHT_NAMES.items()
        ],
        "without_highlight": narrowing.with_highlight("", sort),
        "is_first_page": is_first,
    }


def with_few_seen(entry: Entry, ideas: QuerySet[Post], ranked: Sequence[Post]) -> list[tuple[Post, bool]]:
    """The rows of a first page of a list by rank, each with whether it is there because few have seen it. One query.

    For who has `offers_places`. More are asked for than there are places, since some stand further up already.
    """
    assert entry.member is not None
    few = fairness.few_have_seen(ideas, entry.member, limit=1 + 2 * places.places(len(ranked)))
    return list(places.interleave(ranked, few, key=lambda idea: idea.thread_id))
