"""The form of a jam that is made like another."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.access import STAFF_ROLES
from jam.domain.zones import readings
from jam.forms.fields import WallTimeField
from jam.forms.steps import NamingForm
from jam.models import Jam, Member


class CopyForm(NamingForm):
    """`like` is the jam that it is made like."""

    opens_at = WallTimeField(
        label=_("Opens"),
        required=False,
        help_text=_("Every other time is moved as far as this one. Empty: as it was, to be moved later."),
    )
    staff = forms.ModelMultipleChoiceField(
        queryset=Member.objects.none(),
        required=False,
        label=_("Who comes along"),
        help_text=_("Each as what they are here. You are its admin in any case."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, like: Jam, **kwargs: Any) -> None:
        self.like = like
        super().__init__(*args, **kwargs)
        field = self.fields["staff"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Member.objects.filter(jam=like, role__in=STAFF_ROLES, suspended_at=None).order_by("name", "pk")
        field.label_from_instance = _named  # type: ignore[assignment, method-assign]

    def clean_opens_at(self) -> datetime | None:
        """With its zone, the jam's. An hour that comes twice is the first of the two."""
        wall: datetime | None = self.cleaned_data["opens_at"]
        if wall is None:
            return None
        found = readings(wall, ZoneInfo(self.like.time_zone))
        if not found:
            raise forms.ValidationError(gettext("There is no such time on that day: clocks go forward."), code="gap")
        return found[0]


def _named(member: Any) -> str:
    return gettext("%(name)s, %(role)s") % {"name": member.name, "role": member.get_role_display()}
