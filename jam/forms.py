"""The form in which a facilitator makes or changes a jam."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf.locale import LANG_INFO
from django.core.validators import RegexValidator
from django.utils.text import slugify

from accounts.models import validate_time_zone
from accounts.zones import zone_choices
from jam.domain.setup import FORUMS_MAX, QUESTION_MAX, TITLE_MAX, ForumPlan, JamPlan
from jam.domain.zones import offset_words, readings
from jam.models import Door, Forum, Jam, Voting

SLUG_MAX = 60
TIMES = ("opens_at", "closes_at", "reading_until", "review_until")
WALL = "%Y-%m-%dT%H:%M"
WALL_FORMATS = [WALL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
LANGUAGES = sorted(
    ((code, info["name_local"].capitalize()) for code, info in LANG_INFO.items() if "name_local" in info),
    key=lambda choice: choice[1].casefold(),
)
FIRST_FORUMS = 3
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
                raise forms.ValidationError(f"Choose a year from {YEARS[0]} to {YEARS[-1]}.", code="year")
            return wall
        raise forms.ValidationError("Write a date and a time, like 2026-09-01 18:00.", code="time")


class FoldField(forms.ChoiceField):
    """Which of two readings is meant, asked only for an hour that comes twice."""

    def __init__(self, choices: Iterable[tuple[str, str]] = (("0", ""), ("1", ""))) -> None:
        super().__init__(label="Which of the two?", required=False, choices=list(choices), widget=forms.RadioSelect)


def _text(lines: int = 0, **attrs: str) -> forms.Widget:
    attrs = {"dir": "auto", **attrs}
    # A browser cuts what is pasted at maxlength without a word; the counter and the server say it instead.
    return forms.Textarea(attrs={"rows": str(lines), **attrs}) if lines else forms.TextInput(attrs=attrs)


class LongTextField(forms.CharField):
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class JamForm(forms.Form):
    title = forms.CharField(max_length=TITLE_MAX, widget=_text(), error_messages={"required": "Give the jam a title."})
    slug = forms.CharField(
        max_length=SLUG_MAX,
        required=False,
        label="Address",
        help_text="Part of every link to the jam; fixed once it is published. Empty: made from the title.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "data-slug-from": "id_title"}),
        validators=[RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", "Use small letters, digits and single hyphens.")],
    )
    question = LongTextField(
        max_length=QUESTION_MAX,
        required=False,
        help_text="What everybody is here to answer. It stands large on the jam’s home. Markdown works.",
        widget=_text(3),
    )
    language = forms.ChoiceField(choices=LANGUAGES, label="Language it is held in")
    time_zone = forms.CharField(
        label="The jam’s time zone",
        help_text="The times below are of clocks there. Every reader sees them in their own zone.",
        validators=[validate_time_zone],
        widget=forms.Select,
    )
    opens_at = WallTimeField(label="Opens", error_messages={"required": "Say when it opens."})
    closes_at = WallTimeField(label="Closes", error_messages={"required": "Say when it closes."})
    reading_until = WallTimeField(
        label="Reading until", required=False, help_text="After the close everybody can read on. Empty: without end."
    )
    review_until = WallTimeField(
        label="Review until", required=False, help_text="After reading, only facilitators can look. Empty: no review."
    )
    opens_at_fold = FoldField()
    closes_at_fold = FoldField()
    reading_until_fold = FoldField()
    review_until_fold = FoldField()
    voting = forms.ChoiceField(
        choices=Voting, widget=forms.RadioSelect, error_messages={"required": "Choose how people vote."}
    )
    door = forms.ChoiceField(
        choices=Door,
        label="Who may come in",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may come in."},
    )
    accent = forms.CharField(
        required=False,
        label="Accent",
        help_text="One colour of your own, like #7a3cff. It is made lighter or darker where it could not be read.",
        widget=forms.TextInput(attrs={"data-swatch": "", "spellcheck": "false", "autocomplete": "off"}),
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour as # and six digits or letters a to f.")],
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
            self.fields["slug"].help_text = "Fixed since the jam was published: links would break."
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
        order = ("The first", "The second")
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
            raise forms.ValidationError("The title gives no address. Write one with letters a to z.", code="required")
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
            self.add_error(name, f"There is no {wall:%H:%M} on that day in {zone.key}: clocks go forward.")
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
        names = ("slug", "title", "question", "language", "time_zone", *TIMES, "voting", "door", "accent")
        return JamPlan(forums=forums, **{name: data[name] for name in names})


def jam_initial(jam: Jam) -> dict[str, Any]:
    """What the form shows of a jam that is there."""
    zone = ZoneInfo(jam.time_zone)
    names = ("title", "slug", "question", "language", "time_zone", "voting", "door", "accent", "version")
    initial = {name: getattr(jam, name) for name in names}
    for name in TIMES:
        at: datetime | None = getattr(jam, name)
        if at is not None:
            local = at.astimezone(zone)
            initial[name] = local.strftime(WALL)
            initial[f"{name}_fold"] = str(local.fold)
    return initial


# --- forums: a list of small forms, each a row -----------------------------------------------------------


class ForumForm(forms.Form):
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(max_length=TITLE_MAX, required=False, widget=_text())
    question = LongTextField(max_length=QUESTION_MAX, required=False, widget=_text(2))
    remove = forms.BooleanField(required=False, label="Remove this forum")

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("id", "title", "question"))

    @property
    def is_kept(self) -> bool:
        return not self.is_blank and not self.cleaned_data.get("remove")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "title" in data and self.is_kept and not data["title"]:
            self.add_error("title", "Give the forum a title, or remove it.")
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
