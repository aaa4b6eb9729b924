"""What the moderation floor stores, a module a subject."""

from moderation.models.handling import Handled, Handling
from moderation.models.log import REASON_MAX, Action, ActionKind

__all__ = ["REASON_MAX", "Action", "ActionKind", "Handled", "Handling"]
