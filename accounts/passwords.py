"""Whether a password is hard to guess, as zxcvbn reckons it from the words, names, dates and keys that guessers try."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Person

JUDGED = 32
"""Of a password so many characters are judged. The work grows steeply with the length, and 32 good ones are plenty."""
STRONG_ENOUGH = 3
"""Of 0 to 4: takes more than 10^8 guesses, which is out of reach at a door that counts them."""

ADVICE = {
    "Use a few words, avoid common phrases.": _("Use a few words that do not usually stand together."),
    "No need for symbols, digits, or uppercase letters.": _("It needs no symbols, digits or capital letters."),
    "Add another word or two. Uncommon words are better.": _("Add another word or two, uncommon ones."),
    "Straight rows of keys are easy to guess.": _("Rows of keys are easy to guess."),
    "Short keyboard patterns are easy to guess.": _("Short patterns of keys are easy to guess."),
    "Use a longer keyboard pattern with more turns.": "",
    'Repeats like "aaa" are easy to guess.': _("Repeats like “aaa” are easy to guess."),
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': _(
        "Repeats like “abcabcabc” are hardly harder to guess than “abc”."
    ),
    "Avoid repeated words and characters.": "",
    'Sequences like "abc" or "6543" are easy to guess.': _("Sequences like “abc” or “6543” are easy to guess."),
    "Avoid sequences.": "",
    "Recent years are easy to guess.": _("Years are easy to guess."),
    "Avoid recent years.": "",
    "Avoid years that are associated with you.": "",
    "Dates are often easy to guess.": _("Dates are easy to guess."),
    "Avoid dates and years that are associated with you.": "",
    "This is a top-10 common password.": _("It is one of the ten most common passwords."),
    "This is a top-100 common password.": _("It is one of the hundred most common passwords."),
    "This is a very common password.": _("It is a very common password."),
    "This is similar to a commonly used password.": _("It is like a common password."),
    "A word by itself is easy to guess.": _("A word by itself is easy to guess."),
    "Names and surnames by themselves are easy to guess.": _("Names by themselves are easy to guess."),
    "Common names and surnames are easy to guess.": _("Common names are easy to guess."),
    "Capitalization doesn't help very much.": _("Capital letters do not help much."),
    "All-uppercase is almost as easy to guess as all-lowercase.": _("Capital letters do not help much."),
    "Reversed words aren't much harder to guess.": _("Words spelt backwards do not help much."),
    "Predictable substitutions like '@' instead of 'a' don't help very much.": _(
        "Putting “@” for “a” and the like does not help much."
    ),
}
"""What zxcvbn says, in our words; empty where another of its sentences says it already. A test holds them together."""
THEIRS = _("It is too close to your name, your address or the name of this site.")


def score(password: str, known: Iterable[str] = ()) -> tuple[int, list[str]]:
    """From 0 (at once) to 4 (very hard), and what to do about it in the reader's language.

    `known` is what a guesser knows of the person. Takes some hundredths of a second, at most about half a second.
    """
    # Loaded when it is needed: its lists of words take some megabytes, which most processes never want.
    from zxcvbn import feedback, matching, scoring, time_estimates

    words = [word.lower() for word in known]
    # Not `zxcvbn()` itself: it puts the person's words into a dictionary that all threads share.
    dictionaries = matching.RANKED_DICTIONARIES | {"user_inputs": matching.build_ranked_dict(words)}
    found = scoring.most_guessable_match_sequence(
        password[:JUDGED], matching.omnimatch(password[:JUDGED], dictionaries)
    )
    points: int = time_estimates.estimate_attack_times(found["guesses"])["score"]
    said = feedback.get_feedback(points, found["sequence"])
    own = any(match.get("dictionary_name") == "user_inputs" for match in found["sequence"])
    advice = [str(THEIRS)] if own and points < STRONG_ENOUGH else []
    advice += [str(ADVICE.get(sentence, "")) for sentence in (said["warning"], *said["suggestions"])]
    return points, list(dict.fromkeys(sentence for sentence in advice if sentence))


def known_of(person: Any, *more: str) -> list[str]:
    """What a guesser would try first for this person: names and addresses, whole and in parts."""
    fields = [getattr(person, name, None) or "" for name in ("name", "affiliation", "email")]
    whole = [text for text in (*fields, *more, settings.SITE_NAME) if text]
    return whole + [part for text in whole for part in re.split(r"[\W_]+", text) if len(part) > 2]


def require_strong(password: str, known: Sequence[str]) -> None:
    """Raises ValidationError, with what would help, if the password is easily guessed."""
    points, advice = score(password, known)
    if points < STRONG_ENOUGH:
        words = " ".join([gettext("This password is easy to guess."), *advice])
        raise ValidationError(words, code="password_too_weak")


class StrengthValidator:
    """For AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Person | None = None) -> None:
        require_strong(password, known_of(user))

    def get_help_text(self) -> str:
        return gettext("A few words that do not usually stand together make a good password.")
