"""What who runs a jam sends to move things. Each shows what the verb answered beside the field it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jam.domain.errors import Refused
from jam.models import Forum
from threads.forms import RawCharField
from threads.models import MOVE_REASON_MAX, SUBJECT_MAX


class MovingForm(forms.Form):
    reason = RawCharField(
        label=_("Why"),
        required=False,
        max_length=MOVE_REASON_MAX,
        help_text=_("For the log, which those who run the jam read."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def refuse(self, refused: Refused) -> None:
        shown = [field.name for field in self.visible_fields()]
        self.add_error(refused.field if refused.field in shown else None, refused.message)


class ForumMoveForm(MovingForm):
    """To one of `forums`."""

    forum = forms.ModelChoiceField(
        Forum.objects.none(),
        label=_("To which forum"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a forum."), "invalid_choice": _("There is no such forum any more.")},
    )
    field_order: Sequence[str] | None = ("forum", "reason")

    def __init__(self, *args: Any, forums: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forum"].queryset = Forum.objects.filter(pk__in=forums).order_by("position")  # type: ignore[attr-defined]


class SplitForm(ForumMoveForm):
    """Into a thread of its own, in one of `forums`."""

    subject = RawCharField(
        label=_("Subject of the new thread"),
        max_length=SUBJECT_MAX,
        error_messages={"required": _("Give the new thread a subject.")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    field_order: Sequence[str] | None = ("subject", "forum", "reason")


class PlaceForm(MovingForm):
    """To under the post `to`; of two threads, `into` says which one goes on."""

    to = forms.IntegerField(widget=forms.HiddenInput)
    into = forms.IntegerField(required=False, widget=forms.HiddenInput)
