"""What a member may: chosen by who administers the jam."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from jam.domain.errors import Refused
from jam.models import Forum, Jam, Role

MEANINGS = {
    Role.PARTICIPANT: _("Posts, replies and votes while the jam is open, and reads until reading ends."),
    Role.GUEST: _("As a participant, shown as a guest, with guest hours."),
    Role.FACILITATOR: _("Acts on posts, threads and people. Who runs all forums also changes the jam and its window."),
    Role.OBSERVER: _("Reads and counts, also after reading has ended, and never writes."),
    Role.ADMIN: _("Everything in this jam: also people and roles, the door, the rules and exports."),
}


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        widget=forms.RadioSelect, label=_("Role"), error_messages={"required": _("Choose a role.")}
    )
    forums = forms.ModelMultipleChoiceField(
        queryset=Forum.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Forums that they run"),
        help_text=_("Only for facilitators. With none chosen they run all of them."),
        error_messages={"invalid_choice": _("That forum is not part of this jam.")},
    )

    def __init__(self, *args: Any, jam: Jam, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role, forums = self.fields["role"], self.fields["forums"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(forums, forms.ModelMultipleChoiceField)
        role.choices = [
            (one.value, format_html("<span>{}</span><small>{}</small>", one.label, MEANINGS[one])) for one in Role
        ]
        forums.queryset = Forum.objects.filter(jam=jam)

    def refuse(self, refused: Refused) -> None:
        """Shows what a verb answered beside the field it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)
