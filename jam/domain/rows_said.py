"""What the report of a list of addresses says of a row."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam.models import InvitationRow, Verdict

Words = str | Promise

REASONS: dict[str, Words] = {
    "no-at": _("It has no @."),
    "half": _("Nothing stands before or after the @."),
    "two-ats": _("It has more than one @."),
    "space": _("It has a space in it."),
    "dots": _("It has a dot at the start or end of a part, or two in a row."),
    "character": _("It has a character that an address cannot have."),
    "control": _("It has a character that cannot be seen."),
    "domain": _("What stands after the @ is no domain."),
    "long": _("It is too long."),
}
ODD: dict[str, Words] = {
    "domain": _("Its domain has letters beyond a to z. Look whether it is meant."),
    "local": _("It has letters beyond a to z before the @, which some mail servers do not take."),
    "plus": _("It has a plus: the mail goes to the address without what follows it, as a rule."),
    "quotes": _("It has quotation marks, which few mail servers take."),
}


def words_for(row: InvitationRow) -> str:
    """What `row` came to, in a sentence."""
    if row.verdict == Verdict.DUPLICATE:
        return gettext("Stands in row %(row)s already.") % {"row": row.detail}
    if row.verdict == Verdict.NOT_AN_ADDRESS:
        return str(REASONS[row.detail])
    if row.verdict == Verdict.ODD:
        return str(ODD[row.detail])
    if row.verdict == Verdict.ROLE:
        return _of_role(row.detail)
    if row.verdict == Verdict.COLUMNS:
        found, _of, wanted = row.detail.partition("/")
        return gettext("It has %(found)s columns where %(wanted)s were meant.") % {"found": found, "wanted": wanted}
    return str(Verdict(row.verdict).label)


def _of_role(role: str) -> str:
    if role == "facilitator":
        return gettext("Only an admin of the jam invites facilitators.")
    return gettext("“%(role)s” is not participant, guest, observer or facilitator.") % {"role": role}
