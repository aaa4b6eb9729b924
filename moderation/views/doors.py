"""The way into the pages of moderation."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext

from accounts.models import Person
from jam.access import Entry, enter_to_run
from jam.models import Member
from moderation.domain import queue
from moderation.models import Case


def enter_to_moderate(visitor: Person | AnonymousUser, slug: str) -> tuple[Entry, Member]:
    """The jam, for a member who runs it; a page that nobody else knows of."""
    return enter_to_run(visitor, slug)


def case_of(entry: Entry, case_id: int) -> Case:
    """A case of the jam in a forum that they run, open or settled. Two queries for a facilitator, else one."""
    found = queue.with_all(Case.objects.filter(jam=entry.jam, pk=case_id)).first()
    if found is None or not _runs(entry, found.forum_id):
        raise Http404(gettext("There is no such page."))
    found.jam = entry.jam
    return found


def _runs(entry: Entry, forum_id: int | None) -> bool:
    return entry.duties is None or forum_id in entry.duties
