"""What a person wrote, checked before it is kept."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext

from jam.domain.errors import Invalid
from jam.domain.numbers import number

ALLOWED_CONTROLS = frozenset("\n\t")


def clean_line(text: str, *, field: str, name: str, limit: int) -> str:
    """One line of text: white space folded, ends trimmed. Raises Invalid like `clean_text`."""
    return clean_text(" ".join(text.split()), field=field, name=name, limit=limit)


def clean_text(text: str, *, field: str, name: str, limit: int) -> str:
    """`text` with its line ends as \\n and its ends trimmed, in Unicode's composed form.

    Marks for right-to-left text are kept: pages isolate what people wrote. Raises Invalid, naming `field`, if it holds
    a character that nothing can show, or is longer than `limit` code points. Never shortens.
    """
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    refuse_controls(cleaned, field=field, name=name)
    if len(cleaned) > limit:
        message = gettext("%(name)s can be %(limit)s characters long; this is %(length)s.")
        values = {"name": name, "limit": number(limit), "length": number(len(cleaned))}
        raise Invalid(message % values, code="too_long", field=field)
    return cleaned


def refuse_controls(text: str, *, field: str, name: str) -> None:
    for index, character in enumerate(text):
        category = unicodedata.category(character)
        if category == "Cs" or (category == "Cc" and character not in ALLOWED_CONTROLS):
            before = text[max(0, index - 20) : index].strip()
            message = (
                gettext("%(name)s has a character that cannot be shown (%(code)s) after “%(before)s”. Take it out.")
                if before
                else gettext("%(name)s has a character that cannot be shown (%(code)s) at its start. Take it out.")
            )
            values = {"name": name, "code": f"U+{ord(character):04X}", "before": before}
            raise Invalid(message % values, code="control_character", field=field)


def is_blank(text: str) -> bool:
    """Whether nothing in `text` can be seen: white space and characters without a width count as nothing."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)
