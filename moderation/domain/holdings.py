"""What the moderation floor holds of a person: see `accounts.domain.personal`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.domain.personal import Leaving, declare
from jam.domain.holdings import WHO_RUNS_IT
from moderation.models import Action, Handling, Journal, Shift

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
declare(
    "shifts",
    model=Shift,
    title=_("Your shifts"),
    purpose=_("So that somebody is there at every hour, and everybody who runs the jam knows who."),
    kept=_("As long as the jam. Those to come only until you delete your account."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    fields={"jam": "jam__slug", "from": "starts_at", "to": "ends_at", "reminder_minutes": "remind_before"},
)
declare(
    "journals",
    model=Journal,
    owner="edited_by__person",
    also=("handed_by", "confirmed_by"),
    title=_("What you wrote in the journals of shifts"),
    purpose=_("To hand a shift over to whoever comes next."),
    kept=_("As long as the jam."),
    seen_by=WHO_RUNS_IT,
    on_leaving=Leaving.ANONYMISE,
    fields={
        "jam": "shift__jam__slug",
        "from": "shift__starts_at",
        "words": "words",
        "edited": "edited_at",
        "handed_over": "handed_at",
        "confirmed": "confirmed_at",
    },
)
