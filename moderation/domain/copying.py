"""How a jam is moderated goes with it to a jam that is made like it."""

from __future__ import annotations

from jam.domain.copying import Copied
from moderation.models import ModerationPolicy


def copy_policy(copied: Copied) -> None:
    """Two queries."""
    policy = ModerationPolicy.objects.filter(jam=copied.source).first()
    if policy is not None:
        policy.pk, policy.jam, policy.version = copied.copy.pk, copied.copy, 1
        policy.save()
