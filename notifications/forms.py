"""How somebody wants to hear of things, as a form sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from notifications.domain.kinds import Kind, all_kinds
from notifications.domain.preferences import Choice
from notifications.models import Mail


@dataclass(frozen=True)
class Row:
    """One kind, with its fields; `page` and `push` are None for what is never told so."""

    kind: Kind
    page: BoundField | None
    push: BoundField | None
    mail: BoundField


class SettingsForm(forms.Form):
    """Fields `KIND-page`, `KIND-push` and `KIND-mail` for each kind that is declared."""

    def __init__(self, *args: Any, choices: Mapping[str, Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in all_kinds():
            chosen = choices[kind.name]
            if kind.page is not None:
                self.fields[f"{kind.name}-page"] = forms.BooleanField(required=False, initial=chosen.on_page)
            if kind.push is not None:
                self.fields[f"{kind.name}-push"] = forms.BooleanField(required=False, initial=chosen.push)
            self.fields[f"{kind.name}-mail"] = forms.ChoiceField(
                choices=[(mail.value, Mail(mail).label) for mail in kind.mails],
                initial=chosen.mail,
                widget=forms.Select(attrs={"class": "input"}),
            )

    def rows(self) -> Iterator[Row]:
        for kind in all_kinds():
            page = self[f"{kind.name}-page"] if kind.page is not None else None
            push = self[f"{kind.name}-push"] if kind.push is not None else None
            yield Row(kind, page, push, self[f"{kind.name}-mail"])

    def chosen(self) -> dict[str, Choice]:
        data = self.cleaned_data
        return {
            kind.name: Choice(
                on_page=data.get(f"{kind.name}-page", False),
                mail=data[f"{kind.name}-mail"],
                push=data.get(f"{kind.name}-push", False),
            )
            for kind in all_kinds()
        }
