"""Why the site itself held, flagged or hid something: kept as a code, and said in the language of who reads it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.models import Holding

FLAGS = "flags"
WORD = "word:"
SAID: Mapping[str, str | Promise] = {
    Holding.ALL: _("Every post waits for a look at present."),
    Holding.OUTSIDERS: _("Its author is from outside."),
    Holding.NEWCOMERS: _("Its author is new here."),
    FLAGS: _("Several people flagged it."),
}


def word(entry: str) -> str:
    """The code for an entry of a list of words."""
    return f"{WORD}{entry}"


def say(code: str) -> str:
    """A code in words. What is no code was written by somebody, and is said as it is."""
    if code.startswith(WORD):
        return gettext("It has “%(word)s”.") % {"word": code.removeprefix(WORD)}
    return str(SAID.get(code, code))
