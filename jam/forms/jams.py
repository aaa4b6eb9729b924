"""The form in which a facilitator makes or changes a jam."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf.locale import LANG_INFO
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import validate_time_zone
from accounts.zones import zone_choices
from jam.domain.setup import EDIT_MINUTES_MAX, QUESTION_MAX, TITLE_MAX, ForumPlan, JamPlan
from jam.domain.zones import offset_words, readings
from jam.forms.fields import WALL, DomainsField, FoldField, LongTextField, WallTimeField, text_widget
from jam.models import Door, Jam, Voting

SLUG_MAX = 60
TIMES = ("opens_at", "closes_at", "reading_until", "review_until")
LANGUAGES = sorted(
    ((code, info["name_local"].capitalize()) for code, info in LANG_INFO.items() if "name_local" in info),
    key=lambda choice: choice[1].casefold(),
)


class JamForm(forms.Form):
    title = forms.CharField(
        max_length=TITLE_MAX, widget=text_widget(), error_messages={"required": _("Give the jam a title.")}
    )
    slug = forms.CharField(
        max_length=SLUG_MAX,
        required=False,
        label=_("Address"),
        help_text=_("Part of every link to the jam; fixed once it is published. Empty: made from the title."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "data-slug-from": "id_title"}),
        validators=[RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", _("Use small letters, digits and single hyphens."))],
    )
    question = LongTextField(
        max_length=QUESTION_MAX,
        required=False,
        help_text=_("What everybody is here to answer. It stands large on the jam’s home. Markdown works."),
        widget=text_widget(3),
    )
    language = forms.ChoiceField(choices=LANGUAGES, label=_("Language it is held in"))
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
    voting = forms.ChoiceField(
        choices=Voting, widget=forms.RadioSelect, error_messages={"required": _("Choose how people vote.")}
    )
    door = forms.ChoiceField(
        choices=Door,
        label=_("Who may come in"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may come in.")},
    )
    edit_minutes = forms.IntegerField(
        min_value=0,
        max_value=EDIT_MINUTES_MAX,
        required=False,
        label=_("Minutes to change a post"),
        help_text=_(
            "How long after they posted it people can change what they wrote, while the jam is open. Everybody can see "
            "what it said before. 0: not at all. Empty: 15."
        ),
    )
    accent = forms.CharField(
        required=False,
        label=_("Accent"),
        help_text=_("One colour of your own, like #7a3cff. It is made lighter or darker where it could not be read."),
        widget=forms.TextInput(attrs={"data-swatch": "", "spellcheck": "false", "autocomplete": "off"}),
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour as # and six digits or letters a to f.")],
    )
    home_domains = DomainsField(
        required=False,
        label=_("Mail domains of your organisation"),
        help_text=_(
            "Like example.org, with commas between them. Whoever proved an address there is shown as inside, others as "
            "outside. Empty: the jam does not tell them apart."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, jam: Jam | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jam = jam
        zone, language = str(self["time_zone"].value() or ""), str(self["language"].value() or "")
        self.fields["time_zone"].widget.choices = zone_choices(zone)
        if language and language not in LANG_INFO and jam is not None and language == jam.language:
            self.fields["language"] = forms.ChoiceField(choices=[(language, language), *LANGUAGES])
        if jam is not None and jam.published_at is not None:
            self.fields["slug"].widget.attrs["readonly"] = True
            self.fields["slug"].help_text = gettext("Fixed since the jam was published: links would break.")
        self.twice = {name for name in TIMES if self._label_fold(name, zone)}

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

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug or "title" not in self.cleaned_data:
            return slug
        made: str = slugify(self.cleaned_data["title"])[:SLUG_MAX].strip("-")
        if not made:
            raise forms.ValidationError(
                gettext("The title gives no address. Write one with letters a to z."), code="required"
            )
        return made

    def clean_accent(self) -> str:
        return str(self.cleaned_data["accent"]).lower()

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
        if not found:
            self.add_error(
                name,
                gettext("There is no %(time)s on that day in %(zone)s: clocks go forward.")
                % {"time": f"{wall:%H:%M}", "zone": zone.key},
            )
            return None
        if len(found) == 2 and not fold:
            self.add_error(
                name, f"{wall:%H:%M} comes twice on that day in {zone.key}: clocks go back. Choose which one you mean."
            )
            return None
        return self._as_it_was(name, found[int(fold) if len(found) == 2 else 0])

    def _as_it_was(self, name: str, at: datetime) -> datetime:
        """The jam's own time if `at` is that but for the seconds, which the form does not show."""
        was: datetime | None = getattr(self.jam, name) if self.jam else None
        if was is not None and was.replace(second=0, microsecond=0) == at:
            return was
        return at

    def plan(self, forums: list[ForumPlan]) -> JamPlan:
        data = self.cleaned_data
        names = (
            "slug",
            "title",
            "question",
            "language",
            "time_zone",
            *TIMES,
            "voting",
            "door",
            "accent",
            "home_domains",
            "edit_minutes",
        )
        return JamPlan(forums=forums, **{name: data[name] for name in names})


def jam_initial(jam: Jam) -> dict[str, Any]:
    """What the form shows of a jam that is there."""
    zone = ZoneInfo(jam.time_zone)
    names = (
        "title",
        "slug",
        "question",
        "language",
        "time_zone",
        "voting",
        "door",
        "accent",
        "edit_minutes",
        "version",
    )
    initial = {name: getattr(jam, name) for name in names}
    initial["home_domains"] = ", ".join(jam.home_domains)
    for name in TIMES:
        at: datetime | None = getattr(jam, name)
        if at is not None:
            local = at.astimezone(zone)
            initial[name] = local.strftime(WALL)
            initial[f"{name}_fold"] = str(local.fold)
    return initial
