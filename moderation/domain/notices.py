"""The kinds of notifications of this floor: each is declared by the module that sends it."""

from moderation.domain import shift_notices, telling  # noqa: F401  (declare theirs)
