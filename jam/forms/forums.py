"""The forums of a jam as a list of small forms, each a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain.setup import FORUMS_MAX, QUESTION_MAX, TITLE_MAX, ForumPlan
from jam.forms.fields import LongTextField, text_widget
from jam.models import Forum

FIRST_FORUMS = 3


class ForumForm(forms.Form):
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(max_length=TITLE_MAX, required=False, widget=text_widget())
    question = LongTextField(max_length=QUESTION_MAX, required=False, widget=text_widget(2))
    remove = forms.BooleanField(required=False, label=_("Remove this forum"))

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("id", "title", "question"))

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
        return ForumPlan(title=data["title"], question=data["question"], id=data["id"])


class ForumRows:
    """The rows of forums, in the order they stand. Without JavaScript, buttons add a row and move one."""

    COUNT = "forums-count"

    def __init__(self, rows: list[ForumForm]) -> None:
        self.rows = rows

    @classmethod
    def of(cls, forums: list[Forum]) -> ForumRows:
        """Rows for the forums of a jam, or a few empty ones."""
        shown: list[dict[str, Any]] = [
            {"id": forum.pk, "title": forum.title, "question": forum.question} for forum in forums
        ]
        return cls.showing(shown or [{} for _ in range(FIRST_FORUMS)])

    @classmethod
    def showing(cls, values: list[dict[str, Any]]) -> ForumRows:
        return cls([ForumForm(initial=row, prefix=f"forums-{index}") for index, row in enumerate(values)])

    @classmethod
    def sent(cls, data: Mapping[str, Any]) -> ForumRows:
        return cls([ForumForm(data, prefix=f"forums-{index}") for index in range(_count(data.get(cls.COUNT)))])

    @classmethod
    def rearranged(cls, data: Mapping[str, Any]) -> ForumRows:
        """As `data` has them after its button was pressed: add=1, or move=INDEX:up or INDEX:down. Checks nothing."""
        names = ("id", "title", "question", "remove")
        values = [
            {name: data.get(f"forums-{index}-{name}", "") for name in names}
            for index in range(_count(data.get(cls.COUNT)))
        ]
        if "add" in data and len(values) < FORUMS_MAX:
            values.append({"new": True})
        index, _, way = str(data.get("move", "")).partition(":")
        if index.isdecimal() and int(index) < len(values):
            here = int(index)
            there = here + (-1 if way == "up" else 1)
            if 0 <= there < len(values):
                values[here], values[there] = values[there], values[here]
        rows = cls.showing(values)
        if "add" in data and rows.rows:
            rows.rows[-1].fields["title"].widget.attrs["autofocus"] = True
        return rows

    def is_valid(self) -> bool:
        # Every row is asked, so that every mistake is told at once.
        return not [row for row in self.rows if not row.is_valid()]

    @property
    def kept(self) -> list[ForumForm]:
        return [row for row in self.rows if row.is_kept]

    def plans(self) -> list[ForumPlan]:
        return [row.plan() for row in self.kept]

    def refuse(self, field: str, message: str) -> str:
        """Puts what a verb said of `forums-N-name` beside the row it means. Returns the id of the field on the page."""
        _, number, name = field.split("-", 2)
        row = self.kept[int(number)]
        row.add_error(name, message)
        return row[name].id_for_label

    @property
    def errors(self) -> list[dict[str, str]]:
        return [
            {"id": row[name].id_for_label, "message": f"Forum {number}, {name}: {error}"}
            for number, row in enumerate(self.rows, start=1)
            for name, errors in row.errors.items()
            for error in errors
        ]


def _count(text: Any) -> int:
    return min(int(text), FORUMS_MAX) if str(text or "").isdecimal() else 0
