"""What people tell about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.languages import known_languages
from accounts.models import Person
from accounts.zones import zone_choices

NAME_HELP = _("Shown beside what you write.")


class SignupForm(forms.Form):
    """What we ask beyond what allauth asks."""

    name = forms.CharField(
        max_length=120,
        label=_("Your name"),
        help_text=NAME_HELP,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    affiliation = forms.CharField(
        max_length=120,
        required=False,
        label=_("Organisation"),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )

    def signup(self, request: HttpRequest, person: Person) -> None:
        data: dict[str, Any] = self.cleaned_data
        person.name = data["name"]
        person.affiliation = data["affiliation"]
        person.save(update_fields=["name", "affiliation"])


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.CharField(
        required=False, label=_("Time zone"), help_text=_("Every time is shown in it."), widget=forms.Select
    )

    language = forms.CharField(
        required=False,
        label=_("Language"),
        help_text=_("Of the pages, and of the mails you get. What people write stays as they wrote it."),
        widget=forms.Select,
    )

    class Meta:
        model = Person
        fields = ("name", "affiliation", "language", "time_zone")
        labels = {"name": _("Your name"), "affiliation": _("Organisation")}
        help_texts = {"name": _("Shown beside what you write. In a jam that you are in already it stays as it was.")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
            "affiliation": forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.time_zone
        self.fields["language"].widget.choices = [("", gettext("As my browser says")), *known_languages().items()]
        self.fields["time_zone"].widget.choices = zone_choices(chosen, gettext("As my browser says"))


TOKENS_MAX = 20


class TokenForm(forms.Form):
    """A new API token. `count` is how many there are already."""

    name = forms.CharField(
        max_length=80,
        label=_("What is it for?"),
        help_text=_("To tell it from others later, such as “Export on my laptop”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, *args: Any, count: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count

    def clean(self) -> dict[str, Any]:
        if self.count >= TOKENS_MAX:
            raise forms.ValidationError(gettext("You have as many tokens as one may have. End one first."))
        return self.cleaned_data
