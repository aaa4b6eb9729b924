"""What those who run a jam put into it, and what a member says of themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jam.domain.errors import Refused
from jam.domain.guest_hours import HourPlan
from jam.domain.naming import NAME_MAX
from jam.domain.polls import PollPlan
from jam.domain.zones import readings
from jam.forms.fields import WALL, WallTimeField
from jam.models import ABOUT_MAX, POLL_QUESTION_MAX, WORDS_MAX, Forum, GuestHour, Jam, Member, Poll

Duties = frozenset[int] | None


class RawCharField(forms.CharField):
    """Text as it was sent: the verb says what is wrong with it. `max_length` is what the page tells before sending."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = []

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"dir": "auto"}


class VerbForm(forms.Form):
    def refuse(self, refused: Refused) -> None:
        """Shows what a verb answered beside the field it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A forum of the jam; none is the whole jam."""

    def __init__(self, everywhere: Any, **kwargs: Any) -> None:
        super().__init__(queryset=Forum.objects.none(), required=False, empty_label=everywhere, **kwargs)

    @classmethod
    def offer(cls, form: forms.Form, jam: Jam, duties: Duties) -> None:
        """Has the field of `form` offer the forums of `jam`; to who runs some of them (`Entry.duties`), those alone."""
        field = form.fields["forum"]
        assert isinstance(field, cls)
        field.queryset = Forum.objects.filter(jam=jam)
        if duties is not None:
            field.queryset = field.queryset.filter(pk__in=duties)
            field.empty_label = None
            field.required = True


class ProfileForm(VerbForm):
    name = RawCharField(label=_("Your name in this jam"), max_length=NAME_MAX)
    affiliation = RawCharField(label=_("Where you are from"), required=False, max_length=NAME_MAX)
    about = RawCharField(
        label=_("A few words about you"),
        required=False,
        max_length=ABOUT_MAX,
        help_text=_("What you do, what you care about. Everybody in the jam can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, fixed: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        """`fixed` names what the jam lets nobody choose: see `jam.domain.naming.fixed_fields`."""
        super().__init__(*args, **kwargs)
        for name in fixed:
            del self.fields[name]


class AnnouncementForm(VerbForm):
    words = RawCharField(
        label=_("What you announce"),
        max_length=WORDS_MAX,
        help_text=_("A line or two. Markdown works, links too."),
        error_messages={"required": _("Write what you want to announce.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    forum = PlaceField(_("Every open tab of this jam"), label=_("Who hears it"))
    sure = forms.BooleanField(label=_("Yes, tell everybody who is here"), required=False)

    def __init__(self, *args: Any, jam: Jam, duties: Duties = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        PlaceField.offer(self, jam, duties)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and data["forum"] is None and not data["sure"]:
            self.add_error("sure", _("It goes to every open tab. Say that you mean it."))
        return data


class ZonedForm(VerbForm):
    """A form with times of the clocks in the reader's zone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = timezone.get_current_timezone()

    def moment(self, name: str) -> datetime | None:
        """The time in a field, with its zone. An hour that comes twice is the first of the two."""
        wall: datetime | None = self.cleaned_data.get(name)
        if wall is None:
            return None
        found = readings(wall, ZoneInfo(timezone.get_current_timezone_name()))
        if not found:
            self.add_error(name, _("There is no such time on that day: clocks go forward."))
            return None
        return found[0]


class PollForm(ZonedForm):
    question = RawCharField(
        label=_("The question"),
        max_length=POLL_QUESTION_MAX,
        error_messages={"required": _("Write the question.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    choices = RawCharField(
        label=_("The choices"),
        help_text=_("Each on a line of its own, from two to ten of them, each up to 200 characters."),
        error_messages={"required": _("A poll needs two choices, each on a line of its own.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    multiple = forms.BooleanField(label=_("One may choose more than one"), required=False)
    results = forms.ChoiceField(
        label=_("Who is shown how it stands"),
        choices=Poll.Results,
        widget=forms.RadioSelect,
        initial=Poll.Results.ALWAYS,
    )
    forum = PlaceField(_("On the jam’s home"), label=_("Where it is shown"))
    closes_at = WallTimeField(label=_("Ends"), required=False, help_text=_("Empty: it ends with the jam."))

    def __init__(self, *args: Any, jam: Jam, duties: Duties = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        PlaceField.offer(self, jam, duties)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["closes_at"] = self.moment("closes_at")
        return data

    def plan(self) -> PollPlan:
        data = self.cleaned_data
        names = ("question", "multiple", "results", "forum", "closes_at")
        return PollPlan(choices=data["choices"].splitlines(), **{name: data[name] for name in names})


class PlannedPollForm(PollForm):
    starts_at = WallTimeField(label=_("Begins"), error_messages={"required": _("Say when it begins.")})

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "starts_at" in data:
            data["starts_at"] = self.moment("starts_at")
        return data


class GuestHourForm(ZonedForm):
    guest = RawCharField(
        label=_("The guest"),
        help_text=_("Their name in this jam. They must have joined it."),
        error_messages={"required": _("Say who the guest is.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "guests"}),
    )
    starts_at = WallTimeField(label=_("From"), error_messages={"required": _("Say when it begins.")})
    ends_at = WallTimeField(label=_("To"), error_messages={"required": _("Say when it ends.")})
    forum = PlaceField(_("In the whole jam"), label=_("Where"))
    words = RawCharField(
        label=_("What it is about"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, jam: Jam, duties: Duties = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jam = jam
        PlaceField.offer(self, jam, duties)

    def clean_guest(self) -> Member:
        """The member who is called that; of namesakes the one whose number is written behind it, as in “Ana #7”."""
        name, sign, number = " ".join(self.cleaned_data["guest"].replace("\0", "").split()).rpartition(" #")
        people = Member.objects.filter(jam=self.jam)
        if name and number.isascii() and number.isdecimal() and len(number) < 19:
            people = people.filter(name__iexact=name, pk=int(number))
        else:
            people = people.filter(name__iexact=f"{name}{sign}{number}")
        found = list(people.order_by("pk")[:5])
        if not found:
            raise forms.ValidationError(_("Nobody in this jam is called that."), code="guest")
        if len(found) > 1:
            raise forms.ValidationError(
                _("More than one person here is called that. Write one of: %(names)s"),
                code="namesakes",
                params={"names": ", ".join(f"{one.name} #{one.pk}" for one in found)},
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("starts_at", "ends_at"):
            if name in data:
                data[name] = self.moment(name)
        return data

    def plan(self) -> HourPlan:
        return HourPlan(**self.cleaned_data)


def hour_initial(hour: GuestHour) -> dict[str, Any]:
    """What the form shows of a guest hour that is there, in the reader's zone."""
    return {
        "guest": hour.guest.name,
        "starts_at": timezone.localtime(hour.starts_at).strftime(WALL),
        "ends_at": timezone.localtime(hour.ends_at).strftime(WALL),
        "forum": hour.forum_id,
        "words": hour.words,
    }
