"""The language that somebody reads the site in: the one they chose, else what their browser asks for.

What people write is in the language of their jam, and is not touched by any of this.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from accounts.models import Person


def known_languages() -> dict[str, str]:
    """The site's languages by their code, each with its own name for itself."""
    return dict(settings.LANGUAGES)


def language_of(person: Person, *, otherwise: str = "") -> str:
    """The language for what reaches somebody without a page, as a mail does.

    Whoever never chose one gets `otherwise`, such as the language of the jam that it is about, if the site is there
    in it, and else English.
    """
    return next((code for code in (person.language, otherwise) if code in known_languages()), settings.LANGUAGE_CODE)


def of(person: Person, *, otherwise: str = "") -> AbstractContextManager[None]:
    """`with languages.of(person):` what is said in it is said in the person's language, as `language_of` has it."""
    return translation.override(language_of(person, otherwise=otherwise))


def choose(request: HttpRequest, language: str) -> None:
    """Keeps the choice of somebody who is signed in; others' browsers keep it alone (`accounts.views.profile`)."""
    if request.user.is_authenticated and language in known_languages() and request.user.language != language:
        request.user.language = language
        request.user.save(update_fields=["language"])
