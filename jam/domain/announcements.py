"""Announcements: a facilitator's line to all open tabs, which stays readable. They do not keep to the window."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain.doings import did
from jam.domain.errors import Conflict, Invalid, TooMany
from jam.domain.events import announcement_made, announcement_taken_back
from jam.domain.phases import database_now
from jam.domain.rendering import to_html
from jam.domain.text import clean_text, is_blank
from jam.models import WORDS_MAX, Announcement, Forum, Jam, Member

FRESH_FOR = timedelta(hours=2)
FRESH_MAX = 3
A_PAGE = 30
WITHIN = timedelta(minutes=5)
AT_MOST = 3


def make(*, member: Member, words: str, forum: Forum | None = None) -> Announcement:
    """Announces `words`, a short Markdown, in every open tab of the jam, or with `forum` in those of that forum.

    Raises NotAllowed unless `member` runs that place, Invalid, TooMany after `AT_MOST` of theirs within `WITHIN`, and
    Conflict for a draft, which has no tabs, and for words that they announced there in that time (a form that was sent
    twice). Locks the member's row, and at the end the jam's event counter, until the commit.
    """
    require_runs(member, forum.pk if forum else None)
    words = clean_text(words, field="words", name=gettext("The announcement"), limit=WORDS_MAX)
    if is_blank(words):
        raise Invalid(gettext("Write what you want to announce."), code="required", field="words")
    _check_place(member, forum)
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        now = database_now()
        _check_rate(member, words, forum, now)
        made = Announcement.objects.create(
            jam_id=member.jam_id, forum=forum, by=member, words=words, html=to_html(words), created_at=now
        )
        did(jam=member.jam, by=member, kind="announce", forum=forum, after={"announcement": made.pk})
        announcement_made(made)
    return made


def take_back(*, member: Member, announcement: Announcement) -> None:
    """Takes `announcement` out of every tab and off the list, for whoever runs its place. Twice is once.

    Raises NotAllowed and Invalid (of another jam). Locks its row, and at the end the jam's event counter.
    """
    require_runs(member, announcement.forum_id)
    if announcement.jam_id != member.jam_id:
        raise Invalid(gettext("That announcement is not part of this jam."), code="announcement")
    with transaction.atomic():
        still_there = Announcement.objects.filter(pk=announcement.pk, taken_back_at=None)
        if still_there.update(taken_back_at=database_now()):
            told = {"announcement": announcement.pk}
            did(jam=member.jam, by=member, kind="announcement_taken_back", forum=announcement.forum, before=told)
            announcement_taken_back(announcement)


def since(jam: Jam, at: datetime) -> list[Announcement]:
    """The announcements made after `at` that were not taken back, the newest first, with who made them. One query."""
    made = Announcement.objects.filter(jam=jam, created_at__gt=at, taken_back_at=None)
    return list(made.select_related("by", "forum").order_by("-created_at", "-id"))


def fresh(jam: Jam, now: datetime) -> list[Announcement]:
    """Those that a page shows when it is loaded, of all forums: the newest first, a few at most. One query."""
    made = Announcement.objects.filter(jam=jam, created_at__gt=now - FRESH_FOR, taken_back_at=None)
    return list(made.order_by("-created_at", "-id")[:FRESH_MAX])


def made_in(jam: Jam, *, with_taken_back: bool, before: int | None = None) -> tuple[list[Announcement], int | None]:
    """A page of all announcements, the newest first, and the cursor of the next page. One query."""
    made = Announcement.objects.filter(jam=jam).select_related("by", "forum").order_by("-pk")
    if not with_taken_back:
        made = made.filter(taken_back_at=None)
    if before is not None:
        made = made.filter(pk__lt=before)
    found = list(made[: A_PAGE + 1])
    return found[:A_PAGE], found[A_PAGE - 1].pk if len(found) > A_PAGE else None


def _check_place(member: Member, forum: Forum | None) -> None:
    if forum is not None and forum.jam_id != member.jam_id:
        raise Invalid(gettext("That forum is not part of this jam."), code="forum", field="forum")
    if member.jam.published_at is None:
        raise Conflict(gettext("Nobody would hear it: the jam is a draft."), code="draft")


def _check_rate(member: Member, words: str, forum: Forum | None, now: datetime) -> None:
    lately = list(Announcement.objects.filter(by=member, created_at__gt=now - WITHIN).order_by("-created_at"))
    if any(one.words == words and one.forum_id == (forum and forum.pk) for one in lately if not one.taken_back_at):
        raise Conflict(gettext("You announced just that a moment ago."), code="repeated", field="words")
    if len(lately) >= AT_MOST:
        raise TooMany(
            gettext("That was the third one in five minutes. Wait a little, so that people read them."),
            code="too_many",
        )
