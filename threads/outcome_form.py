"""What who runs a jam says of an idea."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jam.domain.errors import Refused
from threads.forms import RawCharField
from threads.models import OUTCOME_WORDS_MAX, Outcome


class OutcomeForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What became of it"),
        choices=[*Outcome.State.choices, ("", _("Nothing is said of it"))],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the four, or nothing.")},
    )
    words = RawCharField(
        label=_("In words"),
        required=False,
        max_length=OUTCOME_WORDS_MAX,
        help_text=_("Why, by whom, until when. Markdown works."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def refuse(self, refused: Refused) -> None:
        """Shows what the verb answered beside the field it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)
