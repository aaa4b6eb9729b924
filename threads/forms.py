"""What a person sends about threads, checked as far as a form can; the verbs have the rules."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from jam.domain.errors import Refused
from threads.models import BODY_MAX, COLLECTION_TITLE_MAX, NOTE_MAX, SUBJECT_MAX, TAG_MAX, TAGS_MAX, Draft

VOTES = {"1": 1, "0": 0, "-1": -1, "none": None}


class RawCharField(forms.CharField):
    """Text as it was sent: the verb says what is wrong with it, in its own words, and nothing is cut or trimmed here.

    `max_length` is what the page tells before sending. It makes no `maxlength`: a browser would cut what is pasted.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = []

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"dir": "auto"}


class ReplyForm(forms.Form):
    body = RawCharField(
        label="Your reply",
        max_length=BODY_MAX,
        help_text="Markdown works: **bold**, *italic*, > quote, - list.",
        error_messages={"required": "Write something before you post."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.renew()

    def renew(self) -> None:
        """Gives the form a new key of its own: what is sent with it twice is one post."""
        key = str(uuid4())
        self.initial["request_key"] = key
        if self.is_bound:
            self.data = {**self.typed(), "request_key": key}

    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])

    def refuse(self, refused: Refused) -> None:
        """Shows what a verb answered beside the field it is about."""
        shown = {field.name for field in self.visible_fields()}
        self.add_error(refused.field if refused.field in shown else None, refused.message)

    def typed(self) -> dict[str, str]:
        """What was typed, whether or not it can be posted."""
        return {name: self.data.get(name, "") for name in ("subject", "body", "tags") if name in self.fields}

    def key(self) -> str | None:
        return self.cleaned_data["request_key"] or None


class IdeaForm(ReplyForm):
    field_order = ("subject", "body", "tags", "request_key")

    subject = RawCharField(
        label="Your idea in one line",
        max_length=SUBJECT_MAX,
        error_messages={"required": "Give your idea a subject."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tags = RawCharField(
        label="Tags",
        required=False,
        help_text=f"Up to {TAGS_MAX}, with commas between them, each up to {TAG_MAX} characters.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = "Say more"

    def tag_list(self) -> list[str]:
        return [tag for tag in self.cleaned_data["tags"].split(",") if tag.strip()]


class VoteForm(forms.Form):
    value = forms.ChoiceField(
        choices=[(value, value) for value in VOTES],
        error_messages={
            "required": "Say how you vote: 1, 0, -1 or none.",
            "invalid_choice": "A vote is 1, 0, -1 or none.",
        },
    )

    def vote(self) -> int | None:
        return VOTES[self.cleaned_data["value"]]


class KeepForm(forms.Form):
    keep = forms.ChoiceField(choices=[("1", "1"), ("0", "0")], error_messages={"invalid_choice": "Keep is 1 or 0."})


class CollectionForm(forms.Form):
    title = RawCharField(
        label="Title",
        max_length=COLLECTION_TITLE_MAX,
        error_messages={"required": "Give the collection a title."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = RawCharField(
        label="What it is about", required=False, max_length=NOTE_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )

    def refuse(self, refused: Refused) -> None:
        """Shows what a verb answered beside the field it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class ItemForm(forms.Form):
    """What to do with a post of a collection, and for a note what it says."""

    action = forms.ChoiceField(choices=[(action, action) for action in ("add", "drop", "up", "down", "note")])
    note = RawCharField(required=False)


class ShareForm(forms.Form):
    share = forms.ChoiceField(choices=[("1", "1"), ("0", "0")])


class DraftForm(forms.Form):
    """What composer.js sends when the jam closes over a text."""

    place = forms.RegexField(
        r"\A(forum|post):[1-9][0-9]{0,17}\Z", error_messages={"invalid": "There is no such place."}
    )
    subject = RawCharField(required=False)
    body = RawCharField(required=False)
    tags = RawCharField(required=False)

    def target(self) -> tuple[str, int]:
        kind, _, number = self.cleaned_data["place"].partition(":")
        return kind, int(number)


def draft_initial(draft: Draft | None) -> dict[str, str]:
    """A form's first content from what was kept for its place."""
    if draft is None:
        return {}
    return {"subject": draft.subject, "body": draft.body, "tags": draft.tags}
