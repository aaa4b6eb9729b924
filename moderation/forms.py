"""Why something was done."""

from django import forms

from moderation.domain.posts import REASON_MAX


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=REASON_MAX, label="Why", help_text="The author can read this.")
