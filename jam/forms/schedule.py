"""The form of a jam's window, and of when its members are reminded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import validate_time_zone
from accounts.zones import zone_choices
from jam.domain.lasting import lasting
from jam.domain.plans import Schedule
from jam.domain.zones import offset_words, readings
from jam.forms.fields import WALL, FoldField, WallTimeField
from jam.forms.steps import StepForm
from jam.models import Jam

TIMES = ("opens_at", "closes_at", "reading_until", "review_until")
REMINDERS = ("before_opening", "before_close")
MINUTES = (7 * 24 * 60, 2 * 24 * 60, 24 * 60, 3 * 60, 60, 15)


def _listed(minutes: Iterable[int]) -> str:
    return ", ".join(lasting(timedelta(minutes=one)) for one in minutes)


class MinutesField(forms.TypedMultipleChoiceField):
    """Some of the times before something, in minutes, the longest first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, coerce=int, widget=forms.CheckboxSelectMultiple, **kwargs)
        self.offer(())

    def offer(self, more: tuple[int, ...]) -> None:
        """Offers the usual times, and `more` that somebody chose elsewhere."""
        self.choices = [(one, lasting(timedelta(minutes=one))) for one in sorted({*MINUTES, *more}, reverse=True)]

    def clean(self, value: Any) -> tuple[int, ...]:
        return tuple(sorted(super().clean(value), reverse=True))


class ScheduleForm(StepForm):
    """Times are of the clocks in the zone that is chosen, without seconds."""

    kind = Schedule
    time_zone = forms.CharField(
        label=_("The jam’s time zone"),
        help_text=_("The times below are of clocks there. Every reader sees them in their own zone."),
        validators=[validate_time_zone],
        widget=forms.Select,
    )
    opens_at = WallTimeField(label=_("Opens"), error_messages={"required": _("Say when it opens.")})
    closes_at = WallTimeField(label=_("Closes"), error_messages={"required": _("Say when it closes.")})
    reading_until = WallTimeField(
        label=_("Reading until"),
        required=False,
        help_text=_("After the close everybody can read on. Empty: without end."),
    )
    review_until = WallTimeField(
        label=_("Review until"),
        required=False,
        help_text=_("After reading, only facilitators can look. Empty: no review."),
    )
    opens_at_fold = FoldField()
    closes_at_fold = FoldField()
    reading_until_fold = FoldField()
    review_until_fold = FoldField()
    before_opening = MinutesField(
        label=_("Remind members before it opens"),
        help_text=_(
            "Under the bell, by mail and on devices, as each of them chose. If the window moves, the new time counts."
        ),
    )
    before_close = MinutesField(label=_("Remind members before it closes"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = str(self["time_zone"].value() or "")
        self.fields["time_zone"].widget.choices = zone_choices(zone)
        for name in REMINDERS:
            field = self.fields[name]
            assert isinstance(field, MinutesField)
            field.offer(tuple(self.initial.get(name, ())))
        if self.jam is None or self.jam.published_at is None:
            for name in ("opens_at", "closes_at"):
                self.fields[name].required = False
        self.twice = {name for name in TIMES if self._label_fold(name, zone)}

    @classmethod
    def initial_of(cls, jam: Jam) -> dict[str, Any]:
        """One query."""
        plan = Schedule.of(jam)
        initial = {**vars(plan)}
        for name in TIMES:
            at: datetime | None = initial.pop(name)
            if at is not None:
                local = at.astimezone(ZoneInfo(jam.time_zone))
                initial |= {name: local.strftime(WALL), f"{name}_fold": str(local.fold)}
        return initial

    def times(self) -> list[dict[str, Any]]:
        """The four times as the page shows each."""
        return [
            {
                "field": self[name],
                "fold": self[f"{name}_fold"] if name in self.twice else None,
                "at": getattr(self.jam, name, None),
            }
            for name in TIMES
        ]

    def said_of(self, jam: Jam) -> dict[str, str]:
        now = self.initial_of(jam)
        return super().said_of(jam) | {name: _listed(now[name]) for name in REMINDERS}

    def said_here(self, name: str) -> str:
        return _listed(self.cleaned_data.get(name, ())) if name in REMINDERS else super().said_here(name)

    def _label_fold(self, name: str, zone: str) -> bool:
        """Names the two readings of the time in `name` if it has two, for the choice beside it."""
        try:
            validate_time_zone(zone)
            wall = WallTimeField(required=False).clean(self[name].value())
        except forms.ValidationError:
            return False
        found = readings(wall, ZoneInfo(zone)) if wall else ()
        if len(found) < 2:
            return False
        order = (gettext("The first"), gettext("The second"))
        self.fields[f"{name}_fold"] = FoldField(
            (str(fold), f"{order[fold]}: {at:%H:%M} {at.tzname()} ({offset_words(at)})")
            for fold, at in enumerate(found)
        )
        return True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "time_zone" in data:
            for name in TIMES:
                if data.get(name) is not None:
                    data[name] = self._moment(name, data[name], ZoneInfo(data["time_zone"]))
        return data

    def _moment(self, name: str, wall: datetime, zone: ZoneInfo) -> datetime | None:
        found = readings(wall, zone)
        if f"{name}_fold" in self.errors:
            return None
        fold = self.cleaned_data.get(f"{name}_fold") or ""
        words = {"time": f"{wall:%H:%M}", "zone": zone.key}
        if not found:
            self.add_error(name, gettext("There is no %(time)s on that day in %(zone)s: clocks go forward.") % words)
            return None
        if len(found) == 2 and not fold:
            said = gettext("%(time)s comes twice on that day in %(zone)s: clocks go back. Choose which one you mean.")
            self.add_error(name, said % words)
            return None
        return self._as_it_was(name, found[int(fold) if len(found) == 2 else 0])

    def _as_it_was(self, name: str, at: datetime) -> datetime:
        """The jam's own time if `at` is that but for the seconds, which the form does not show."""
        was: datetime | None = getattr(self.jam, name) if self.jam else None
        if was is not None and was.replace(second=0, microsecond=0) == at:
            return was
        return at
