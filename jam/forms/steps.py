"""The forms in which a jam is set up, one for each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar

from django import forms
from django.conf.locale import LANG_INFO
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.domain import look
from jam.domain.errors import Refused
from jam.domain.look import Picture
from jam.domain.opening import QUESTION_MAX, TITLE_MAX
from jam.domain.plans import EDIT_MINUTES_MAX, Look, People, Plan, TakingPart, Words
from jam.domain.reencode import Encoded
from jam.forms.fields import DomainsField, LongTextField, text_widget
from jam.models import Door, Jam, Voting

SLUG_MAX = 60
LANGUAGES = sorted(
    ((code, info["name_local"].capitalize()) for code, info in LANG_INFO.items() if "name_local" in info),
    key=lambda choice: choice[1].casefold(),
)


PICTURE_TYPES = "image/jpeg,image/png,image/webp,image/gif"
DECORATES = _("For those who cannot see it. Empty: it only decorates.")


class StepForm(forms.Form):
    """One step of a jam that is there, or, without a jam, of a new one.

    `version` is that of the jam which the form shows, so that it is found out if somebody else saved meanwhile.
    """

    kind: ClassVar[type[Plan]]
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, jam: Jam | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jam = jam

    @classmethod
    def showing(cls, jam: Jam) -> StepForm:
        """The form as it shows the jam that is there."""
        return cls(initial={**cls.initial_of(jam), "version": jam.version}, jam=jam)

    @classmethod
    def initial_of(cls, jam: Jam) -> dict[str, Any]:
        return dict(vars(cls.kind.of(jam)))

    @classmethod
    def sent(cls, data: Mapping[str, Any], jam: Jam, files: Mapping[str, Any] | None = None) -> StepForm:
        return cls(data, files, jam=jam)

    def plan(self) -> Plan:
        """What is meant, once it is valid."""
        return self.kind(**{field.name: self.cleaned_data[field.name] for field in fields(self.kind)})

    def refuse(self, refused: Refused) -> None:
        """Shows what a verb answered beside the field it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)

    def comes_back(self) -> None:
        """Called before the form as it was sent is shown again."""

    def renew(self, version: int) -> None:
        """Has the form, as it was sent, be one of the jam at `version` from now on: sent again it is not stale."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["version"] = str(version)
        self.data = data

    @property
    def more_errors(self) -> list[dict[str, str]]:
        """What is wrong in fields that are not this form's own, for the summary."""
        return []

    def differences(self, jam: Jam) -> list[tuple[str, str]]:
        """What `jam` has now where this form as it was sent says otherwise: the names of the fields and its values."""
        return [
            (str(self.fields[name].label or name), said)
            for name, said in self.said_of(jam).items()
            if name in self.fields and not name.endswith("_fold") and said != self.said_here(name)
        ]

    def said_of(self, jam: Jam) -> dict[str, str]:
        """What a form would show of `jam`, field by field."""
        return {name: str("" if value is None else value) for name, value in self.initial_of(jam).items()}

    def said_here(self, name: str) -> str:
        """What was sent in a field."""
        return str(self.data.get(name, ""))


class NamingForm(StepForm):
    """What a jam is called, in words and in its address."""

    kind = Words
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_MAX,
        widget=text_widget(),
        error_messages={"required": _("Give the jam a title.")},
    )
    slug = forms.CharField(
        max_length=SLUG_MAX,
        required=False,
        label=_("Address"),
        help_text=_("Part of every link to the jam; fixed once it is published. Empty: made from the title."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "data-slug-from": "id_title"}),
        validators=[RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", _("Use small letters, digits and single hyphens."))],
    )

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


class WordsForm(NamingForm):
    question = LongTextField(
        label=_("Question"),
        max_length=QUESTION_MAX,
        required=False,
        help_text=_("What everybody is here to answer. It stands large on the jam’s home. Markdown works."),
        widget=text_widget(3),
    )
    language = forms.ChoiceField(choices=LANGUAGES, label=_("Language it is held in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jam, language = self.jam, str(self["language"].value() or "")
        if language and language not in LANG_INFO and jam is not None and language == jam.language:
            self.fields["language"] = forms.ChoiceField(
                choices=[(language, language), *LANGUAGES], label=self.fields["language"].label
            )
        if jam is not None and jam.published_at is not None:
            self.fields["slug"].widget.attrs["readonly"] = True
            self.fields["slug"].help_text = gettext("Fixed since the jam was published: links would break.")


class PeopleForm(StepForm):
    kind = People
    door = forms.ChoiceField(
        choices=Door,
        label=_("Who may come in"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may come in.")},
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

    @classmethod
    def initial_of(cls, jam: Jam) -> dict[str, Any]:
        return {"door": jam.door, "home_domains": ", ".join(jam.home_domains)}


class TakingPartForm(StepForm):
    kind = TakingPart
    voting = forms.ChoiceField(
        label=_("How people vote"),
        choices=Voting,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how people vote.")},
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


class LookForm(StepForm):
    """A picture that is sent takes the place of the one that is there. A browser sends a file once: where the form
    comes back, the file has to be chosen again, and the form says so."""

    kind = Look
    accent = forms.CharField(
        required=False,
        label=_("Accent"),
        help_text=_("One colour of your own, like #7a3cff. It is made lighter or darker where it could not be read."),
        widget=forms.TextInput(attrs={"data-swatch": "", "spellcheck": "false", "autocomplete": "off"}),
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits or letters a to f."))],
    )
    logo = forms.FileField(
        required=False,
        label=_("Logo file"),
        help_text=_("Stands beside the title. A square works best. JPEG, PNG, WebP or GIF."),
        widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
    )
    logo_alt = forms.CharField(required=False, label=_("What the logo shows"), help_text=DECORATES)
    logo_remove = forms.BooleanField(required=False, label=_("Take the logo away"))
    cover = forms.FileField(
        required=False,
        label=_("Cover file"),
        help_text=_("A wide picture over the jam’s home: four times as wide as it is high is what is shown of it."),
        widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
    )
    cover_alt = forms.CharField(required=False, label=_("What the cover shows"), help_text=DECORATES)
    cover_remove = forms.BooleanField(required=False, label=_("Take the cover away"))

    @classmethod
    def initial_of(cls, jam: Jam) -> dict[str, Any]:
        """One query."""
        plan = Look.of(jam)
        return {
            "accent": plan.accent,
            "logo_alt": plan.logo.alt if plan.logo else "",
            "cover_alt": plan.cover.alt if plan.cover else "",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pictures = look.pictures_of(self.jam) if self.jam else {}
        self.encoded: dict[str, Encoded] = {}

    def clean_accent(self) -> str:
        return str(self.cleaned_data["accent"]).lower()

    def clean_logo(self) -> None:
        self._take("logo")

    def clean_cover(self) -> None:
        self._take("cover")

    def _take(self, kind: str) -> None:
        if file := self.cleaned_data[kind]:
            try:
                self.encoded[kind] = look.taken(file, kind)
            except Refused as refused:
                raise forms.ValidationError(refused.message, code=refused.code) from refused

    def plan(self) -> Look:
        return Look(self.cleaned_data["accent"], self._picture("logo"), self._picture("cover"))

    def _picture(self, kind: str) -> Picture | None:
        data, there = self.cleaned_data, self.pictures.get(kind)
        if kind in self.encoded:
            return Picture(alt=data[f"{kind}_alt"], encoded=self.encoded[kind])
        if there is None or data[f"{kind}_remove"]:
            return None
        return Picture(alt=data[f"{kind}_alt"], key=there.key)

    def comes_back(self) -> None:
        """Says of the files that were sent with a form that is shown again that they have to be chosen again."""
        for kind in ("logo", "cover"):
            if self.files.get(kind) and kind not in self.errors:
                self.add_error(kind, gettext("Choose this picture again: a browser sends it only once."))
