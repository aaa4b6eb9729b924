"""Asking to take part, and deciding."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jam.forms.fields import LongTextField, text_widget
from jam.forms.policies import RefusableForm
from jam.models.door import REQUEST_WORDS_MAX


class RequestForm(RefusableForm):
    words = LongTextField(
        label=_("Who you are, and why you would like to take part"),
        max_length=REQUEST_WORDS_MAX,
        help_text=_("Only those who run the jam read it, with your name and e-mail address."),
        error_messages={"required": _("Write a few words, so that they know who asks.")},
        widget=text_widget(4),
    )


class DecisionForm(RefusableForm):
    answer = LongTextField(
        label=_("A word to them"), max_length=REQUEST_WORDS_MAX, required=False, widget=text_widget(2)
    )
    decision = forms.ChoiceField(choices=[("approve", ""), ("decline", "")])
