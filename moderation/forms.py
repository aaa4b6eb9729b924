"""What people send to moderation and to those who moderate. The verbs check what it means."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.domain.policy import FIELDS, MAY_BE_EMPTY, NUMBERS
from moderation.models import (
    FLAG_WORDS_MAX,
    MESSAGE_MAX,
    PACE_MAX,
    REASON_MAX,
    WORDS_MAX,
    FlagKind,
    Holding,
    ModerationPolicy,
)
from threads.models import BODY_MAX, SUBJECT_MAX

FOR_GOOD = "good"
LENGTHS: dict[str, timedelta | None] = {
    "1": timedelta(hours=1),
    "24": timedelta(days=1),
    "72": timedelta(days=3),
    "168": timedelta(days=7),
    FOR_GOOD: None,
}


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=REASON_MAX, label=_("Why"), help_text=_("The author can read this."))


class FlagForm(forms.Form):
    kind = forms.ChoiceField(choices=FlagKind.choices, widget=forms.RadioSelect, label=_("What is wrong with it?"))
    words = forms.CharField(
        required=False,
        max_length=FLAG_WORDS_MAX,
        label=_("In your own words"),
        help_text=_("Those who run the jam read it, with your name. The author does not."),
    )


class EditForm(forms.Form):
    subject = forms.CharField(required=False, max_length=SUBJECT_MAX, label=_("Subject"))
    body = forms.CharField(
        max_length=BODY_MAX, label=_("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"})
    )
    reason = forms.CharField(max_length=REASON_MAX, label=_("Why"), help_text=_("The author can read this."))
    version = forms.CharField(widget=forms.HiddenInput)


class MessageForm(forms.Form):
    words = forms.CharField(
        max_length=MESSAGE_MAX, label=_("Your message"), widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"})
    )
    page = forms.CharField(required=False, widget=forms.HiddenInput)


class SlowForm(forms.Form):
    minutes = forms.IntegerField(
        min_value=0, max_value=PACE_MAX, label=_("Minutes between two posts"), help_text=_("0: as fast as they like.")
    )
    reason = forms.CharField(required=False, max_length=REASON_MAX, label=_("Why"))


class SuspendForm(forms.Form):
    length = forms.ChoiceField(
        choices=[
            ("1", _("An hour")),
            ("24", _("A day")),
            ("72", _("Three days")),
            ("168", _("A week")),
            (FOR_GOOD, _("For good")),
        ],
        label=_("For how long"),
    )
    reason = forms.CharField(max_length=REASON_MAX, label=_("Why"), help_text=_("They read this."))


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The rules of moderation of a jam; see `moderation.domain.policy.change` for the verb."""

    holding = forms.ChoiceField(
        choices=Holding.choices,
        widget=forms.RadioSelect,
        label=_("Whose posts wait until somebody has looked at them?"),
        help_text=_("What waits when you change this goes on waiting, until somebody looks or lets all in."),
    )

    class Meta:
        model = ModerationPolicy
        fields = FIELDS
        labels = {
            "newcomer_posts": _("Somebody is a newcomer until they have posted so often"),
            "newcomer_minutes": _("and for so many minutes after they joined"),
            "flags_to_hide": _("So many flags of different people hide a post until somebody looks"),
            "flags_an_hour": _("So many flags an hour of one person"),
            "catches_duplicates": _("Refuse a post that says what its author posted here in the last day"),
            "participant_posts_an_hour": _("Posts an hour of a participant"),
            "guest_posts_an_hour": _("Posts an hour of a guest"),
            "new_account_posts_an_hour": _("Posts an hour with a new account"),
            "new_account_hours": _("An account is new for so many hours"),
            "words_refused": _("A post with one of these words is refused"),
            "words_held": _("A post with one of these words waits for a look"),
            "words_flagged": _("A post with one of these words is posted, and flagged"),
        }
        help_texts = {
            "flags_to_hide": _("0: flags hide nothing."),
            "participant_posts_an_hour": _("Empty: as many as they like."),
            "guest_posts_an_hour": _("Empty: as many as they like."),
            "new_account_posts_an_hour": _("Empty: as many as others."),
            "words_refused": _(
                "One a line: a word, several words in a row, or the beginning of one with a star: casino*"
            ),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": WORDS_MAX})
            for name in ("words_refused", "words_held", "words_flagged")
        }

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for name, (least, most) in NUMBERS.items():
            self.fields[name] = forms.IntegerField(
                min_value=least,
                max_value=most,
                required=name not in MAY_BE_EMPTY,
                label=self.fields[name].label,
                help_text=self.fields[name].help_text,
            )

    def plan(self) -> dict[str, object]:
        """What the verb takes."""
        return dict(self.cleaned_data)
