"""Inviting people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jam.domain.inviting import ROLES, ListPlan, may_invite_as
from jam.domain.shared_links import MOST_MAX, WORDS_MAX
from jam.forms.fields import WallTimeField, text_widget
from jam.forms.occasions import ZonedForm
from jam.models import Member, Role
from jam.models.door import INVITATION_WORDS_MAX

EXPIRES_HELP = _("In your time zone. Empty: until the jam closes.")


class ListForm(ZonedForm):
    addresses = forms.CharField(
        label=_("Addresses"),
        required=False,
        strip=False,
        help_text=_("One a line, or with commas between them. A first line email,name,affiliation,role names columns."),
        widget=text_widget(6, autocomplete="off", spellcheck="false", autocapitalize="none"),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        allow_empty_file=True,
        help_text=_("Up to 16 MB and 200,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    role = forms.ChoiceField(label=_("They come as"), initial=Role.PARTICIPANT)
    words = forms.CharField(
        label=_("Your words to them"),
        required=False,
        max_length=INVITATION_WORDS_MAX,
        help_text=_("They stand in the mail, above the link."),
        widget=text_widget(4),
    )
    expires_at = WallTimeField(label=_("The invitations work until"), required=False, help_text=EXPIRES_HELP)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, role.label) for role in Role if role in ROLES and may_invite_as(member, role)]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("addresses", "").strip() and data.get("file"):
            raise forms.ValidationError(_("Paste addresses or choose a file, not both."), code="both")
        if data.get("expires_at"):
            data["expires_at"] = self.moment("expires_at")
        return data

    def plan(self) -> ListPlan:
        data = self.cleaned_data
        upload = data.get("file")
        content = upload.read() if upload else data["addresses"].encode(errors="replace")
        return ListPlan(
            content=content,
            name=upload.name if upload else "",
            role=data["role"],
            words=data["words"],
            expires_at=data.get("expires_at"),
        )


class LinkForm(ZonedForm):
    words = forms.CharField(
        label=_("What it is for"),
        required=False,
        max_length=WORDS_MAX,
        help_text=_("For you, to tell it from others. Nobody who follows it sees this."),
        widget=text_widget(),
    )
    most = forms.IntegerField(
        label=_("How many may join by it"),
        required=False,
        min_value=1,
        max_value=MOST_MAX,
        help_text=_("Empty: any number."),
    )
    expires_at = WallTimeField(label=_("It works until"), required=False, help_text=EXPIRES_HELP)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("expires_at"):
            data["expires_at"] = self.moment("expires_at")
        return data

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        expires_at: datetime | None = data.get("expires_at")
        return {"words": data["words"], "most": data.get("most"), "expires_at": expires_at}
