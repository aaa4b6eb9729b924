"""What the moderation floor stores, a module a subject."""

from moderation.models.handling import Handled, Handling
from moderation.models.log import REASON_MAX, Action, ActionKind
from moderation.models.shifts import JOURNAL_MAX, REMIND_DEFAULT, Journal, Shift

__all__ = [
    "JOURNAL_MAX",
    "REASON_MAX",
    "REMIND_DEFAULT",
    "Action",
    "ActionKind",
    "Handled",
    "Handling",
    "Journal",
    "Shift",
]
