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


def language_of(person: Person) -> str:
    """The language for what reaches somebody without a page, as a mail does: English if they never chose one."""
    return person.language if person.language in known_languages() else settings.LANGUAGE_CODE


def of(person: Person) -> AbstractContextManager[None]:
    """`with languages.of(person):` what is said in it is said in the person's language."""
    return translation.override(language_of(person))


def choose(request: HttpRequest, language: str) -> None:
    """Keeps the choice of somebody who is signed in; others' browsers keep it alone (`accounts.views.language`)."""
    if request.user.is_authenticated and language in known_languages() and request.user.language != language:
        request.user.language = language
        request.user.save(update_fields=["language"])
