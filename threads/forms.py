"""What a person sends about threads, checked as far as a form can; the verbs have the rules."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jam.domain.errors import Refused
from threads.domain import drafts
from threads.models import ALT_MAX, BODY_MAX, COLLECTION_TITLE_MAX, NOTE_MAX, SUBJECT_MAX, TAG_MAX, TAGS_MAX, Draft

VOTES = {"1": 1, "0": 0, "-1": -1, "none": None}
PICKED_MAX = 50


class RawCharField(forms.CharField):
    """Text as it was sent: the verb says what is wrong with it, in its own words, and nothing is cut or trimmed here.

    `max_length` is what the page tells before sending. It makes no `maxlength`: a browser would cut what is pasted.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = []

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"dir": "auto"}


class PictureForm(forms.Form):
    """A picture to show in a post. `added` says that one was, just now."""

    file = forms.FileField(
        label=_("A picture"), error_messages={"required": _("Choose a picture."), "empty": _("This file is empty.")}
    )
    alt = RawCharField(label=_("What it shows"), required=False, max_length=ALT_MAX, widget=forms.TextInput)
    decoration = forms.BooleanField(label=_("It only decorates: there is nothing to say of it"), required=False)

    def __init__(self, *args: Any, added: bool = False, **kwargs: Any) -> None:
        kwargs["prefix"] = "picture"
        super().__init__(*args, **kwargs)
        self.added = added
        self.fields["file"].help_text = _("JPEG, PNG, WebP or GIF, at most %(limit)d MB.") % {
            "limit": settings.IMAGE_MAX_MB
        }
        self.fields["file"].widget.attrs |= {
            "accept": "image/jpeg,image/png,image/webp,image/gif",
            "data-max-bytes": str(self.bytes_max()),
        }
        self.fields["alt"].help_text = _("In a few words, for those who cannot see it.")

    @staticmethod
    def bytes_max() -> int:
        """The largest file that is taken; `images.add` says so again of what came."""
        return int(settings.IMAGE_MAX_MB) * 1024**2

    def refuse(self, refused: Refused, message: str) -> None:
        """Shows what a verb answered beside the field it is about."""
        if refused.field not in self.errors:
            self.add_error(refused.field if refused.field in self.fields else "file", message)


class ReplyForm(forms.Form):
    body = RawCharField(
        label=_("Your reply"),
        max_length=BODY_MAX,
        help_text=_("Markdown works: **bold**, *italic*, > quote, - list."),
        error_messages={"required": _("Write something before you post.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    tags = RawCharField(
        label=_("Tags"),
        required=False,
        help_text=format_lazy(
            _("Up to {tags}, with commas between them, each up to {characters} characters."),
            tags=TAGS_MAX,
            characters=TAG_MAX,
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    # The members whom the writer chose for names that several have: editing.js puts their numbers here.
    mentions = forms.CharField(widget=forms.HiddenInput, required=False)
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, *args: Any, draft: Draft | None = None, **kwargs: Any) -> None:
        """`draft` is what was kept for the form's place: it begins with that."""
        if draft is not None:
            kwargs["initial"] = {"subject": draft.subject, "body": draft.body, "tags": draft.tags}
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.picture = PictureForm()
        if not self.is_bound:
            self.renew()

    def renew(self) -> None:
        """Gives the form a new key of its own: what is sent with it twice is one post."""
        key = str(uuid4())
        self.initial["request_key"] = key
        if self.is_bound:
            self.data = {**self.typed(), "mentions": self.data.get("mentions", ""), "request_key": key}

    def draft_version(self) -> str:
        return drafts.version(self.draft) if self.draft else ""

    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])

    def refuse(self, refused: Refused) -> None:
        """Shows what a verb answered beside the field it is about."""
        shown = {field.name for field in self.visible_fields()}
        self.add_error(refused.field if refused.field in shown else None, refused.message)

    def typed(self) -> dict[str, str]:
        """What was typed, whether or not it can be posted."""
        return {name: self.data.get(name, "") for name in ("subject", "body", "tags") if name in self.fields}

    def tag_list(self) -> list[str]:
        return [tag for tag in self.cleaned_data["tags"].split(",") if tag.strip()]

    def picked(self) -> list[int]:
        """The members whom the writer chose, as far as these are numbers."""
        numbers = self.cleaned_data["mentions"].split(",")[:PICKED_MAX]
        return [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 19]

    def key(self) -> str | None:
        return self.cleaned_data["request_key"] or None


class IdeaForm(ReplyForm):
    field_order = ("subject", "body", "tags", "mentions", "request_key")

    subject = RawCharField(
        label=_("Your idea in one line"),
        max_length=SUBJECT_MAX,
        error_messages={"required": _("Give your idea a subject.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Say more")


class EditForm(ReplyForm):
    """A reply that is changed. `version` says of which state of it."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def typed(self) -> dict[str, str]:
        return {**super().typed(), "version": self.data.get("version", "")}

    def follow(self, version: str) -> None:
        """Lets the form stand for this version from now on."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = version
        self.data = data

    def changes(self) -> dict[str, Any]:
        """What `editing.edit` is given."""
        data = self.cleaned_data
        return {"body": data["body"], "version": data["version"], "tag_list": self.tag_list()}


class EditIdeaForm(EditForm, IdeaForm):
    field_order = ("subject", "body", "tags", "request_key", "version")

    def changes(self) -> dict[str, Any]:
        return {**super().changes(), "subject": self.cleaned_data["subject"]}


class VoteForm(forms.Form):
    value = forms.ChoiceField(
        choices=[(value, value) for value in VOTES],
        error_messages={
            "required": _("Say how you vote: 1, 0, -1 or none."),
            "invalid_choice": _("A vote is 1, 0, -1 or none."),
        },
    )

    def vote(self) -> int | None:
        return VOTES[self.cleaned_data["value"]]


class KeepForm(forms.Form):
    keep = forms.ChoiceField(choices=[("1", "1"), ("0", "0")], error_messages={"invalid_choice": _("Keep is 1 or 0.")})


class CollectionForm(forms.Form):
    title = RawCharField(
        label=_("Title"),
        max_length=COLLECTION_TITLE_MAX,
        error_messages={"required": _("Give the collection a title.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = RawCharField(
        label=_("What it is about"), required=False, max_length=NOTE_MAX, widget=forms.Textarea(attrs={"rows": 2})
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
        r"\A(forum|post):[1-9][0-9]{0,17}\Z", error_messages={"invalid": _("There is no such place.")}
    )
    subject = RawCharField(required=False)
    body = RawCharField(required=False)
    tags = RawCharField(required=False)
    base = forms.CharField(required=False, max_length=40)

    def target(self) -> tuple[str, int]:
        kind, _, number = self.cleaned_data["place"].partition(":")
        return kind, int(number)
