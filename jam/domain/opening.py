"""The forums of a jam before anybody is in them: their titles and questions, and the idea that opens each.

A forum has its question over the form already; what it lacks when the jam opens is something to answer. So an opening
prompt is a post, by a facilitator, that `threads.domain.opening` writes when the clock has opened the jam.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from jam.domain.errors import Invalid
from jam.domain.rendering import to_html
from jam.domain.text import clean_line, clean_text, is_blank
from jam.models import PROMPT_BODY_MAX, PROMPT_SUBJECT_MAX, Forum, Jam, Member, OpeningPrompt

TITLE_MAX = 200
QUESTION_MAX = 5_000
FORUMS_MAX = 50


@dataclass(frozen=True)
class PromptPlan:
    """The idea that opens a forum. Both parts are needed."""

    subject: str
    body: str


@dataclass(frozen=True)
class ForumPlan:
    """A forum as it is meant to be; `id` names the one that is there already. Their order is their position."""

    title: str
    question: str = ""
    id: int | None = None
    prompt: PromptPlan | None = None


def plans_of(jam: Jam) -> tuple[ForumPlan, ...]:
    """The forums of a jam as they are, with the prompts that are still to be posted. One query, none for a new jam."""
    if jam._state.adding:
        return ()
    forums = Forum.objects.filter(jam=jam).select_related("opening_prompt")
    return tuple(ForumPlan(forum.title, forum.question, forum.pk, _to_post(forum)) for forum in forums)


def prompt_of(forum: Forum) -> OpeningPrompt | None:
    """What opens a forum, or opened it. A forum that was fetched with `opening_prompt` costs no query."""
    found: OpeningPrompt | None = getattr(forum, "opening_prompt", None)
    return found


def _to_post(forum: Forum) -> PromptPlan | None:
    prompt = prompt_of(forum)
    return PromptPlan(prompt.subject, prompt.body) if prompt and prompt.posted_at is None else None


def check(forums: Sequence[ForumPlan]) -> None:
    """Raises Invalid for forums that no jam can have, with a field `forums-N-name`, N from 0."""
    if len(forums) > FORUMS_MAX:
        message = ngettext("A jam can have %(count)s forum.", "A jam can have %(count)s forums.", FORUMS_MAX)
        raise Invalid(message % {"count": FORUMS_MAX}, code="too_many", field="forums")
    for index, forum in enumerate(forums):
        row = f"forums-{index}"
        clean_line(forum.title, field=f"{row}-title", name=gettext("The title"), limit=TITLE_MAX)
        clean_text(forum.question, field=f"{row}-question", name=gettext("The question"), limit=QUESTION_MAX)
        if is_blank(forum.title):
            raise Invalid(gettext("Give the forum a title."), code="required", field=f"{row}-title")
        if forum.prompt is not None:
            _check_prompt(forum.prompt, row)


def _check_prompt(prompt: PromptPlan, row: str) -> None:
    subject, body = f"{row}-prompt_subject", f"{row}-prompt_body"
    clean_line(prompt.subject, field=subject, name=gettext("The subject"), limit=PROMPT_SUBJECT_MAX)
    clean_text(prompt.body, field=body, name=gettext("The opening prompt"), limit=PROMPT_BODY_MAX)
    if is_blank(prompt.subject):
        raise Invalid(gettext("Give the opening prompt a subject."), code="required", field=subject)
    if is_blank(prompt.body):
        raise Invalid(gettext("Write the opening prompt, or empty its subject."), code="required", field=body)


def put(jam: Jam, plans: Sequence[ForumPlan], *, by: Member | None) -> None:
    """Makes the forums of `jam` those of `plans`. Raises Invalid: one that has threads stays, and one of another jam is
    not to be had. A prompt that was posted already stays as it was posted."""
    there = {forum.pk: forum for forum in Forum.objects.filter(jam=jam).select_related("opening_prompt")}
    kept: set[int] = set()
    for position, plan in enumerate(plans, start=1):
        forum = Forum(jam=jam) if plan.id is None else there.get(plan.id)
        if forum is None or forum.pk in kept:
            raise Invalid(
                gettext("That forum is not part of this jam."), code="forum", field=f"forums-{position - 1}-title"
            )
        _put_one(forum, plan, position)
        _put_prompt(forum, plan.prompt, by)
        kept.add(forum.pk)
    for forum in there.values():
        if forum.pk not in kept:
            _remove(forum)


def _put_one(forum: Forum, plan: ForumPlan, position: int) -> None:
    forum.title, forum.position = plan.title.strip(), position
    forum.question, forum.question_html = plan.question.strip(), to_html(plan.question)
    if forum._state.adding:
        forum.save()
    else:
        # not the counts: a post may be adding to them
        forum.save(update_fields=["title", "position", "question", "question_html"])


def _put_prompt(forum: Forum, plan: PromptPlan | None, by: Member | None) -> None:
    prompt = prompt_of(forum)
    if (prompt is not None and prompt.posted_at is not None) or _to_post(forum) == plan:
        return
    if plan is None:
        OpeningPrompt.objects.filter(forum=forum, posted_at=None).delete()
        return
    subject, body = plan.subject.strip(), plan.body.strip()
    OpeningPrompt.objects.update_or_create(forum=forum, defaults={"subject": subject, "body": body, "by": by})


def _remove(forum: Forum) -> None:
    if forum.thread_count:
        raise Invalid(
            gettext("“%(title)s” has threads and cannot be removed.") % {"title": forum.title},
            code="in_use",
            field="forums",
        )
    if forum.duties.exists():
        # Without their last forum a facilitator would run all of them.
        raise Invalid(
            gettext("“%(title)s” is among the forums of a facilitator. Take it from them first.")
            % {"title": forum.title},
            code="in_use",
            field="forums",
        )
    forum.delete()
