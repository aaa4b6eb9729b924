"""What the moderation floor stores, a module a subject."""

from moderation.models.cases import (
    FLAG_WORDS_MAX,
    MESSAGE_MAX,
    Case,
    CaseKind,
    Flag,
    FlagKind,
    FlagState,
    HeldPost,
    HeldState,
    Message,
    Talk,
)
from moderation.models.handling import Handled, Handling
from moderation.models.log import OWN_KINDS, REASON_MAX, Action, ActionKind, RosterKind
from moderation.models.policies import PACE_MAX, WORDS_MAX, Fingerprint, Holding, ModerationPolicy, Slowdown
from moderation.models.shifts import JOURNAL_MAX, REMIND_DEFAULT, Journal, Shift

__all__ = [
    "FLAG_WORDS_MAX",
    "JOURNAL_MAX",
    "MESSAGE_MAX",
    "OWN_KINDS",
    "PACE_MAX",
    "REASON_MAX",
    "REMIND_DEFAULT",
    "WORDS_MAX",
    "Action",
    "ActionKind",
    "Case",
    "CaseKind",
    "Fingerprint",
    "Flag",
    "FlagKind",
    "FlagState",
    "Handled",
    "Handling",
    "HeldPost",
    "HeldState",
    "Holding",
    "Journal",
    "Message",
    "ModerationPolicy",
    "RosterKind",
    "Shift",
    "Slowdown",
    "Talk",
]
