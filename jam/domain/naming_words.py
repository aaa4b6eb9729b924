"""What a jam says beforehand about names, word for word and without a promise that the site cannot keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from jam.models import Naming, OnDeletion

DAYS_LINKED = 30
"""How long after the close a jam without an end of reading keeps the link between a name and an account."""


@dataclass(frozen=True)
class Said:
    """`short` stands beside a form, `lines` on the page “Names and rules”."""

    title: str
    short: str
    lines: Sequence[str]


def said_of(naming: str) -> Said:
    return WORDS[Naming(naming)]()


def said_of_leaving(on_deletion: str) -> str:
    if on_deletion == OnDeletion.REMOVE:
        return gettext("If you delete your account, what you wrote here is removed. The replies to it stay.")
    return gettext("If you delete your account, what you wrote here stays, under “a former jammer”.")


def _in_a_role() -> str:
    return gettext("Those who run the jam and its guests take part under their real names.")


def _own_words() -> str:
    return gettext("What you write, how you write and when can still give you away. Do not write what does.")


def _real() -> Said:
    return Said(
        title=gettext("Real names"),
        short=gettext("Your name and organisation stand beside what you write."),
        lines=(
            gettext(
                "You take part under the name and the organisation of your account. Everybody who can read the jam "
                "sees them beside what you write, and so do the files that are taken from it."
            ),
            gettext("You can change both for this jam, under “My jam”."),
        ),
    )


def _pseudonym() -> Said:
    return Said(
        title=gettext("Pseudonyms"),
        short=gettext("Your pseudonym stands beside what you write, and neither your name nor your organisation."),
        lines=(
            gettext("You choose a pseudonym that nobody else in this jam has. You can change it later."),
            gettext(
                "It is all that anybody sees of you here, those who run the jam included: your name, organisation and "
                "e-mail address are on no page of the jam, in no mail to others and in no file taken from it."
            ),
            gettext("The site’s database knows whose account it is. Who operates the server could look there."),
            _in_a_role(),
            _own_words(),
        ),
    )


def _anonymous() -> Said:
    return Said(
        title=gettext("Anonymous, and admins can trace a name"),
        short=gettext("You post anonymously. Only an admin of the jam can look up who you are, and each look is kept."),
        lines=(
            gettext("The site gives you a name that says nothing, the same for the whole jam."),
            gettext(
                "An admin of this jam can look up whose account is behind such a name. They have to give a reason, "
                "and each look is recorded in a log that nobody can change."
            ),
            gettext(
                "Nobody else finds you named: not on a page, not in a mail to others, not in a file taken from the jam."
            ),
            _in_a_role(),
            _own_words(),
        ),
    )


def _untraceable() -> Said:
    return Said(
        title=gettext("Anonymous to everybody"),
        short=gettext("You post anonymously. Nobody can look up on this site who you are."),
        lines=(
            gettext("The site gives you a name that says nothing, the same for the whole jam."),
            gettext("No page, file, log or answer of this site says who is behind it, to admins neither."),
            gettext(
                "While the jam runs, the site’s database has to know which account goes on as whom. Who operates the "
                "server could look there until that link is cut."
            ),
            gettext(
                "It is cut for good when the time for reading ends, or %(days)s days after the close where reading has "
                "no end. From then on this jam is no longer among yours, and nobody can delete or take home what you "
                "wrote in your name."
            )
            % {"days": DAYS_LINKED},
            gettext("Backups of the database that are older keep the link for as long as they are kept."),
            _in_a_role(),
            _own_words(),
        ),
    )


WORDS: dict[Naming, Callable[[], Said]] = {
    Naming.REAL: _real,
    Naming.PSEUDONYM: _pseudonym,
    Naming.ANONYMOUS: _anonymous,
    Naming.UNTRACEABLE: _untraceable,
}
