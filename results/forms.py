"""What is sent to load a jam."""

from __future__ import annotations

from django import forms
from django.core.files import File
from django.core.validators import RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.models import Door
from results.bundle.description import SLUG
from threads.models import THEME_NAME_MAX

UPLOAD_MAX = 16 * 1024**2


class ImportForm(forms.Form):
    bundle = forms.FileField(
        label=_("The bundle"),
        help_text=format_lazy(
            _("A .zip of the bundle's folder, at most {size} MB. Larger ones are loaded with manage.py importjam."),
            size=UPLOAD_MAX // 1024**2,
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip", "data-max-bytes": str(UPLOAD_MAX)}),
    )
    slug = forms.CharField(
        label=_("Its name in the address"),
        required=False,
        max_length=60,
        validators=[RegexValidator(rf"\A{SLUG.pattern}\Z", _("Letters, digits, - and _ only."))],
        help_text=_("Empty: as the bundle says."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )
    door = forms.ChoiceField(
        label=_("Who gets in"),
        required=False,
        choices=[("", _("As the bundle says, or only its own people")), *Door.choices],
    )
    strict = forms.BooleanField(
        label=_("Refuse the bundle if any row has to be mended or left out"),
        required=False,
    )

    def clean_bundle(self) -> File[bytes]:
        bundle: File[bytes] = self.cleaned_data["bundle"]
        if bundle.size > UPLOAD_MAX:
            raise forms.ValidationError(too_large(), code="too_large")
        return bundle


class ThemeForm(forms.Form):
    name = forms.CharField(
        required=False,
        max_length=THEME_NAME_MAX,
        label=_("Its name"),
        help_text=_("It stays when themes are looked for anew. Empty: its words name it."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


def too_large() -> str:
    message = gettext(
        "The file is larger than %(size)s MB, which is what this page takes. An admin of the server can load it with "
        "manage.py importjam."
    )
    return message % {"size": UPLOAD_MAX // 1024**2}
