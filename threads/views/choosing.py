"""Choosing another thread, or a post of one: by its link, its number, or words that are in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.rows import ID_MAX
from jam.access import Entry
from jam.domain.errors import Refused
from threads.access import POST
from threads.domain import search
from threads.domain.search import Hit, Wanted
from threads.models import Post, Thread

# The post of a link to a thread counts for more than the thread.
IN_A_LINK = (
    re.compile(r"/jams/(?P<slug>[\w-]+)/threads/\d+/[^#]*#post-(?P<post>\d{1,18})$"),
    re.compile(r"/jams/(?P<slug>[\w-]+)/posts/(?P<post>\d{1,18})/"),
    re.compile(r"/jams/(?P<slug>[\w-]+)/threads/(?P<thread>\d{1,18})/"),
)
NUMBER = re.compile(r"#?\s*(?P<thread>\d{1,18})")


@dataclass(frozen=True)
class Choice:
    """What was asked for: one post, or what there is to choose from, or why there is neither."""

    asked: str = ""
    chosen: Post | None = None
    hits: Sequence[Hit] = ()
    problem: str = ""


def choice_of(request: HttpRequest, entry: Entry, *, ideas: bool) -> Choice:
    """What ?to= (a post) or ?q= (a link, the number of a thread, words) names. With `ideas`, words find ideas alone.

    At most four queries, however much is found.
    """
    number = request.GET.get("to", "")
    if number.isascii() and number.isdecimal() and len(number) < 19:
        chosen = post_of_number(entry, int(number))
        return Choice(chosen=chosen, problem="" if chosen else gettext("There is no such post in this jam."))
    asked = request.GET.get("q", "").strip()
    if not asked:
        return Choice()
    place = _named(entry, asked)
    if place is not None:
        return place
    try:
        found = search.find([entry.jam], Wanted(words=asked, kind="ideas" if ideas else "all"))
    except Refused as refused:
        return Choice(asked=asked, problem=refused.message)
    return Choice(asked=asked, hits=found.hits, problem="" if found.hits else gettext("Nothing has these words."))


def post_of_number(entry: Entry, number: int) -> Post | None:
    """With its thread, forum and author."""
    found = POST.first(jam=entry.jam.pk, post=number) if number <= ID_MAX else None
    if found is not None:
        found.jam = entry.jam
    return found


def idea_of(entry: Entry, thread_id: int) -> Post | None:
    """The idea of a thread; of one that was merged, the post that its idea became."""
    number = Post.objects.filter(jam=entry.jam, thread=thread_id, parent=None).values_list("pk", flat=True).first()
    if number is None:
        number = Thread.objects.filter(jam=entry.jam, pk=thread_id).values_list("moved_to", flat=True).first()
    return post_of_number(entry, number) if number else None


def _named(entry: Entry, asked: str) -> Choice | None:
    """The place that a link or a number names; None for words."""
    match = next(filter(None, (link.search(asked) for link in IN_A_LINK)), None)
    if match is not None and match["slug"] != entry.jam.slug:
        return Choice(asked=asked, problem=gettext("This link leads to another jam."))
    match = match or NUMBER.fullmatch(asked)
    if match is None:
        return None
    parts = match.groupdict()
    chosen = post_of_number(entry, int(parts["post"])) if "post" in parts else idea_of(entry, int(parts["thread"]))
    return Choice(asked=asked, chosen=chosen, problem="" if chosen else gettext("There is no such thread in this jam."))
