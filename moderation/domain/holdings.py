"""What the moderation floor holds of a person: see `accounts.domain.personal`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.domain.personal import Leaving, declare
from jam.domain.holdings import WHO_RUNS_IT
from moderation.models import Action, Handling

declare(
    "actions_of_yours",
    model=Action,
    owner="by__person",
    also=("subject",),
    title=_("What you did as somebody who runs a jam"),
    purpose=_("So that it can be said what was done, by whom and why."),
    kept=_("As long as the jam. Nobody can change it."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    leaving_why=_("The log stays whole. It names nobody who deleted their account."),
    fields={"jam": "jam__slug", "kind": "kind", "post": "post", "thread": "thread", "reason": "reason", "at": "at"},
)
declare(
    "actions_about_you",
    model=Action,
    owner="subject__person",
    also=("by",),
    title=_("What was done about you or your posts"),
    purpose=_("So that it can be said what was done and why."),
    kept=_("As long as the jam. Nobody can change it."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    leaving_why=_("The log stays whole. It names nobody who deleted their account."),
    # Not who did it: that is theirs.
    fields={"jam": "jam__slug", "kind": "kind", "post": "post", "reason": "reason", "at": "at"},
)
declare(
    "handlings",
    model=Handling,
    title=_("What you are taking care of"),
    purpose=_("So that no two who run a jam take up the same."),
    kept=_("Until you are done, or did nothing for ten minutes."),
    seen_by=_("Those who run the jam."),
    on_leaving=Leaving.REMOVE,
)
