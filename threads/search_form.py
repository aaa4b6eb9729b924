"""What a person asks search for, checked for its shape."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext

from jam.models import Forum
from threads.domain.search import Wanted
from threads.domain.search_question import WORDS_MAX
from threads.models import TAG_MAX

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
FILTERS = ("forum", "author", "tag", "since", "until")


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "Write a day, like 2026-09-01."},
            validators=[
                MinValueValidator(FIRST_DAY, f"Choose a day from {FIRST_DAY.year} on."),
                MaxValueValidator(LAST_DAY, f"Choose a day up to {LAST_DAY.year}."),
            ],
            **kwargs,
        )


class SearchForm(forms.Form):
    """With `forums`, for the jam that has them; without, for all jams."""

    q = forms.CharField(
        label="Words",
        required=False,
        max_length=WORDS_MAX,
        widget=forms.TextInput(
            attrs={"type": "search", "dir": "auto", "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )
    kind = forms.ChoiceField(
        label="Find", required=False, choices=[("all", "Ideas and replies"), ("ideas", "Ideas"), ("replies", "Replies")]
    )
    order = forms.ChoiceField(
        label="Order", required=False, choices=[("best", "Best first"), ("newest", "Newest first")]
    )
    forum = forms.ModelChoiceField(
        Forum.objects.none(),
        required=False,
        empty_label="All forums",
        error_messages={"invalid_choice": "There is no such forum in this jam."},
    )
    author = forms.CharField(
        required=False, max_length=120, widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    )
    tag = forms.CharField(
        required=False,
        max_length=TAG_MAX,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "autocapitalize": "none"}),
    )
    since = DayField(label="From")
    until = DayField(label="To")

    def __init__(self, *args: Any, forums: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if forums is None:
            del self.fields["forum"]
        else:
            self.fields["forum"].queryset = forums  # type: ignore[attr-defined]

    def asks(self) -> bool:
        """Whether there is anything to look for."""
        return any(self.cleaned_data.get(name) for name in ("q", *FILTERS))

    def words(self) -> str:
        """What is looked for, in a line."""
        sent = self.cleaned_data
        forum = sent.get("forum")
        rest = [forum.title] if forum else []
        return " · ".join([*(sent[name] for name in ("q", "author", "tag") if sent[name]), *rest]) or gettext("Search")

    def address(self) -> str:
        """The search as it stands behind a question mark, with nothing that was left empty."""
        return urlencode([(name, self.data[name]) for name in self.fields if self.data.get(name)])

    def narrows(self) -> bool:
        """Whether a filter was sent, right or wrong: then the filters are shown."""
        return any(self.data.get(name) for name in FILTERS)

    def wanted(self) -> Wanted:
        """Days are those of the reader's zone, the last one to its end."""
        sent = self.cleaned_data
        forum = sent.get("forum")
        return Wanted(
            words=sent["q"],
            forum=forum and forum.pk,
            author=sent["author"],
            tag=sent["tag"],
            since=_midnight(sent["since"]),
            until=_midnight(sent["until"] and sent["until"] + timedelta(days=1)),
            kind=sent["kind"] or "all",
            order=sent["order"] or "best",
        )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else timezone.make_aware(datetime.combine(day, time()))
