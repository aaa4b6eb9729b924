"""Why something was done."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.models import REASON_MAX


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=REASON_MAX, label=_("Why"), help_text=_("The author can read this."))
