"""What is planned on the roster, and what is written in a journal. Times are of the clocks of whoever plans."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from jam.domain.zones import offset_words, readings
from jam.forms.fields import WALL, FoldField, WallTimeField
from jam.forms.occasions import RawCharField, VerbForm
from jam.models import Forum, Jam, Member
from moderation.domain.roster import PLANNERS, REMIND_CHOICES, ShiftPlan, staff_of
from moderation.models import JOURNAL_MAX, REMIND_DEFAULT, Shift

TIMES = ("starts_at", "ends_at")


def remind_words(minutes: int) -> str:
    if not minutes:
        return gettext("No reminder")
    if minutes % 60:
        return ngettext("%(count)s minute before", "%(count)s minutes before", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)s hour before", "%(count)s hours before", hours) % {"count": hours}


class WhoField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ForumsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class ShiftForm(VerbForm):
    """An hour that comes twice, on the night when clocks go back, is asked about; one that is left out is refused."""

    member = WhoField(queryset=Member.objects.none(), label=_("Who"), empty_label=None)
    starts_at = WallTimeField(label=_("From"), error_messages={"required": _("Say when it begins.")})
    starts_at_fold = FoldField()
    ends_at = WallTimeField(label=_("To"), error_messages={"required": _("Say when it ends.")})
    ends_at_fold = FoldField()
    forums = ForumsField(
        queryset=Forum.objects.none(),
        label=_("Forums"),
        required=False,
        help_text=_("None: all that they run."),
        widget=forms.CheckboxSelectMultiple,
    )
    remind_before = forms.TypedChoiceField(label=_("Reminder"), coerce=int, initial=REMIND_DEFAULT)

    def __init__(self, *args: Any, jam: Jam, planner: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = staff_of(jam) if planner.role in PLANNERS else Member.objects.filter(pk=planner.pk)
        self.fields["member"].queryset = who  # type: ignore[attr-defined]
        self.initial.setdefault("member", planner.pk)
        self.fields["forums"].queryset = Forum.objects.filter(jam=jam)  # type: ignore[attr-defined]
        self.fields["remind_before"].choices = [(one, remind_words(one)) for one in REMIND_CHOICES]  # type: ignore[attr-defined]
        self.zone = ZoneInfo(timezone.get_current_timezone_name())
        self.twice = {name for name in TIMES if self._asks_which(name)}

    def _readings(self, name: str) -> tuple[datetime, ...]:
        try:
            wall = self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return ()
        return readings(wall, self.zone)

    def _asks_which(self, name: str) -> bool:
        found = self._readings(name)
        if len(found) == 2:
            self.fields[f"{name}_fold"].choices = [  # type: ignore[attr-defined]
                (str(fold), f"{at:%H:%M} {offset_words(at)}") for fold, at in enumerate(found)
            ]
        return len(found) == 2

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in TIMES:
            if name in data:
                data[name] = self._moment(name, data.get(f"{name}_fold", ""))
        return data

    def _moment(self, name: str, fold: str) -> datetime | None:
        found = self._readings(name)
        if not found:
            self.add_error(name, _("There is no such time on that day: clocks go forward."))
            return None
        if len(found) == 2 and not fold:
            self.add_error(name, _("This time comes twice on that day: clocks go back. Choose which of the two."))
            return None
        return found[int(fold)] if len(found) == 2 else found[0]

    def times(self) -> list[dict[str, Any]]:
        """Each time with the question which is meant, where it comes twice."""
        return [{"field": self[name], "fold": self[f"{name}_fold"] if name in self.twice else None} for name in TIMES]

    def plan(self) -> ShiftPlan:
        data = self.cleaned_data
        return ShiftPlan(
            member=data["member"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            forums=list(data["forums"]),
            remind_before=data["remind_before"],
        )


def shift_initial(shift: Shift) -> dict[str, Any]:
    """What the form shows of a shift that is there, in the reader's zone. One query."""
    shown: dict[str, Any] = {
        "member": shift.member_id,
        "forums": [forum.pk for forum in shift.forums.all()],
        "remind_before": shift.remind_before,
    }
    for name in TIMES:
        at = timezone.localtime(getattr(shift, name))
        shown |= {name: at.strftime(WALL), f"{name}_fold": str(at.fold)}
    return shown


class JournalForm(VerbForm):
    words = RawCharField(
        label=_("What the next should know"),
        required=False,
        max_length=JOURNAL_MAX,
        help_text=_("What you decided, what waits, whom to ask. Markdown works. Those who run the jam can read it."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
