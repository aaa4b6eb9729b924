"""How pages name what is in the queue and in the log."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from jam.domain.rendering import excerpt
from jam.models import Member
from moderation.domain import reasons
from moderation.domain.queue import Row
from moderation.models import Action, Case, CaseKind
from threads.models import PostStatus

register = template.Library()

TITLE = 140


@register.simple_tag
def case_kind(case: Case) -> str:
    """What it is, in a word or two."""
    if case.kind == CaseKind.HELD:
        return gettext("Waits to be posted")
    if case.kind == CaseKind.TALK:
        return gettext("An answer") if case.talk and case.talk.post_id else gettext("A message")
    if case.post and case.post.status == PostStatus.HIDDEN:
        return gettext("Hidden") if case.settled_at else gettext("Hidden by flags")
    return gettext("Flagged")


@register.simple_tag
def case_title(row: Row) -> str:
    """What somebody wrote, in one line."""
    case = row.case
    if row.message is not None:
        return row.message.words[:TITLE]
    about = case.post or case.held
    return (about.subject or excerpt(about.html, TITLE)) if about else ""


@register.simple_tag
def case_author(case: Case) -> Member:
    """Who wrote what it is about."""
    if case.post is not None:
        return case.post.author
    if case.held is not None:
        return case.held.author
    assert case.talk is not None
    return case.talk.member


@register.filter
def said(code: str) -> str:
    """A reason, in the reader's language where the site gave it."""
    return reasons.say(code)


@register.simple_tag
def changes(action: Action) -> list[tuple[str, str, str]]:
    """What an action changed: the name of each thing, and how it was before and after."""
    names = dict.fromkeys([*action.before, *action.after])
    return [(name, _shown(action.before.get(name)), _shown(action.after.get(name))) for name in names]


def _shown(value: object) -> str:
    return "–" if value in (None, "") else str(value)
