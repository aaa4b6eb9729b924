"""What people tell about themselves."""

from typing import Any

from django import forms
from django.http import HttpRequest

from accounts.models import Person


class SignupForm(forms.Form):
    """What we ask beyond what allauth asks."""

    name = forms.CharField(max_length=120, label="Your name", help_text="Shown beside what you write.")
    affiliation = forms.CharField(max_length=120, required=False, label="Organisation")

    def signup(self, request: HttpRequest, person: Person) -> None:
        data: dict[str, Any] = self.cleaned_data
        person.name = data["name"]
        person.affiliation = data["affiliation"]
        person.save(update_fields=["name", "affiliation"])
