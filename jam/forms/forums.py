"""The forums of a jam as a list of small forms, each a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain.errors import Refused
from jam.domain.opening import FORUMS_MAX, QUESTION_MAX, TITLE_MAX, ForumPlan, PromptPlan
from jam.domain.plans import Forums
from jam.forms.fields import LongTextField, text_widget
from jam.forms.steps import StepForm
from jam.models import PROMPT_BODY_MAX, PROMPT_SUBJECT_MAX, Forum, Jam

FIRST_FORUMS = 3


class ForumForm(forms.Form):
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX, required=False, widget=text_widget())
    question = LongTextField(label=_("Question"), max_length=QUESTION_MAX, required=False, widget=text_widget(2))
    prompt_subject = forms.CharField(
        label=_("Its subject"), max_length=PROMPT_SUBJECT_MAX, required=False, widget=text_widget()
    )
    prompt_body = LongTextField(
        label=_("What it says"), max_length=PROMPT_BODY_MAX, required=False, widget=text_widget(3)
    )
    remove = forms.BooleanField(required=False, label=_("Remove this forum"))

    posted_prompt = ""
    """The subject of the prompt that was posted: it is a post now, and changed as one."""

    @property
    def has_prompt(self) -> bool:
        return bool(self["prompt_subject"].value() or self["prompt_body"].value() or self.posted_prompt)

    @property
    def is_blank(self) -> bool:
        names = ("id", "title", "question", "prompt_subject", "prompt_body")
        return not any(self.cleaned_data.get(name) for name in names)

    @property
    def is_kept(self) -> bool:
        return not self.is_blank and not self.cleaned_data.get("remove")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "title" in data and self.is_kept and not data["title"]:
            self.add_error("title", gettext("Give the forum a title, or remove it."))
        return data

    def plan(self) -> ForumPlan:
        data = self.cleaned_data
        prompt = PromptPlan(data["prompt_subject"], data["prompt_body"].strip())
        return ForumPlan(
            title=data["title"],
            question=data["question"],
            id=data["id"],
            prompt=prompt if prompt.subject or prompt.body else None,
        )


NAMES = tuple(ForumForm.base_fields)


class ForumsForm(StepForm):
    """The rows of forums, in the order they stand. Without JavaScript, buttons add a row and move one."""

    kind = Forums
    COUNT = "forums-count"
    REARRANGING = ("add", "move")

    def __init__(self, *args: Any, rows: list[ForumForm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        posted = _posted(self.jam)
        for row in rows:
            row.posted_prompt = posted.get(str(row["id"].value()), "")

    @classmethod
    def showing(cls, jam: Jam) -> ForumsForm:
        """The forums of a jam, or a few empty rows. Two queries."""
        shown = [_initial(plan) for plan in Forums.of(jam).forums] or [{} for _ in range(FIRST_FORUMS)]
        return cls(initial={"version": jam.version}, jam=jam, rows=_rows(shown))

    @classmethod
    def sent(cls, data: Mapping[str, Any], jam: Jam, files: Mapping[str, Any] | None = None) -> ForumsForm:
        rows = [ForumForm(data, prefix=f"forums-{index}") for index in range(_count(data.get(cls.COUNT)))]
        return cls(data, jam=jam, rows=rows)

    @classmethod
    def rearranged(cls, data: Mapping[str, Any], jam: Jam) -> ForumsForm:
        """As `data` has them after its button was pressed: add=1, or move=INDEX:up or INDEX:down. Checks nothing."""
        values = [
            {name: data.get(f"forums-{index}-{name}", "") for name in NAMES}
            for index in range(_count(data.get(cls.COUNT)))
        ]
        if "add" in data and len(values) < FORUMS_MAX:
            values.append({})
        index, _sign, way = str(data.get("move", "")).partition(":")
        if index.isdecimal() and int(index) < len(values):
            here = int(index)
            there = here + (-1 if way == "up" else 1)
            if 0 <= there < len(values):
                values[here], values[there] = values[there], values[here]
        form = cls(initial={"version": data.get("version")}, jam=jam, rows=_rows(values))
        if "add" in data and form.rows:
            form.rows[-1].fields["title"].widget.attrs["autofocus"] = True
        return form

    def is_valid(self) -> bool:
        # Every row is asked, so that every mistake is told at once.
        return all([super().is_valid(), *[row.is_valid() for row in self.rows]])

    @property
    def kept(self) -> list[ForumForm]:
        return [row for row in self.rows if row.is_kept]

    def plan(self) -> Forums:
        return Forums(tuple(row.plan() for row in self.kept))

    def refuse(self, refused: Refused) -> None:
        """Puts what a verb said of `forums-N-name` beside the row it means."""
        if not refused.field.startswith("forums-"):
            super().refuse(refused)
            return
        _forums, number, name = refused.field.split("-", 2)
        self.kept[int(number)].add_error(name, refused.message)

    @property
    def more_errors(self) -> list[dict[str, str]]:
        said = gettext("Forum %(number)s, %(field)s: %(error)s")
        return [
            {
                "id": row[name].id_for_label,
                "message": said % {"number": number, "field": row[name].label, "error": error},
            }
            for number, row in enumerate(self.rows, start=1)
            for name, errors in row.errors.items()
            for error in errors
        ]

    def differences(self, jam: Jam) -> list[tuple[str, str]]:
        here = {plan.id: plan for plan in self.plan().forums}
        return [
            (plan.title, plan.question or gettext("no question"))
            for plan in Forums.of(jam).forums
            if here.get(plan.id) != plan
        ]


def _rows(values: list[dict[str, Any]]) -> list[ForumForm]:
    return [ForumForm(initial=row, prefix=f"forums-{index}") for index, row in enumerate(values)]


def _initial(plan: ForumPlan) -> dict[str, Any]:
    prompt = plan.prompt or PromptPlan("", "")
    return {
        "id": plan.id,
        "title": plan.title,
        "question": plan.question,
        "prompt_subject": prompt.subject,
        "prompt_body": prompt.body,
    }


def _posted(jam: Jam | None) -> dict[str, str]:
    """The subjects of the prompts that were posted, by the numbers of their forums. One query."""
    forums = Forum.objects.filter(jam=jam, opening_prompt__posted_at__isnull=False)
    return {str(pk): subject for pk, subject in forums.values_list("pk", "opening_prompt__subject")}


def _count(text: Any) -> int:
    return min(int(text), FORUMS_MAX) if str(text or "").isdecimal() else 0
