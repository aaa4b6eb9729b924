"""Fields that the forms of a jam share: times as a clock on a wall shows them, and text that no browser cuts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext

from jam.domain.errors import Invalid
from jam.domain.home_domains import read_domains

WALL = "%Y-%m-%dT%H:%M"
WALL_FORMATS = [WALL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
# At the ends of the calendar a time has no place in other zones.
YEARS = range(1900, 2201)


class WallTimeField(forms.Field):
    """A date and time as a clock on a wall shows it; the form knows the zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WALL)

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        for pattern in WALL_FORMATS:
            try:
                wall = datetime.strptime(text, pattern)  # noqa: DTZ007
            except ValueError:
                continue
            if wall.year not in YEARS:
                message = gettext("Choose a year from %(first)s to %(last)s.")
                raise forms.ValidationError(message % {"first": YEARS[0], "last": YEARS[-1]}, code="year")
            return wall
        raise forms.ValidationError(gettext("Write a date and a time, like 2026-09-01 18:00."), code="time")


class FoldField(forms.ChoiceField):
    """Which of two readings is meant, asked only for an hour that comes twice."""

    def __init__(self, choices: Iterable[tuple[str, str]] = (("0", ""), ("1", ""))) -> None:
        super().__init__(
            label=gettext("Which of the two?"), required=False, choices=list(choices), widget=forms.RadioSelect
        )


def text_widget(lines: int = 0, **attrs: str) -> forms.Widget:
    attrs = {"dir": "auto", **attrs}
    # A browser cuts what is pasted at maxlength without a word; the counter and the server say it instead.
    return forms.Textarea(attrs={"rows": str(lines), **attrs}) if lines else forms.TextInput(attrs=attrs)


class LongTextField(forms.CharField):
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class DomainsField(forms.Field):
    """Mail domains as `jam.domain.home_domains` reads them."""

    def to_python(self, value: Any) -> list[str]:
        try:
            return read_domains(str(value or ""))
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from error
