"""What the notifications floor holds of a person: see `accounts.domain.personal`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.domain.personal import Leaving, declare
from notifications.models import Notification, Preference, Push, PushSubscription

YOU = _("You.")

declare(
    "notifications",
    model=Notification,
    owner="person",
    also=("member", "by"),
    title=_("What you were told"),
    purpose=_("To tell you of what concerns you, once."),
    kept=_("As long as your account. It holds no words of posts."),
    seen_by=YOU,
    on_leaving=Leaving.REMOVE,
    fields={
        "jam": "member__jam__slug",
        "kind": "kind",
        "address": "path",
        "told": "created_at",
        "seen": "seen_at",
        "mailed": "mailed_at",
    },
)
declare(
    "preferences",
    model=Preference,
    owner="person",
    title=_("How you want to hear of things"),
    purpose=_("To tell you what you want to hear, and nothing else."),
    kept=_("As long as your account."),
    seen_by=YOU,
    on_leaving=Leaving.REMOVE,
    fields={"kind": "kind", "on_page": "on_page", "mail": "mail", "on_devices": "push"},
)
declare(
    "devices",
    model=PushSubscription,
    owner="person",
    with_it=(Push,),
    title=_("Devices that get messages"),
    purpose=_("To send messages to a browser where you asked for them."),
    kept=_("Until you turn them off there or sign out, or the browser’s maker has refused messages for 30 days."),
    seen_by=_("You. The browser’s maker passes messages on, which it cannot read."),
    on_leaving=Leaving.REMOVE,
    # Where a message is taken is a key: who has it may send there.
    fields={"turned_on": "created_at", "last_message": "last_ok"},
)
